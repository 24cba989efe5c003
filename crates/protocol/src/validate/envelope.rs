//! The envelope of a batch: the only thing that can make a whole batch unreadable.

use crate::limits::BATCH_EVENTS_MAX;
use crate::{DeviceId, Timestamp, json};
use serde_json::Value;
use thiserror::Error;

/// A batch whose envelope is sound; its events are not looked at yet.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRequest {
    /// Whose edits these are.
    pub device: DeviceId,
    /// The device's clock when it sent the batch; a bad one counts as absent.
    pub sent_at: Option<Timestamp>,
    /// In the order in which they take effect; at most [`BATCH_EVENTS_MAX`].
    pub events: Vec<Value>,
}

/// Why nothing of a batch is processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadEnvelope {
    /// The body does not parse.
    #[error("the body is not JSON in UTF-8")]
    Json,
    /// The body is not an object.
    #[error("the body must be an object")]
    NotAnObject,
    /// No usable device id.
    #[error("device_id must be a string of 1 to 100 characters without control characters")]
    Device,
    /// No events.
    #[error("events must be an array")]
    Events,
    /// More than a batch may have.
    #[error("at most {BATCH_EVENTS_MAX} events in a batch")]
    TooManyEvents,
}

/// Reads a batch's body.
///
/// # Errors
/// [`BadEnvelope`] for what can't be blamed on a single event.
pub fn read_batch(body: &[u8]) -> Result<BatchRequest, BadEnvelope> {
    let Value::Object(mut fields) = json::parse(body).map_err(|_| BadEnvelope::Json)? else {
        return Err(BadEnvelope::NotAnObject);
    };
    let device = fields
        .get("device_id")
        .and_then(Value::as_str)
        .and_then(DeviceId::parse);
    let device = device.ok_or(BadEnvelope::Device)?;
    let sent_at = fields
        .get("sent_at")
        .and_then(Value::as_str)
        .and_then(Timestamp::parse);
    let Some(Value::Array(events)) = fields.remove("events") else {
        return Err(BadEnvelope::Events);
    };
    if events.len() > BATCH_EVENTS_MAX {
        return Err(BadEnvelope::TooManyEvents);
    }
    Ok(BatchRequest {
        device,
        sent_at,
        events,
    })
}

#[cfg(test)]
mod tests {
    use super::{BadEnvelope, read_batch};
    use crate::Timestamp;
    use serde_json::json;

    #[test]
    fn only_the_envelope_makes_a_batch_unreadable() {
        let long = "x".repeat(100);
        let too_long = "x".repeat(101);
        let cases = [
            (json!({"device_id": "abc", "events": []}), None),
            (json!({"device_id": long, "events": [1, null, "x"]}), None),
            (json!({"device_id": "abc", "events": vec![0; 500]}), None),
            (
                json!({"device_id": "abc", "events": vec![0; 501]}),
                Some(BadEnvelope::TooManyEvents),
            ),
            (json!([]), Some(BadEnvelope::NotAnObject)),
            (json!(null), Some(BadEnvelope::NotAnObject)),
            (json!({"events": []}), Some(BadEnvelope::Device)),
            (
                json!({"device_id": "", "events": []}),
                Some(BadEnvelope::Device),
            ),
            (
                json!({"device_id": too_long, "events": []}),
                Some(BadEnvelope::Device),
            ),
            (
                json!({"device_id": "a\u{7}", "events": []}),
                Some(BadEnvelope::Device),
            ),
            (
                json!({"device_id": 5, "events": []}),
                Some(BadEnvelope::Device),
            ),
            (json!({"device_id": "abc"}), Some(BadEnvelope::Events)),
            (
                json!({"device_id": "abc", "events": {}}),
                Some(BadEnvelope::Events),
            ),
        ];
        for (body, expected) in cases {
            assert_eq!(
                read_batch(body.to_string().as_bytes()).err(),
                expected,
                "{body}"
            );
        }
        assert_eq!(read_batch(b"{").err(), Some(BadEnvelope::Json));
        let surrogate = br#"{"device_id":"\ud800","events":[]}"#;
        assert_eq!(read_batch(surrogate).err(), Some(BadEnvelope::Device));
    }

    #[test]
    fn a_bad_sent_at_counts_as_absent() {
        let cases = [
            (
                json!("2026-02-20T10:22:40Z"),
                Some(Timestamp(1_771_582_960_000)),
            ),
            (json!("yesterday"), None),
            (json!(5), None),
            (json!(null), None),
        ];
        for (sent_at, expected) in cases {
            let body = json!({"device_id": "abc", "sent_at": sent_at, "events": []}).to_string();
            assert_eq!(
                read_batch(body.as_bytes()).unwrap().sent_at,
                expected,
                "{sent_at}"
            );
        }
    }
}
