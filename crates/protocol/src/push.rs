//! `POST /v1/metrics/batch`: what is answered.

use crate::{EntityId, Epoch, Metric, OpId, Timestamp};
use serde::{Deserialize, Serialize};

/// The answer to a batch: one result for each event, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchResponse {
    /// In the order of the events; an event that is not listed was not processed.
    pub results: Vec<EventResult>,
    /// The account's change counter.
    pub head: u64,
    /// The life of the server's database.
    pub epoch: Epoch,
    /// The server's clock.
    pub server_time: Timestamp,
    /// Seconds that the server asks to wait before the next request.
    #[serde(default)]
    pub backoff_s: u32,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventResult {
    /// Echoed as sent; null where it was not an integer.
    pub local_id: Option<i64>,
    /// The event's idempotency key, if it had one.
    pub op_id: Option<OpId>,
    /// What became of it.
    pub status: EventStatus,
    /// The id under which the server holds the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_id: Option<EntityId>,
    /// The row's version now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Whether a value of someone lost.
    #[serde(default)]
    pub conflict: bool,
    /// Fields that were set right on receipt.
    #[serde(default)]
    pub adjusted: Vec<String>,
    /// The row as it is now.
    #[serde(default)]
    pub metric: Option<Metric>,
    /// On a `duplicate`: what the first attempt was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_status: Option<EventStatus>,
    /// On a `rejected`: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Rejection>,
    /// On a `retry`: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}

/// How an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    /// Took effect as sent.
    Applied,
    /// Took effect beside newer changes of others.
    Merged,
    /// Older than what the server holds.
    Superseded,
    /// Took effect before.
    Duplicate,
    /// Can't take effect as it is.
    Rejected,
    /// Not now.
    Retry,
}

/// Why an event can't take effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// For programs.
    pub code: RejectionCode,
    /// Which field of the payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For people: names the bound, never the value.
    pub detail: String,
}

/// The reasons for a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionCode {
    /// A field has a wrong type or lies out of range.
    InvalidField,
    /// A field that is needed is absent.
    MissingField,
    /// The account has no such user.
    UnknownUser,
    /// The account has no such metric.
    UnknownMetric,
    /// The event's type is not one of ours.
    UnknownType,
    /// The idempotency key came before with another payload.
    OpReuse,
}
