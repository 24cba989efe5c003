//! A row of the outbox.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tidemark_engine::outbox::{EntryKind, LastError, OutboxEntry};
use tidemark_protocol::{AccountId, EntityId, OpId, Timestamp};

/// An outbox entry with the names of the plan. The payload stays the text that is sent.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::indexed_db) struct EntryRow {
    op_id: OpId,
    seq: u64,
    event_type: EntryKind,
    entity: Cow<'static, str>,
    entity_id: EntityId,
    payload: String,
    base_version: u64,
    created_at: Timestamp,
    owner: Option<AccountId>,
    attempted_at: Option<Timestamp>,
    #[serde(default)]
    retry_count: u32,
    last_error: Option<LastError>,
    #[serde(default)]
    parked: bool,
    /// The record again, if the edit was refused: what the index of these goes by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused_of: Option<EntityId>,
}

/// The field that the index of refused edits goes by.
pub(in crate::indexed_db) const REFUSED_OF: &str = "refused_of";

impl From<OutboxEntry> for EntryRow {
    fn from(entry: OutboxEntry) -> Self {
        Self {
            op_id: entry.op_id,
            seq: entry.seq,
            event_type: entry.kind,
            entity: Cow::Borrowed(entry.kind.entity()),
            entity_id: entry.entity_id,
            payload: entry.payload,
            base_version: entry.base_version,
            created_at: entry.created_at,
            owner: entry.owner,
            attempted_at: entry.attempted_at,
            retry_count: entry.retry_count,
            last_error: entry.last_error,
            parked: entry.parked,
            refused_of: entry.parked.then_some(entry.entity_id),
        }
    }
}

impl From<EntryRow> for OutboxEntry {
    fn from(row: EntryRow) -> Self {
        Self {
            op_id: row.op_id,
            seq: row.seq,
            kind: row.event_type,
            entity_id: row.entity_id,
            payload: row.payload,
            base_version: row.base_version,
            created_at: row.created_at,
            owner: row.owner,
            attempted_at: row.attempted_at,
            retry_count: row.retry_count,
            last_error: row.last_error,
            parked: row.parked,
        }
    }
}
