//! Account: where the entries are, the way in, and all that belongs to an account. None of it is needed to log.

use crate::components::Header;
use crate::components::account::{
    CodeCard, DeleteAccount, Devices, EntranceForm, LeaveErased, RefusalWords, SignOut,
};
use crate::state::{AccountIntent, AccountPlace, App, Intent, use_app};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn AccountScreen() -> impl IntoView {
    let app = use_app();
    app.send(Intent::Account(AccountIntent::Open));
    let place = Memo::new(move |_| place(app));
    view! {
        <Header title=app.words(|t| t.account.title)/>
        <div class="screen-body" data-testid="account" data-place=move || format!("{:?}", place.get()).to_lowercase()>
            {move || match place.get() {
                AccountPlace::Code => view! { <CodeCard/> }.into_any(),
                AccountPlace::Unknown | AccountPlace::Off => view! { <Standing place/> }.into_any(),
                AccountPlace::Local => view! { <Standing place/><EntranceForm is_known=false/> }.into_any(),
                AccountPlace::Again | AccountPlace::SomebodyElse => view! {
                    <Standing place/>
                    <EntranceForm is_known=true/>
                    <SignOut/>
                }.into_any(),
                AccountPlace::Erased => view! { <Standing place/><LeaveErased/><RefusalWords/> }.into_any(),
                AccountPlace::SignedIn => view! {
                    <Standing place/>
                    <Devices/>
                    <SignOut/>
                    <RefusalWords/>
                    <DeleteAccount/>
                }.into_any(),
            }}
        </div>
    }
}

fn place(app: App) -> AccountPlace {
    app.account.with(|view| {
        app.overview.with(|overview| {
            let state = overview.as_ref().map(|overview| &overview.state);
            AccountPlace::of(state, &view.step)
        })
    })
}

/// Where things stand: a sentence, and what stands below it.
#[component]
fn Standing(place: Memo<AccountPlace>) -> impl IntoView {
    let app = use_app();
    let words = move || {
        let account = app.texts().account;
        let (title, text) = match place.get() {
            AccountPlace::SignedIn => {
                let email = app.account.with(|view| view.email.clone());
                return (account.signed_in)(&email.unwrap_or_default());
            }
            AccountPlace::Unknown | AccountPlace::Code => account.unknown,
            AccountPlace::Off => account.off,
            AccountPlace::Local => account.local,
            AccountPlace::Again => account.again,
            AccountPlace::SomebodyElse => account.somebody_else,
            AccountPlace::Erased => account.erased,
        };
        (title.to_owned(), text.to_owned())
    };
    let words = Memo::new(move |_| words());
    view! {
        <section class="sync-words">
            <h2 class="sync-sentence" data-testid="account-state">{move || words.with(|words| words.0.clone())}</h2>
            <p class="plain-text">{move || words.with(|words| words.1.clone())}</p>
        </section>
    }
}
