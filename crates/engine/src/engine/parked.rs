//! What was refused, as a person handles it: tried again as it is, or let go. Mending it is an edit like any other.

use crate::conflicts::patch_of;
use crate::engine::Engine;
use crate::outbox::EntryKind;
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::settle::Settlement;
use tidemark_protocol::{EntityId, HistoryEntry, MetricPatch, OpId};

impl<P: Platform> Engine<P> {
    /// Sets refused edits free to be sent again as they are.
    ///
    /// # Errors
    /// If the store fails: then they stay where they are.
    pub async fn retry_parked(&self, edits: &[OpId]) -> Result<(), StoreError> {
        let settlement = Settlement {
            resumed: edits.to_vec(),
            ..Settlement::at(self.clock.now())
        };
        self.store.settle(&settlement).await.map(drop)
    }

    /// Lets a refused edit go, with all that waits behind it on the same record: what the server holds stands. That a
    /// person is made is never let go, since their entries wait for it; it is tried again.
    ///
    /// # Errors
    /// If the store fails: then it stays.
    pub async fn discard(&self, edit: OpId) -> Result<(), StoreError> {
        let outbox = self.store.outbox().await?;
        let Some(refused) = outbox
            .iter()
            .find(|entry| entry.op_id == edit && entry.parked)
        else {
            return Ok(());
        };
        let lane = outbox.iter().filter(|entry| entry.lane() == refused.lane());
        let mut settlement = Settlement::at(self.clock.now());
        for entry in lane {
            if entry.kind == EntryKind::CreateUser {
                settlement.resumed.push(entry.op_id);
            } else {
                settlement.done.push(entry.op_id);
            }
        }
        self.store.settle(&settlement).await.map(drop)
    }

    /// What an entry said before, newest first, as the server tells; `None` where it can't be asked now.
    pub async fn earlier_values(&self, id: EntityId) -> Option<Vec<(HistoryEntry, MetricPatch)>> {
        let state = self.state().await.ok()?;
        let remote = self.remote(state.owner, &state);
        let history = remote.entry_history(id).await.ok()?;
        let entries = history.entries.into_iter();
        let with_patch = entries.map(|entry| {
            let patch = patch_of(&entry.values);
            (entry, patch)
        });
        Some(with_patch.collect())
    }
}
