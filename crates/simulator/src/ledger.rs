//! What devices have promised: every stored edit, and where it is. An entry is in the outbox, or the server has it, or
//! another one took its place; it is never just gone.

use crate::oracle::{Oracle, POISON};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::outbox::{EntryDraft, EntryKind, OutboxEntry};
use tidemark_engine::page::Page;
use tidemark_engine::ports::{Delta, DeltaRows, Generation};
use tidemark_engine::settle::Settlement;
use tidemark_protocol::{DeviceId, EntityId, Epoch, Metric, OpId};
use tidemark_testkit::memory_store::Inside;

/// What was stored just now.
#[derive(Debug)]
pub enum Stored<'a> {
    /// A person's edits.
    Commit {
        /// The edits.
        drafts: &'a [EntryDraft],
        /// The marker of a packing.
        pack: Option<OpId>,
    },
    /// An import.
    Bulk {
        /// Its rows.
        rows: &'a [Metric],
        /// Its marker.
        marker: &'a EntryDraft,
    },
    /// What became of sent entries.
    Settle(&'a Settlement),
    /// A pulled page.
    Apply(&'a Delta),
    /// A new generation.
    Replace(&'a Generation),
    /// Two people who are one.
    Adopt(&'a PersonAdoption),
}

/// An entry that was stored.
#[derive(Clone, Debug)]
struct Promise {
    record: EntityId,
    kind: EntryKind,
    payload: String,
    order: u64,
    acknowledged: bool,
}

/// A device's part of the ledger.
#[derive(Debug, Default)]
struct DeviceLedger {
    ids: BTreeSet<DeviceId>,
    promises: HashMap<OpId, Promise>,
    waiting: BTreeSet<OpId>,
    /// Rows that came in bulk and that the server is not known to have.
    bulk: BTreeSet<EntityId>,
    /// The highest version held of each record, in this life of the server.
    versions: BTreeMap<EntityId, u64>,
    epoch: Option<Epoch>,
    head: u64,
    evictions: u32,
}

/// The promises of all devices.
#[derive(Debug, Default)]
pub struct Ledger {
    devices: Vec<DeviceLedger>,
    next_order: u64,
    /// How often an outbox was packed.
    pub packings: u64,
}

type Checked = Result<(), String>;

impl Ledger {
    fn device(&mut self, index: usize) -> &mut DeviceLedger {
        if self.devices.len() <= index {
            self.devices.resize_with(index + 1, DeviceLedger::default);
        }
        &mut self.devices[index]
    }

    /// Learns under which id a device is known.
    pub fn introduce(&mut self, index: usize, id: &DeviceId) {
        let device = self.device(index);
        if !device.ids.contains(id) {
            device.ids.insert(id.clone());
        }
    }

    /// The storage of a device was cleared: what it promised alone can't be kept.
    pub fn evict(&mut self, index: usize) {
        let device = self.device(index);
        let (ids, evictions) = (std::mem::take(&mut device.ids), device.evictions + 1);
        *device = DeviceLedger {
            ids,
            evictions,
            ..DeviceLedger::default()
        };
    }

    /// How often the storage of a device was cleared.
    pub fn evictions(&self, index: usize) -> u32 {
        self.devices.get(index).map_or(0, |device| device.evictions)
    }

    /// Devices that hold exactly this version of a record.
    pub fn holders(&self, record: EntityId, version: u64) -> Vec<(usize, u32)> {
        let holds = |device: &&DeviceLedger| device.versions.get(&record) == Some(&version);
        let devices = self.devices.iter().enumerate();
        devices
            .filter(|(_, device)| holds(device))
            .map(|(index, device)| (index, device.evictions))
            .collect()
    }

    /// Whether somebody has deleted a record.
    pub fn was_deleted(&self, record: EntityId) -> bool {
        let promises = self
            .devices
            .iter()
            .flat_map(|device| device.promises.values());
        promises
            .filter(|promise| promise.record == record)
            .any(|promise| promise.kind == EntryKind::DeleteMetric)
    }

    /// Whether a device has written this operation.
    pub fn knows(&self, id: &DeviceId, op: OpId, record: EntityId) -> bool {
        let Some(device) = self.devices.iter().find(|device| device.ids.contains(id)) else {
            return false;
        };
        device.promises.contains_key(&op)
            || op == OpId::for_bulk_create(record)
            || device.evictions > 0
    }

    /// Checks that an operation that takes effect was not sent before an earlier one of its record.
    pub fn check_lane(
        &self,
        id: &DeviceId,
        op: OpId,
        took_effect: impl Fn(OpId) -> bool,
    ) -> Checked {
        let Some(device) = self.devices.iter().find(|device| device.ids.contains(id)) else {
            return Ok(());
        };
        let Some(this) = device.promises.get(&op) else {
            return Ok(());
        };
        let overtaken = device.waiting.iter().find(|other| {
            let other_promise = &device.promises[*other];
            let same_lane = other_promise.record == this.record
                && other_promise.kind.entity() == this.kind.entity();
            same_lane
                && other_promise.kind != EntryKind::Bulk
                && other_promise.order < this.order
                && !took_effect(**other)
        });
        match overtaken {
            Some(other) => Err(format!(
                "order: {op} of record {} took effect before the earlier {other}",
                this.record
            )),
            None => Ok(()),
        }
    }

    /// Takes note of a change of a device's store.
    pub fn note(
        &mut self,
        index: usize,
        stored: &Stored<'_>,
        inside: Inside<'_>,
        oracle: &Oracle,
    ) -> Checked {
        match stored {
            Stored::Commit { drafts, pack } => {
                self.promise(index, drafts, inside);
                if let Some(marker) = pack {
                    self.pack(index, *marker, inside)?;
                }
                Ok(())
            }
            Stored::Bulk { rows, marker } => {
                self.promise(index, std::slice::from_ref(*marker), inside);
                let device = self.device(index);
                device.bulk.extend(
                    rows.iter()
                        .map(|row| row.id)
                        .filter(|id| is_unsent(inside, *id)),
                );
                Ok(())
            }
            Stored::Settle(settlement) => {
                self.device(index).end_all(settlement, inside, oracle)?;
                self.promise(index, &settlement.added, inside);
                self.device(index).settle(settlement, inside)
            }
            Stored::Apply(delta) => self.device(index).apply(delta, inside, oracle),
            Stored::Replace(generation) => self.device(index).replace(generation, inside),
            Stored::Adopt(adoption) => {
                self.device(index).adopt(adoption, inside);
                Ok(())
            }
        }
    }

    /// Entries come in, or come back with a new place in the queue.
    fn promise(&mut self, index: usize, drafts: &[EntryDraft], inside: Inside<'_>) {
        for draft in drafts
            .iter()
            .filter(|draft| inside.outbox.contains_key(&draft.op_id))
        {
            self.next_order += 1;
            let order = self.next_order;
            let device = self.device(index);
            if device.waiting.contains(&draft.op_id) {
                continue;
            }
            let acknowledged = device
                .promises
                .get(&draft.op_id)
                .is_some_and(|known| known.acknowledged);
            let (record, kind, payload) = (draft.entity_id, draft.kind, draft.payload.clone());
            let promise = Promise {
                record,
                kind,
                payload,
                order,
                acknowledged,
            };
            device.promises.insert(draft.op_id, promise);
            device.waiting.insert(draft.op_id);
        }
    }

    fn pack(&mut self, index: usize, marker: OpId, inside: Inside<'_>) -> Checked {
        let Some(entry) = inside.outbox.get(&marker) else {
            return Ok(());
        };
        self.packings += 1;
        self.next_order += 1;
        let order = self.next_order;
        self.device(index).pack(marker, entry, order, inside)
    }

    /// Notes that a person was told "saved".
    pub fn acknowledge(&mut self, index: usize, ops: &[OpId]) -> Checked {
        let device = self.device(index);
        for op in ops {
            match device.promises.get_mut(op) {
                Some(promise) => promise.acknowledged = true,
                None if device.evictions > 0 => {}
                None => {
                    return Err(format!(
                        "I1: device {index} says saved, but {op} was never stored"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Looks whether every promise is where it must be.
    pub fn audit(&mut self, index: usize, inside: Inside<'_>) -> Checked {
        self.device(index)
            .audit(inside)
            .map_err(|what| format!("device {index}: {what}"))
    }

    /// Looks, at the end, whether nothing waits that is not parked and refused for good.
    pub fn check_drained(&self, index: usize, inside: Inside<'_>) -> Checked {
        match stuck(inside) {
            Some(entry) => Err(format!(
                "I9: device {index} still holds {:?} {} ({:?} tries, {:?})",
                entry.kind, entry.op_id, entry.retry_count, entry.last_error
            )),
            None => Ok(()),
        }
    }
}

impl DeviceLedger {
    fn audit(&self, inside: Inside<'_>) -> Checked {
        for op in &self.waiting {
            let promise = &self.promises[op];
            let Some(entry) = inside.outbox.get(op) else {
                let saved = if promise.acknowledged {
                    "shown as saved"
                } else {
                    "stored"
                };
                return Err(format!(
                    "I1/I10: {:?} {op} of {}, {saved}, is gone",
                    promise.kind, promise.record
                ));
            };
            if entry.payload != promise.payload {
                return Err(format!(
                    "entry {op} says something else than when it was written"
                ));
            }
            if entry.parked && !entry.payload.contains(POISON) {
                return Err(format!(
                    "I10: {:?} {op} is parked for {:?}",
                    entry.kind, entry.last_error
                ));
            }
        }
        self.audit_bulk(inside)
    }

    fn audit_bulk(&self, inside: Inside<'_>) -> Checked {
        if self.bulk.is_empty() {
            return Ok(());
        }
        let marked: BTreeSet<_> = inside
            .outbox
            .values()
            .flat_map(OutboxEntry::bulk_pages)
            .collect();
        for page in inside
            .pages
            .values()
            .filter(|page| !marked.contains(&page.key))
        {
            if let Some(row) = page.rows.iter().find(|row| row.unsent) {
                return Err(format!(
                    "I10: imported row {} waits and nothing stands for it",
                    row.metric.id
                ));
            }
        }
        let held: BTreeSet<EntityId> = inside.pages.values().flat_map(Page::ids).collect();
        let missing = self.bulk.iter().find(|id| !held.contains(*id));
        missing.map_or(Ok(()), |id| Err(format!("I1: imported row {id} is gone")))
    }

    /// Entries leave.
    fn end_all(&mut self, settlement: &Settlement, inside: Inside<'_>, oracle: &Oracle) -> Checked {
        let ended: Vec<OpId> = settlement
            .done
            .iter()
            .filter(|op| self.waiting.contains(*op))
            .copied()
            .collect();
        for op in ended {
            self.check_end(op, settlement, inside, oracle)?;
            self.waiting.remove(&op);
        }
        Ok(())
    }

    /// An entry that leaves: the server must have it, or another must stand for it.
    fn check_end(
        &self,
        op: OpId,
        settlement: &Settlement,
        inside: Inside<'_>,
        oracle: &Oracle,
    ) -> Checked {
        let promise = &self.promises[&op];
        let replaced = settlement
            .added
            .iter()
            .any(|draft| draft.entity_id == promise.record);
        if replaced
            || promise.kind == EntryKind::Bulk
            || self.is_moot(promise.record, settlement, oracle)
        {
            return Ok(());
        }
        let what = format!("{:?} {op} of {}", promise.kind, promise.record);
        if !oracle.ever_took_effect(op) {
            return Err(format!(
                "I1: {what} left the outbox, but the server never took it"
            ));
        }
        let epoch = inside.state.and_then(|state| state.epoch.as_ref());
        if !oracle.took_effect(op) && epoch == oracle.epoch() {
            return Err(format!(
                "I1: {what} left the outbox with an answer of a lost life of the server"
            ));
        }
        Ok(())
    }

    /// Edits that end in a deletion of a record which the server does not have say nothing to it.
    fn is_moot(&self, record: EntityId, settlement: &Settlement, oracle: &Oracle) -> bool {
        let deletes = |op: &OpId| {
            let promise = self.promises.get(op);
            promise.is_some_and(|promise| {
                promise.record == record && promise.kind == EntryKind::DeleteMetric
            })
        };
        settlement.done.iter().any(deletes) && oracle.rows().all(|row| row.id != record)
    }

    fn settle(&mut self, settlement: &Settlement, inside: Inside<'_>) -> Checked {
        for id in &settlement.cleared {
            self.bulk.remove(id);
            self.versions.remove(id);
        }
        self.hold(&settlement.rows, inside)
    }

    fn apply(&mut self, delta: &Delta, inside: Inside<'_>, oracle: &Oracle) -> Checked {
        let state = inside.state.ok_or("a pull was stored without a state")?;
        if self.epoch.as_ref() == Some(&delta.epoch) && state.head < self.head {
            return Err(format!(
                "I5: the cursor went back from {} to {}",
                self.head, state.head
            ));
        }
        self.epoch = Some(delta.epoch.clone());
        self.head = state.head;
        let DeltaRows::Metrics(rows) = &delta.rows else {
            return Ok(());
        };
        self.hold(rows, inside)?;
        if delta.has_more || oracle.epoch() != Some(&delta.epoch) {
            return Ok(());
        }
        self.check_complete(delta.head, oracle)
    }

    /// I5: a cursor at `head` means that everything up to it is here.
    fn check_complete(&self, head: u64, oracle: &Oracle) -> Checked {
        for row in oracle.rows().filter(|row| row.version <= head) {
            let held = self.versions.get(&row.id).copied();
            let fine = match row.deleted_at {
                None => held.is_some_and(|held| held >= row.version),
                Some(_) => held.is_none_or(|held| held >= row.version),
            };
            if !fine {
                let deleted = if row.deleted_at.is_some() {
                    " (deleted)"
                } else {
                    ""
                };
                return Err(format!(
                    "I5: the cursor is at {head}, but of {} version {}{deleted} only {held:?} is here",
                    row.id, row.version
                ));
            }
        }
        Ok(())
    }

    fn replace(&mut self, generation: &Generation, inside: Inside<'_>) -> Checked {
        let newer: Vec<(EntityId, u64)> = if self.epoch.as_ref() == Some(&generation.epoch) {
            self.versions
                .iter()
                .map(|(id, version)| (*id, *version))
                .filter(|(_, version)| *version > generation.head)
                .collect()
        } else {
            Vec::new()
        };
        self.epoch = Some(generation.epoch.clone());
        self.head = generation.head;
        self.versions = versions_of(inside);
        let missing = newer
            .iter()
            .find(|(id, version)| self.versions.get(id).is_none_or(|held| held < version));
        match missing {
            Some((id, version)) => Err(format!(
                "I6: version {version} of {id} was shown and went with a resync"
            )),
            None => Ok(()),
        }
    }

    /// Rows came: each is held at its version or a higher one, and no other went back.
    fn hold(&mut self, rows: &[Metric], inside: Inside<'_>) -> Checked {
        let now = versions_of(inside);
        let known_better = |held: u64, id: &EntityId| now.get(id).is_some_and(|now| *now >= held);
        if let Some(row) = rows.iter().find(|row| !known_better(row.version, &row.id)) {
            return Err(format!(
                "I6: version {} of {} was answered, but {:?} is held",
                row.version,
                row.id,
                now.get(&row.id)
            ));
        }
        if let Some((id, held)) = self
            .versions
            .iter()
            .find(|(id, held)| !known_better(**held, id))
        {
            return Err(format!(
                "I6: {id} went back from version {held} to {:?}",
                now.get(id)
            ));
        }
        self.bulk.retain(|id| now.get(id) == Some(&0));
        self.versions = now;
        Ok(())
    }

    fn pack(
        &mut self,
        marker: OpId,
        entry: &OutboxEntry,
        order: u64,
        inside: Inside<'_>,
    ) -> Checked {
        let gone: Vec<OpId> = self
            .waiting
            .iter()
            .filter(|op| !inside.outbox.contains_key(*op))
            .copied()
            .collect();
        for op in &gone {
            let promise = &self.promises[op];
            let lives = is_unsent(inside, promise.record);
            let ends_deleted = gone.iter().any(|other| {
                let other = &self.promises[other];
                other.record == promise.record && other.kind == EntryKind::DeleteMetric
            });
            if !(lives || ends_deleted) {
                return Err(format!("I1: packing lost {op} of {}", promise.record));
            }
        }
        for op in gone {
            let record = self.promises[&op].record;
            self.waiting.remove(&op);
            if is_unsent(inside, record) {
                self.bulk.insert(record);
            }
        }
        let (record, kind, payload) = (entry.entity_id, entry.kind, entry.payload.clone());
        self.promises.insert(
            marker,
            Promise {
                record,
                kind,
                payload,
                order,
                acknowledged: true,
            },
        );
        self.waiting.insert(marker);
        Ok(())
    }

    fn adopt(&mut self, adoption: &PersonAdoption, inside: Inside<'_>) {
        let waiting: Vec<OpId> = self.waiting.iter().copied().collect();
        for op in waiting {
            // What the account knows of the person goes before what this device said of them.
            let describes = |promise: &Promise| {
                promise.kind.entity() == "user" && promise.record == adoption.ours
            };
            match (inside.outbox.get(&op), self.promises.get_mut(&op)) {
                (Some(entry), Some(promise)) => {
                    promise.payload.clone_from(&entry.payload);
                    promise.record = entry.entity_id;
                    promise.kind = entry.kind;
                }
                (None, Some(promise)) if describes(promise) => drop(self.waiting.remove(&op)),
                _ => {}
            }
        }
    }
}

/// An entry that should have gone: not parked, and not behind one that is.
pub fn stuck(inside: Inside<'_>) -> Option<&OutboxEntry> {
    let parked: Vec<_> = inside
        .outbox
        .values()
        .filter(|entry| entry.parked)
        .map(|entry| (entry.lane(), entry.seq))
        .collect();
    let is_held = |entry: &&OutboxEntry| {
        let mut before = parked.iter().filter(|(lane, _)| *lane == entry.lane());
        before.any(|(_, seq)| *seq <= entry.seq)
    };
    inside.outbox.values().find(|entry| !is_held(entry))
}

fn is_unsent(inside: Inside<'_>, id: EntityId) -> bool {
    inside
        .pages
        .values()
        .flat_map(|page| &page.rows)
        .any(|row| row.unsent && row.metric.id == id)
}

fn versions_of(inside: Inside<'_>) -> BTreeMap<EntityId, u64> {
    let mut versions = BTreeMap::new();
    for page in inside.pages.values() {
        versions.extend(
            page.rows
                .iter()
                .map(|row| (row.metric.id, row.metric.version)),
        );
        versions.extend(page.tombstones.iter().map(|gone| (gone.id, gone.version)));
    }
    versions
}
