//! The planner: which entries go next, as a sorted list. It decides; the driver acts.
//!
//! Lanes: entries of one record go in their order, and a parked one holds back only its own record.
//! People go before metrics, since a metric waits until its person is acknowledged.

use crate::outbox::{EntryKind, OutboxEntry};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::HashSet;
use tidemark_protocol::{AccountId, DeviceId, EntityId, EventType, Metric, OpId, Timestamp};

/// Bytes of a batch's payloads at most: leaves room for the envelope under the server's limit.
pub const BATCH_PAYLOAD_BYTES_MAX: usize = 768 * 1024;
/// Bytes that an event takes beside its payload, at most.
const EVENT_FRAME_BYTES: usize = 200;

/// What to send next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan<'a> {
    /// People and app model: one call each, in order.
    pub calls: Vec<&'a OutboxEntry>,
    /// Metric events and bulk markers, in order.
    pub metrics: Vec<&'a OutboxEntry>,
}

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
    /// An entry of the outbox; `user` where the payload names one.
    Entry {
        /// The person that the payload names.
        user: Option<EntityId>,
    },
    /// An unsent row of a page.
    Bulk(Box<Metric>),
}

impl Source {
    /// The person that the event names.
    pub fn user(&self) -> Option<EntityId> {
        match self {
            Self::Entry { user } => *user,
            Self::Bulk(row) => Some(row.user_id),
        }
    }
}

/// Plans what `account` may send now. With `wary` (batches have failed as a whole) records that failed
/// less often go first, so that one that breaks every batch can't hold back the others.
pub fn plan(outbox: &[OutboxEntry], account: AccountId, wary: bool) -> Plan<'_> {
    let mut plan = Plan::default();
    let held = held_records(outbox);
    let new_people: HashSet<EntityId> = outbox
        .iter()
        .filter(|entry| entry.kind == EntryKind::CreateUser)
        .map(|entry| entry.entity_id)
        .collect();
    for entry in outbox {
        let ours = entry.owner.is_none_or(|owner| owner == account);
        if !ours || entry.parked || held.contains(&lane(entry)) {
            continue;
        }
        match entry.kind {
            EntryKind::CreateUser | EntryKind::UpdateUser | EntryKind::UpdateAppModel => {
                plan.calls.push(entry);
            }
            EntryKind::Bulk => plan.metrics.push(entry),
            EntryKind::UpsertMetric | EntryKind::DeleteMetric => {
                let person = entry.metric_patch().and_then(|patch| patch.user_id);
                if person.is_none_or(|person| !new_people.contains(&person)) {
                    plan.metrics.push(entry);
                }
            }
        }
    }
    if wary {
        plan.metrics
            .sort_by_key(|entry| (entry.retry_count, entry.seq));
    }
    plan
}

/// The lane of an entry: its record, apart by entity.
fn lane(entry: &OutboxEntry) -> (&'static str, EntityId) {
    (entry.kind.entity(), entry.entity_id)
}

fn held_records(outbox: &[OutboxEntry]) -> HashSet<(&'static str, EntityId)> {
    outbox
        .iter()
        .filter(|entry| entry.parked)
        .map(lane)
        .collect()
}

/// The event of an entry; `None` for entries that are no metric events.
pub fn outgoing(entry: &OutboxEntry) -> Option<Outgoing> {
    let event_type = match entry.kind {
        EntryKind::UpsertMetric => EventType::UpsertMetric,
        EntryKind::DeleteMetric => EventType::DeleteMetric,
        _ => return None,
    };
    Some(Outgoing {
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

/// The event that creates a row which came in bulk.
pub fn outgoing_bulk(row: Metric, marker: &OutboxEntry) -> Outgoing {
    Outgoing {
        op_id: OpId::for_bulk_create(row.id),
        record: row.id,
        event_type: EventType::UpsertMetric,
        base_version: 0,
        payload: crate::outbox::payload_text(&row.to_patch()),
        local_id: marker.seq,
        source: Source::Bulk(Box::new(row)),
    }
}

/// The longest beginning of `events` that fits a batch of `events_max`; at least one event.
pub fn fit(events: &mut Vec<Outgoing>, events_max: usize) {
    let mut bytes = 0;
    let fitting = events.iter().take(events_max).take_while(|event| {
        bytes += event.payload.len() + EVENT_FRAME_BYTES;
        bytes <= BATCH_PAYLOAD_BYTES_MAX
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

/// The body of a batch. An event whose stored payload is not JSON can't be sent and is left out.
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
    crate::outbox::payload_text(&request)
}
