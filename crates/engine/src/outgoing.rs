//! Events ready to be sent, and the batch that holds them.

use crate::outbox::{EntryKind, Lane, OutboxEntry, payload_text};
use serde::Serialize;
use serde_json::value::RawValue;
use tidemark_protocol::{DeviceId, EntityId, EventType, Metric, OpId, Timestamp};

/// Bytes of a batch's payloads at most: leaves room for the envelope under the server's limit.
pub const BATCH_PAYLOAD_BYTES_MAX: usize = 768 * 1024;
/// Bytes that an event takes beside its payload, at most.
const EVENT_FRAME_BYTES: usize = 200;

/// An event ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Names the edit for good.
    pub op_id: OpId,
    /// The metric it is about.
    pub record: EntityId,
    /// What it does.
    pub event_type: EventType,
    /// The version that the edit was made on.
    pub base_version: u64,
    /// The very text that is sent.
    pub payload: String,
    /// The plan's `local_id`.
    pub local_id: u64,
    /// Where it comes from.
    pub source: Source,
}

/// Where an event comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// An entry of the outbox.
    Entry {
        /// The person that the payload names, where it names one.
        user: Option<EntityId>,
    },
    /// An unsent row of a page.
    Bulk(Box<Metric>),
}

impl Outgoing {
    /// The event of an entry; `None` if it is not about one metric.
    pub fn of_entry(entry: &OutboxEntry) -> Option<Self> {
        let event_type = match entry.kind {
            EntryKind::UpsertMetric => EventType::UpsertMetric,
            EntryKind::DeleteMetric => EventType::DeleteMetric,
            EntryKind::CreateUser
            | EntryKind::UpdateUser
            | EntryKind::UpdateAppModel
            | EntryKind::Bulk => return None,
        };
        Some(Self {
            op_id: entry.op_id,
            record: entry.entity_id,
            event_type,
            base_version: entry.base_version,
            payload: entry.payload.clone(),
            local_id: entry.seq,
            source: Source::Entry {
                user: entry.metric_patch().and_then(|patch| patch.user_id),
            },
        })
    }

    /// The event that creates a row which came in bulk. It is derived from the row, so that a device which
    /// forgets that it has sent it sends the same again.
    pub fn of_bulk(row: Metric, local_id: u64) -> Self {
        Self {
            op_id: OpId::for_bulk_create(row.id),
            record: row.id,
            event_type: EventType::UpsertMetric,
            base_version: 0,
            payload: payload_text(&row.to_patch()),
            local_id,
            source: Source::Bulk(Box::new(row)),
        }
    }

    /// The record that it is about.
    pub fn lane(&self) -> Lane {
        Lane::of_metric(self.record)
    }

    /// The person that it names.
    pub fn user(&self) -> Option<EntityId> {
        match &self.source {
            Source::Entry { user } => *user,
            Source::Bulk(row) => Some(row.user_id),
        }
    }

    /// Whether an entry of the outbox stands for it.
    pub fn is_entry(&self) -> bool {
        matches!(self.source, Source::Entry { .. })
    }
}

/// Keeps the longest beginning of `events` that fits a batch of `events_max` and `bytes_max`; at least one event.
pub fn fit(events: &mut Vec<Outgoing>, events_max: usize, bytes_max: usize) {
    let mut bytes = 0;
    let fitting = events.iter().take(events_max).take_while(|event| {
        bytes += event.payload.len() + EVENT_FRAME_BYTES;
        bytes <= bytes_max
    });
    let fitting = fitting.count().max(1);
    events.truncate(fitting);
}

#[derive(Serialize)]
struct BatchRequest<'a> {
    device_id: &'a DeviceId,
    sent_at: Timestamp,
    events: Vec<EventRequest<'a>>,
}

#[derive(Serialize)]
struct EventRequest<'a> {
    local_id: u64,
    #[serde(rename = "type")]
    event_type: EventType,
    op_id: OpId,
    base_version: u64,
    payload: &'a RawValue,
}

/// The body of a batch. The planner lets only payloads through that are JSON; any other is left out.
pub fn batch_body(events: &[Outgoing], device_id: &DeviceId, sent_at: Timestamp) -> String {
    let events = events.iter().filter_map(|event| {
        Some(EventRequest {
            local_id: event.local_id,
            event_type: event.event_type,
            op_id: event.op_id,
            base_version: event.base_version,
            payload: serde_json::from_str(&event.payload).ok()?,
        })
    });
    let request = BatchRequest {
        device_id,
        sent_at,
        events: events.collect(),
    };
    payload_text(&request)
}
