//! Edits made ready: named and stamped for good before the first attempt to store them.
//!
//! Nothing here asks the store, so an edit can be made while the store does not answer, be kept elsewhere,
//! and be stored later ([`Engine::write`]), once, however often that is tried.

use crate::engine::{Engine, Reading};
use crate::ids::new_entity_id;
use crate::outbox::{ACTIVE_PERSON, EntryDraft, EntryKind, payload_text};
use crate::ports::Platform;
use crate::view::Entry;
use tidemark_protocol::{AppModelPatch, EntityId, MetricPatch, Patch, User, UserPatch};
use uuid::Uuid;

impl<P: Platform> Engine<P> {
    /// A reading of `user`; for `None` of the active person, who is made if there is none when it is stored.
    pub fn draft_log(&self, user: Option<EntityId>, reading: Reading) -> EntryDraft {
        let id = new_entity_id(&self.clock, &self.entropy);
        let patch = MetricPatch {
            user_id: Some(user.unwrap_or(ACTIVE_PERSON)),
            weight: Some(reading.weight),
            height: reading.height.map_or(Patch::Keep, Patch::Set),
            note: reading.note.map_or(Patch::Keep, Patch::Set),
            created_at: Some(reading.created_at),
            utc_offset: reading.utc_offset.map_or(Patch::Keep, Patch::Set),
            ..MetricPatch::default()
        };
        self.draft_metric(EntryKind::UpsertMetric, id, 0, patch)
    }

    /// Other values for fields of an entry.
    pub fn draft_edit(&self, entry: &Entry, patch: MetricPatch) -> EntryDraft {
        self.draft_of(EntryKind::UpsertMetric, entry, patch)
    }

    /// The deletion of an entry.
    pub fn draft_deletion(&self, entry: &Entry) -> EntryDraft {
        self.draft_of(EntryKind::DeleteMetric, entry, MetricPatch::default())
    }

    /// The way back from a deletion. `entry` is as it was before it. It says all values, for a row of which only the
    /// deletion is left; where more is left, it is stored without them.
    pub fn draft_return(&self, entry: &Entry) -> EntryDraft {
        let patch = MetricPatch {
            deleted_at: Patch::Clear,
            ..entry.metric.to_patch()
        };
        self.draft_of(EntryKind::UpsertMetric, entry, patch)
    }

    /// Other values for fields of a person; for `None` of the active one, who is made if there is none when it is
    /// stored.
    pub fn draft_person(&self, person: Option<&User>, patch: UserPatch) -> EntryDraft {
        let id = person.map_or(ACTIVE_PERSON, |user| user.id);
        self.description(id, patch, person.map_or(0, |user| user.version))
    }

    /// Other values for fields of the app model. `base_version` is that of the model shown.
    pub fn draft_settings(&self, base_version: u64, patch: AppModelPatch) -> EntryDraft {
        let patch = AppModelPatch {
            updated_at: Some(self.edit_time()),
            ..patch
        };
        let nobody = EntityId(Uuid::nil());
        let payload = payload_text(&patch);
        self.draft(EntryKind::UpdateAppModel, nobody, payload, base_version)
    }

    pub(super) fn description(
        &self,
        id: EntityId,
        patch: UserPatch,
        base_version: u64,
    ) -> EntryDraft {
        let patch = UserPatch {
            updated_at: Some(self.edit_time()),
            ..patch
        };
        let payload = payload_text(&patch);
        self.draft(EntryKind::UpdateUser, id, payload, base_version)
    }

    fn draft_of(&self, kind: EntryKind, entry: &Entry, patch: MetricPatch) -> EntryDraft {
        let metric = &entry.metric;
        let patch = MetricPatch {
            user_id: Some(metric.user_id),
            ..patch
        };
        self.draft_metric(kind, metric.id, metric.version, patch)
    }

    fn draft_metric(
        &self,
        kind: EntryKind,
        id: EntityId,
        base_version: u64,
        patch: MetricPatch,
    ) -> EntryDraft {
        let patch = MetricPatch {
            id: Some(id),
            updated_at: Some(self.edit_time()),
            ..patch
        };
        self.draft(kind, id, payload_text(&patch), base_version)
    }
}
