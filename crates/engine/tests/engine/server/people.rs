//! The model's calls about people and the app model.

use super::State;
use super::words::{good, ours, problem, problem_with};
use serde_json::json;
use tidemark_engine::Answer;
use tidemark_protocol::{AppModel, AppModelPatch, EntityId, Patch, User, UserPatch};

impl State {
    pub(super) fn create_user(&mut self, body: &str) -> Answer {
        let patch: UserPatch = serde_json::from_str(body).unwrap();
        let id = patch.id.unwrap();
        if let Some(known) = self.data.users.get(&id) {
            return good(known);
        }
        let user = self.data.create_user(id, &patch);
        ours(201, "application/json", &user)
    }

    pub(super) fn patch_user(&mut self, id: EntityId, body: &str) -> Answer {
        let patch: UserPatch = serde_json::from_str(body).unwrap();
        let Some(known) = self.data.users.get(&id).cloned() else {
            return problem(404, "not_found");
        };
        if patch
            .op_id
            .is_some_and(|op| self.data.ops.contains_key(&op))
        {
            return good(&known);
        }
        if patch.name == Patch::Set("refuse me".to_owned()) {
            return problem_with(422, "invalid_field", json!({"field": "name"}));
        }
        self.data.head += 1;
        let version = self.data.head;
        let user = User {
            version,
            ..known.patched(&patch)
        };
        self.data.users.insert(id, user.clone());
        self.data
            .ops
            .extend(patch.op_id.map(|op| (op, body.to_owned())));
        good(&user)
    }

    pub(super) fn patch_app_model(&mut self, body: &str) -> Answer {
        let patch: AppModelPatch = serde_json::from_str(body).unwrap();
        if patch.language == Patch::Set("refuse me".to_owned()) {
            return problem_with(422, "invalid_field", json!({"field": "language"}));
        }
        if let Patch::Set(person) = patch.active_user
            && !self.data.users.contains_key(&person)
        {
            return problem_with(422, "invalid_field", json!({"field": "active_user"}));
        }
        self.data.head += 1;
        let model = AppModel {
            version: self.data.head,
            ..self.data.model.clone().patched(&patch)
        };
        self.data.model = model;
        good(&self.data.model)
    }
}
