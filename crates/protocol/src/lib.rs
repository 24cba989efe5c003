//! The sync protocol, version 1: what travels between a device and the server.
//!
//! Pure: no I/O, no clock, no randomness. Client and server compile the same types, limits, checks
//! and merge rule, so they cannot disagree about them.

pub mod app_model;
pub mod canonical;
pub mod digest;
pub mod event;
pub mod history;
pub mod ids;
pub mod json;
pub mod limits;
pub mod merge;
pub mod metric;
pub mod patch;
pub mod problem;
pub mod pull;
pub mod push;
mod read;
pub mod server_info;
pub mod timestamp;
pub mod user;
pub mod user_ref;
pub mod validate;
pub mod wire_number;

pub use app_model::{AppModel, AppModelPatch, Goal, GoalKind, Theme, Units};
pub use canonical::PayloadHash;
pub use digest::{DigestsResponse, MonthDigest, RowsDigest};
pub use event::EventType;
pub use history::{HistoryEntry, HistoryReason, HistoryResponse};
pub use ids::{AccountId, DeviceId, EntityId, Epoch, OpId};
pub use metric::{Metric, MetricPatch};
pub use patch::Patch;
pub use problem::{Problem, ProblemCode};
pub use pull::{Cursor, MetricsPage, UsersPage};
pub use push::{BatchResponse, EventResult, EventStatus, Rejection, RejectionCode};
pub use server_info::{AccountInfo, AuthMode, ServerInfo, ServerLimits};
pub use timestamp::Timestamp;
pub use user::{Gender, User, UserPatch};
pub use user_ref::UserRef;

/// The protocol's version, sent and expected in the header [`PROTOCOL_HEADER`].
pub const PROTOCOL_VERSION: u32 = 1;
/// Present on every answer of a Tidemark server, so a captive portal is never taken for one.
pub const PROTOCOL_HEADER: &str = "Tidemark-Protocol";
/// Names the account that wrote what is sent; another signed-in account refuses it.
pub const ACCOUNT_HEADER: &str = "Tidemark-Account";
/// Names the device that asks.
pub const DEVICE_HEADER: &str = "Tidemark-Device";
