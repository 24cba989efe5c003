//! Your data: how safely it is kept, where it is, and how it is deleted.

use crate::components::{Icon, LinkRow, Mark};
use crate::i18n::numbers;
use crate::state::{App, Intent, use_app};
use leptos::{html, prelude::*};

/// The section.
#[component]
pub fn YourData() -> impl IntoView {
    let app = use_app();
    app.send(Intent::LookAtStorage);
    view! {
        <section data-testid="your-data">
            <h2 class="section-label">{app.words(|t| t.your_data)}</h2>
            <div class="card">
                {move || storage_row(app)}
                <LinkRow href="/sync" mark=Mark::CLOUD_TICK words=app.words(|t| t.sync_and_log)/>
                <LinkRow href="/data" mark=Mark::EXCHANGE words=app.words(|t| t.exchange.settings_row)/>
                <LinkRow href="/account" mark=Mark::PERSON words=app.words(|t| t.nav_account)/>
                <EraseRow/>
            </div>
        </section>
    }
}

fn storage_row(app: App) -> Option<impl IntoView> {
    let (state, texts) = (app.storage.get()?, app.texts());
    let (title, text) = match state.is_kept {
        Some(true) => texts.device.kept,
        Some(false) => texts.device.not_kept,
        None => texts.device.kept_unknown,
    };
    let mark = if state.is_kept == Some(true) {
        Mark::SHIELD
    } else {
        Mark::ALERT
    };
    let used = state
        .usage_bytes
        .map(|bytes| numbers::megabytes(texts, bytes));
    Some(view! {
        <div class="card-row" data-testid="storage-state">
            <Icon mark=mark size=20/>
            <span class="card-words">
                {title} {used.map(|used| format!(" · {used}"))}
                <small class="card-why">{text}</small>
            </span>
        </div>
    })
}

/// Deleting all is asked about once, in a dialog that says what it means.
#[component]
fn EraseRow() -> impl IntoView {
    let app = use_app();
    let dialog = NodeRef::<html::Dialog>::new();
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            // It refuses only if it is open already.
            let _ = dialog.show_modal();
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let unsent = move || {
        app.overview.with(|overview| {
            let pending = overview.as_ref().map_or(0, |overview| overview.pending);
            u32::try_from(pending).unwrap_or(u32::MAX)
        })
    };
    view! {
        <button type="button" class="card-row card-link" data-testid="erase" on:click=open>
            <Icon mark=Mark::BIN size=20/>
            <span class="card-words">{app.words(|t| t.device.erase)}</span>
        </button>
        <dialog node_ref=dialog class="question" aria-labelledby="erase-title">
            <h2 class="section-title" id="erase-title">{app.words(|t| t.device.erase)}</h2>
            <p class="plain-text">{move || (app.texts().device.erase_why)(unsent())}</p>
            <div class="question-answers">
                <button type="button" class="button" data-kind="quiet" on:click=close>
                    {app.words(|t| t.cancel)}
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind="outline"
                    data-testid="erase-confirm"
                    on:click=move |_| app.send(Intent::EraseDevice)
                >
                    {app.words(|t| t.device.erase_confirm)}
                </button>
            </div>
        </dialog>
    }
}
