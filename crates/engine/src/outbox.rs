//! The outbox: one row for each edit, kept until the server's answer is stored.
//!
//! An entry never changes what it says: a new edit is a new entry, a retry sends the same bytes.

use crate::page::PageKey;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tidemark_protocol::{
    AccountId, AppModelPatch, EntityId, MetricPatch, OpId, Timestamp, UserPatch,
};
use uuid::Uuid;

/// The payload of an edit that says nothing.
pub const BARE_PAYLOAD: &str = "{}";

/// Stands in a draft for whoever is active when it is stored: nobody was known when it was made.
pub const ACTIVE_PERSON: EntityId = EntityId(Uuid::nil());

/// What an entry does (the plan's `event_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Creates a metric or changes fields of it.
    UpsertMetric,
    /// Deletes a metric.
    DeleteMetric,
    /// Creates a person.
    CreateUser,
    /// Changes fields of a person.
    UpdateUser,
    /// Changes fields of the app model.
    UpdateAppModel,
    /// Stands for the unsent rows of the pages it names.
    Bulk,
}

impl EntryKind {
    /// The plan's `entity`.
    pub fn entity(self) -> &'static str {
        match self {
            Self::UpsertMetric | Self::DeleteMetric | Self::Bulk => "user_metrics",
            Self::CreateUser | Self::UpdateUser => "user",
            Self::UpdateAppModel => "app_model",
        }
    }

    /// Whether it is about one metric.
    pub fn is_metric(self) -> bool {
        matches!(self, Self::UpsertMetric | Self::DeleteMetric)
    }
}

/// The record that an edit is about. Edits of one lane go in their order, and a parked one holds back only
/// its own lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    entity: &'static str,
    id: EntityId,
}

impl Lane {
    /// The lane of a metric.
    pub fn of_metric(id: EntityId) -> Self {
        Self::of(EntryKind::UpsertMetric, id)
    }

    /// The lane of a person.
    pub fn of_person(id: EntityId) -> Self {
        Self::of(EntryKind::CreateUser, id)
    }

    fn of(kind: EntryKind, id: EntityId) -> Self {
        Self {
            entity: kind.entity(),
            id,
        }
    }
}

/// An edit on its way into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryDraft {
    /// Names the edit for good.
    pub op_id: OpId,
    /// What it does.
    pub kind: EntryKind,
    /// The record it is about; nil for the app model and for bulk.
    pub entity_id: EntityId,
    /// JSON of the changed fields: the very text that is sent.
    pub payload: String,
    /// The version of the row that the edit was made on; 0 for a new one.
    pub base_version: u64,
    /// When the edit was made.
    pub created_at: Timestamp,
    /// Who was signed in; sent only as them. `None`: nobody yet, adopted at the first sign-in.
    pub owner: Option<AccountId>,
    /// Set where an edit is kept but can't be sent as it is.
    pub parked: Option<LastError>,
}

/// An edit that is complete as it is, if what it presumes holds: the store belongs to the edit's owner, or like it to
/// nobody; `person` is known; no edit of its record was refused, so that there is nothing to mend; and nothing has to be
/// packed because of it. Nearly every edit is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainEdit {
    /// The edit.
    pub edit: EntryDraft,
    /// Whom the store has to know, as one of its people or by the edit that makes them; `None` if it does not matter.
    pub person: Option<EntityId>,
}

impl PlainEdit {
    /// The edit that would make the person, whoever had written it: the same for all.
    pub fn maker(&self) -> Option<OpId> {
        self.person.map(OpId::for_bulk_create)
    }
}

/// A stored edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Names the edit for good; the store's key.
    pub op_id: OpId,
    /// Its place in the queue.
    pub seq: u64,
    /// What it does.
    pub kind: EntryKind,
    /// The record it is about.
    pub entity_id: EntityId,
    /// JSON of the changed fields: the very text that is sent.
    pub payload: String,
    /// The version of the row that the edit was made on.
    pub base_version: u64,
    /// When the edit was made.
    pub created_at: Timestamp,
    /// Who was signed in.
    pub owner: Option<AccountId>,
    /// When it was last sent and answered, or found no way.
    pub attempted_at: Option<Timestamp>,
    /// How often it was sent in vain.
    pub retry_count: u32,
    /// Why it is still here.
    pub last_error: Option<LastError>,
    /// Whether it waits for a person to mend it.
    pub parked: bool,
}

/// Why an entry is still here, as told by server or network; never with a health value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastError {
    /// A stable code: the protocol's, or `unreachable`, `not_ours`, `put_off`, `unreadable`, `storage`.
    pub code: String,
    /// Which field was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// In the server's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl LastError {
    /// An error that says nothing but its code.
    pub fn plain(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            ..Self::default()
        }
    }
}

impl EntryDraft {
    /// The record that it is about.
    pub fn lane(&self) -> Lane {
        Lane::of(self.kind, self.entity_id)
    }

    /// The payload of a metric's draft; `None` if it is of another kind or can't be read.
    pub fn metric_patch(&self) -> Option<MetricPatch> {
        self.kind
            .is_metric()
            .then(|| serde_json::from_str(&self.payload).ok())
            .flatten()
    }

    /// The entry that is stored for this draft at `seq`.
    pub fn into_entry(self, seq: u64) -> OutboxEntry {
        OutboxEntry {
            op_id: self.op_id,
            seq,
            kind: self.kind,
            entity_id: self.entity_id,
            payload: self.payload,
            base_version: self.base_version,
            created_at: self.created_at,
            owner: self.owner,
            attempted_at: None,
            retry_count: 0,
            parked: self.parked.is_some(),
            last_error: self.parked,
        }
    }
}

impl OutboxEntry {
    /// The record that it is about.
    pub fn lane(&self) -> Lane {
        Lane::of(self.kind, self.entity_id)
    }

    /// The edit as it was before it was queued, to be queued again behind others.
    pub fn to_draft(&self) -> EntryDraft {
        EntryDraft {
            op_id: self.op_id,
            kind: self.kind,
            entity_id: self.entity_id,
            payload: self.payload.clone(),
            base_version: self.base_version,
            created_at: self.created_at,
            owner: self.owner,
            parked: self
                .parked
                .then(|| self.last_error.clone().unwrap_or_default()),
        }
    }

    /// The payload's fields as they stand; `None` if it is a bulk entry or no JSON object.
    pub fn fields(&self) -> Option<Map<String, Value>> {
        serde_json::from_str(&self.payload).ok()
    }

    /// Whether it can be sent at all.
    pub fn is_readable(&self) -> bool {
        match self.kind {
            EntryKind::Bulk => serde_json::from_str::<Vec<PageKey>>(&self.payload).is_ok(),
            _ => self.fields().is_some(),
        }
    }

    /// Whether it makes a person and says nothing about them.
    pub fn is_bare_person(&self) -> bool {
        self.kind == EntryKind::CreateUser && self.payload == BARE_PAYLOAD
    }

    /// Counts an attempt in vain.
    pub fn note_attempt(&mut self, at: Timestamp, error: &LastError) {
        self.attempted_at = Some(at);
        self.retry_count = self.retry_count.saturating_add(1);
        self.last_error = Some(error.clone());
    }

    /// The payload of a metric entry; `None` if it is of another kind or can't be read.
    pub fn metric_patch(&self) -> Option<MetricPatch> {
        self.kind
            .is_metric()
            .then(|| serde_json::from_str(&self.payload).ok())
            .flatten()
    }

    /// The payload of a person's entry; `None` if it is of another kind or can't be read.
    pub fn user_patch(&self) -> Option<UserPatch> {
        matches!(self.kind, EntryKind::CreateUser | EntryKind::UpdateUser)
            .then(|| serde_json::from_str(&self.payload).ok())
            .flatten()
    }

    /// The payload of an app model entry; `None` if it is of another kind or can't be read.
    pub fn app_model_patch(&self) -> Option<AppModelPatch> {
        (self.kind == EntryKind::UpdateAppModel)
            .then(|| serde_json::from_str(&self.payload).ok())
            .flatten()
    }

    /// The pages that a bulk entry stands for; empty for other kinds.
    pub fn bulk_pages(&self) -> Vec<PageKey> {
        if self.kind == EntryKind::Bulk {
            serde_json::from_str(&self.payload).unwrap_or_default()
        } else {
            Vec::new()
        }
    }
}

/// The payload of a bulk entry.
pub fn bulk_payload(pages: &[PageKey]) -> String {
    serde_json::to_string(pages).expect("page keys are plain text and numbers")
}

/// The text of a payload.
pub fn payload_text(patch: &impl Serialize) -> String {
    serde_json::to_string(patch).expect("a patch holds only text and finite numbers")
}
