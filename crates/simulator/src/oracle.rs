//! What the server may and must do, told independently of its code: each operation once, causality before clocks,
//! absent fields untouched, a concurrent edit before a delete, and every pulled row as it was answered.

use crate::ledger::Ledger;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};
use tidemark_protocol::{
    AppModel, BatchResponse, DeviceId, EntityId, Epoch, EventResult, EventStatus, Metric, OpId,
    RejectionCode, User, UserRef,
};
use tidemark_server::sync::BUILT_IN_ACCOUNT;
use uuid::Uuid;

/// A mark in the note of an entry that the server must refuse: the note is too long.
pub const POISON: &str = "poison poison poison";
/// The fields that a metric's edit can change.
const FIELDS: [&str; 6] = [
    "weight",
    "height",
    "bmi",
    "note",
    "created_at",
    "utc_offset",
];

/// The last change of a field: at which version, by whom.
type Stamp = (u64, DeviceId);

#[derive(Clone, Debug)]
struct Row {
    metric: Metric,
    fields: Map<String, Value>,
    stamps: BTreeMap<&'static str, Stamp>,
}

/// What a life of the server holds.
#[derive(Clone, Debug, Default)]
pub struct Life {
    epoch: Option<Epoch>,
    head: u64,
    effects: HashSet<OpId>,
    rows: BTreeMap<EntityId, Row>,
    users: BTreeMap<EntityId, User>,
    app_model: AppModel,
}

/// A row that a restore lost.
#[derive(Clone, Debug)]
pub struct LostRow {
    /// As it was.
    pub row: Metric,
    /// Who holds exactly that, and how often their storage had been cleared.
    pub holders: Vec<(usize, u32)>,
}

/// The independent judge.
#[derive(Debug, Default)]
pub struct Oracle {
    life: Life,
    ever: HashSet<OpId>,
    /// Rows that restores lost.
    pub lost: BTreeMap<EntityId, LostRow>,
    /// Records that were edited after the last restore by anything but an offer.
    pub edited_since: HashSet<EntityId>,
    /// Conflicts that were decided.
    pub conflicts: u64,
}

type Checked = Result<(), String>;

impl Oracle {
    /// Whether an operation took effect in this life of the server.
    pub fn took_effect(&self, op: OpId) -> bool {
        self.life.effects.contains(&op)
    }

    /// Whether an operation took effect in any life.
    pub fn ever_took_effect(&self, op: OpId) -> bool {
        self.ever.contains(&op)
    }

    /// The life of the server, once it was told.
    pub fn epoch(&self) -> Option<&Epoch> {
        self.life.epoch.as_ref()
    }

    /// The newest version that was given out.
    pub fn head(&self) -> u64 {
        self.life.head
    }

    /// The rows of this life.
    pub fn rows(&self) -> impl Iterator<Item = &Metric> {
        self.life.rows.values().map(|row| &row.metric)
    }

    /// The people of this life.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.life.users.values()
    }

    /// What a backup of the server would hold now.
    pub fn backup(&self) -> Life {
        self.life.clone()
    }

    /// The server was restored from a backup.
    pub fn restore(&mut self, backup: Life, epoch: Epoch, ledger: &Ledger) {
        let lost = self.life.rows.values().filter(|row| {
            let kept = backup
                .rows
                .get(&row.metric.id)
                .map(|kept| kept.metric.version);
            kept != Some(row.metric.version)
        });
        for row in lost {
            let (id, version) = (row.metric.id, row.metric.version);
            let lost = LostRow {
                row: row.metric.clone(),
                holders: ledger.holders(id, version),
            };
            self.lost.insert(id, lost);
        }
        self.edited_since.clear();
        self.life = Life {
            epoch: Some(epoch),
            ..backup
        };
    }

    /// The server forgot deletions up to a version.
    pub fn prune(&mut self, up_to: u64) {
        self.life
            .rows
            .retain(|_, row| row.metric.deleted_at.is_none() || row.metric.version > up_to);
    }

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
                self.effect(device, op, record, ledger)?;
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

    fn effect(
        &mut self,
        device: &DeviceId,
        op: OpId,
        record: EntityId,
        ledger: &Ledger,
    ) -> Checked {
        if !self.life.effects.insert(op) {
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
            Some(RejectionCode::InvalidField) => text.contains(POISON),
            Some(RejectionCode::UnknownUser) => user.is_some_and(|user| !is_known(user)),
            // A part of a row that the server does not have: it can't be made of that.
            Some(RejectionCode::UnknownMetric | RejectionCode::MissingField) => {
                !self.life.rows.contains_key(&record)
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
            return if before.is_none() && deletes {
                Ok(())
            } else {
                Err(format!("I1: {record} answered without its row"))
            };
        };
        let fields = fields_of(after);
        let case = Case {
            device,
            event,
            after,
            fields: &fields,
            adjusted: &result.adjusted,
        };
        let mut stamps = BTreeMap::new();
        if let Some(before) = &before {
            case.check(before)?;
            stamps.clone_from(&before.stamps);
        } else {
            case.check_new()?;
        }
        let old = before.as_ref().map(|row| &row.fields);
        if before
            .as_ref()
            .is_none_or(|row| row.metric.version != after.version)
        {
            if after.version <= self.life.head {
                return Err(format!(
                    "I5: {record} got version {}, but {} was given out",
                    after.version, self.life.head
                ));
            }
            self.life.head = after.version;
        }
        let stamp = (after.version, device.clone());
        for name in FIELDS
            .iter()
            .copied()
            .filter(|name| old.is_none_or(|old| old.get(*name) != fields.get(*name)))
        {
            stamps.insert(name, stamp.clone());
        }
        if before
            .as_ref()
            .is_some_and(|row| row.metric.deleted_at.is_some() != after.deleted_at.is_some())
        {
            stamps.insert("deleted_at", stamp);
        }
        self.life.rows.insert(
            record,
            Row {
                metric: after.clone(),
                fields,
                stamps,
            },
        );
        Ok(())
    }

    /// Judges a call about a person.
    pub fn user_call(
        &mut self,
        device: &DeviceId,
        body: &str,
        user: &User,
        ledger: &Ledger,
    ) -> Checked {
        let body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let before = self.life.users.insert(user.id, user.clone());
        if self
            .life
            .users
            .values()
            .any(|other| other.id != user.id && other.number == user.number)
        {
            return Err(format!("two people have the number {}", user.number));
        }
        let changed = before
            .as_ref()
            .is_none_or(|before| before.version != user.version);
        let op = body["op_id"].as_str().and_then(OpId::parse);
        self.call(device, op, user.id, changed, user.version, ledger)?;
        let base = body["base_version"].as_u64();
        let causal =
            before.is_some_and(|before| changed && base.is_some_and(|base| base >= before.version));
        check_taken(
            &body,
            &serde_json::to_value(user).unwrap_or_default(),
            causal,
        )
    }

    /// Judges a call about the app model.
    pub fn app_model_call(
        &mut self,
        device: &DeviceId,
        body: &str,
        model: &AppModel,
        ledger: &Ledger,
    ) -> Checked {
        let body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let before = std::mem::replace(&mut self.life.app_model, model.clone());
        let changed = before.version != model.version;
        let op = body["op_id"].as_str().and_then(OpId::parse);
        self.call(
            device,
            op,
            EntityId(Uuid::nil()),
            changed,
            model.version,
            ledger,
        )?;
        let base = body["base_version"].as_u64().unwrap_or(0);
        let causal = changed && base > 0 && base >= before.version;
        check_taken(
            &body,
            &serde_json::to_value(model).unwrap_or_default(),
            causal,
        )
    }

    fn call(
        &mut self,
        device: &DeviceId,
        op: Option<OpId>,
        record: EntityId,
        changed: bool,
        version: u64,
        ledger: &Ledger,
    ) -> Checked {
        if changed && version <= self.life.head {
            return Err(format!(
                "I5: {record} got version {version}, but {} was given out",
                self.life.head
            ));
        }
        self.life.head = self.life.head.max(version);
        let Some(op) = op else {
            return Ok(());
        };
        match self.took_effect(op) {
            true if changed => Err(format!("I3: {op} took effect twice")),
            true => Ok(()),
            false => self.effect(device, op, record, ledger),
        }
    }

    /// Judges a pulled page of metrics: each row as it was last answered, in the order of versions.
    pub fn page(&mut self, rows: &[Metric], epoch: &Epoch) -> Checked {
        self.life.epoch.get_or_insert_with(|| epoch.clone());
        for pair in rows.windows(2) {
            if pair[0].version >= pair[1].version {
                return Err(format!(
                    "I5: version {} before {} in a page",
                    pair[0].version, pair[1].version
                ));
            }
        }
        let differs = rows.iter().find(|row| {
            self.life
                .rows
                .get(&row.id)
                .is_none_or(|known| known.metric != **row)
        });
        match differs {
            Some(row) => Err(format!(
                "the pulled row {} of version {} is not what was answered",
                row.id, row.version
            )),
            None => Ok(()),
        }
    }
}

/// An event on a known row.
struct Case<'a> {
    device: &'a DeviceId,
    event: &'a Value,
    after: &'a Metric,
    fields: &'a Map<String, Value>,
    adjusted: &'a [String],
}

impl Case<'_> {
    fn sent(&self, name: &str) -> Option<&Value> {
        self.event["payload"].get(name)
    }

    fn check_new(&self) -> Checked {
        FIELDS.iter().try_for_each(|name| self.check_field(name))
    }

    /// A field that must be taken is as it was sent.
    fn check_field(&self, name: &str) -> Checked {
        let computed = name == "bmi" && self.after.height.is_some();
        let moved = self.adjusted.iter().any(|adjusted| adjusted == name);
        match self.sent(name) {
            Some(sent) if !computed && !moved && Some(sent) != self.fields.get(name) => {
                Err(format!(
                    "I1: {name} of {} was sent as {sent}, but the row says {:?}",
                    self.after.id,
                    self.fields.get(name)
                ))
            }
            _ => Ok(()),
        }
    }

    fn check(&self, before: &Row) -> Checked {
        let base = self.event["base_version"].as_u64();
        let seen = |name: &str| {
            let stamp = before.stamps.get(name);
            stamp.is_none_or(|(version, by)| {
                by == self.device || base.is_some_and(|base| *version <= base)
            })
        };
        let was_deleted = before.metric.deleted_at.is_some();
        let is_deleted = self.after.deleted_at.is_some();
        self.check_untouched(before)?;
        let all_seen = before.stamps.keys().all(|name| seen(name));
        if self.event["type"] == "DELETE_METRIC" {
            return match (was_deleted, all_seen, is_deleted) {
                (false, true, false) => Err(format!(
                    "I7: {} was deleted knowingly and lives",
                    self.after.id
                )),
                (false, false, true) if base.is_some() => Err(format!(
                    "{} was deleted over an edit that the delete did not know of",
                    self.after.id
                )),
                (true, _, false) => Err(format!("I7: a delete of {} made it live", self.after.id)),
                _ => Ok(()),
            };
        }
        let restores = self.sent("deleted_at").is_some_and(Value::is_null);
        if was_deleted && !restores {
            return match (seen("deleted_at"), is_deleted) {
                (true, false) => Err(format!(
                    "I7: {} lives again without a restore",
                    self.after.id
                )),
                (false, true) if base.is_some() && self.changes(before) => Err(format!(
                    "an edit of {}, concurrent to its delete, is lost",
                    self.after.id
                )),
                _ => Ok(()),
            };
        }
        FIELDS
            .iter()
            .filter(|name| base.is_some() && seen(name))
            .try_for_each(|name| self.check_field(name))
    }

    fn changes(&self, before: &Row) -> bool {
        FIELDS.iter().any(|name| {
            *name != "bmi"
                && self
                    .sent(name)
                    .is_some_and(|sent| before.fields.get(*name) != Some(sent))
        })
    }

    fn check_untouched(&self, before: &Row) -> Checked {
        let overwritten = FIELDS.iter().find(|name| {
            **name != "bmi"
                && self.sent(name).is_none()
                && before.fields.get(**name) != self.fields.get(**name)
        });
        match overwritten {
            Some(name) => Err(format!(
                "{name} of {} was not sent and has changed",
                self.after.id
            )),
            None => Ok(()),
        }
    }
}

fn fields_of(metric: &Metric) -> Map<String, Value> {
    match serde_json::to_value(metric) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A causally newer update takes all its fields.
fn check_taken(sent: &Value, row: &Value, causal: bool) -> Checked {
    let bookkeeping = ["id", "op_id", "base_version", "updated_at"];
    let lost = sent
        .as_object()
        .into_iter()
        .flatten()
        .find(|(name, value)| {
            causal && !bookkeeping.contains(&name.as_str()) && row.get(name.as_str()) != Some(value)
        });
    lost.map_or(Ok(()), |(name, _)| {
        Err(format!(
            "I1: {name} was sent on the newest version and is not taken"
        ))
    })
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
