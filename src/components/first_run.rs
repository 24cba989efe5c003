//! What home shows before the first entry: a ghost of the chart and one invitation.

use super::{Icon, Mark, SyncChip, use_sheet};
use crate::state::use_app;
use leptos::prelude::*;

/// The first screen of a new device. It is the product, not a tour: it can be left by logging.
#[component]
pub fn FirstRun() -> impl IntoView {
    let app = use_app();
    let sheet = use_sheet();
    view! {
        <section class="first-run">
            <header class="header">
                <span class="first-run-brand">
                    <img src="/icons/mark.svg" alt="" width=30 height=30/>
                    {app.words(|t| t.app_name)}
                </span>
                <SyncChip/>
            </header>
            // The same picture as in the frame that stands before the app does (index.html).
            <img class="ghost" src="/icons/ghost.svg" alt=""/>
            <div class="first-run-words">
                <h1 class="first-run-title">{app.words(|t| t.first_run_title)}</h1>
                <p class="plain-text">{app.words(|t| t.first_run_text)}</p>
            </div>
            <div class="first-run-actions">
                <button
                    type="button"
                    class="button"
                    data-kind="primary"
                    data-testid="log-weight"
                    on:click=move |_| sheet.open_new()
                >
                    <Icon mark=Mark::PLUS size=20/>
                    {app.words(|t| t.log_first_weight)}
                </button>
                <a href="/welcome" class="button" data-kind="link" data-testid="set-up-first">
                    {app.words(|t| t.set_up_first)}
                </a>
            </div>
        </section>
    }
}
