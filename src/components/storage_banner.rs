//! What is wrong with the storage, while something is: what is not saved yet and where it is meanwhile, or that what
//! is stored can't be read. And the screen of a page whose data belong to a newer version of the app.

use super::{Icon, Mark, fault_words};
use crate::state::{Fault, Intent, not_saved_sentence, use_app};
use leptos::prelude::*;

/// Says what is not saved, else what can't be read.
#[component]
pub fn StorageBanner() -> impl IntoView {
    let app = use_app();
    let said = move || {
        let not_saved = app.not_saved.get();
        // The screen below says the same, and what to do.
        let fault = app.fault.get().filter(|fault| *fault != Fault::NewerData);
        let texts = app.texts();
        let reason = not_saved
            .fault
            .or(fault)
            .map(|fault| fault_words(texts, fault));
        if not_saved.edits.is_empty() {
            return reason.map(|reason| (String::new(), reason.to_owned(), false));
        }
        let (title, words) = not_saved_sentence(texts, &not_saved);
        let reason = reason.map(|reason| format!("{words} {reason}"));
        Some((title, reason.unwrap_or(words), not_saved.is_at_risk()))
    };
    let said = Memo::new(move |_| said());
    let mark = move || {
        let is_saved = app.not_saved.with(|not_saved| not_saved.edits.is_empty());
        if is_saved {
            "storage-banner"
        } else {
            "not-saved"
        }
    };
    view! {
        <div class="banner-place" role="alert">
            {move || said.get().map(|(title, words, is_at_risk)| view! {
                <div
                    class="banner"
                    data-kind=if is_at_risk { "alarm" } else { "buoy" }
                    data-testid=mark()
                >
                    <Icon mark=Mark::ALERT size=20/>
                    <p class="banner-words">
                        {(!title.is_empty()).then(|| view! { <b class="banner-title">{title}</b> })}
                        {words}
                    </p>
                    <button
                        type="button"
                        class="button"
                        data-kind="quiet"
                        on:click=move |_| app.send(Intent::Reread)
                    >
                        {app.texts().try_again}
                    </button>
                </div>
            })}
        </div>
    }
}

/// In place of every screen while the data belong to a newer version of the app. Nothing is read or written then; what
/// was typed waits as an emergency copy, which the newer version stores.
#[component]
pub fn NewerVersion() -> impl IntoView {
    let app = use_app();
    view! {
        <section class="screen-body newer-version" role="alert" data-testid="newer-version">
            <Icon mark=Mark::BUOY size=40/>
            <h1 class="header-title">{move || app.texts().newer_version.0}</h1>
            <p class="plain-text">{move || app.texts().newer_version.1}</p>
            <button
                type="button"
                class="button"
                data-kind="primary"
                data-testid="newer-version-reload"
                on:click=move |_| app.send(Intent::Reload)
            >
                {app.words(|t| t.update_apply)}
            </button>
        </section>
    }
}
