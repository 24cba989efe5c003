//! The end of an account: erased from here, or found erased. Either way a person says what becomes of what is here.

use super::{ask, is_busy};
use crate::components::{Icon, Mark};
use crate::state::{AccountIntent, use_app};
use leptos::{html, prelude::*};

/// The row, and the question.
#[component]
pub fn DeleteAccount() -> impl IntoView {
    let app = use_app();
    let dialog = NodeRef::<html::Dialog>::new();
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            // It refuses only if it is open already.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let erase = move |keeps| {
        close();
        ask(app, AccountIntent::Erase { keeps });
    };
    view! {
        <section>
            <div class="card">
                <button type="button" class="card-row card-link" data-testid="delete-account" on:click=open>
                    <Icon mark=Mark::BIN size=20/>
                    <span class="card-words">{app.words(|t| t.account.delete)}</span>
                </button>
            </div>
            <dialog node_ref=dialog class="question" aria-labelledby="delete-account-title">
                <h2 class="section-title" id="delete-account-title">{app.words(|t| t.account.delete)}</h2>
                <p class="plain-text">{app.words(|t| t.account.delete_why)}</p>
                <div class="question-answers">
                    <button type="button" class="button" data-kind="quiet" on:click=move |_| close()>
                        {app.words(|t| t.cancel)}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-kind="outline"
                        data-testid="delete-account-keep"
                        on:click=move |_| erase(true)
                    >
                        {app.words(|t| t.account.delete_keep)}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-kind="outline"
                        data-testid="delete-account-all"
                        on:click=move |_| erase(false)
                    >
                        {app.words(|t| t.account.delete_all)}
                    </button>
                </div>
            </dialog>
        </section>
    }
}

/// The account was erased elsewhere: what is here stays as nobody's, or goes.
#[component]
pub fn LeaveErased() -> impl IntoView {
    let app = use_app();
    let leave = move |keeps| ask(app, AccountIntent::Leave { keeps });
    view! {
        <div class="account-actions">
            <button
                type="button"
                class="button"
                data-kind="primary"
                data-testid="erased-keep"
                disabled=is_busy(app)
                on:click=move |_| leave(true)
            >
                {app.words(|t| t.account.keep_here)}
            </button>
            <button
                type="button"
                class="button"
                data-kind="outline"
                data-testid="erased-delete"
                disabled=is_busy(app)
                on:click=move |_| leave(false)
            >
                {app.words(|t| t.account.delete_here)}
            </button>
        </div>
    }
}
