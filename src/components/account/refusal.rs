//! Why something was not done, in words.

use crate::i18n::Texts;
use crate::state::{AccountField, AccountStep, App, Refusal, use_app};
use leptos::prelude::*;

/// What stands at a field of the form; `None` where the refusal is not about it.
pub fn field_words(app: App, field: AccountField) -> Signal<Option<String>> {
    Signal::derive(move || {
        app.account.with(|view| match &view.step {
            AccountStep::Refused(refusal) if refusal.field() == Some(field) => {
                Some(words(app.texts(), refusal))
            }
            _ => None,
        })
    })
}

/// What is about no field.
#[component]
pub fn RefusalWords(
    /// Whether the form that was sent is that of the recovery code.
    #[prop(optional, into)]
    is_recovery: MaybeProp<bool>,
) -> impl IntoView {
    let app = use_app();
    let said = move || {
        let texts = app.texts();
        app.account.with(|view| match &view.step {
            AccountStep::Refused(Refusal::BadCredentials) if is_recovery.get() == Some(true) => {
                Some(texts.account.bad_code.to_owned())
            }
            AccountStep::Refused(refusal) if refusal.field().is_none() => {
                Some(words(texts, refusal))
            }
            _ => None,
        })
    };
    view! { <p class="account-error" role="alert" data-testid="account-error">{said}</p> }
}

fn words(texts: &Texts, refusal: &Refusal) -> String {
    let account = texts.account;
    let plain = match refusal {
        Refusal::TooOften(seconds) => {
            let minutes = seconds.map(|seconds| seconds.div_ceil(60).max(1));
            return (account.too_often)(minutes);
        }
        Refusal::Unreachable => account.unreachable,
        Refusal::BadCredentials => account.bad_credentials,
        Refusal::EmailTaken => account.email_taken,
        Refusal::WeakPassword => account.weak_password,
        Refusal::Field(name) if name == "email" => account.bad_email,
        Refusal::Field(_) => account.bad_field,
        Refusal::SignedOut => account.again.0,
        Refusal::SomebodyElse => account.somebody_else.0,
        Refusal::Erased => account.erased.0,
        Refusal::Trouble => account.trouble,
        Refusal::Storage => account.storage,
    };
    plain.to_owned()
}
