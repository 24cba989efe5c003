//! An event on a metric that may not exist yet: creation, deletes of the unknown, clocks that are ahead.

use super::{Edit, EditTime, Outcome, Stored, create, merge};
use crate::validate::MetricEvent;
use crate::{
    DeviceId, EntityId, EventStatus, EventType, HistoryEntry, HistoryReason, Metric, MetricPatch,
    Patch, Rejection, RejectionCode, Timestamp,
};
use serde_json::{Map, json};
use tidemark_domain::ranges;

/// How an event came in.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// Whose edit it is.
    pub device: &'a DeviceId,
    /// The server's time.
    pub received_at: Timestamp,
    /// The device's time when it sent the batch.
    pub sent_at: Option<Timestamp>,
    /// The version that the row gets if it changes.
    pub next_version: u64,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricOutcome {
    /// `Applied`, `Merged` or `Superseded`.
    pub status: EventStatus,
    /// Whether a value of someone lost.
    pub conflict: bool,
    /// Fields that were set right on receipt.
    pub adjusted: Vec<&'static str>,
    /// The row as it is now; `None` for a delete of an unknown one.
    pub stored: Option<Stored<Metric>>,
    /// Whether the row changed, and so has the receipt's version.
    pub changed: bool,
    /// Values that are not the row's any more, or never became so.
    pub history: Vec<HistoryEntry>,
}

/// Judges an event and carries it out. `user` is the resolved user (id and number) that the event names.
///
/// # Errors
/// The event's rejection: a partial row of an unknown metric, or another user's.
pub fn merge_metric(
    current: Option<&Stored<Metric>>,
    id: EntityId,
    user: Option<(EntityId, u32)>,
    event: &MetricEvent,
    receipt: &Receipt<'_>,
) -> Result<MetricOutcome, Rejection> {
    let time = EditTime::normalised(event.patch.updated_at, receipt.received_at);
    let (patch, original) = prepared(event, time, receipt);
    let edit = Edit {
        patch: &patch,
        base_version: event.base_version,
        time,
        device: Some(receipt.device),
        next_version: receipt.next_version,
        lost_version: event.patch.lost_version,
    };
    let outcome = match current {
        Some(current) => {
            if user.is_some_and(|(user_id, _)| user_id != current.row.user_id) {
                return Err(Rejection::invalid(
                    "user_id",
                    "user_id is fixed at creation",
                ));
            }
            merge(current, &edit)
        }
        None if event.kind == EventType::DeleteMetric => return Ok(nothing_to_delete()),
        None => create(new_row(id, user, event, &patch)?, &edit),
    };
    Ok(finished(outcome, original))
}

/// The fields that count, `created_at` set right, and the original where it was not.
fn prepared(
    event: &MetricEvent,
    time: EditTime,
    receipt: &Receipt<'_>,
) -> (MetricPatch, Option<Timestamp>) {
    if event.kind == EventType::DeleteMetric {
        let at = match event.patch.deleted_at {
            Patch::Set(at) => at.min(receipt.received_at),
            Patch::Keep | Patch::Clear => time.at,
        };
        return (
            MetricPatch {
                deleted_at: Patch::Set(at),
                ..MetricPatch::default()
            },
            None,
        );
    }
    let mut patch = event.patch.clone();
    let ahead = patch.created_at.filter(|at| *at > receipt.received_at);
    if let Some(original) = ahead {
        patch.created_at = Some(set_right(original, receipt));
    }
    (patch, ahead)
}

/// A moment that lies ahead, shifted by the error of the device's clock; the time of receipt where that does not help.
fn set_right(at: Timestamp, receipt: &Receipt<'_>) -> Timestamp {
    let shifted = receipt
        .sent_at
        .map(|sent_at| at.plus_millis(receipt.received_at.millis_since(sent_at)));
    let is_possible = |at: &Timestamp| {
        *at <= receipt.received_at && ranges::check_created_at(at.millis()).is_ok()
    };
    shifted.filter(is_possible).unwrap_or(receipt.received_at)
}

fn new_row(
    id: EntityId,
    user: Option<(EntityId, u32)>,
    event: &MetricEvent,
    patch: &MetricPatch,
) -> Result<Metric, Rejection> {
    let absent = |field| match event.base_version {
        Some(1..) => Rejection {
            code: RejectionCode::UnknownMetric,
            field: None,
            detail: "no such metric".to_owned(),
        },
        _ => Rejection::missing(field),
    };
    let (user_id, user_number) = user.ok_or_else(|| absent("user_id"))?;
    let weight = patch.weight.ok_or_else(|| absent("weight"))?;
    let created_at = patch.created_at.ok_or_else(|| absent("created_at"))?;
    let row = Metric {
        id,
        server_id: id,
        user_id,
        user_number,
        weight,
        height: None,
        bmi: None,
        note: None,
        created_at,
        utc_offset: None,
        updated_at: created_at,
        updated_by: None,
        deleted_at: None,
        version: 0,
    };
    Ok(row.patched(patch))
}

fn nothing_to_delete() -> MetricOutcome {
    MetricOutcome {
        status: EventStatus::Applied,
        conflict: false,
        adjusted: Vec::new(),
        stored: None,
        changed: false,
        history: Vec::new(),
    }
}

fn finished(outcome: Outcome<Metric>, original: Option<Timestamp>) -> MetricOutcome {
    let mut history = outcome.history;
    let row = &outcome.stored.row;
    if let Some(original) = original.filter(|_| outcome.changed) {
        history.push(HistoryEntry {
            version: row.version,
            at: row.updated_at,
            by: row.updated_by.clone(),
            reason: HistoryReason::Adjusted,
            values: Map::from_iter([("created_at".to_owned(), json!(original))]),
        });
    }
    MetricOutcome {
        status: outcome.status,
        conflict: outcome.conflict,
        adjusted: original.map(|_| "created_at").into_iter().collect(),
        stored: Some(outcome.stored),
        changed: outcome.changed,
        history,
    }
}
