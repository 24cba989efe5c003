//! `GET /v1/metrics/{id}/history`: values that are no longer those of the row.

use crate::{DeviceId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Why a value is not the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HistoryReason {
    /// A later edit replaced it.
    Replaced,
    /// It lost against a concurrent change.
    Conflict,
    /// The row was deleted.
    Deleted,
    /// It was set right on receipt.
    Adjusted,
}

/// Values that were replaced by one change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The version of the change that replaced them.
    pub version: u64,
    /// The time of that change.
    pub at: Timestamp,
    /// The device of that change.
    pub by: Option<DeviceId>,
    /// Why they are not the row's.
    pub reason: HistoryReason,
    /// The values by field, as they were on the wire.
    pub values: Map<String, Value>,
}

/// The answer: newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryResponse {
    /// Newest first.
    pub entries: Vec<HistoryEntry>,
}
