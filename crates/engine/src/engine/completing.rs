//! Completing a draft with what only the store knows: whose it is, who is meant, and whether a row is left.

use crate::engine::Engine;
use crate::outbox::{ACTIVE_PERSON, EntryDraft, EntryKind, OutboxEntry, PlainEdit, payload_text};
use crate::overlay;
use crate::ports::{Platform, ProfileReading, Store, StoreError, Window};
use tidemark_domain::length::Millimetres;
use tidemark_protocol::{EntityId, MetricPatch, Patch};

/// A draft as it is to be stored.
pub(super) struct Completed {
    /// The edit.
    pub edit: EntryDraft,
    /// The edit that makes its person first, where the store knows none.
    pub person: Option<EntryDraft>,
}

/// Who an edit is about, and the edit that makes them where it is needed.
type Meant = (EntityId, Option<EntryDraft>);

impl<P: Platform> Engine<P> {
    /// The draft as a plain edit, where nothing of it hangs on what is stored.
    pub(super) fn plain(&self, draft: &EntryDraft) -> Option<PlainEdit> {
        let owner = self.owner.get();
        let person = match draft.kind {
            EntryKind::UpsertMetric | EntryKind::DeleteMetric => {
                let patch = draft.metric_patch()?;
                if !self.goes_on_as(patch.user_id?) || is_whole_return(&patch) {
                    return None;
                }
                patch.user_id.filter(|_| is_creation(&patch))
            }
            EntryKind::UpdateUser if self.goes_on_as(draft.entity_id) => Some(draft.entity_id),
            EntryKind::UpdateAppModel => None,
            EntryKind::UpdateUser | EntryKind::CreateUser | EntryKind::Bulk => return None,
        };
        let edit = EntryDraft {
            owner,
            ..draft.clone()
        };
        (draft.owner.or(owner) == owner).then_some(PlainEdit { edit, person })
    }

    /// Whether a person whom a draft names is somebody, and still has that id.
    fn goes_on_as(&self, named: EntityId) -> bool {
        named != ACTIVE_PERSON && self.person_now(named) == named
    }

    /// The draft with owner and person of now.
    pub(super) async fn completed(
        &self,
        draft: &EntryDraft,
        reading: &ProfileReading,
    ) -> Result<Completed, StoreError> {
        let mut edit = EntryDraft {
            owner: draft.owner.or(self.owner.get()),
            ..draft.clone()
        };
        let person = match edit.kind {
            EntryKind::UpsertMetric | EntryKind::DeleteMetric => {
                self.complete_metric(&mut edit, reading).await?
            }
            EntryKind::UpdateUser => self.complete_person(&mut edit, reading).await?,
            EntryKind::CreateUser | EntryKind::UpdateAppModel | EntryKind::Bulk => None,
        };
        Ok(Completed { edit, person })
    }

    async fn complete_person(
        &self,
        edit: &mut EntryDraft,
        reading: &ProfileReading,
    ) -> Result<Option<EntryDraft>, StoreError> {
        let (id, made) = self.meant(edit.entity_id, reading).await?;
        if id != edit.entity_id {
            // The version shown was that of the person shown.
            edit.base_version = 0;
            edit.entity_id = id;
        }
        Ok(made)
    }

    async fn complete_metric(
        &self,
        edit: &mut EntryDraft,
        reading: &ProfileReading,
    ) -> Result<Option<EntryDraft>, StoreError> {
        // What can't be read is stored as it is, so that it is seen.
        let Some(said) = edit.metric_patch() else {
            return Ok(None);
        };
        let Some(shown) = said.user_id else {
            return Ok(None);
        };
        let (user, made) = self.meant(shown, reading).await?;
        let mut patch = MetricPatch {
            user_id: Some(user),
            ..said.clone()
        };
        let creates = is_creation(&patch);
        if creates && shown == ACTIVE_PERSON && patch.height.is_keep() {
            patch.height = height_of(user, reading);
        }
        if is_whole_return(&patch) && self.is_stored(edit, user).await? {
            patch = bare_return(&patch);
        }
        if patch != said {
            edit.payload = payload_text(&patch);
        }
        Ok(made.filter(|_| creates))
    }

    /// Under which id a person goes on whom a draft names, and the edit that makes them if the store has lost them or
    /// never had them.
    async fn meant(&self, named: EntityId, reading: &ProfileReading) -> Result<Meant, StoreError> {
        if named == ACTIVE_PERSON {
            if let Some(person) = overlay::profile(reading).active() {
                return Ok((person.user.id, None));
            }
            let id = self.new_person_id(reading).await?;
            return Ok((id, Some(self.bare_person(id))));
        }
        let id = self.person_now(named);
        let is_made =
            |entry: &OutboxEntry| entry.kind == EntryKind::CreateUser && entry.entity_id == id;
        let is_known =
            reading.users.iter().any(|user| user.id == id) || reading.outbox.iter().any(is_made);
        Ok((id, (!is_known).then(|| self.bare_person(id))))
    }

    /// Whether more is left of a row than the edits that wait.
    async fn is_stored(&self, edit: &EntryDraft, user: EntityId) -> Result<bool, StoreError> {
        let reading = self.store.history(user, Window::All).await?;
        let mut rows = reading.pages.iter().flat_map(|page| &page.rows);
        Ok(rows.any(|row| row.metric.id == edit.entity_id))
    }
}

/// Whether an edit says enough to make a row.
fn is_creation(patch: &MetricPatch) -> bool {
    patch.weight.is_some() && patch.created_at.is_some()
}

/// Whether an edit takes a deletion back and says all values, for a row of which nothing may be left.
fn is_whole_return(patch: &MetricPatch) -> bool {
    is_creation(patch) && patch.deleted_at == Patch::Clear
}

/// The height of a person, for an entry that was made while nobody was known.
fn height_of(user: EntityId, reading: &ProfileReading) -> Patch<Millimetres> {
    let found = overlay::profile(reading)
        .people
        .into_iter()
        .find(|person| person.user.id == user);
    found
        .and_then(|person| person.user.height)
        .map_or(Patch::Keep, Patch::Set)
}

/// A return that says no values, so that it overwrites none.
fn bare_return(whole: &MetricPatch) -> MetricPatch {
    MetricPatch {
        id: whole.id,
        user_id: whole.user_id,
        updated_at: whole.updated_at,
        deleted_at: Patch::Clear,
        ..MetricPatch::default()
    }
}
