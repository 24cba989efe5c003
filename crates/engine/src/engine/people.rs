//! People: who they are on this device, and who in the account.

use crate::adoption::{FirstContact, PersonAdoption, first_contact};
use crate::engine::Engine;
use crate::ids::{first_person_id, new_entity_id};
use crate::outbox::{BARE_PAYLOAD, EntryDraft, EntryKind, OutboxEntry, payload_text};
use crate::ports::{Platform, ProfileReading, Store, StoreError};
use crate::state::{StateChange, SyncState};
use crate::view::PersonQuestion;
use crate::whole::whole_user;
use tidemark_protocol::{EntityId, OpId, User, UserPatch};

impl<P: Platform> Engine<P> {
    /// Makes a person, or changes fields of one. Answers who it is.
    ///
    /// # Errors
    /// If the store fails: then nothing is stored.
    pub async fn save_person(
        &self,
        person: Option<&User>,
        patch: UserPatch,
    ) -> Result<EntityId, StoreError> {
        self.know_owner().await?;
        if person.is_some() {
            let stored = self.write(&self.draft_person(person, patch)).await?;
            return Ok(stored.entity_id);
        }
        let reading = self.store.profile().await?;
        let id = self.new_person_id(&reading).await?;
        if !reading.users.is_empty() {
            // Who adds a person while seeing the account's means somebody new.
            self.store.update(&StateChange::NewPerson(id)).await?;
        }
        let says_something = patch != UserPatch::default();
        let mut drafts = vec![self.bare_person(id)];
        drafts.extend(says_something.then(|| self.description(id, patch, 0)));
        self.commit(&drafts).await?;
        Ok(id)
    }

    /// The id that a person would get who is made now.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn next_person_id(&self) -> Result<EntityId, StoreError> {
        self.new_person_id(&self.store.profile().await?).await
    }

    /// The id of a person to be made. The first of a device is derived, so that two tabs make the same.
    pub(super) async fn new_person_id(
        &self,
        reading: &ProfileReading,
    ) -> Result<EntityId, StoreError> {
        let first = first_person_id(&self.state().await?.device_id);
        let is_made = |entry: &OutboxEntry| entry.kind == EntryKind::CreateUser;
        let has_people = !reading.users.is_empty() || reading.outbox.iter().any(is_made);
        Ok(if has_people {
            new_entity_id(&self.clock, &self.entropy)
        } else {
            first
        })
    }

    /// The edit that makes a person. It says nothing about them, so that it can't be refused for what it says
    /// and hold their measurements back; and it is the same whoever writes it.
    pub(crate) fn bare_person(&self, id: EntityId) -> EntryDraft {
        EntryDraft {
            op_id: OpId::for_bulk_create(id),
            ..self.draft(EntryKind::CreateUser, id, BARE_PAYLOAD.to_owned(), 0)
        }
    }

    /// The edits that make a person whom the server lacks as this device knows them.
    pub(crate) fn whole_person(&self, user: &User) -> Vec<EntryDraft> {
        let payload = payload_text(&whole_user(user));
        let description = self.draft(EntryKind::UpdateUser, user.id, payload, user.version);
        vec![self.bare_person(user.id), description]
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
        let Some(theirs) = same_as else {
            let change = StateChange::SomebodyNew(ours);
            return self.store.update(&change).await.map(drop);
        };
        let adoption = PersonAdoption {
            ours,
            theirs: theirs.clone(),
        };
        self.adopt(&adoption).await
    }

    /// Makes two people one. A form that is open names the one who goes, so who they go on as is kept.
    async fn adopt(&self, adoption: &PersonAdoption) -> Result<(), StoreError> {
        let (ours, theirs) = (adoption.ours, adoption.theirs.id);
        let change = StateChange::SamePerson { ours, theirs };
        let state = self.store.update(&change).await?;
        if state.adopted.contains(&(ours, theirs)) {
            self.store.adopt_person(adoption).await?;
        }
        // Not read again: a reading that fails must not tell that what was done was not.
        *self.adopted.borrow_mut() = state.adopted;
        Ok(())
    }

    /// Settles what can be settled about people before the first send. Answers whether it may go on.
    pub(crate) async fn may_send(&self, new_people: &[EntityId]) -> Result<bool, StoreError> {
        match first_contact(&self.store.profile().await?, new_people) {
            FirstContact::Clear => Ok(true),
            FirstContact::Adopt(adoption) => {
                self.adopt(&adoption).await?;
                Ok(true)
            }
            FirstContact::Ask(_) => Ok(false),
        }
    }

    /// The question that holds the first send back, if one does.
    pub(super) fn question(reading: &ProfileReading, state: &SyncState) -> Option<PersonQuestion> {
        match first_contact(reading, &state.new_people) {
            FirstContact::Ask(question) => Some(question),
            FirstContact::Clear | FirstContact::Adopt(_) => None,
        }
    }
}
