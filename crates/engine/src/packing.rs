//! Packing: without an account nothing leaves the outbox, so old entries go into pages as unsent rows.
//!
//! Safe because they were never sent: no server and no other device has seen them.

use crate::outbox::{EntryDraft, EntryKind, OutboxEntry, bulk_payload};
use crate::overlay::{edits_by_record, laid_over_all};
use crate::page::{PageIndex, PageKey, PageRow, Pages, merge, remove};
use std::collections::{BTreeSet, HashSet};
use tidemark_protocol::{EntityId, OpId, Timestamp};

/// Above this many entries the outbox is packed.
pub const ENTRIES_MAX: usize = 256;
/// This many of the newest entries stay.
pub const ENTRIES_KEPT: usize = 128;

/// What to pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packing {
    /// Entries that go into pages, in order.
    pub packed: Vec<OpId>,
    /// Their records.
    pub records: BTreeSet<EntityId>,
}

/// Chooses the oldest entries, leaving those that were ever sent or are parked.
pub fn choose(outbox: &[OutboxEntry]) -> Packing {
    let metrics: Vec<&OutboxEntry> = outbox
        .iter()
        .filter(|entry| entry.kind.is_metric())
        .collect();
    let oldest = metrics.len().saturating_sub(ENTRIES_KEPT);
    let mut left: HashSet<EntityId> = HashSet::new();
    let mut packing = Packing::default();
    for entry in &metrics[..oldest] {
        // Whatever stays keeps the later entries of its record behind it.
        let stays = entry.owner.is_some() || entry.parked || entry.attempted_at.is_some();
        if stays || left.contains(&entry.entity_id) {
            left.insert(entry.entity_id);
        } else {
            packing.packed.push(entry.op_id);
            packing.records.insert(entry.entity_id);
        }
    }
    packing
}

impl Packing {
    /// Whether there is nothing to pack: then no marker is needed.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }
}

/// Carries a packing out on pages; `pages` and `index` must hold all pages. Answers those that changed.
pub fn pack(
    packing: &Packing,
    outbox: &[OutboxEntry],
    pages: &mut Pages,
    index: &mut PageIndex,
) -> BTreeSet<PageKey> {
    let chosen: HashSet<OpId> = packing.packed.iter().copied().collect();
    let packed: Vec<OutboxEntry> = outbox
        .iter()
        .filter(|entry| chosen.contains(&entry.op_id))
        .cloned()
        .collect();
    let edits = edits_by_record(&packed);
    let mut rows = Vec::with_capacity(edits.len());
    for (record, edits) in &edits {
        let base = index
            .get(*record)
            .and_then(|key| pages.get(&key))
            .and_then(|page| {
                page.rows
                    .iter()
                    .find(|row| row.metric.id == *record)
                    .map(|row| row.metric.clone())
            });
        let row = laid_over_all(base, edits).filter(|row| row.deleted_at.is_none());
        rows.extend(row.map(|metric| PageRow {
            metric,
            unsent: true,
        }));
    }
    let mut changed = remove(pages, index, &packing.records);
    changed.extend(merge(pages, index, rows).changed);
    changed
}

/// The bulk entry that stands for the rows which a packing, or an import, put into `pages`.
pub fn marker(op_id: OpId, pages: &[PageKey], at: Timestamp) -> EntryDraft {
    EntryDraft {
        op_id,
        kind: EntryKind::Bulk,
        entity_id: EntityId(uuid::Uuid::nil()),
        payload: bulk_payload(pages),
        base_version: 0,
        created_at: at,
        owner: None,
        parked: None,
    }
}
