//! Two people who are one: this device's person turns out to be one that the account already has.
//!
//! Only what was never sent is rewritten, so no server has seen the name that goes.

use crate::outbox::{EntryKind, OutboxEntry, payload_text};
use crate::page::{Page, PageKey};
use crate::view::{PersonQuestion, Profile};
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

/// Decides about people: `profile` as shown, `settled` those whom a person has called new.
pub fn first_contact(profile: &Profile, settled: &[EntityId]) -> FirstContact {
    let (ours, theirs): (Vec<&User>, Vec<&User>) = profile
        .people
        .iter()
        .map(|person| &person.user)
        .partition(|user| user.version == 0);
    let open = ours.iter().find(|user| !settled.contains(&user.id));
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
    match entry.kind {
        EntryKind::CreateUser if entry.entity_id == adoption.ours => {
            created_as_update(entry, adoption)
        }
        EntryKind::UpdateUser if entry.entity_id == adoption.ours => Some(OutboxEntry {
            entity_id: adoption.theirs.id,
            base_version: adoption.theirs.version,
            ..entry
        }),
        EntryKind::UpdateAppModel => Some(rewrite_app_model(entry, adoption)),
        EntryKind::UpsertMetric => Some(rewrite_metric(entry, adoption)),
        EntryKind::Bulk => Some(rewrite_bulk(entry, adoption)),
        _ => Some(entry),
    }
}

/// What this device knows of the person and the account does not is kept as an edit.
fn created_as_update(entry: OutboxEntry, adoption: &PersonAdoption) -> Option<OutboxEntry> {
    let patch = entry.user_patch()?;
    let theirs = &adoption.theirs;
    let kept = UserPatch {
        height: if theirs.height.is_none() {
            patch.height
        } else {
            Patch::Keep
        },
        gender: if theirs.gender.is_none() {
            patch.gender
        } else {
            Patch::Keep
        },
        updated_at: patch.updated_at,
        ..UserPatch::default()
    };
    let says_something = !(kept.height.is_keep() && kept.gender.is_keep());
    says_something.then(|| OutboxEntry {
        kind: EntryKind::UpdateUser,
        entity_id: theirs.id,
        base_version: theirs.version,
        payload: payload_text(&kept),
        ..entry
    })
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

/// The rows of a page of this device's person, as rows of the account's; `None` for other pages.
pub fn rewrite_page(page: &Page, adoption: &PersonAdoption) -> Option<Vec<crate::page::PageRow>> {
    (page.key.user == adoption.ours).then(|| {
        let rows = page.rows.iter().cloned();
        rows.map(|mut row| {
            row.metric.user_id = adoption.theirs.id;
            row.metric.user_number = adoption.theirs.number;
            row
        })
        .collect()
    })
}
