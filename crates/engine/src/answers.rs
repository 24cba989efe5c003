//! What the server's answer to a batch means.

use crate::outbox::{EntryDraft, EntryKind, LastError};
use crate::outgoing::{Outgoing, Source};
use crate::settle::Settlement;
use crate::state::Conflict;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tidemark_protocol::{
    AccountId, BatchResponse, EntityId, EventResult, EventStatus, Metric, OpId, Rejection,
    RejectionCode, Timestamp,
};

/// An answer, read: what to store, and what it still asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchAnswer {
    /// What to store.
    pub settlement: Settlement,
    /// How many events came to an end.
    pub settled: usize,
    /// Events whose person the server does not know.
    pub unknown_users: Vec<OpId>,
    /// Edits that name another person than the one whose the record is.
    pub misnamed: Vec<(OpId, LastError)>,
    /// Events whose operation the server knows with other words: they were sent before their person became another
    /// one.
    pub reused: Vec<(OpId, LastError)>,
    /// Records that the server does not know, or of which it lacks a part: their whole rows must be sent.
    pub unknown_metrics: BTreeMap<EntityId, LastError>,
    /// Records whose turn comes later: not processed, or `retry`.
    pub put_off: BTreeSet<EntityId>,
    /// Records of which an edit was refused: what waits behind it is not late, it waits for that one.
    refused: BTreeSet<EntityId>,
    /// Seconds that a `retry` asked for.
    pub retry_after_s: Option<u32>,
}

impl BatchAnswer {
    /// An answer that says nothing yet.
    pub fn at(at: Timestamp) -> Self {
        Self {
            settlement: Settlement::at(at),
            ..Self::default()
        }
    }

    /// Reads a batch's answer. Results belong to events by `op_id`; an event without one was not processed.
    pub fn read(
        sent: &[Outgoing],
        response: &BatchResponse,
        owner: AccountId,
        at: Timestamp,
    ) -> Self {
        let mut answer = Self::at(at);
        let results: HashMap<OpId, &EventResult> = response
            .results
            .iter()
            .filter_map(|result| Some((result.op_id?, result)))
            .collect();
        for event in sent {
            match results.get(&event.op_id) {
                Some(result) => answer.take(event, result, owner),
                None => answer.put_off(event, "not_processed"),
            }
        }
        answer
    }

    fn take(&mut self, event: &Outgoing, result: &EventResult, owner: AccountId) {
        match result.status {
            EventStatus::Applied
            | EventStatus::Merged
            | EventStatus::Superseded
            | EventStatus::Duplicate => self.take_end(event, result),
            EventStatus::Rejected => self.reject(event, result.error.as_ref(), owner),
            EventStatus::Retry => {
                self.retry_after_s = self.retry_after_s.max(result.retry_after_s);
                self.put_off(event, "retry");
            }
        }
    }

    fn take_end(&mut self, event: &Outgoing, result: &EventResult) {
        self.settled += 1;
        self.settlement.done.push(event.op_id);
        self.settlement.rows.extend(result.metric.clone());
        let is_held = |row: &Metric| row.id == event.record && row.version > 0;
        if !event.is_entry() && !result.metric.as_ref().is_some_and(is_held) {
            // The server took the row before and has forgotten it since: it must not be sent for ever.
            self.settlement.cleared.push(event.record);
        }
        if result.conflict {
            self.settlement.conflicts.push(Conflict {
                entity_id: event.record,
                at: self.settlement.at,
                ours: event.payload.clone(),
                row: result.metric.clone(),
                theirs: None,
                is_weighed: false,
            });
        }
    }

    fn reject(&mut self, event: &Outgoing, rejection: Option<&Rejection>, owner: AccountId) {
        let Some(rejection) = rejection else {
            // A rejection without a reason is not well-formed: it can't park anything.
            return self.put_off(event, "not_ours");
        };
        let error = LastError {
            code: code_of(rejection.code).to_owned(),
            field: rejection.field.clone(),
            detail: Some(rejection.detail.clone()),
        };
        self.refused.insert(event.record);
        match rejection.code {
            RejectionCode::UnknownUser => {
                self.note_failure(event, error);
                self.unknown_users.push(event.op_id);
            }
            RejectionCode::UnknownMetric | RejectionCode::MissingField if event.is_entry() => {
                self.note_failure(event, error.clone());
                self.unknown_metrics.insert(event.record, error);
            }
            RejectionCode::InvalidField
                if event.is_entry() && error.field.as_deref() == Some("user_id") =>
            {
                self.note_failure(event, error.clone());
                self.misnamed.push((event.op_id, error));
            }
            RejectionCode::OpReuse if event.user().is_some() => {
                self.note_failure(event, error.clone());
                self.reused.push((event.op_id, error));
            }
            _ => self.park(event, error, owner),
        }
    }

    /// Parks an event. A refused row of a bulk becomes an entry of its own, which can be mended.
    pub fn park(&mut self, event: &Outgoing, error: LastError, owner: AccountId) {
        match &event.source {
            Source::Entry { .. } => {
                self.settlement.failed.retain(|(op, _)| *op != event.op_id);
                self.settlement.parked.push((event.op_id, error));
            }
            Source::Bulk(row) => {
                let entry = row_as_entry(event, row, owner, Some(error));
                self.settlement.cleared.push(row.id);
                self.settlement.added.push(entry);
            }
        }
    }

    fn put_off(&mut self, event: &Outgoing, code: &str) {
        if !self.refused.contains(&event.record) {
            self.put_off.insert(event.record);
        }
        self.note_failure(event, LastError::plain(code));
    }

    /// Rows of a bulk wait in their pages and carry no count of attempts.
    fn note_failure(&mut self, event: &Outgoing, error: LastError) {
        if event.is_entry() {
            self.settlement.failed.push((event.op_id, error));
        }
    }
}

/// An entry of its own for a row that came in bulk.
pub(crate) fn row_as_entry(
    event: &Outgoing,
    row: &Metric,
    owner: AccountId,
    parked: Option<LastError>,
) -> EntryDraft {
    EntryDraft {
        op_id: event.op_id,
        kind: EntryKind::UpsertMetric,
        entity_id: row.id,
        payload: event.payload.clone(),
        base_version: 0,
        created_at: row.updated_at,
        owner: Some(owner),
        parked,
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
