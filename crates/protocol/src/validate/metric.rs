//! One event of a batch: first its frame, by which a replay is recognised, then its fields.

use crate::canonical::PayloadHash;
use crate::read::{self, Fields};
use crate::{EntityId, EventType, MetricPatch, OpId, Patch, Rejection, RejectionCode, UserRef};
use serde_json::{Map, Value};

/// What can be told of an event whatever else is wrong with it: enough to answer it, and to hold back the later
/// events of the same metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventLabel {
    /// The device's number for the record, if it is an integer.
    pub local_id: Option<i64>,
    /// The idempotency key, if it is one.
    pub op_id: Option<OpId>,
    /// The metric's id; `Keep` where it has none, `Clear` where it has one that can't be read.
    pub id: Patch<EntityId>,
}

impl EventLabel {
    /// Reads what can be read.
    pub fn of(event: &Value) -> Self {
        let id = match event.get("payload").and_then(|payload| payload.get("id")) {
            None | Some(Value::Null) => Patch::Keep,
            Some(value) => Patch::from_option(read::entity_id(value).ok()),
        };
        Self {
            local_id: event.get("local_id").and_then(read::integer),
            op_id: event.get("op_id").and_then(|value| read::op_id(value).ok()),
            id,
        }
    }
}

/// An event whose frame is sound; the fields of its payload are not looked at yet.
#[derive(Clone, Copy, Debug)]
pub struct EventFrame<'a> {
    /// What it does.
    pub kind: EventType,
    /// The device's number for the record.
    pub local_id: i64,
    /// The idempotency key.
    pub op_id: Option<OpId>,
    /// The metric's id; where absent it follows from account, device and `local_id`.
    pub id: Option<EntityId>,
    /// Hash of type and payload.
    pub hash: PayloadHash,
    event: Fields<'a>,
    payload: Fields<'a>,
}

/// A valid event.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricEvent {
    /// What it does; an upsert that sets `deleted_at` has become a delete.
    pub kind: EventType,
    /// The version that the edit was made on.
    pub base_version: Option<u64>,
    /// Whose metric.
    pub user: Option<UserRef>,
    /// The fields it carries, without `id` and `user_id`.
    pub patch: MetricPatch,
}

impl<'a> EventFrame<'a> {
    /// Reads an event's frame.
    ///
    /// # Errors
    /// The event's rejection.
    pub fn read(event: &'a Value) -> Result<Self, Rejection> {
        let not_an_object = || Rejection {
            field: None,
            ..Rejection::invalid("", "an event must be an object")
        };
        let fields = Fields(event.as_object().ok_or_else(not_an_object)?);
        let local_id = fields.not_null("local_id", |value| {
            read::integer(value).ok_or_else(|| "must be an integer".to_owned())
        })?;
        let kind = fields.not_null("type", |value| match value.as_str() {
            Some(name) => Ok(EventType::parse(name)),
            None => Err("must be a string".to_owned()),
        })?;
        let kind = kind
            .ok_or_else(|| Rejection::missing("type"))?
            .ok_or_else(unknown_type)?;
        let payload = object(fields, "payload")?;
        Ok(Self {
            kind,
            local_id: local_id.ok_or_else(|| Rejection::missing("local_id"))?,
            op_id: fields.optional("op_id", read::op_id)?,
            id: Fields(payload).optional("id", read::entity_id)?,
            hash: PayloadHash::of(kind.as_str(), &fields.0["payload"]),
            event: fields,
            payload: Fields(payload),
        })
    }

    /// Checks every field that the protocol knows.
    ///
    /// # Errors
    /// The event's rejection, for the first field that is wrong.
    pub fn validate(&self) -> Result<MetricEvent, Rejection> {
        let payload = self.payload;
        let patch = MetricPatch {
            id: None,
            user_id: None,
            weight: payload.not_null("weight", read::weight)?,
            height: payload.patch("height", read::height)?,
            bmi: payload.patch("bmi", read::bmi)?,
            note: payload.patch("note", read::note)?,
            created_at: payload.not_null("created_at", read::created_at)?,
            utc_offset: payload.patch("utc_offset", read::utc_offset)?,
            updated_at: payload.optional("updated_at", read::timestamp)?,
            deleted_at: payload.patch("deleted_at", read::timestamp)?,
            lost_version: payload.optional("lost_version", read::version)?,
        };
        let deletes = matches!(patch.deleted_at, Patch::Set(_));
        Ok(MetricEvent {
            kind: if deletes {
                EventType::DeleteMetric
            } else {
                self.kind
            },
            base_version: self.event.optional("base_version", read::version)?,
            user: payload.not_null("user_id", |value| {
                UserRef::read(value).ok_or_else(|| "must be a UUID or a user's number".to_owned())
            })?,
            patch,
        })
    }
}

fn object<'a>(fields: Fields<'a>, name: &str) -> Result<&'a Map<String, Value>, Rejection> {
    match fields.0.get(name) {
        None => Err(Rejection::missing(name)),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(Rejection::invalid(name, "must be an object")),
    }
}

fn unknown_type() -> Rejection {
    Rejection {
        code: RejectionCode::UnknownType,
        ..Rejection::invalid("type", "must be UPSERT_METRIC or DELETE_METRIC")
    }
}
