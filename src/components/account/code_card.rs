//! The recovery code, shown once.

use super::{ask, is_busy};
use crate::state::{AccountIntent, AccountStep, Intent, use_app};
use leptos::prelude::*;

/// The code, and the way on once it is written down.
#[component]
pub fn CodeCard() -> impl IntoView {
    let app = use_app();
    let code = move || {
        app.account.with(|view| match &view.step {
            AccountStep::Code(code) => code.clone(),
            _ => String::new(),
        })
    };
    view! {
        <section class="account-form" data-testid="recovery-code-card">
            <h2 class="sync-sentence">{app.words(|t| t.account.code_title)}</h2>
            <p class="plain-text">{app.words(|t| t.account.code_why)}</p>
            <p class="account-code" data-testid="recovery-code">{code}</p>
            <div class="account-actions">
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    data-testid="recovery-code-copy"
                    on:click=move |_| app.send(Intent::CopyText(untrack(code)))
                >
                    {app.words(|t| t.account.copy)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    data-testid="recovery-code-noted"
                    disabled=is_busy(app)
                    on:click=move |_| ask(app, AccountIntent::CodeNoted)
                >
                    {app.words(|t| t.account.code_noted)}
                </button>
            </div>
        </section>
    }
}
