//! What the model remembers, and what an event does to it.

use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use tidemark_engine::overlay::created;
use tidemark_protocol::{AppModel, EntityId, Metric, MetricPatch, OpId, User, UserPatch};
use tidemark_testkit::samples;

/// What the server remembers; a clone of it is a backup.
#[derive(Clone, Debug, Default)]
pub struct Data {
    pub head: u64,
    pub users: BTreeMap<EntityId, User>,
    pub metrics: BTreeMap<EntityId, Metric>,
    pub model: AppModel,
    pub ops: HashMap<OpId, String>,
}

#[derive(Deserialize)]
pub struct Batch {
    pub events: Vec<Event>,
}

#[derive(Deserialize)]
pub struct Event {
    pub local_id: u64,
    #[serde(rename = "type")]
    pub kind: String,
    pub op_id: OpId,
    pub base_version: u64,
    pub payload: Value,
}

impl Data {
    pub fn create_user(&mut self, id: EntityId, patch: &UserPatch) -> User {
        self.head += 1;
        let user = User {
            number: u32::try_from(self.users.len()).unwrap() + 1,
            version: self.head,
            ..User::new(id, samples::NOON).patched(patch)
        };
        self.users.insert(id, user.clone());
        user
    }

    pub fn event(&mut self, event: &Event) -> Value {
        let said = event.payload.to_string();
        if let Some(first) = self.ops.get(&event.op_id) {
            if *first != said {
                return event.rejected("op_reuse");
            }
            let metric = self.metrics.get(&event.record());
            return event.result(
                "duplicate",
                json!({"metric": metric, "first_status": "applied"}),
            );
        }
        let patch: MetricPatch = serde_json::from_value(event.payload.clone()).unwrap();
        if !patch
            .user_id
            .is_some_and(|user| self.users.contains_key(&user))
        {
            return event.rejected("unknown_user");
        }
        let known = self.metrics.get(&event.record()).cloned();
        let owner = known.as_ref().map(|row| row.user_id);
        if owner.is_some() && owner != patch.user_id {
            return event.rejected_for("invalid_field", "user_id");
        }
        let row = match (event.kind.as_str(), known) {
            ("DELETE_METRIC", None) => None,
            ("DELETE_METRIC", Some(row)) => Some(Metric {
                deleted_at: Some(samples::NOON),
                ..row
            }),
            (_, Some(row)) => Some(row.patched(&patch)),
            (_, None) => match created(event.record(), &patch, samples::NOON) {
                Some(row) => Some(row),
                None if event.base_version > 0 => return event.rejected("unknown_metric"),
                None => return event.rejected("missing_field"),
            },
        };
        self.ops.insert(event.op_id, said);
        let row = row.map(|row| self.store(row));
        event.result("applied", json!({"metric": row}))
    }

    fn store(&mut self, row: Metric) -> Metric {
        self.head += 1;
        let row = Metric {
            version: self.head,
            user_number: 1,
            updated_by: Some(samples::device()),
            ..row
        };
        self.metrics.insert(row.id, row.clone());
        row
    }
}

impl Event {
    pub fn record(&self) -> EntityId {
        EntityId::parse(self.payload["id"].as_str().unwrap()).unwrap()
    }

    pub fn result(&self, status: &str, more: Value) -> Value {
        let mut result = json!({"local_id": self.local_id, "op_id": self.op_id, "status": status});
        if let (Some(result), Value::Object(more)) = (result.as_object_mut(), more) {
            result.extend(more);
        }
        result
    }

    pub fn rejected(&self, code: &str) -> Value {
        self.rejected_for(code, "weight")
    }

    fn rejected_for(&self, code: &str, field: &str) -> Value {
        let error = json!({"code": code, "field": field, "detail": "told so"});
        self.result("rejected", json!({"error": error}))
    }
}
