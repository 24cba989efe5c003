//! The edits that the store has not taken yet: in which order they are tried, which of them are said to be not saved,
//! and which have an emergency copy. Plain data; the service carries out what follows from it.

use super::Fault;
use std::collections::BTreeSet;
use tidemark_engine::outbox::{EntryDraft, EntryKind, Lane};
use tidemark_protocol::{EntityId, OpId};

/// Edits on their way into the store, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Unstored {
    held: Vec<Held>,
}

#[derive(Debug)]
struct Held {
    edit: EntryDraft,
    has_copy: bool,
    /// Whether it was found in the journal: another page made it, and may store it.
    is_found: bool,
    /// Whether the screen says that it is not saved.
    is_told: bool,
}

/// What the screen says of edits that are not saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotSaved {
    /// Each of them, in the order in which they were made.
    pub edits: Vec<NotSavedEdit>,
    /// Why, where the storage has said so.
    pub fault: Option<Fault>,
}

/// An edit that is not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSavedEdit {
    /// What it does.
    pub kind: EntryKind,
    /// The record it is about.
    pub record: EntityId,
    /// Whether there is an emergency copy of it: else it is in this page and nowhere else.
    pub has_copy: bool,
}

impl Unstored {
    /// Takes a new edit, behind all others.
    pub fn hold(&mut self, edit: EntryDraft) {
        self.held.push(Held {
            edit,
            has_copy: false,
            is_found: false,
            is_told: false,
        });
    }

    /// Takes up what the journal holds now. A found copy that is gone from it was stored by another page.
    pub fn meet(&mut self, copies: Vec<EntryDraft>) {
        let there: BTreeSet<OpId> = copies.iter().map(|copy| copy.op_id).collect();
        self.held
            .retain(|held| !held.is_found || there.contains(&held.edit.op_id));
        let known: BTreeSet<OpId> = self.held.iter().map(|held| held.edit.op_id).collect();
        let new = copies
            .into_iter()
            .filter(|copy| !known.contains(&copy.op_id));
        self.held.extend(new.map(|edit| Held {
            edit,
            has_copy: true,
            is_found: true,
            is_told: true,
        }));
    }

    /// The first edit to try whose record is not among `failed`: edits of one record keep their order, and one that
    /// can't be stored holds up no other record.
    pub fn next(&self, failed: &BTreeSet<Lane>) -> Option<EntryDraft> {
        let mut edits = self.held.iter().map(|held| &held.edit);
        edits.find(|edit| !failed.contains(&edit.lane())).cloned()
    }

    /// An edit is stored. Answers whether it had been said to be not saved.
    pub fn stored(&mut self, op: OpId) -> bool {
        let is_told = self
            .held
            .iter()
            .any(|held| held.edit.op_id == op && held.is_told);
        self.held.retain(|held| held.edit.op_id != op);
        is_told
    }

    /// The edits that have no copy.
    pub fn without_copy(&self) -> Vec<EntryDraft> {
        let bare = self.held.iter().filter(|held| !held.has_copy);
        bare.map(|held| held.edit.clone()).collect()
    }

    /// An edit has a copy now.
    pub fn copied(&mut self, op: OpId) {
        for held in self.held.iter_mut().filter(|held| held.edit.op_id == op) {
            held.has_copy = true;
        }
    }

    /// From now on the screen says of all of them that they are not saved.
    pub fn tell(&mut self) {
        for held in &mut self.held {
            held.is_told = true;
        }
    }

    /// What the screen lays over what was read.
    pub fn told(&self) -> Vec<EntryDraft> {
        let told = self.held.iter().filter(|held| held.is_told);
        told.map(|held| held.edit.clone()).collect()
    }

    /// What the screen says of them.
    pub fn not_saved(&self, fault: Option<Fault>) -> NotSaved {
        let told = self.held.iter().filter(|held| held.is_told);
        NotSaved {
            edits: told
                .map(|held| NotSavedEdit {
                    kind: held.edit.kind,
                    record: held.edit.entity_id,
                    has_copy: held.has_copy,
                })
                .collect(),
            fault,
        }
    }

    /// Whether all is stored.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

impl NotSaved {
    /// What the screen says of a metric; none where it is saved.
    pub fn of_metric(&self, id: EntityId) -> Option<&NotSavedEdit> {
        let mut edits = self.edits.iter();
        edits.find(|edit| edit.kind.is_metric() && edit.record == id)
    }

    /// Whether something is in this page and nowhere else.
    pub fn is_at_risk(&self) -> bool {
        self.edits.iter().any(|edit| !edit.has_copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidemark_protocol::Timestamp;

    fn edit(op: &str, record: &str) -> EntryDraft {
        let id = |number: &str| format!("00000000-0000-7000-8000-0000000000{number}");
        EntryDraft {
            op_id: OpId::parse(&id(op)).expect("a well-formed id"),
            kind: EntryKind::UpsertMetric,
            entity_id: EntityId::parse(&id(record)).expect("a well-formed id"),
            payload: "{}".to_owned(),
            base_version: 0,
            created_at: Timestamp(0),
            owner: None,
            parked: None,
        }
    }

    /// The last digits of the operations that are held, in order.
    fn held(unstored: &Unstored) -> Vec<String> {
        let ops = unstored.held.iter().map(|held| held.edit.op_id.to_string());
        ops.map(|op| op[34..].to_owned()).collect()
    }

    #[test]
    fn edits_of_a_record_keep_their_order_and_a_failed_one_holds_up_only_its_own() {
        let mut unstored = Unstored::default();
        for (op, record) in [("01", "0a"), ("02", "0a"), ("03", "0b")] {
            unstored.hold(edit(op, record));
        }
        let mut failed = BTreeSet::new();
        assert_eq!(unstored.next(&failed), Some(edit("01", "0a")));
        failed.insert(edit("01", "0a").lane());
        assert_eq!(unstored.next(&failed), Some(edit("03", "0b")));
        unstored.stored(edit("03", "0b").op_id);
        assert_eq!(unstored.next(&failed), None);
        assert_eq!(held(&unstored), ["01", "02"]);
    }

    #[test]
    fn a_copy_that_another_page_has_stored_is_let_go_and_an_own_edit_never() {
        let mut unstored = Unstored::default();
        unstored.hold(edit("01", "0a"));
        unstored.copied(edit("01", "0a").op_id);
        unstored.meet(vec![edit("01", "0a"), edit("02", "0b")]);
        assert_eq!(held(&unstored), ["01", "02"]);
        // The journal is empty: the other page is done, or somebody cleared the storage.
        unstored.meet(Vec::new());
        assert_eq!(held(&unstored), ["01"]);
    }

    #[test]
    fn nothing_is_said_of_an_edit_that_is_stored_in_time() {
        let mut unstored = Unstored::default();
        unstored.hold(edit("01", "0a"));
        assert_eq!(unstored.not_saved(None), NotSaved::default());
        assert!(!unstored.stored(edit("01", "0a").op_id));
        unstored.hold(edit("02", "0b"));
        unstored.tell();
        let said = unstored.not_saved(Some(Fault::NoRoom));
        assert!(said.is_at_risk());
        assert_eq!(
            said.of_metric(edit("02", "0b").entity_id),
            said.edits.first()
        );
        unstored.copied(edit("02", "0b").op_id);
        assert!(!unstored.not_saved(None).is_at_risk());
        assert!(unstored.stored(edit("02", "0b").op_id));
        assert!(unstored.is_empty());
    }

    #[test]
    fn only_what_has_no_copy_is_copied() {
        let mut unstored = Unstored::default();
        unstored.meet(vec![edit("01", "0a")]);
        unstored.hold(edit("02", "0b"));
        assert_eq!(unstored.without_copy(), [edit("02", "0b")]);
        assert_eq!(unstored.told(), [edit("01", "0a")]);
    }
}
