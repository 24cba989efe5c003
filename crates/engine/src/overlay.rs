//! The overlay: acknowledged rows with this device's unsent edits laid over them.

use crate::outbox::{EntryDraft, EntryKind, LastError, OutboxEntry};
use crate::page::{Page, PageRow};
use crate::ports::ProfileReading;
use crate::view::{Entry, Person, Profile, SyncStatus};
use std::collections::HashMap;
use tidemark_protocol::{EntityId, Metric, MetricPatch, Timestamp, User};

/// Living entries of a person, newest first (`created_at`, then `id`), with unsent edits laid over.
pub fn entries(user: EntityId, pages: &[Page], outbox: &[OutboxEntry]) -> Vec<Entry> {
    let mut edits = edits_by_record(outbox);
    let mut shown: Vec<Entry> = Vec::with_capacity(pages.iter().map(|page| page.rows.len()).sum());
    let mut in_order = true;
    for row in pages.iter().flat_map(|page| page.rows.iter().rev()) {
        let edits = edits.remove(&row.metric.id).unwrap_or_default();
        in_order &= edits.is_empty();
        shown.extend(overlaid(Some(row), &edits));
    }
    for edits in edits.into_values() {
        let entry = overlaid(None, &edits).filter(|entry| entry.metric.user_id == user);
        in_order &= entry.is_none();
        shown.extend(entry);
    }
    if !in_order {
        shown.sort_by_key(|entry| std::cmp::Reverse(entry.metric.order_key()));
    }
    shown
}

/// Whether every unsent edit of a person's rows can be shown with these pages alone: none is about a row
/// that they do not hold.
pub fn shows_all_edits(user: EntityId, pages: &[Page], outbox: &[OutboxEntry]) -> bool {
    // Rows that came in bulk have no version yet, so an edit of one can't be told from one that creates.
    let has_bulk = outbox.iter().any(|entry| entry.kind == EntryKind::Bulk);
    let mut edits = edits_by_record(outbox);
    for row in pages.iter().flat_map(|page| &page.rows) {
        edits.remove(&row.metric.id);
    }
    edits
        .values()
        .filter_map(|edits| edits.first())
        .all(|first| {
            let patch = first.metric_patch().unwrap_or_default();
            let is_others = patch.user_id.is_some_and(|person| person != user);
            let creates = patch.weight.is_some() && patch.created_at.is_some();
            is_others || (creates && first.base_version == 0 && !has_bulk)
        })
}

/// A record as it is shown; `None` if it is deleted, or if its edits do not make a row.
pub fn overlaid(base: Option<&PageRow>, edits: &[&OutboxEntry]) -> Option<Entry> {
    let unsent = base.is_some_and(|row| row.unsent);
    let status = status_of(edits, unsent);
    let row = laid_over_all(base.map(|row| row.metric.clone()), edits);
    row.filter(|metric| metric.deleted_at.is_none())
        .map(|metric| Entry { metric, status })
}

/// A row with edits laid over it in order; deleted ones keep their row, with `deleted_at`.
pub fn laid_over_all(row: Option<Metric>, edits: &[&OutboxEntry]) -> Option<Metric> {
    edits.iter().fold(row, |row, edit| laid_over(row, edit))
}

pub(crate) fn laid_over(row: Option<Metric>, edit: &OutboxEntry) -> Option<Metric> {
    let patch = edit.metric_patch().unwrap_or_default();
    if edit.kind == EntryKind::DeleteMetric {
        return row.map(|mut metric| {
            metric.deleted_at = Some(edit.created_at);
            metric
        });
    }
    match row {
        Some(metric) => Some(metric.patched(&patch)),
        None => created(edit.entity_id, &patch, edit.created_at),
    }
}

/// The row that a whole payload makes; `None` if it lacks what every row has.
pub fn created(id: EntityId, patch: &MetricPatch, edited_at: Timestamp) -> Option<Metric> {
    let blank = Metric {
        id,
        server_id: id,
        user_id: patch.user_id?,
        user_number: 0,
        weight: patch.weight?,
        height: None,
        bmi: None,
        note: None,
        created_at: patch.created_at?,
        utc_offset: None,
        updated_at: edited_at,
        updated_by: None,
        deleted_at: None,
        version: 0,
    };
    Some(blank.patched(patch))
}

/// The row that a draft makes; `None` if it makes none.
pub fn created_by(draft: &EntryDraft) -> Option<Metric> {
    created(draft.entity_id, &draft.metric_patch()?, draft.created_at)
}

/// How far a record has come: parked before waiting before done.
pub fn status_of(edits: &[&OutboxEntry], unsent: bool) -> SyncStatus {
    if let Some(parked) = edits.iter().find(|edit| edit.parked) {
        let unknown = || LastError::plain("unknown");
        return SyncStatus::Failed {
            error: parked.last_error.clone().unwrap_or_else(unknown),
        };
    }
    match edits.first() {
        Some(first) => SyncStatus::Pending {
            retry_count: first.retry_count,
            last_error: first.last_error.clone(),
        },
        None if unsent => SyncStatus::Pending {
            retry_count: 0,
            last_error: None,
        },
        None => SyncStatus::Synced,
    }
}

/// People and app model as they are shown.
pub fn profile(reading: &ProfileReading) -> Profile {
    let app_model = reading
        .outbox
        .iter()
        .filter_map(OutboxEntry::app_model_patch)
        .fold(reading.app_model.clone(), |model, patch| {
            model.patched(&patch)
        });
    let mut people: Vec<Person> = people(reading)
        .into_iter()
        .filter(|person| person.user.deleted_at.is_none())
        .collect();
    people.sort_by_key(|person| {
        let number = person.user.number;
        (if number == 0 { u32::MAX } else { number }, person.user.id)
    });
    Profile { app_model, people }
}

/// All people, deleted ones among them, in no order.
pub fn people(reading: &ProfileReading) -> Vec<Person> {
    let mut people: HashMap<EntityId, (User, Vec<&OutboxEntry>)> = reading
        .users
        .iter()
        .map(|user| (user.id, (user.clone(), Vec::new())))
        .collect();
    for edit in &reading.outbox {
        let Some(patch) = edit.user_patch() else {
            continue;
        };
        let fresh = || (User::new(edit.entity_id, edit.created_at), Vec::new());
        let (user, edits) = people.entry(edit.entity_id).or_insert_with(fresh);
        *user = user.clone().patched(&patch);
        edits.push(edit);
    }
    let shown = |(user, edits): (User, Vec<&OutboxEntry>)| Person {
        status: status_of(&edits, false),
        user,
    };
    people.into_values().map(shown).collect()
}

/// The metric edits of each record, in order.
pub fn edits_by_record(outbox: &[OutboxEntry]) -> HashMap<EntityId, Vec<&OutboxEntry>> {
    let mut edits: HashMap<EntityId, Vec<&OutboxEntry>> = HashMap::new();
    for entry in outbox.iter().filter(|entry| entry.kind.is_metric()) {
        edits.entry(entry.entity_id).or_default().push(entry);
    }
    edits
}
