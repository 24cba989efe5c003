//! What the server's answer to a batch means for the store.

use crate::ids::new_op_id;
use crate::outbox::{EntryDraft, EntryKind, LastError};
use crate::planner::{Outgoing, Source};
use crate::ports::{Clock, Entropy};
use crate::state::Conflict;
use tidemark_protocol::{
    AccountId, AppModel, BatchResponse, EntityId, EventResult, EventStatus, Metric, OpId,
    Rejection, RejectionCode, Timestamp, User,
};

/// A change of the store after an answer, carried out in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settlement {
    /// Entries that leave the outbox.
    pub done: Vec<OpId>,
    /// Rows as the server holds them now; each replaces only a lower version.
    pub rows: Vec<Metric>,
    /// People as the server holds them now; each replaces only a lower version.
    pub users: Vec<User>,
    /// The app model as the server holds it now; replaces only a lower version.
    pub app_model: Option<AppModel>,
    /// Entries that stay and go on by themselves.
    pub failed: Vec<(OpId, LastError)>,
    /// Entries that stay and wait for a person.
    pub parked: Vec<(OpId, LastError)>,
    /// Parked entries that go on by themselves again.
    pub resumed: Vec<OpId>,
    /// New entries.
    pub added: Vec<EntryDraft>,
    /// Rows in pages that no longer wait there, since an entry in `added` stands for them.
    pub cleared: Vec<EntityId>,
    /// What lost against another device.
    pub conflicts: Vec<Conflict>,
    /// When the answer came.
    pub at: Timestamp,
}

/// What a batch's answer still asks for beyond the settlement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUp {
    /// Records that the server does not know: their whole rows must be sent.
    pub unknown_metrics: Vec<(OpId, EntityId)>,
    /// Metrics whose person the server does not know: these must be sent first.
    pub unknown_users: Vec<EntityId>,
    /// Seconds that a `retry` asked for.
    pub retry_after_s: Option<u32>,
    /// How many events came to an end.
    pub settled: usize,
}

impl Settlement {
    /// A settlement that says nothing yet.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }

    /// A settlement that counts a vain attempt on each of these entries.
    pub fn failed(sent: impl IntoIterator<Item = OpId>, error: &LastError, at: Timestamp) -> Self {
        let failed = sent.into_iter().map(|op| (op, error.clone())).collect();
        Self {
            failed,
            ..Self::at(at)
        }
    }

    /// Whether a person's entry is created or removed, so that the transaction must reach the disk.
    pub fn must_be_durable(&self) -> bool {
        !(self.done.is_empty() && self.added.is_empty() && self.cleared.is_empty())
    }
}

/// Reads a batch's answer: results belong to events by their place; an event without one was not processed.
pub fn read_batch(
    sent: &[Outgoing],
    response: &BatchResponse,
    owner: AccountId,
    now: Timestamp,
) -> (Settlement, FollowUp) {
    let mut settlement = Settlement::at(now);
    let mut follow_up = FollowUp::default();
    for (event, result) in sent.iter().zip(&response.results) {
        if result.op_id.is_some_and(|op| op != event.op_id) {
            // Not an answer to this event: it counts as not processed.
            continue;
        }
        match result.status {
            EventStatus::Applied
            | EventStatus::Merged
            | EventStatus::Superseded
            | EventStatus::Duplicate => take_end(event, result, &mut settlement, &mut follow_up),
            EventStatus::Rejected => {
                reject(
                    event,
                    result.error.as_ref(),
                    owner,
                    &mut settlement,
                    &mut follow_up,
                );
            }
            EventStatus::Retry => {
                follow_up.retry_after_s = follow_up.retry_after_s.max(result.retry_after_s);
                note_failure(event, plain("retry"), &mut settlement);
            }
        }
    }
    (settlement, follow_up)
}

fn take_end(
    event: &Outgoing,
    result: &EventResult,
    settlement: &mut Settlement,
    follow_up: &mut FollowUp,
) {
    follow_up.settled += 1;
    settlement.done.push(event.op_id);
    settlement.rows.extend(result.metric.clone());
    if result.conflict {
        settlement.conflicts.push(Conflict {
            entity_id: event.record,
            at: settlement.at,
            ours: event.payload.clone(),
            row: result.metric.clone(),
        });
    }
}

fn reject(
    event: &Outgoing,
    rejection: Option<&Rejection>,
    owner: AccountId,
    settlement: &mut Settlement,
    follow_up: &mut FollowUp,
) {
    let Some(rejection) = rejection else {
        // A rejection without a reason is not well-formed: it can't park anything.
        return note_failure(event, plain("not_ours"), settlement);
    };
    let error = LastError {
        code: code_of(rejection.code).to_owned(),
        field: rejection.field.clone(),
        detail: Some(rejection.detail.clone()),
    };
    match (rejection.code, &event.source) {
        (RejectionCode::UnknownUser, source) => {
            follow_up.unknown_users.extend(source.user());
            note_failure(event, error, settlement);
        }
        (RejectionCode::UnknownMetric, Source::Entry { .. }) => {
            follow_up.unknown_metrics.push((event.op_id, event.record));
            note_failure(event, error, settlement);
        }
        (_, Source::Bulk(row)) => {
            settlement.cleared.push(row.id);
            settlement
                .added
                .push(parked_bulk_row(event, row, owner, error));
        }
        (_, Source::Entry { .. }) => settlement.parked.push((event.op_id, error)),
    }
}

/// A refused row of a bulk becomes a parked entry of its own, which can be mended.
pub(crate) fn parked_bulk_row(
    event: &Outgoing,
    row: &Metric,
    owner: AccountId,
    error: LastError,
) -> EntryDraft {
    EntryDraft {
        op_id: event.op_id,
        kind: EntryKind::UpsertMetric,
        entity_id: row.id,
        payload: event.payload.clone(),
        base_version: 0,
        created_at: row.updated_at,
        owner: Some(owner),
        parked: Some(error),
    }
}

/// Bulk rows wait in their pages and carry no count of attempts.
fn note_failure(event: &Outgoing, error: LastError, settlement: &mut Settlement) {
    if matches!(event.source, Source::Entry { .. }) {
        settlement.failed.push((event.op_id, error));
    }
}

fn plain(code: &str) -> LastError {
    LastError {
        code: code.to_owned(),
        field: None,
        detail: None,
    }
}

/// The name of a rejection on the wire.
pub fn code_of(code: RejectionCode) -> &'static str {
    match code {
        RejectionCode::InvalidField => "invalid_field",
        RejectionCode::MissingField => "missing_field",
        RejectionCode::UnknownUser => "unknown_user",
        RejectionCode::UnknownMetric => "unknown_metric",
        RejectionCode::UnknownType => "unknown_type",
        RejectionCode::OpReuse => "op_reuse",
    }
}

/// The settlement that sends a whole row in place of an edit of a row that the server does not know.
pub fn whole_row(
    op: OpId,
    row: &Metric,
    owner: AccountId,
    (clock, entropy): (&impl Clock, &impl Entropy),
) -> Settlement {
    let now = clock.now();
    let draft = EntryDraft {
        op_id: new_op_id(clock, entropy),
        kind: EntryKind::UpsertMetric,
        entity_id: row.id,
        payload: crate::outbox::payload_text(&row.to_patch()),
        base_version: 0,
        created_at: now,
        owner: Some(owner),
        parked: None,
    };
    Settlement {
        done: vec![op],
        added: vec![draft],
        ..Settlement::at(now)
    }
}
