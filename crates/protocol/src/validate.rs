//! From an untyped body to typed events and patches: everything wrong with one is told by its field.
//!
//! Lenient as the protocol's fine print says: unknown fields are ignored, null has a meaning per field, ids come in any
//! case, a range applies to the value as sent and rounding follows. Must not know what the server holds.

mod app_model;
mod envelope;
mod metric;
mod user;

pub use app_model::{AppModelCall, app_model_patch};
pub use envelope::{BadEnvelope, BatchRequest, read_batch};
pub use metric::{EventFrame, EventLabel, MetricEvent};
pub use user::{UserCall, user_create, user_patch};

#[cfg(test)]
mod tests;
