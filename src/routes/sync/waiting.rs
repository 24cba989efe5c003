//! What waits on this device: each entry with its one reason and what a person can do about it.

use crate::components::{Icon, Mark, Mending, Receipt, refusal_words, use_sheet};
use crate::i18n::{dates, numbers};
use crate::state::{Alike, App, Intent, Mend, alike, use_app, use_exchange};
use leptos::prelude::*;
use tidemark_engine::outbox::{EntryKind, OutboxEntry};
use tidemark_protocol::{EntityId, OpId};

/// Rows that are drawn; what lies behind them waits for the same reasons.
const ROWS_MAX: usize = 100;

/// The section.
#[component]
pub fn Waiting() -> impl IntoView {
    let app = use_app();
    let count = move || app.outbox.with(Vec::len);
    let groups = move || {
        let groups = app.outbox.with(|outbox| alike(outbox));
        groups
            .into_iter()
            .map(|group| group_row(app, group))
            .collect_view()
    };
    let rows = move || {
        app.outbox.with(|outbox| {
            let first = outbox.iter().take(ROWS_MAX);
            first.map(|entry| waiting_row(app, entry)).collect_view()
        })
    };
    view! {
        <section>
            <div class="section-head">
                <h2 class="section-label">{app.words(|t| t.waiting)}</h2>
                <p class="section-note">{count}</p>
            </div>
            {groups}
            <ul class="waiting-list" data-testid="outbox-list">{rows}</ul>
            <Show when=move || count() == 0>
                <p class="plain-text">{app.words(|t| t.nothing_waiting)}</p>
            </Show>
        </section>
    }
}

/// Entries that were refused for the same reason, mended or tried again at once.
fn group_row(app: App, group: Alike) -> impl IntoView {
    let texts = app.texts();
    let count = group.entries.len();
    let edits: Vec<OpId> = group.entries.iter().map(|entry| entry.op_id).collect();
    let mend = group.may_share_a_value().then(|| {
        let mend = move |_| {
            let records = group.records();
            // Those of another person are mended when that one is shown.
            let shown: Vec<EntityId> =
                untrack(|| records.into_iter().filter(|id| app.entry(*id).is_some()).collect());
            if let Some((first, others)) = shown.split_first() {
                let entry = group.entries.iter().find(|entry| entry.entity_id == *first);
                open_mend(app, entry, others.to_vec());
            }
        };
        view! { <button type="button" class="button" data-kind="outline" data-testid="mend-all" on:click=mend>
            {(texts.sync.mend_all)(count)}
        </button> }
    });
    view! {
        <div class="banner" data-kind="buoy" data-testid="refused-alike">
            <p class="banner-words">{(texts.sync.refused_alike)(count)}</p>
            {mend}
            <button
                type="button"
                class="button"
                data-kind="outline"
                data-testid="retry-all"
                on:click=move |_| app.mend(Mend::RetryRefused(edits.clone()))
            >
                {(texts.sync.retry_all)(count)}
            </button>
        </div>
    }
}

fn waiting_row(app: App, entry: &OutboxEntry) -> impl IntoView + use<> {
    let mark = if entry.parked {
        view! { <Icon mark=Mark::ALERT size=20/> }.into_any()
    } else {
        view! { <Receipt reached=1/> }.into_any()
    };
    let why = app.why(entry);
    let reason = why.as_ref().map(|(why, _)| why.as_str());
    view! {
        <li
            class="waiting-row"
            data-testid="waiting-row"
            data-kind=entry.kind.entity()
            data-why=reason
            data-parked=entry.parked.then_some("")
        >
            <span class="waiting-mark">{mark}</span>
            <span class="waiting-about">
                <span class="waiting-title">{title(app, entry)}</span>
                <span class="waiting-reason">{words(app, entry, why.map(|(_, words)| words))}</span>
            </span>
            {entry.parked.then(|| answers(app, entry))}
        </li>
    }
}

/// What a person can do about a refused entry.
fn answers(app: App, entry: &OutboxEntry) -> impl IntoView + use<> {
    let (texts, exchange) = (app.texts(), use_exchange());
    let edit = entry.op_id;
    let discard = move |_| exchange.rescue(move || app.mend(Mend::Discard(edit)));
    view! {
        <span class="waiting-answers">
            {mend(app, entry)}
            <button
                type="button"
                class="button"
                data-kind="link"
                data-testid="retry"
                on:click=move |_| app.mend(Mend::RetryRefused(vec![edit]))
            >
                {texts.sync.retry}
            </button>
            <button
                type="button"
                class="button"
                data-kind="link"
                data-testid="discard"
                title=texts.sync.discard_note
                on:click=discard
            >
                {texts.sync.discard}
            </button>
        </span>
    }
}

/// The way to the form; for an entry of somebody who is not shown, the way to them.
fn mend(app: App, entry: &OutboxEntry) -> Option<AnyView> {
    if entry.kind != EntryKind::UpsertMetric {
        return None;
    }
    let texts = app.texts();
    if untrack(|| app.entry(entry.entity_id)).is_none() {
        let person = entry.metric_patch()?.user_id?;
        let known = app.profile.with(|profile| {
            let mut people = profile.as_ref()?.people.iter();
            people.find(|known| known.user.id == person).cloned()
        });
        let name = app.name_of(Some(&known?));
        let show = move |_| app.send(Intent::ShowPerson(person));
        return Some(
            view! { <button type="button" class="button" data-kind="outline" on:click=show>
                {(texts.sync.of_person)(&name)}
            </button> }
            .into_any(),
        );
    }
    let entry = entry.clone();
    let open = move |_| open_mend(app, Some(&entry), Vec::new());
    Some(
        view! { <button type="button" class="button" data-kind="outline" data-testid="mend" on:click=open>
            {texts.mend}
        </button> }
        .into_any(),
    )
}

/// Opens the form at the field that was refused, with the reason.
fn open_mend(app: App, refused: Option<&OutboxEntry>, alike: Vec<EntityId>) {
    let Some(refused) = refused else { return };
    let Some(entry) = untrack(|| app.entry(refused.entity_id)) else {
        return;
    };
    let error = refused.last_error.clone().unwrap_or_default();
    let mending = Mending {
        edit: Some(refused.op_id),
        reason: untrack(|| refusal_words(app, &error)),
        field: error.field,
        alike,
    };
    use_sheet().open_mend(&entry, mending);
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
fn words(app: App, entry: &OutboxEntry, why: Option<String>) -> String {
    let texts = app.texts();
    let since = dates::moment(texts, app.local(entry.created_at), app.today());
    let refusal = entry.last_error.as_ref().filter(|_| entry.parked);
    let why = refusal.map(|error| refusal_words(app, error)).or(why);
    why.map_or(since.clone(), |why| format!("{since} · {why}"))
}
