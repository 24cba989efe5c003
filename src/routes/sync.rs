//! Sync: where the entries are, what waits and why, and what happened so far.

use crate::components::{Header, Icon, Mark, Receipt, refusal_words, use_sheet};
use crate::i18n::{Texts, dates, numbers};
use crate::state::{AccountPlace, AccountStep, App, Intent, use_app};
use leptos::prelude::*;
use tidemark_engine::outbox::{EntryKind, OutboxEntry};
use tidemark_engine::state::SyncLogLine;
use tidemark_engine::view::ChipState;

/// The screen.
#[component]
pub fn SyncScreen() -> impl IntoView {
    let app = use_app();
    app.send(Intent::ShowSyncDetails(true));
    on_cleanup(move || app.send(Intent::ShowSyncDetails(false)));
    view! {
        <Header title=app.words(|t| t.sync_title)/>
        <div class="screen-body sync-screen">
            <State/>
            <Waiting/>
            <Log/>
        </div>
    }
}

#[component]
fn State() -> impl IntoView {
    let app = use_app();
    let words = Memo::new(move |_| app.sync_state_words().unwrap_or_default());
    let mark = move || match app.chip_state() {
        None | Some(ChipState::Local) => Mark::PHONE,
        Some(ChipState::Pending | ChipState::Syncing) => Mark::CLOUD_UP,
        Some(ChipState::Offline) => Mark::CLOUD_OFF,
        Some(ChipState::Synced) => Mark::CLOUD_TICK,
        Some(ChipState::Error) => Mark::CLOUD_ALERT,
        Some(ChipState::SignedOut) => Mark::BUOY,
    };
    view! {
        <section class="sync-state">
            <span class="sync-badge"><Icon mark=Signal::derive(mark) size=24/></span>
            <div class="sync-words">
                <h2 class="sync-sentence">{move || words.with(|words| words.0.clone())}</h2>
                <p class="plain-text">{move || words.with(|words| words.1.clone())}</p>
            </div>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-testid="sync-now"
                on:click=move |_| app.send(Intent::SyncNow)
            >
                <span class="sync-icon" data-turning=move || app.is_syncing.get().then_some("")>
                    <Icon mark=Mark::CYCLE size=20/>
                </span>
                {app.words(|t| t.sync_now)}
            </button>
            <Show when=move || needs_sign_in(app)>
                <a href="/account" class="button" data-kind="link" data-testid="to-account">
                    {app.words(|t| t.account.sign_in)}
                </a>
            </Show>
        </section>
    }
}

/// Whether signing in would let what waits go.
fn needs_sign_in(app: App) -> bool {
    use AccountPlace::{Again, Erased, Local, SomebodyElse};
    let place = app.overview.with(|overview| {
        let state = overview.as_ref().map(|overview| &overview.state);
        AccountPlace::of(state, &AccountStep::Idle)
    });
    matches!(place, Again | Erased | Local | SomebodyElse)
}

#[component]
fn Waiting() -> impl IntoView {
    let app = use_app();
    let count = move || app.outbox.with(Vec::len);
    let rows = move || {
        app.outbox.with(|outbox| {
            outbox
                .iter()
                .map(|entry| waiting_row(app, entry))
                .collect_view()
        })
    };
    view! {
        <section>
            <div class="section-head">
                <h2 class="section-label">{app.words(|t| t.waiting)}</h2>
                <p class="section-note">{count}</p>
            </div>
            <ul class="waiting-list" data-testid="outbox-list">{rows}</ul>
            <Show when=move || count() == 0>
                <p class="plain-text">{app.words(|t| t.nothing_waiting)}</p>
            </Show>
        </section>
    }
}

fn waiting_row(app: App, entry: &OutboxEntry) -> impl IntoView + use<> {
    let texts = app.texts();
    let id = entry.entity_id;
    let mend = (entry.parked && entry.kind.is_metric()).then(|| {
        let sheet = use_sheet();
        view! {
            <button
                type="button"
                class="button"
                data-kind="outline"
                on:click=move |_| {
                    if let Some(entry) = untrack(|| app.entry(id)) {
                        sheet.open_edit(&entry);
                    }
                }
            >
                {texts.mend}
            </button>
        }
    });
    let mark = if entry.parked {
        view! { <Icon mark=Mark::ALERT size=20/> }.into_any()
    } else {
        view! { <Receipt reached=1/> }.into_any()
    };
    view! {
        <li class="waiting-row" data-kind=entry.kind.entity() data-parked=entry.parked.then_some("")>
            <span class="waiting-mark">{mark}</span>
            <span class="waiting-about">
                <span class="waiting-title">{title(app, entry)}</span>
                <span class="waiting-reason">{reason(app, entry)}</span>
            </span>
            {mend}
        </li>
    }
}

fn title(app: App, entry: &OutboxEntry) -> String {
    let texts = app.texts();
    match entry.kind {
        EntryKind::UpsertMetric => app.entry(entry.entity_id).map_or_else(
            || texts.entry_deletion.to_owned(),
            |shown| numbers::weight(texts, shown.metric.weight, app.weights()),
        ),
        EntryKind::DeleteMetric => texts.entry_deletion.to_owned(),
        EntryKind::CreateUser | EntryKind::UpdateUser => texts.entry_profile.to_owned(),
        EntryKind::UpdateAppModel => texts.entry_settings.to_owned(),
        EntryKind::Bulk => texts.entry_bulk.to_owned(),
    }
}

/// Since when it waits, and why it is still here.
fn reason(app: App, entry: &OutboxEntry) -> String {
    let texts = app.texts();
    let since = dates::moment(texts, app.local(entry.created_at), app.today());
    let why = entry.last_error.as_ref().map(|error| {
        if entry.parked {
            return refusal_words(texts, error);
        }
        (texts.waiting_reason)(&error.code).map_or_else(|| error.code.clone(), str::to_owned)
    });
    why.map_or(since.clone(), |why| format!("{since} · {why}"))
}

#[component]
fn Log() -> impl IntoView {
    let app = use_app();
    let rows = move || {
        app.sync_log
            .with(|log| log.iter().map(|line| log_row(app, line)).collect_view())
    };
    view! {
        <section>
            <div class="section-head">
                <h2 class="section-label">{app.words(|t| t.sync_log)}</h2>
                <p class="section-note">{app.words(|t| t.sync_log_note)}</p>
            </div>
            <ul class="rows log-rows" data-testid="sync-log">{rows}</ul>
            <Show when=move || app.sync_log.with(Vec::is_empty)>
                <p class="plain-text">{app.words(|t| t.sync_log_empty)}</p>
            </Show>
        </section>
    }
}

fn log_row(app: App, line: &SyncLogLine) -> impl IntoView + use<> {
    let texts = app.texts();
    let trigger =
        (texts.log_trigger)(&line.trigger).map_or_else(|| line.trigger.clone(), str::to_owned);
    view! {
        <li class="log-row">
            <span class="log-at">{dates::moment_short(texts, app.local(line.at), app.today())}</span>
            <span class="log-about"><b>{trigger}</b> " · " {outcome(texts, line)}</span>
            <span class="log-took">{seconds(texts, line.duration_ms)}</span>
        </li>
    }
}

fn outcome(texts: &Texts, line: &SyncLogLine) -> String {
    if line.outcome == "ok" {
        (texts.log_outcome)(line.sent, line.received)
    } else {
        (texts.waiting_reason)(&line.outcome).map_or_else(|| line.outcome.clone(), str::to_owned)
    }
}

fn seconds(texts: &Texts, duration_ms: u32) -> String {
    let tenths = duration_ms.div_ceil(100);
    (texts.seconds)(&numbers::tenths(texts, tenths))
}
