//! The engine as screens see it: a person's edits in, what to show out.

use crate::adoption::{FirstContact, PersonAdoption, first_contact};
use crate::ids::{new_device_id, new_entity_id, new_op_id};
use crate::outbox::{EntryDraft, EntryKind, OutboxEntry, bulk_payload, payload_text};
use crate::overlay;
use crate::page::PageKey;
use crate::ports::{Clock, Platform, Store, StoreError, Window};
use crate::settle::Settlement;
use crate::state::{Conflict, StateChange, SyncLogLine, SyncState};
use crate::view::{Entry, Overview, PersonQuestion, Profile, SyncStatus};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use tidemark_domain::{length::Millimetres, mass::Grams};
use tidemark_protocol::{
    AccountId, AppModelPatch, EntityId, Metric, MetricPatch, Patch, Timestamp, User, UserPatch,
    limits,
};

/// The engine over a set of ports.
pub struct Engine<P: Platform> {
    /// Where everything is kept.
    pub store: P::Store,
    /// The way to the server.
    pub transport: P::Transport,
    /// What is known of the network without trying.
    pub network: P::Network,
    /// The device's clock.
    pub clock: P::Clock,
    /// Chance.
    pub entropy: P::Entropy,
    /// One sync at a time.
    pub lock: P::Lock,
    /// Who the store belongs to, as last read.
    pub(crate) owner: Cell<Option<AccountId>>,
    /// Whether this context has asked the server who it is.
    pub(crate) greeted: Cell<bool>,
    /// Events in a batch: halved when batches fail as a whole.
    pub(crate) batch_events: Cell<usize>,
    /// A question that holds the first send back.
    pub(crate) question: RefCell<Option<PersonQuestion>>,
}

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
    /// An engine over these ports.
    pub fn new(
        store: P::Store,
        transport: P::Transport,
        network: P::Network,
        clock: P::Clock,
        entropy: P::Entropy,
        lock: P::Lock,
    ) -> Self {
        Self {
            store,
            transport,
            network,
            clock,
            entropy,
            lock,
            owner: Cell::new(None),
            greeted: Cell::new(false),
            batch_events: Cell::new(limits::BATCH_EVENTS_MAX),
            question: RefCell::new(None),
        }
    }

    /// Reads the sync state, making this device known to itself on the first call.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn state(&self) -> Result<SyncState, StoreError> {
        let fresh = new_device_id(&self.clock, &self.entropy);
        let state = self.store.load(&fresh).await?;
        self.owner.set(state.owner);
        Ok(state)
    }

    /// Logs a reading for `user`; for `None` of the active person, who is made if there is none yet.
    /// Done when it is safely stored.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn log(&self, user: Option<EntityId>, reading: Reading) -> Result<Entry, StoreError> {
        let mut drafts = Vec::with_capacity(3);
        let user = match user {
            Some(user) => user,
            None => self.person_for_log(&mut drafts).await?,
        };
        let now = self.edit_time();
        let patch = MetricPatch {
            id: Some(new_entity_id(&self.clock, &self.entropy)),
            user_id: Some(user),
            weight: Some(reading.weight),
            height: reading.height.map_or(Patch::Keep, Patch::Set),
            note: reading.note.map_or(Patch::Keep, Patch::Set),
            created_at: Some(reading.created_at),
            utc_offset: reading.utc_offset.map_or(Patch::Keep, Patch::Set),
            updated_at: Some(now),
            ..MetricPatch::default()
        };
        let id = patch.id.expect("set above");
        let metric = overlay::created(id, &patch, now).expect("a reading is a whole row");
        drafts.push(self.draft(EntryKind::UpsertMetric, id, payload_text(&patch), 0));
        self.commit(drafts).await?;
        Ok(Entry {
            metric,
            status: SyncStatus::Pending {
                retry_count: 0,
                last_error: None,
            },
        })
    }

    async fn person_for_log(&self, drafts: &mut Vec<EntryDraft>) -> Result<EntityId, StoreError> {
        let profile = self.profile().await?;
        if let Some(person) = profile.active() {
            return Ok(person.user.id);
        }
        let id = new_entity_id(&self.clock, &self.entropy);
        let patch = UserPatch {
            updated_at: Some(self.edit_time()),
            ..UserPatch::default()
        };
        drafts.push(self.draft(EntryKind::CreateUser, id, payload_text(&patch), 0));
        Ok(id)
    }

    /// Changes fields of an entry. An entry that was not accepted is mended by it: one new edit takes the
    /// place of all that waited.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn edit(&self, entry: &Entry, patch: MetricPatch) -> Result<(), StoreError> {
        let patch = MetricPatch {
            updated_at: Some(self.edit_time()),
            ..patch
        };
        self.write_metric(entry, EntryKind::UpsertMetric, patch)
            .await
    }

    /// Deletes an entry; [`Engine::restore`] takes it back.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn delete(&self, entry: &Entry) -> Result<(), StoreError> {
        let patch = MetricPatch {
            updated_at: Some(self.edit_time()),
            ..MetricPatch::default()
        };
        self.write_metric(entry, EntryKind::DeleteMetric, patch)
            .await
    }

    /// Takes a deletion back. `entry` is as it was before it.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn restore(&self, entry: &Entry) -> Result<(), StoreError> {
        // A row that no server holds has nothing to come back to but itself.
        let whole = if entry.metric.version == 0 {
            entry.metric.to_patch()
        } else {
            MetricPatch::default()
        };
        let updated_at = Some(self.edit_time());
        let patch = MetricPatch {
            deleted_at: Patch::Clear,
            updated_at,
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
        let (id, base) = (entry.metric.id, entry.metric.version);
        if matches!(entry.status, SyncStatus::Failed { .. }) {
            return self.mend(entry, kind, &patch).await;
        }
        let patch = MetricPatch {
            id: Some(id),
            user_id: Some(entry.metric.user_id),
            ..patch
        };
        self.commit(vec![self.draft(kind, id, payload_text(&patch), base)])
            .await
            .map(drop)
    }

    /// Puts one new edit, which says the whole row, in the place of all that waited.
    async fn mend(
        &self,
        entry: &Entry,
        kind: EntryKind,
        patch: &MetricPatch,
    ) -> Result<(), StoreError> {
        let outbox = self.store.outbox().await?;
        let waiting = outbox
            .iter()
            .filter(|edit| edit.entity_id == entry.metric.id);
        let done = waiting
            .filter(|edit| edit.kind.is_metric())
            .map(|edit| edit.op_id)
            .collect();
        let whole = entry.metric.clone().patched(patch).to_patch();
        let payload = payload_text(&whole);
        let draft = self.draft(kind, entry.metric.id, payload, entry.metric.version);
        let at = self.clock.now();
        let settlement = Settlement {
            done,
            added: vec![draft],
            ..Settlement::at(at)
        };
        self.store.settle(&settlement).await
    }

    /// Stores many rows at once, as an import does. Rows whose ids are known already are left alone.
    /// Answers how many were new.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn import(&self, rows: &[Metric]) -> Result<usize, StoreError> {
        let pages: BTreeSet<PageKey> = rows.iter().map(PageKey::of).collect();
        let payload = bulk_payload(&pages.into_iter().collect::<Vec<_>>());
        let nobody = EntityId(uuid::Uuid::nil());
        self.store
            .bulk(rows, &self.draft(EntryKind::Bulk, nobody, payload, 0))
            .await
    }

    /// Makes a person, or changes fields of one.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn save_person(
        &self,
        person: Option<&User>,
        patch: UserPatch,
    ) -> Result<EntityId, StoreError> {
        let patch = UserPatch {
            updated_at: Some(self.edit_time()),
            ..patch
        };
        let (kind, id, base) = match person {
            Some(user) => (EntryKind::UpdateUser, user.id, user.version),
            None => (
                EntryKind::CreateUser,
                new_entity_id(&self.clock, &self.entropy),
                0,
            ),
        };
        self.commit(vec![self.draft(kind, id, payload_text(&patch), base)])
            .await?;
        Ok(id)
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
        let patch = AppModelPatch {
            updated_at: Some(self.edit_time()),
            ..patch
        };
        let nobody = EntityId(uuid::Uuid::nil());
        let payload = payload_text(&patch);
        let draft = self.draft(EntryKind::UpdateAppModel, nobody, payload, base_version);
        self.commit(vec![draft]).await.map(drop)
    }

    /// All living entries of a person, newest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn history(&self, user: EntityId) -> Result<Vec<Entry>, StoreError> {
        self.read_history(user, Window::All).await
    }

    /// The newest living entries of a person, newest first: at least `count` where there are as many.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn newest(&self, user: EntityId, count: usize) -> Result<Vec<Entry>, StoreError> {
        self.read_history(user, Window::Newest(count)).await
    }

    async fn read_history(&self, user: EntityId, window: Window) -> Result<Vec<Entry>, StoreError> {
        let reading = self.store.history(user, window).await?;
        Ok(overlay::entries(user, &reading.pages, &reading.outbox))
    }

    /// People, units, language, theme and goal.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn profile(&self) -> Result<Profile, StoreError> {
        Ok(overlay::profile(&self.store.profile().await?))
    }

    /// Where syncing stands.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        let state = self.state().await?;
        let outbox = self.store.outbox().await?;
        let mut pending = outbox.iter().filter(|entry| waits_alone(entry)).count();
        for marker in outbox.iter().filter(|entry| entry.kind == EntryKind::Bulk) {
            pending += self
                .store
                .unsent(&marker.bulk_pages(), usize::MAX)
                .await?
                .len();
        }
        let parked = outbox.iter().filter(|entry| entry.parked).count();
        let question = self.question.borrow().clone();
        Ok(Overview {
            pending,
            parked,
            state,
            question,
        })
    }

    /// What waits, in the order in which it goes.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        self.store.outbox().await
    }

    /// The newest lines of the sync log, newest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sync_log(&self, limit: usize) -> Result<Vec<SyncLogLine>, StoreError> {
        self.store.sync_log(limit).await
    }

    /// Values that lost against another device's, newest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn conflicts(&self, limit: usize) -> Result<Vec<Conflict>, StoreError> {
        self.store.conflicts(limit).await
    }

    /// Answers a [`PersonQuestion`]: the same as one of the account's people, or (`None`) somebody new.
    ///
    /// # Errors
    /// If the store fails: then the question stands.
    pub async fn answer_question(
        &self,
        question: &PersonQuestion,
        same_as: Option<&User>,
    ) -> Result<(), StoreError> {
        let ours = question.ours.id;
        match same_as {
            Some(theirs) => {
                let adoption = PersonAdoption {
                    ours,
                    theirs: theirs.clone(),
                };
                self.store.adopt_person(&adoption).await?;
            }
            None => self
                .store
                .update(&StateChange::NewPerson(ours))
                .await
                .map(drop)?,
        }
        self.question.borrow_mut().take();
        Ok(())
    }

    /// Settles what can be settled about people before the first send. Answers whether it may go on.
    pub(crate) async fn may_send(&self, state: &SyncState) -> Result<bool, StoreError> {
        match first_contact(&self.profile().await?, &state.new_people) {
            FirstContact::Clear => Ok(true),
            FirstContact::Adopt(adoption) => {
                self.store.adopt_person(&adoption).await?;
                Ok(true)
            }
            FirstContact::Ask(question) => {
                self.question.replace(Some(question));
                Ok(false)
            }
        }
    }

    async fn commit(&self, drafts: Vec<EntryDraft>) -> Result<Vec<OutboxEntry>, StoreError> {
        let nobody_signed_in = self.owner.get().is_none();
        let pack = nobody_signed_in.then(|| new_op_id(&self.clock, &self.entropy));
        self.store.commit(&drafts, pack).await
    }

    pub(crate) fn draft(
        &self,
        kind: EntryKind,
        entity_id: EntityId,
        payload: String,
        base_version: u64,
    ) -> EntryDraft {
        EntryDraft {
            op_id: new_op_id(&self.clock, &self.entropy),
            kind,
            entity_id,
            payload,
            base_version,
            created_at: self.clock.now(),
            owner: self.owner.get(),
            parked: None,
        }
    }

    /// The stamp of an edit made now.
    fn edit_time(&self) -> Timestamp {
        self.clock.now()
    }
}

fn waits_alone(entry: &OutboxEntry) -> bool {
    !entry.parked && entry.kind != EntryKind::Bulk
}
