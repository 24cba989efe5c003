//! The sync protocol, version 1: what travels between a device and the server.
//!
//! Pure: no I/O, no clock, no randomness. Client and server compile the same types, limits, checks
//! and merge rule, so they cannot disagree about them.
//!
//! # Calls
//!
//! | call | body or answer | where |
//! |---|---|---|
//! | `POST /v1/metrics/batch` | events, answered one by one | [`validate::read_batch`], [`BatchResponse`] |
//! | `GET /v1/metrics`, `GET /v1/users` | pages in version order | [`MetricsPage`], [`UsersPage`] |
//! | `POST /v1/users`, `PATCH /v1/users/{id}` | a partial update, answered with the row | [`UserPatch`], [`User`] |
//! | `GET` and `PATCH /v1/app_model` | the same for the account's one app model | [`AppModelPatch`], [`AppModel`] |
//! | `GET /v1/metrics/{id}/history` | values that are no longer the row's | [`HistoryResponse`] |
//! | `GET /v1/digests` | proof that two sides hold the same | [`DigestsResponse`] |
//! | `GET /v1/server`, `GET /v1/account` | who answers | [`ServerInfo`], [`AccountInfo`] |
//! | `POST /v1/auth/…` | who signs in | [`SignInRequest`], [`RecoverRequest`], [`SignInResponse`], [`RefreshResponse`] |
//!
//! Every error is a [`Problem`] with a stable [`ProblemCode`]; every answer carries [`PROTOCOL_HEADER`].
//!
//! # An event's life
//!
//! 1. Its frame is read ([`validate::EventFrame`]): `local_id`, `type`, `op_id`, the metric's id, and the hash of type
//!    and payload ([`PayloadHash`]).
//! 2. If its key (`op_id`, else device, `local_id` and hash) took effect before, it is a `duplicate`; with another hash
//!    it is rejected as `op_reuse`.
//! 3. Its fields are checked ([`validate`]); the first that is wrong rejects it, and later events of the same metric in
//!    the batch answer `retry`.
//! 4. The merge rule ([`merge`]) decides: `applied`, `merged` or `superseded`, with what goes to history.
//! 5. Row, history, key and version commit together.
//!
//! # Numbers, times, ids
//!
//! Kilograms, centimetres and BMI travel as decimal numbers and are kept as whole grams, millimetres and hundredths
//! ([`wire_number`]). Times are RFC 3339, kept as milliseconds ([`Timestamp`]). Ids are UUIDs, read in any case and
//! written in lower case ([`ids`]); a user also goes by number ([`UserRef`]). Every bound stands in [`limits`] or, for
//! quantities, in `tidemark_domain::ranges`.
//!
//! # Versions
//!
//! [`PROTOCOL_VERSION`] rises only with a change that an older client would get wrong. Fields are added without one:
//! unknown fields are ignored on both sides, and a client never sends a field that the server does not know.

pub mod account;
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
pub mod packed;
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

pub use account::{
    AccountInfo, DeviceInfo, DevicesResponse, RecoverRequest, RefreshRequest, RefreshResponse,
    SignInRequest, SignInResponse,
};
pub use app_model::{AppModel, AppModelPatch, Goal, GoalKind, Theme, Units};
pub use canonical::PayloadHash;
pub use digest::{DigestsResponse, MonthDigest, RowsDigest};
pub use event::EventType;
pub use history::{HistoryEntry, HistoryReason, HistoryResponse};
pub use ids::{AccountId, DeviceId, EntityId, Epoch, OpId};
pub use metric::{Metric, MetricPatch};
pub use packed::{PACKED_MEDIA_TYPE, PackedPage};
pub use patch::Patch;
pub use problem::{Problem, ProblemCode};
pub use pull::{Cursor, MetricsPage, UsersPage};
pub use push::{BatchResponse, EventResult, EventStatus, Rejection, RejectionCode};
pub use server_info::{AuthMode, ServerInfo, ServerLimits};
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
