//! Two people who are one: this device's person turns out to be one that the account already has.
//!
//! Only what was never sent is rewritten, so no server has seen the name that goes.

use crate::outbox::{EntryKind, Lane, OutboxEntry, payload_text};
use crate::overlay;
use crate::page::{Page, PageKey, PageRow};
use crate::ports::ProfileReading;
use crate::view::PersonQuestion;
use tidemark_protocol::{EntityId, Patch, User, UserPatch};

/// Which person goes into which.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonAdoption {
    /// This device's person, never sent.
    pub ours: EntityId,
    /// The account's person.
    pub theirs: User,
}

/// What to do about people before anything is sent for the first time.
#[derive(Clone, Debug, PartialEq)]
pub enum FirstContact {
    /// Nothing stands in the way.
    Clear,
    /// The person was never named and the account has exactly one: the same, as on an empty device.
    Adopt(PersonAdoption),
    /// A person must say.
    Ask(PersonQuestion),
}

/// Decides about people, from what is stored. `settled` are those whom a person has called new; who was
/// ever sent, even in vain, may be known to the server by now and is not asked about either.
pub fn first_contact(reading: &ProfileReading, settled: &[EntityId]) -> FirstContact {
    let profile = overlay::profile(reading);
    let (ours, theirs): (Vec<&User>, Vec<&User>) = profile
        .people
        .iter()
        .map(|person| &person.user)
        .partition(|user| user.version == 0);
    let was_sent = |user: &User| {
        let mut entries = reading.outbox.iter();
        entries
            .any(|entry| entry.lane() == Lane::of_person(user.id) && entry.attempted_at.is_some())
    };
    let open = ours
        .iter()
        .find(|user| !settled.contains(&user.id) && !was_sent(user));
    match (open, theirs.as_slice()) {
        (None, _) | (_, []) => FirstContact::Clear,
        (Some(user), [only]) if is_unnamed(user) && ours.len() == 1 => {
            FirstContact::Adopt(PersonAdoption {
                ours: user.id,
                theirs: (*only).clone(),
            })
        }
        (Some(user), _) => FirstContact::Ask(PersonQuestion {
            ours: (*user).clone(),
            theirs: theirs.into_iter().cloned().collect(),
        }),
    }
}

fn is_unnamed(user: &User) -> bool {
    user.name.is_none() && user.surname.is_none() && user.birth_date.is_none()
}

/// An outbox entry after the adoption; `None` if it goes.
pub fn rewrite_entry(entry: OutboxEntry, adoption: &PersonAdoption) -> Option<OutboxEntry> {
    let is_ours = entry.entity_id == adoption.ours;
    match entry.kind {
        EntryKind::CreateUser | EntryKind::UpdateUser if is_ours => describe(entry, adoption),
        EntryKind::UpdateAppModel => Some(rewrite_app_model(entry, adoption)),
        EntryKind::UpsertMetric | EntryKind::DeleteMetric => Some(rewrite_metric(entry, adoption)),
        EntryKind::Bulk => Some(rewrite_bulk(entry, adoption)),
        EntryKind::CreateUser | EntryKind::UpdateUser => Some(entry),
    }
}

/// What this device knows of the person and the account does not is kept as an edit.
fn describe(entry: OutboxEntry, adoption: &PersonAdoption) -> Option<OutboxEntry> {
    let patch = entry.user_patch()?;
    let theirs = &adoption.theirs;
    let kept = UserPatch {
        name: missing(patch.name, theirs.name.is_some()),
        surname: missing(patch.surname, theirs.surname.is_some()),
        gender: missing(patch.gender, theirs.gender.is_some()),
        avatar: missing(patch.avatar, theirs.avatar.is_some()),
        height: missing(patch.height, theirs.height.is_some()),
        birth_date: missing(patch.birth_date, theirs.birth_date.is_some()),
        ..UserPatch::default()
    };
    (kept != UserPatch::default()).then(|| OutboxEntry {
        kind: EntryKind::UpdateUser,
        entity_id: theirs.id,
        base_version: theirs.version,
        payload: payload_text(&UserPatch {
            updated_at: patch.updated_at,
            ..kept
        }),
        ..entry
    })
}

fn missing<T>(value: Patch<T>, is_known: bool) -> Patch<T> {
    if is_known { Patch::Keep } else { value }
}

fn rewrite_app_model(entry: OutboxEntry, adoption: &PersonAdoption) -> OutboxEntry {
    let Some(mut patch) = entry.app_model_patch() else {
        return entry;
    };
    if patch.active_user == Patch::Set(adoption.ours) {
        patch.active_user = Patch::Set(adoption.theirs.id);
    }
    OutboxEntry {
        payload: payload_text(&patch),
        ..entry
    }
}

fn rewrite_metric(entry: OutboxEntry, adoption: &PersonAdoption) -> OutboxEntry {
    let Some(mut patch) = entry.metric_patch() else {
        return entry;
    };
    if patch.user_id == Some(adoption.ours) {
        patch.user_id = Some(adoption.theirs.id);
        return OutboxEntry {
            payload: payload_text(&patch),
            ..entry
        };
    }
    entry
}

fn rewrite_bulk(entry: OutboxEntry, adoption: &PersonAdoption) -> OutboxEntry {
    let pages: Vec<PageKey> = entry
        .bulk_pages()
        .into_iter()
        .map(|key| renamed(key, adoption))
        .collect();
    OutboxEntry {
        payload: crate::outbox::bulk_payload(&pages),
        ..entry
    }
}

fn renamed(key: PageKey, adoption: &PersonAdoption) -> PageKey {
    if key.user == adoption.ours {
        PageKey {
            user: adoption.theirs.id,
            ..key
        }
    } else {
        key
    }
}

/// The unsent rows of a page of this device's person, as rows of the account's; `None` for other pages.
pub fn rewrite_page(page: &Page, adoption: &PersonAdoption) -> Option<Vec<PageRow>> {
    (page.key.user == adoption.ours).then(|| {
        let rows = page.rows.iter().filter(|row| row.unsent).cloned();
        rows.map(|mut row| {
            row.metric.user_id = adoption.theirs.id;
            row.metric.user_number = adoption.theirs.number;
            row
        })
        .collect()
    })
}
