//! Carrying a verdict out: the new row, its stamps and what goes to history.

use super::judge::Verdict;
use super::{Edit, Outcome, Record, Stamp, Stored};
use crate::{EventStatus, HistoryEntry, HistoryReason};
use serde_json::{Map, Value};

pub(super) fn act<R: Record>(
    current: &Stored<R>,
    candidate: &R,
    edit: &Edit<'_, R>,
    verdict: &Verdict,
) -> Outcome<R> {
    let confirms = confirms(current, candidate, edit, verdict);
    let changed = verdict.revives || !verdict.taken.is_empty() || confirms;
    let stored = if changed {
        let mut stored = changed_row(current, candidate, edit, verdict);
        if confirms {
            stored.stamps.set_offer(&edit.field_stamp());
        }
        stored
    } else {
        current.clone()
    };
    let mut history = lost_values(candidate, verdict);
    if changed {
        history.extend(replaced_values(current, &stored, edit));
    }
    Outcome {
        status: verdict.status,
        conflict: verdict.conflict,
        stored,
        changed,
        history,
    }
}

fn changed_row<R: Record>(
    current: &Stored<R>,
    candidate: &R,
    edit: &Edit<'_, R>,
    verdict: &Verdict,
) -> Stored<R> {
    let mut stored = current.clone();
    for field in &verdict.taken {
        stored.row.take(candidate, *field);
    }
    if verdict.revives {
        stored.row.revive();
    }
    stored.row.settle();
    let stamp = edit.field_stamp();
    for field in changed_fields(&current.row, &stored.row) {
        stored.stamps.set(field, &stamp);
    }
    stored
        .row
        .set_change(edit.next_version, edit.time.at, edit.device);
    stored
}

/// Whether it is an offer that says of some field what the row says from before the lost life. That the row was so at a
/// later version must be remembered, or an older offer would win.
fn confirms<R: Record>(
    current: &Stored<R>,
    candidate: &R,
    edit: &Edit<'_, R>,
    verdict: &Verdict,
) -> bool {
    let is_news = |lost| lost > current.stamps.offer().version;
    let is_confirmed = |field: usize| {
        let stamp = current.stamps.get(field);
        let is_older = edit.lost_version.is_some_and(|lost| stamp.version < lost);
        is_older
            && R::touches(edit.patch, field)
            && current.row.same(candidate, field)
            && edit.has_seen(&stamp)
    };
    verdict.status != EventStatus::Superseded
        && edit.lost_version.is_some_and(is_news)
        && (0..R::FIELDS.len()).any(is_confirmed)
}

fn changed_fields<R: Record>(before: &R, after: &R) -> impl Iterator<Item = usize> {
    (0..R::FIELDS.len()).filter(move |field| !before.same(after, *field))
}

/// The row's values that the edit replaced: those that others set unseen have lost a conflict.
fn replaced_values<R: Record>(
    current: &Stored<R>,
    stored: &Stored<R>,
    edit: &Edit<'_, R>,
) -> Vec<HistoryEntry> {
    let entry = |reason, fields: Vec<usize>| {
        let values = values_of(&current.row, &fields);
        (!fields.is_empty()).then(|| entry_by(&edit.stamp(), reason, values))
    };
    if stored.row.is_deleted() && !current.row.is_deleted() {
        let all = (0..R::FIELDS.len()).collect();
        return entry(HistoryReason::Deleted, all).into_iter().collect();
    }
    let changed = changed_fields(&current.row, &stored.row);
    let (replaced, overruled) =
        changed.partition(|field| edit.has_seen(&current.stamps.get(*field)));
    let entries = [
        entry(HistoryReason::Replaced, replaced),
        entry(HistoryReason::Conflict, overruled),
    ];
    entries.into_iter().flatten().collect()
}

/// The edit's values that lost, by the change that they lost against.
fn lost_values<R: Record>(candidate: &R, verdict: &Verdict) -> Vec<HistoryEntry> {
    let mut entries: Vec<HistoryEntry> = Vec::new();
    for (field, winner) in &verdict.lost {
        let values = values_of(candidate, &[*field]);
        match entries
            .iter_mut()
            .find(|entry| entry.version == winner.version)
        {
            Some(entry) => entry.values.extend(values),
            None => entries.push(entry_by(winner, HistoryReason::Conflict, values)),
        }
    }
    entries
}

fn entry_by(stamp: &Stamp, reason: HistoryReason, values: Map<String, Value>) -> HistoryEntry {
    HistoryEntry {
        version: stamp.version,
        at: stamp.at,
        by: stamp.by.clone(),
        reason,
        values,
    }
}

fn values_of<R: Record>(row: &R, fields: &[usize]) -> Map<String, Value> {
    let Ok(Value::Object(values)) = serde_json::to_value(row) else {
        return Map::new();
    };
    let names = fields.iter().map(|field| R::FIELDS[*field]);
    names
        .filter_map(|name| Some((name.to_owned(), values.get(name)?.clone())))
        .collect()
}
