//! Settling with a new order in the queue.

use crate::engine::Engine;
use crate::outbox::{EntryDraft, Lane, OutboxEntry};
use crate::ports::{Platform, Store, StoreError};
use crate::sets::set_of;
use crate::settle::Settlement;
use std::collections::BTreeMap;

impl<P: Platform> Engine<P> {
    /// Settles. An edit that somebody wrote between the reading of the outbox and now is newer than what was
    /// queued anew for its record, so it goes behind that.
    /// Answers `false` where nothing was stored, as the life that it comes of is over.
    pub(super) async fn settle_in_queue(
        &self,
        settlement: &Settlement,
    ) -> Result<bool, StoreError> {
        let is_stored = self.store.settle(settlement).await?;
        if !is_stored || settlement.added.is_empty() {
            return Ok(is_stored);
        }
        let late = written_meanwhile(settlement, &self.store.outbox().await?);
        if late.is_empty() {
            return Ok(true);
        }
        let behind = Settlement {
            done: late.iter().map(|draft| draft.op_id).collect(),
            added: late,
            ..Settlement::at(settlement.at)
        };
        self.store.settle(&behind).await
    }
}

fn written_meanwhile(settlement: &Settlement, outbox: &[OutboxEntry]) -> Vec<EntryDraft> {
    let added = set_of(settlement.added.iter().map(|draft| draft.op_id));
    let mut first: BTreeMap<Lane, u64> = BTreeMap::new();
    for entry in outbox.iter().filter(|entry| added.contains(&entry.op_id)) {
        first.entry(entry.lane()).or_insert(entry.seq);
    }
    let is_before = |entry: &&OutboxEntry| {
        let first = first.get(&entry.lane());
        first.is_some_and(|first| entry.seq < *first) && !added.contains(&entry.op_id)
    };
    let late = outbox.iter().filter(is_before);
    late.map(OutboxEntry::to_draft).collect()
}
