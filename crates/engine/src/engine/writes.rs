//! A person's edits. Each is done when it is safely stored, and waits for nothing else.

use super::completing::Completed;
use crate::engine::Engine;
use crate::ids::new_op_id;
use crate::mending::mend;
use crate::outbox::{EntryDraft, EntryKind, bulk_payload};
use crate::overlay;
use crate::page::PageKey;
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::view::{Entry, SyncStatus};
use std::collections::{BTreeSet, HashSet};
use tidemark_domain::{length::Millimetres, mass::Grams};
use tidemark_protocol::{AppModelPatch, EntityId, Metric, MetricPatch, Timestamp};
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
        let stored = self.write(&self.draft_log(user, reading)).await?;
        let metric = overlay::created_by(&stored).expect("a reading is a whole row");
        Ok(Entry {
            metric,
            status: SyncStatus::Pending {
                retry_count: 0,
                last_error: None,
            },
        })
    }

    /// Changes fields of an entry. An entry that was not accepted is mended by it: one new edit takes the
    /// place of all that waited.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn edit(&self, entry: &Entry, patch: MetricPatch) -> Result<(), StoreError> {
        self.know_owner().await?;
        self.write(&self.draft_edit(entry, patch)).await.map(drop)
    }

    /// Deletes an entry; [`Engine::restore`] takes it back.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn delete(&self, entry: &Entry) -> Result<(), StoreError> {
        self.know_owner().await?;
        self.write(&self.draft_deletion(entry)).await.map(drop)
    }

    /// Takes a deletion back. `entry` is as it was before it.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn restore(&self, entry: &Entry) -> Result<(), StoreError> {
        self.know_owner().await?;
        self.write(&self.draft_return(entry)).await.map(drop)
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
        self.write(&self.draft_settings(base_version, patch))
            .await
            .map(drop)
    }

    /// Stores a draft of this device: behind the edits that wait on its record, or in their place if one of them was
    /// refused. An operation that waits already is stored, so this may be tried again after any failure. Answers the
    /// edit as it is stored: owner and people are those of now.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored, unless it timed out.
    pub async fn write(&self, draft: &EntryDraft) -> Result<EntryDraft, StoreError> {
        if let Some(plain) = self.plain(draft)
            && self.store.commit_plain(&plain).await?
        {
            return Ok(plain.edit);
        }
        self.write_completed(draft).await
    }

    /// Stores a draft that has to be completed with what the store knows, or mends what was refused.
    async fn write_completed(&self, draft: &EntryDraft) -> Result<EntryDraft, StoreError> {
        self.know_owner().await?;
        let reading = self.store.profile().await?;
        let mut waiting = reading.outbox.iter();
        if waiting.any(|entry| entry.op_id == draft.op_id) {
            return Ok(draft.clone());
        }
        let Completed { edit, person } = self.completed(draft, &reading).await?;
        if let Some(mended) = mend(edit.clone(), &reading.outbox, self.clock.now()) {
            self.store.settle(&mended).await?;
        } else {
            let drafts: Vec<EntryDraft> = person.into_iter().chain([edit.clone()]).collect();
            self.commit(&drafts).await?;
        }
        Ok(edit)
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

    pub(super) async fn commit(&self, drafts: &[EntryDraft]) -> Result<(), StoreError> {
        let is_nobodys = self.owner.get().is_none();
        let pack = is_nobodys.then(|| new_op_id(&self.clock, &self.entropy));
        self.store.commit(drafts, pack).await.map(drop)
    }
}
