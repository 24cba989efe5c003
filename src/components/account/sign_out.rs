//! Signing out: what is unsent is said first.

use super::{ask, is_busy, unsent};
use crate::state::{AccountIntent, use_app};
use leptos::{html, prelude::*};

/// The button, and the question where something is unsent.
#[component]
pub fn SignOut() -> impl IntoView {
    let app = use_app();
    let dialog = NodeRef::<html::Dialog>::new();
    let press = move |_| {
        if untrack(|| unsent(app)) == 0 {
            ask(app, AccountIntent::SignOut);
        } else if let Some(dialog) = dialog.get_untracked() {
            // It refuses only if it is open already.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let confirm = move |_| {
        close();
        ask(app, AccountIntent::SignOut);
    };
    let words = move || (app.texts().account.sign_out_why)(unsent(app));
    view! {
        <section>
            <button
                type="button"
                class="button"
                data-kind="outline"
                data-testid="logout"
                disabled=is_busy(app)
                on:click=press
            >
                {app.words(|t| t.account.sign_out)}
            </button>
            <p class="field-note">{words}</p>
            <dialog node_ref=dialog class="question" aria-labelledby="sign-out-title">
                <h2 class="section-title" id="sign-out-title">{app.words(|t| t.account.sign_out)}</h2>
                <p class="plain-text" data-testid="logout-unsent">{words}</p>
                <div class="question-answers">
                    <button type="button" class="button" data-kind="quiet" on:click=move |_| close()>
                        {app.words(|t| t.cancel)}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-kind="outline"
                        data-testid="logout-confirm"
                        on:click=confirm
                    >
                        {app.words(|t| t.account.sign_out)}
                    </button>
                </div>
            </dialog>
        </section>
    }
}
