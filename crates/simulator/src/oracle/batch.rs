//! What a batch may do.

use super::case::Case;
use super::{Checked, FIELDS, Oracle, POISON, Row, Stamp};
use crate::ledger::Ledger;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};
use tidemark_protocol::{
    BatchResponse, DeviceId, EntityId, EventResult, EventStatus, Metric, OpId, RejectionCode,
    UserRef,
};
use tidemark_server::sync::BUILT_IN_ACCOUNT;
use uuid::Uuid;

impl Oracle {
    /// Judges what a batch did.
    pub fn batch(
        &mut self,
        device: &DeviceId,
        body: &str,
        response: &BatchResponse,
        ledger: &Ledger,
    ) -> Checked {
        let body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let events = body["events"].as_array().ok_or("a batch without events")?;
        if events.len() != response.results.len() {
            return Err(format!(
                "{} events, {} results",
                events.len(),
                response.results.len()
            ));
        }
        self.life
            .epoch
            .get_or_insert_with(|| response.epoch.clone());
        let mut held: HashSet<EntityId> = HashSet::new();
        for (event, result) in events.iter().zip(&response.results) {
            self.event(device, event, result, ledger, &mut held)?;
        }
        Ok(())
    }

    fn event(
        &mut self,
        device: &DeviceId,
        event: &Value,
        result: &EventResult,
        ledger: &Ledger,
        held: &mut HashSet<EntityId>,
    ) -> Checked {
        let named = |name: &str| event["payload"][name].as_str().and_then(EntityId::parse);
        let derived = || {
            let local = event["local_id"].as_i64()?;
            Some(EntityId::for_local_record(BUILT_IN_ACCOUNT, device, local))
        };
        let record = named("id")
            .or_else(derived)
            .ok_or("an event without a record")?;
        let op = event["op_id"]
            .as_str()
            .and_then(OpId::parse)
            .unwrap_or_else(|| plain_op(device, event));
        match result.status {
            EventStatus::Applied | EventStatus::Merged | EventStatus::Superseded => {
                if held.contains(&record) {
                    return Err(format!(
                        "{op} took effect though an earlier event of its record did not"
                    ));
                }
                let version = result.metric.as_ref().map(|metric| metric.version);
                self.effect(device, op, record, version, ledger)?;
                if event["payload"]["lost_version"].is_null() {
                    self.edited_since.insert(record);
                }
                self.conflicts += u64::from(result.conflict);
                self.judge(device, event, record, result)
            }
            EventStatus::Duplicate if self.took_effect(op) => self.same_as_known(record, result),
            EventStatus::Duplicate => Err(format!(
                "I3: {op} answered as a duplicate, but it never took effect"
            )),
            EventStatus::Rejected => {
                held.insert(record);
                self.check_rejection(event, record, result)
            }
            EventStatus::Retry if held.contains(&record) => Ok(()),
            EventStatus::Retry => Err(format!("{op} was put off for no reason")),
        }
    }

    pub(super) fn effect(
        &mut self,
        device: &DeviceId,
        op: OpId,
        record: EntityId,
        version: Option<u64>,
        ledger: &Ledger,
    ) -> Checked {
        if self.life.effects.insert(op, version).is_some() {
            return Err(format!("I3: {op} of {record} took effect twice"));
        }
        self.ever.insert(op);
        if !ledger.knows(device, op, record) && !device.as_str().starts_with("plain") {
            return Err(format!(
                "I3: {op} of {record} took effect, but device {} never wrote it",
                device.as_str()
            ));
        }
        ledger.check_lane(device, op, |other| self.took_effect(other))
    }

    fn same_as_known(&self, record: EntityId, result: &EventResult) -> Checked {
        let known = self.life.rows.get(&record).map(|row| &row.metric);
        match (&result.metric, known) {
            (Some(answered), Some(known)) if answered != known => Err(format!(
                "I3: a duplicate changed {record} from version {} to {}",
                known.version, answered.version
            )),
            _ => Ok(()),
        }
    }

    fn check_rejection(&self, event: &Value, record: EntityId, result: &EventResult) -> Checked {
        let code = result.error.as_ref().map(|error| error.code);
        let text = event["payload"].to_string();
        let user = UserRef::read(&event["payload"]["user_id"]);
        let is_known = |name: UserRef| {
            self.life.users.values().any(|user| match name {
                UserRef::Id(id) => user.id == id,
                UserRef::Number(number) => u64::from(user.number) == number,
            })
        };
        let deserved = match code {
            Some(RejectionCode::InvalidField) => {
                let error = result.error.as_ref();
                let is_for_person =
                    error.is_some_and(|error| error.field.as_deref() == Some("user_id"));
                text.contains(POISON) || (is_for_person && self.is_anothers(record, user))
            }
            Some(RejectionCode::UnknownUser) => user.is_some_and(|user| !is_known(user)),
            // A part of a row that the server does not have: it can't be made of that.
            Some(RejectionCode::UnknownMetric | RejectionCode::MissingField) => {
                !self.life.rows.contains_key(&record)
            }
            // It was sent before its person became another one, and came to be as the first one's.
            Some(RejectionCode::OpReuse) => {
                let op = event["op_id"].as_str().and_then(OpId::parse);
                op.is_some_and(|op| self.took_effect(op)) && self.is_anothers(record, user)
            }
            _ => false,
        };
        if deserved {
            Ok(())
        } else {
            Err(format!(
                "{} was refused: {:?}",
                event["op_id"], result.error
            ))
        }
    }

    /// Whether a record is of another person than the one named.
    fn is_anothers(&self, record: EntityId, named: Option<UserRef>) -> bool {
        let row = self.life.rows.get(&record).map(|row| &row.metric);
        row.zip(named).is_some_and(|(row, named)| match named {
            UserRef::Id(id) => row.user_id != id,
            UserRef::Number(number) => u64::from(row.user_number) != number,
        })
    }

    /// I5: a row that changed has a version that was not given out before.
    fn take_version(&mut self, record: EntityId, before: Option<&Row>, version: u64) -> Checked {
        if before.is_some_and(|row| row.metric.version == version) {
            return Ok(());
        }
        if version <= self.life.head {
            let head = self.life.head;
            return Err(format!(
                "I5: {record} got version {version}, but {head} was given out"
            ));
        }
        self.life.head = version;
        Ok(())
    }

    /// Judges the row that an event left.
    fn judge(
        &mut self,
        device: &DeviceId,
        event: &Value,
        record: EntityId,
        result: &EventResult,
    ) -> Checked {
        let before = self.life.rows.get(&record).cloned();
        let deletes = event["type"] == "DELETE_METRIC";
        let Some(after) = &result.metric else {
            let fine = before.is_none() && deletes;
            let missing = || format!("I1: {record} answered without its row");
            return if fine { Ok(()) } else { Err(missing()) };
        };
        let fields = fields_of(after);
        let case = Case {
            device,
            event,
            after,
            fields: &fields,
            adjusted: &result.adjusted,
        };
        match &before {
            Some(before) => case.check(before)?,
            None => case.check_new()?,
        }
        let offered = offered_after(&case, before.as_ref(), result);
        self.take_version(record, before.as_ref(), after.version)?;
        if deletes && after.deleted_at.is_some() {
            self.deleted.insert(record);
        }
        // An offer keeps the version of the lost life.
        let lost = event["payload"]["lost_version"].as_u64();
        let stamp = Stamp {
            version: lost.unwrap_or(after.version),
            by: device.clone(),
            is_of_lost_life: lost.is_some(),
        };
        let stamps = stamps_after(before.as_ref(), after, &fields, &stamp);
        self.life.rows.insert(
            record,
            Row {
                metric: after.clone(),
                fields,
                stamps,
                offered,
            },
        );
        Ok(())
    }
}

/// The version of the latest offer that has found the row as it says, after this event.
fn offered_after(case: &Case<'_>, before: Option<&Row>, result: &EventResult) -> u64 {
    let confirmed = before
        .filter(|_| result.status != EventStatus::Superseded)
        .and_then(|before| case.confirms(before));
    before
        .map_or(0, |row| row.offered)
        .max(confirmed.unwrap_or(0))
}

/// The stamps of a row whose changed fields get `stamp`.
fn stamps_after(
    before: Option<&Row>,
    after: &Metric,
    fields: &Map<String, Value>,
    stamp: &Stamp,
) -> BTreeMap<&'static str, Stamp> {
    let mut stamps = before.map(|row| row.stamps.clone()).unwrap_or_default();
    for name in FIELDS {
        if before.is_none_or(|row| row.fields.get(name) != fields.get(name)) {
            stamps.insert(name, stamp.clone());
        }
    }
    let is_gone = |metric: &Metric| metric.deleted_at.is_some();
    if before.is_some_and(|row| is_gone(&row.metric) != is_gone(after)) {
        stamps.insert("deleted_at", stamp.clone());
    }
    stamps
}

fn fields_of(metric: &Metric) -> Map<String, Value> {
    match serde_json::to_value(metric) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The key of an event that names none.
fn plain_op(device: &DeviceId, event: &Value) -> OpId {
    let text = format!(
        "{} {} {}",
        device.as_str(),
        event["local_id"],
        event["payload"]
    );
    OpId(Uuid::new_v5(&Uuid::nil(), text.as_bytes()))
}
