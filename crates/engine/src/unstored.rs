//! Edits that the store has not taken yet, laid over what was last read, so that they are seen meanwhile.
//!
//! To lay the same edits over the result again changes nothing.

use crate::outbox::{ACTIVE_PERSON, EntryDraft, OutboxEntry};
use crate::overlay::laid_over;
use crate::view::{Entry, Person, Profile, SyncStatus};
use tidemark_protocol::{EntityId, User};

/// Shown entries of `user`, newest first, with `drafts` laid over them in order.
pub fn over_entries(
    mut entries: Vec<Entry>,
    user: Option<EntityId>,
    drafts: &[EntryDraft],
) -> Vec<Entry> {
    for edit in as_entries(drafts).filter(|edit| edit.kind.is_metric()) {
        let shown = |entry: &Entry| entry.metric.id == edit.entity_id;
        let at = entries.iter().position(shown);
        let entry = at.map(|at| entries.remove(at));
        let status = entry.as_ref().map_or(NEW, |entry| entry.status.clone());
        let row = laid_over(entry.map(|entry| entry.metric), &edit);
        let row = row.filter(|row| row.deleted_at.is_none());
        let is_theirs = |person| Some(person) == user || person == ACTIVE_PERSON;
        entries.extend(
            row.filter(|row| at.is_some() || is_theirs(row.user_id))
                .map(|metric| Entry { metric, status }),
        );
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.metric.order_key()));
    entries
}

const NEW: SyncStatus = SyncStatus::Pending {
    retry_count: 0,
    last_error: None,
};

/// The shown people and app model with `drafts` laid over them in order.
pub fn over_profile(mut profile: Profile, drafts: &[EntryDraft]) -> Profile {
    for edit in as_entries(drafts) {
        if let Some(patch) = edit.app_model_patch() {
            profile.app_model = profile.app_model.patched(&patch);
        }
        let Some(patch) = edit.user_patch() else {
            continue;
        };
        let place = place_of(&mut profile, &edit);
        place.user = place.user.clone().patched(&patch);
    }
    profile
}

/// The person whom an edit is about; a new one where nobody is shown.
fn place_of<'a>(profile: &'a mut Profile, edit: &OutboxEntry) -> &'a mut Person {
    let meant = match profile.active() {
        Some(active) if edit.entity_id == ACTIVE_PERSON => active.user.id,
        _ => edit.entity_id,
    };
    let known = |person: &Person| person.user.id == meant;
    let at = profile.people.iter().position(known).unwrap_or_else(|| {
        profile.people.push(Person {
            user: User::new(meant, edit.created_at),
            status: NEW,
        });
        profile.people.len() - 1
    });
    &mut profile.people[at]
}

fn as_entries(drafts: &[EntryDraft]) -> impl Iterator<Item = OutboxEntry> {
    drafts.iter().map(|draft| draft.clone().into_entry(0))
}
