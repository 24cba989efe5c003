//! A settlement: what becomes of entries after an answer, carried out by the store in one transaction.

use crate::outbox::{EntryDraft, Lane, LastError, OutboxEntry};
use crate::state::Conflict;
use tidemark_protocol::{AppModel, EntityId, Epoch, Metric, OpId, Timestamp, User};

/// A change of the store after an answer, carried out in one transaction and in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settlement {
    /// The server's life that answered, where this says what a server did. A store that knows another one by now leaves all
    /// of it out: what the lost life took must go up again.
    pub life: Option<Epoch>,
    /// Entries that leave the outbox. One that is in `added` too comes back with a new place in the queue.
    pub done: Vec<OpId>,
    /// Rows as the server holds them now; each replaces only a lower version.
    pub rows: Vec<Metric>,
    /// People as the server holds them now; each replaces only a lower version.
    pub users: Vec<User>,
    /// The app model as the server holds it now; replaces only a lower version.
    pub app_model: Option<AppModel>,
    /// Entries that stay and go on by themselves.
    pub failed: Vec<(OpId, LastError)>,
    /// Entries that stay and wait for a person.
    pub parked: Vec<(OpId, LastError)>,
    /// Parked entries that go on by themselves again.
    pub resumed: Vec<OpId>,
    /// New entries, queued in this order. One that is stored already stays as it is.
    pub added: Vec<EntryDraft>,
    /// Unsent rows that leave their pages: an entry in `added` stands for them, or the server has none.
    pub cleared: Vec<EntityId>,
    /// What lost against another device; what is known of the same edit already is replaced.
    pub conflicts: Vec<Conflict>,
    /// When the answer came.
    pub at: Timestamp,
}

impl Settlement {
    /// A settlement that says nothing yet.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }

    /// A settlement that takes one entry out of the outbox.
    pub fn done(op: OpId, at: Timestamp) -> Self {
        Self {
            done: vec![op],
            ..Self::at(at)
        }
    }

    /// A settlement that parks one entry.
    pub fn parked(op: OpId, error: LastError, at: Timestamp) -> Self {
        Self {
            parked: vec![(op, error)],
            ..Self::at(at)
        }
    }

    /// A settlement that counts a vain attempt on each of these entries.
    pub fn failed(sent: impl IntoIterator<Item = OpId>, error: &LastError, at: Timestamp) -> Self {
        let failed = sent.into_iter().map(|op| (op, error.clone())).collect();
        Self {
            failed,
            ..Self::at(at)
        }
    }

    /// Queues `first`, which are edits of one record, before those of its edits that wait in `outbox`:
    /// these go behind and say what they said.
    pub fn put_first(&mut self, first: Vec<EntryDraft>, outbox: &[OutboxEntry]) {
        let lane = first.first().map(EntryDraft::lane);
        self.added.extend(first);
        let waiting = outbox.iter().filter(|entry| Some(entry.lane()) == lane);
        for entry in waiting {
            if !self.done.contains(&entry.op_id) {
                self.done.push(entry.op_id);
                self.added.push(entry.to_draft());
            }
        }
    }

    /// Takes every waiting edit of a record out of the outbox.
    pub fn take_out(&mut self, lane: Lane, outbox: &[OutboxEntry]) {
        let waiting = outbox.iter().filter(|entry| entry.lane() == lane);
        self.done.extend(waiting.map(|entry| entry.op_id));
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::at(self.at)
    }

    /// Whether a person's entry is created or removed, so that the transaction must reach the disk.
    pub fn must_be_durable(&self) -> bool {
        !(self.done.is_empty() && self.added.is_empty() && self.cleared.is_empty())
    }
}
