//! What the model tells those who only look: digests, devices and the past of a metric.

use super::State;
use super::words::{good, problem};
use serde_json::{Value, json};
use tidemark_engine::Answer;
use tidemark_protocol::{EntityId, digest};

/// Whether a call only looks after a sync.
pub fn is_look(path: &str) -> bool {
    path == "/v1/devices" || path.starts_with("/v1/digests") || path.ends_with("/history")
}

impl State {
    pub fn digests(&self, query: &str) -> Answer {
        let user = query.strip_prefix("user_id=").unwrap_or_default();
        let user = EntityId::parse(user).unwrap();
        let rows = self.data.metrics.values();
        let own = rows.filter(|row| row.user_id == user && row.deleted_at.is_none());
        let months = digest::by_month(own.map(|row| (row.created_at, row.id, row.version)));
        good(&json!({"months": months, "head": self.data.head, "epoch": self.epoch_name()}))
    }

    /// Tells that somebody's value lost, and lets stand what is to stand.
    pub fn contest(&mut self, id: EntityId, result: &mut Value) {
        if let Some(row) = self.data.metrics.get_mut(&id) {
            row.updated_by.clone_from(&self.writer);
            if let Some(stands) = &self.stands {
                row.weight = stands.weight;
            }
            result["metric"] = json!(row);
        }
        result["conflict"] = json!(true);
    }

    pub fn past_of(&self, path: &str) -> Answer {
        let id = path.strip_prefix("GET /v1/metrics/");
        let id = id.and_then(|rest| EntityId::parse(rest.strip_suffix("/history")?));
        match id.and_then(|id| self.past.get(&id)) {
            Some(past) => good(past),
            None => problem(404, "not_found"),
        }
    }
}
