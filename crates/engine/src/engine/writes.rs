//! A person's edits. Each is done when it is safely stored, and waits for nothing else.

use crate::engine::Engine;
use crate::ids::{new_entity_id, new_op_id};
use crate::mending::mend;
use crate::outbox::{EntryDraft, EntryKind, bulk_payload, payload_text};
use crate::overlay;
use crate::page::PageKey;
use crate::ports::{Clock, Platform, Store, StoreError, Window};
use crate::view::{Entry, SyncStatus};
use std::collections::{BTreeSet, HashSet};
use tidemark_domain::{length::Millimetres, mass::Grams};
use tidemark_protocol::{AppModelPatch, EntityId, Metric, MetricPatch, Patch, Timestamp};
use uuid::Uuid;

/// What a scale said, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The weight.
    pub weight: Grams,
    /// The height at that time, where known.
    pub height: Option<Millimetres>,
    /// Free text.
    pub note: Option<String>,
    /// The moment of measurement.
    pub created_at: Timestamp,
    /// Minutes east of UTC where it was measured.
    pub utc_offset: Option<i16>,
}

impl<P: Platform> Engine<P> {
    /// Logs a reading for `user`; for `None` of the active person, who is made if there is none yet.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn log(&self, user: Option<EntityId>, reading: Reading) -> Result<Entry, StoreError> {
        self.know_owner().await?;
        let mut drafts = Vec::with_capacity(2);
        let user = match user {
            Some(user) => self.person_now(user),
            None => self.person_for_log(&mut drafts).await?,
        };
        let now = self.edit_time();
        let id = new_entity_id(&self.clock, &self.entropy);
        let patch = MetricPatch {
            id: Some(id),
            user_id: Some(user),
            weight: Some(reading.weight),
            height: reading.height.map_or(Patch::Keep, Patch::Set),
            note: reading.note.map_or(Patch::Keep, Patch::Set),
            created_at: Some(reading.created_at),
            utc_offset: reading.utc_offset.map_or(Patch::Keep, Patch::Set),
            updated_at: Some(now),
            ..MetricPatch::default()
        };
        let metric = overlay::created(id, &patch, now).expect("a reading is a whole row");
        drafts.push(self.draft(EntryKind::UpsertMetric, id, payload_text(&patch), 0));
        self.commit(&drafts).await?;
        Ok(Entry {
            metric,
            status: SyncStatus::Pending {
                retry_count: 0,
                last_error: None,
            },
        })
    }

    async fn person_for_log(&self, drafts: &mut Vec<EntryDraft>) -> Result<EntityId, StoreError> {
        let reading = self.store.profile().await?;
        if let Some(person) = overlay::profile(&reading).active() {
            return Ok(person.user.id);
        }
        let id = self.new_person_id(&reading).await?;
        drafts.push(self.bare_person(id));
        Ok(id)
    }

    /// Changes fields of an entry. An entry that was not accepted is mended by it: one new edit takes the
    /// place of all that waited.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn edit(&self, entry: &Entry, patch: MetricPatch) -> Result<(), StoreError> {
        self.write_metric(entry, EntryKind::UpsertMetric, patch)
            .await
    }

    /// Deletes an entry; [`Engine::restore`] takes it back.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn delete(&self, entry: &Entry) -> Result<(), StoreError> {
        self.write_metric(entry, EntryKind::DeleteMetric, MetricPatch::default())
            .await
    }

    /// Takes a deletion back. `entry` is as it was before it.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn restore(&self, entry: &Entry) -> Result<(), StoreError> {
        let metric = &entry.metric;
        let reading = self.store.history(metric.user_id, Window::All).await?;
        let mut rows = reading.pages.iter().flat_map(|page| &page.rows);
        // Where only the deletion is left of it, the row comes back with all its values, so that it is
        // shown at once; else with none, so that it overwrites nothing.
        let whole = if rows.any(|row| row.metric.id == metric.id) {
            MetricPatch::default()
        } else {
            metric.to_patch()
        };
        let patch = MetricPatch {
            deleted_at: Patch::Clear,
            ..whole
        };
        self.write_metric(entry, EntryKind::UpsertMetric, patch)
            .await
    }

    async fn write_metric(
        &self,
        entry: &Entry,
        kind: EntryKind,
        patch: MetricPatch,
    ) -> Result<(), StoreError> {
        self.know_owner().await?;
        let (id, base) = (entry.metric.id, entry.metric.version);
        let patch = MetricPatch {
            id: Some(id),
            user_id: Some(self.person_now(entry.metric.user_id)),
            updated_at: Some(self.edit_time()),
            ..patch
        };
        self.put(self.draft(kind, id, payload_text(&patch), base))
            .await
    }

    /// Stores many rows at once, as an import does. Rows whose ids are known already are left alone.
    /// Answers how many were new.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn import(&self, rows: &[Metric]) -> Result<usize, StoreError> {
        self.know_owner().await?;
        let outbox = self.store.outbox().await?;
        let edited: HashSet<EntityId> = outbox
            .iter()
            .filter(|entry| entry.kind.is_metric())
            .map(|entry| entry.entity_id)
            .collect();
        let news = rows
            .iter()
            .filter(|row| row.deleted_at.is_none() && !edited.contains(&row.id));
        let news: Vec<Metric> = news.map(|row| self.unseen(row)).collect();
        if news.is_empty() {
            return Ok(0);
        }
        let pages: BTreeSet<PageKey> = news.iter().map(PageKey::of).collect();
        let payload = bulk_payload(&pages.into_iter().collect::<Vec<_>>());
        let marker = self.draft(EntryKind::Bulk, EntityId(Uuid::nil()), payload, 0);
        self.store.bulk(&news, &marker).await
    }

    /// Changes fields of the app model. `base_version` is that of the model shown.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn save_settings(
        &self,
        base_version: u64,
        patch: AppModelPatch,
    ) -> Result<(), StoreError> {
        self.know_owner().await?;
        let patch = AppModelPatch {
            updated_at: Some(self.edit_time()),
            ..patch
        };
        let nobody = EntityId(Uuid::nil());
        let payload = payload_text(&patch);
        self.put(self.draft(EntryKind::UpdateAppModel, nobody, payload, base_version))
            .await
    }

    /// A row as one that no server has seen.
    pub(super) fn unseen(&self, row: &Metric) -> Metric {
        Metric {
            server_id: row.id,
            user_id: self.person_now(row.user_id),
            user_number: 0,
            updated_by: None,
            version: 0,
            ..row.clone()
        }
    }

    /// Stores an edit: behind those that wait on its record, or in their place if one was refused.
    pub(super) async fn put(&self, edit: EntryDraft) -> Result<(), StoreError> {
        let outbox = self.store.outbox().await?;
        match mend(edit.clone(), &outbox, self.clock.now()) {
            Some(mended) => self.store.settle(&mended).await,
            None => self.commit(&[edit]).await,
        }
    }

    pub(super) async fn commit(&self, drafts: &[EntryDraft]) -> Result<(), StoreError> {
        let is_nobodys = self.owner.get().is_none();
        let pack = is_nobodys.then(|| new_op_id(&self.clock, &self.entropy));
        self.store.commit(drafts, pack).await.map(drop)
    }
}
