//! Files in and out: taking in what a file holds, taking an import back, and everything there is.

use crate::engine::Engine;
use crate::ids::new_op_id;
use crate::imports::{Comparison, Everything, Holdings, ImportNote, Intake, Sorted};
use crate::outbox::{EntryDraft, EntryKind, Lane, payload_text};
use crate::overlay;
use crate::ports::{Clock, Platform, ProfileReading, Store, StoreError};
use crate::state::StateChange;
use crate::whole::{whole_app_model, whole_user};
use std::collections::{BTreeSet, HashSet};
use tidemark_protocol::{EntityId, Metric, MetricPatch, OpId, Patch, User, UserPatch};
use uuid::Uuid;

/// Edits that one transaction stores at most, so that none runs out of its time.
const EDITS_AT_ONCE: usize = 250;

impl<P: Platform> Engine<P> {
    /// All records of this device, to compare a file with.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn holdings(&self) -> Result<Holdings, StoreError> {
        let pages = self.store.pages().await?;
        Ok(Holdings::of(&pages, &self.store.outbox().await?))
    }

    /// Takes in what a file holds: adds what is not here, and changes what the file has newer. What it adds is
    /// noted first, so that [`Engine::undo_import`] finds it whatever happens in between. Answers what it was.
    ///
    /// # Errors
    /// If the store fails; then the note says what may have been added.
    pub async fn take_in(&self, intake: &Intake) -> Result<Comparison, StoreError> {
        self.know_owner().await?;
        let reading = self.store.profile().await?;
        let holdings = self.holdings().await?;
        let sorted = holdings.sort(&intake.metrics);
        let people: Vec<&User> = intake
            .people
            .iter()
            .filter(|user| is_news(user, &reading))
            .collect();
        let comparison = holdings.compare(&intake.metrics);
        if let Some(note) = self.note(intake, &sorted, &people) {
            self.store.note_import(&note).await?;
        }
        for user in people.iter().filter(|user| !is_here(user, &reading)) {
            if !reading.users.is_empty() {
                // Somebody else than those whom the account has.
                self.store.update(&StateChange::NewPerson(user.id)).await?;
            }
        }
        self.add(intake, &people, &reading, &sorted).await?;
        Ok(comparison)
    }

    /// The same for what another database of this device holds: nobody takes it back as an import, and who its people
    /// are to the account is still open.
    pub(super) async fn take_in_own(&self, intake: &Intake) -> Result<(), StoreError> {
        self.know_owner().await?;
        let reading = self.store.profile().await?;
        let holdings = self.holdings().await?;
        let known = self.adopted_people();
        let people = intake.people.iter();
        let people: Vec<&User> = people
            .filter(|user| is_news(user, &reading) && !known.contains(&user.id))
            .collect();
        let sorted = holdings.sort(&intake.metrics);
        self.add(intake, &people, &reading, &sorted).await
    }

    async fn add(
        &self,
        intake: &Intake,
        people: &[&User],
        reading: &ProfileReading,
        sorted: &Sorted<'_>,
    ) -> Result<(), StoreError> {
        self.add_people(people, intake, reading).await?;
        self.add_owners(people, reading, sorted).await?;
        let fresh: Vec<Metric> = sorted.fresh.iter().map(|row| (*row).clone()).collect();
        self.import(&fresh).await?;
        self.put_all(self.edits(sorted, intake.brings_back)).await
    }

    fn note(&self, intake: &Intake, sorted: &Sorted, people: &[&User]) -> Option<ImportNote> {
        let back = sorted.deleted.iter().filter(|_| intake.brings_back);
        let fresh = sorted.fresh.iter().map(|row| row.id);
        let note = ImportNote {
            id: new_op_id(&self.clock, &self.entropy),
            at: self.clock.now(),
            label: intake.label.clone(),
            metrics: fresh.chain(back.map(|(row, _)| row.id)).collect(),
            people: people.iter().map(|user| user.id).collect(),
            changed: sorted.newer.iter().map(|(_, row)| (*row).clone()).collect(),
        };
        let adds = !(note.metrics.is_empty() && note.people.is_empty() && note.changed.is_empty());
        adds.then_some(note)
    }

    /// People who are not here, with all that is known of them; settings where nobody was.
    async fn add_people(
        &self,
        people: &[&User],
        intake: &Intake,
        reading: &ProfileReading,
    ) -> Result<(), StoreError> {
        let mut drafts = Vec::new();
        for user in people {
            let is_here = is_here(user, reading);
            if !is_here {
                drafts.push(EntryDraft {
                    created_at: user.created_at,
                    ..self.bare_person(user.id)
                });
            }
            let patch = UserPatch {
                deleted_at: user.deleted_at.map_or_else(
                    || if is_here { Patch::Clear } else { Patch::Keep },
                    Patch::Set,
                ),
                ..whole_user(user)
            };
            let payload = payload_text(&patch);
            drafts.push(self.draft(EntryKind::UpdateUser, user.id, payload, 0));
        }
        let is_empty = overlay::profile(reading).people.is_empty();
        if let Some(model) = intake.app_model.as_ref().filter(|_| is_empty) {
            let payload = payload_text(&whole_app_model(model));
            let nobody = EntityId(Uuid::nil());
            drafts.push(self.draft(EntryKind::UpdateAppModel, nobody, payload, 0));
        }
        self.put_all(drafts).await
    }

    /// People of whom nothing but rows is known, where a page ended between pulling these and pulling them: the server
    /// takes no row without its person.
    async fn add_owners(
        &self,
        people: &[&User],
        reading: &ProfileReading,
        sorted: &Sorted<'_>,
    ) -> Result<(), StoreError> {
        let here = overlay::people(reading);
        let here = here.iter().map(|person| person.user.id);
        let known: BTreeSet<EntityId> = here.chain(people.iter().map(|user| user.id)).collect();
        let named = sorted.fresh.iter().map(|row| self.person_now(row.user_id));
        let owners: BTreeSet<EntityId> = named.collect();
        let unknown = owners.difference(&known);
        self.put_all(unknown.map(|owner| self.bare_person(*owner)).collect())
            .await
    }

    fn edits(&self, sorted: &Sorted, brings_back: bool) -> Vec<EntryDraft> {
        let mut drafts = Vec::new();
        for row in &sorted.fresh_deleted {
            let living = Metric {
                deleted_at: None,
                ..self.unseen(row)
            };
            drafts.push(self.upsert(&living.to_patch(), living.id, 0));
            drafts.push(self.deletion(row, 0));
        }
        for (row, version) in sorted.deleted.iter().filter(|_| brings_back) {
            let patch = MetricPatch {
                deleted_at: Patch::Clear,
                updated_at: Some(self.edit_time()),
                ..self.unseen(row).to_patch()
            };
            drafts.push(self.upsert(&patch, row.id, *version));
        }
        for (row, here) in &sorted.newer {
            let base = row.version.min(here.version);
            drafts.push(if row.deleted_at.is_some() {
                self.deletion(row, base)
            } else {
                self.upsert(&self.all_of(row), row.id, base)
            });
        }
        drafts
    }

    fn upsert(&self, patch: &MetricPatch, id: EntityId, base: u64) -> EntryDraft {
        self.draft(EntryKind::UpsertMetric, id, payload_text(patch), base)
    }

    /// Every field of a row as an edit: what it lacks is cleared.
    fn all_of(&self, row: &Metric) -> MetricPatch {
        MetricPatch {
            id: Some(row.id),
            user_id: Some(self.person_now(row.user_id)),
            weight: Some(row.weight),
            height: Patch::from_option(row.height),
            bmi: Patch::from_option(row.bmi),
            note: Patch::from_option(row.note.clone()),
            created_at: Some(row.created_at),
            utc_offset: Patch::from_option(row.utc_offset),
            updated_at: Some(row.updated_at),
            ..MetricPatch::default()
        }
    }

    /// A deletion at the time at which the row says that it was.
    fn deletion(&self, row: &Metric, base: u64) -> EntryDraft {
        let at = row.deleted_at.unwrap_or_else(|| self.edit_time());
        let patch = MetricPatch {
            id: Some(row.id),
            user_id: Some(self.person_now(row.user_id)),
            updated_at: Some(at),
            ..MetricPatch::default()
        };
        EntryDraft {
            created_at: at,
            ..self.draft(EntryKind::DeleteMetric, row.id, payload_text(&patch), base)
        }
    }

    /// Imports that can be taken back, newest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn imports(&self) -> Result<Vec<ImportNote>, StoreError> {
        self.store.imports().await
    }

    /// Takes an import back: what it added is deleted, what it changed is as it was. An ordinary edit each, so
    /// it needs no network and reaches every device. Broken off, it can be called again. Answers how many
    /// measurements it deleted.
    ///
    /// # Errors
    /// If the store fails; the import can still be taken back then.
    pub async fn undo_import(&self, id: OpId) -> Result<usize, StoreError> {
        self.know_owner().await?;
        let notes = self.store.imports().await?;
        let Some(note) = notes.into_iter().find(|note| note.id == id) else {
            return Ok(0);
        };
        let holdings = self.holdings().await?;
        let living = note.metrics.iter().filter_map(|id| holdings.living(*id));
        let mut drafts: Vec<EntryDraft> = living
            .map(|(row, version)| self.deletion(row, version))
            .collect();
        let deleted = drafts.len();
        for row in &note.changed {
            if let Some((_, version)) = holdings.living(row.id) {
                let patch = MetricPatch {
                    updated_at: Some(self.edit_time()),
                    ..self.all_of(row)
                };
                drafts.push(self.upsert(&patch, row.id, version));
            }
        }
        drafts.extend(self.people_without_entries(&note, &holdings).await?);
        self.put_all(drafts).await?;
        self.store.forget_import(id).await?;
        Ok(deleted)
    }

    /// The import's people go too, unless somebody has logged for them since.
    async fn people_without_entries(
        &self,
        note: &ImportNote,
        holdings: &Holdings,
    ) -> Result<Vec<EntryDraft>, StoreError> {
        let added: HashSet<EntityId> = note.metrics.iter().copied().collect();
        let busy: HashSet<EntityId> = holdings.busy(&added);
        let profile = self.profile().await?;
        let leaving = profile.people.into_iter().filter(|person| {
            note.people.contains(&person.user.id) && !busy.contains(&person.user.id)
        });
        let now = self.edit_time();
        let patch = UserPatch {
            deleted_at: Patch::Set(now),
            updated_at: Some(now),
            ..UserPatch::default()
        };
        let payload = payload_text(&patch);
        Ok(leaving
            .map(|person| {
                let (id, version) = (person.user.id, person.user.version);
                self.draft(EntryKind::UpdateUser, id, payload.clone(), version)
            })
            .collect())
    }

    /// Stores many edits. Where one of a record was refused, the new one mends it.
    async fn put_all(&self, drafts: Vec<EntryDraft>) -> Result<(), StoreError> {
        let outbox = self.store.outbox().await?;
        let parked: HashSet<Lane> = outbox
            .iter()
            .filter(|entry| entry.parked)
            .map(crate::outbox::OutboxEntry::lane)
            .collect();
        let (mending, plain): (Vec<_>, Vec<_>) = drafts
            .into_iter()
            .partition(|draft| parked.contains(&draft.lane()));
        for drafts in plain.chunks(EDITS_AT_ONCE) {
            self.commit(drafts).await?;
        }
        for draft in mending {
            self.write(&draft).await?;
        }
        Ok(())
    }

    /// Everything that this device has.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn everything(&self) -> Result<Everything, StoreError> {
        let reading = self.store.profile().await?;
        let mut people: Vec<User> = overlay::people(&reading)
            .into_iter()
            .map(|person| person.user)
            .collect();
        people.sort_by_key(|user| (user.number, user.id));
        Ok(Everything {
            people,
            app_model: overlay::profile(&reading).app_model,
            metrics: self.holdings().await?.into_metrics(),
        })
    }
}

fn is_here(user: &User, reading: &ProfileReading) -> bool {
    let people = overlay::people(reading);
    people.iter().any(|person| person.user.id == user.id)
}

/// Whether a file's person is to be added: unknown here, or deleted here and not in the file.
fn is_news(user: &User, reading: &ProfileReading) -> bool {
    let people = overlay::people(reading);
    let here = people.iter().find(|person| person.user.id == user.id);
    here.is_none_or(|here| here.user.deleted_at.is_some() && user.deleted_at.is_none())
}
