//! The form: sign in, create an account, or get back into one with the recovery code.

use super::refusal::{RefusalWords, field_words};
use super::{ask, is_busy, unsent};
use crate::components::Field;
use crate::state::{AccountField, AccountIntent, App, use_app};
use leptos::{ev, html, prelude::*};
use tidemark_engine::Entrance;
use tidemark_protocol::{RecoverRequest, SignInRequest};

/// The form. Who has signed in here before finds the address in it and no offer of another account.
#[component]
pub fn EntranceForm(
    /// Whether somebody has signed in on this device before.
    is_known: bool,
) -> impl IntoView {
    let is_recovery = RwSignal::new(false);
    view! {
        {move || if is_recovery.get() {
            view! { <RecoveryForm is_recovery/> }.into_any()
        } else {
            view! { <SignInForm is_known is_recovery/> }.into_any()
        }}
    }
}

#[component]
fn SignInForm(is_known: bool, is_recovery: RwSignal<bool>) -> impl IntoView {
    let app = use_app();
    let (email, password) = (NodeRef::new(), NodeRef::new());
    let typed = move || SignInRequest {
        email: value(email).trim().to_owned(),
        password: value(password),
        device_name: None,
    };
    let enter = move |entrance| ask(app, AccountIntent::Enter(entrance));
    let sign_in = move |event: ev::SubmitEvent| {
        event.prevent_default();
        enter(Entrance::SignIn(typed()));
    };
    let busy = is_busy(app);
    let adopts = move || {
        let count = unsent(app);
        (count > 0 && !is_known).then(|| (app.texts().account.adopts)(count))
    };
    view! {
        <form class="account-form" on:submit=sign_in>
            <EmailField input=email/>
            <PasswordField input=password is_new=false label=app.words(|t| t.account.password)/>
            <p class="field-note">{adopts}</p>
            <RefusalWords/>
            <div class="account-actions">
                <button type="submit" class="button" data-kind="primary" data-testid="login" disabled=busy>
                    {app.words(|t| t.account.sign_in)}
                </button>
                {(!is_known).then(|| view! {
                    <button
                        type="button"
                        class="button"
                        data-kind="outline"
                        data-testid="register"
                        disabled=busy
                        on:click=move |_| enter(Entrance::SignUp(typed()))
                    >
                        {app.words(|t| t.account.sign_up)}
                    </button>
                })}
                <button
                    type="button"
                    class="button"
                    data-kind="link"
                    data-testid="forgot-password"
                    on:click=move |_| turn(app, is_recovery)
                >
                    {app.words(|t| t.account.forgot)}
                </button>
            </div>
        </form>
    }
}

#[component]
fn RecoveryForm(is_recovery: RwSignal<bool>) -> impl IntoView {
    let app = use_app();
    let (email, code, password) = (NodeRef::new(), NodeRef::new(), NodeRef::new());
    let recover = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let request = RecoverRequest {
            email: value(email).trim().to_owned(),
            recovery_code: value(code),
            new_password: value(password),
            device_name: None,
        };
        ask(app, AccountIntent::Enter(Entrance::Recover(request)));
    };
    let busy = is_busy(app);
    view! {
        <form class="account-form" on:submit=recover>
            <p class="plain-text">{app.words(|t| t.account.recover_hint)}</p>
            <EmailField input=email/>
            <Field
                id="recovery-code-input"
                label=app.words(|t| t.account.code)
                error=field_words(app, AccountField::Code)
            >
                <input
                    node_ref=code
                    id="recovery-code-input"
                    class="text-input"
                    type="text"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    data-testid="recovery-code-input"
                    aria-describedby="recovery-code-input-note"
                />
            </Field>
            <PasswordField input=password is_new=true label=app.words(|t| t.account.new_password)/>
            <RefusalWords is_recovery=true/>
            <div class="account-actions">
                <button type="submit" class="button" data-kind="primary" data-testid="recover" disabled=busy>
                    {app.words(|t| t.account.recover)}
                </button>
                <button type="button" class="button" data-kind="link" on:click=move |_| turn(app, is_recovery)>
                    {app.words(|t| t.account.back)}
                </button>
            </div>
        </form>
    }
}

/// The other form; what was said about the one before is not about it.
fn turn(app: App, is_recovery: RwSignal<bool>) {
    ask(app, AccountIntent::Open);
    is_recovery.update(|is_recovery| *is_recovery = !*is_recovery);
}

#[component]
fn EmailField(input: NodeRef<html::Input>) -> impl IntoView {
    let app = use_app();
    // Nothing else that is learnt of the account takes away what was typed.
    let known = Memo::new(move |_| {
        app.account
            .with(|view| view.email.clone().unwrap_or_default())
    });
    view! {
        <Field
            id="account-email"
            label=app.words(|t| t.account.email)
            error=field_words(app, AccountField::Email)
        >
            <input
                node_ref=input
                id="account-email"
                class="text-input"
                type="email"
                inputmode="email"
                autocomplete="username"
                data-testid="account-email"
                aria-describedby="account-email-note"
                prop:value=move || known.get()
            />
        </Field>
    }
}

#[component]
fn PasswordField(
    input: NodeRef<html::Input>,
    is_new: bool,
    label: Signal<&'static str>,
) -> impl IntoView {
    let app = use_app();
    let hint = move || app.texts().account.password_hint.to_owned();
    let autocomplete = if is_new {
        "new-password"
    } else {
        "current-password"
    };
    view! {
        <Field id="account-password" label error=field_words(app, AccountField::Password) hint=Signal::derive(hint)>
            <input
                node_ref=input
                id="account-password"
                class="text-input"
                type="password"
                autocomplete=autocomplete
                data-testid="account-password"
                aria-describedby="account-password-note"
            />
        </Field>
    }
}

fn value(input: NodeRef<html::Input>) -> String {
    input
        .get_untracked()
        .map(|input| input.value())
        .unwrap_or_default()
}
