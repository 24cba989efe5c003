//! A copy as text. Any later version must be able to read it: it may be what a newer version of the app finds.

use serde::{Deserialize, Serialize};
use tidemark_engine::outbox::{EntryDraft, EntryKind};
use tidemark_protocol::{AccountId, EntityId, OpId, Timestamp};

/// An edit, with the names that an outbox row has too, and its place in the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CopyRow {
    pub place: u64,
    pub op_id: OpId,
    event_type: EntryKind,
    entity_id: EntityId,
    payload: String,
    base_version: u64,
    created_at: Timestamp,
    owner: Option<AccountId>,
}

impl CopyRow {
    /// The copy of an edit; `place` counts on in the order in which copies are made.
    pub fn new(place: u64, edit: &EntryDraft) -> Self {
        Self {
            place,
            op_id: edit.op_id,
            event_type: edit.kind,
            entity_id: edit.entity_id,
            payload: edit.payload.clone(),
            base_version: edit.base_version,
            created_at: edit.created_at,
            owner: edit.owner,
        }
    }

    /// The edit.
    pub fn into_edit(self) -> EntryDraft {
        EntryDraft {
            op_id: self.op_id,
            kind: self.event_type,
            entity_id: self.entity_id,
            payload: self.payload,
            base_version: self.base_version,
            created_at: self.created_at,
            owner: self.owner,
            parked: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidemark_testkit::samples::{create, metric};

    /// What version 1 of the row looks like. A copy that was made with it must be read for ever.
    const KEPT: &str = r#"{"place":7,"op_id":"00000000-0000-0000-0000-f00000000001","event_type":"upsert_metric","entity_id":"00000000-0000-0000-0000-000000000001","payload":"{\"weight\":70}","base_version":3,"created_at":"2026-02-20T10:22:33.000Z","owner":null}"#;

    #[test]
    fn a_copy_comes_back_as_the_edit_it_was_made_of() {
        let edit = create(1, &metric(1, 0, 0));
        let text = serde_json::to_string(&CopyRow::new(7, &edit)).expect("plain text");
        let row: CopyRow = serde_json::from_str(&text).expect("its own text");
        assert_eq!((row.place, row.into_edit()), (7, edit));
    }

    #[test]
    fn a_copy_looks_as_it_always_did() {
        let mut edit = create(1, &metric(1, 0, 3));
        edit.payload = r#"{"weight":70}"#.to_owned();
        let text = serde_json::to_string(&CopyRow::new(7, &edit)).expect("plain text");
        assert_eq!(text, KEPT);
        let row: CopyRow = serde_json::from_str(KEPT).expect("a kept copy");
        assert_eq!(row.into_edit(), edit);
    }
}
