//! What devices have promised: every stored edit, and where it is. An entry is in the outbox, or the server has it, or
//! another one took its place; it is never just gone.

mod device;

use crate::oracle::Oracle;
use device::is_unsent;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::outbox::{EntryDraft, EntryKind, OutboxEntry};
use tidemark_engine::ports::{Delta, Generation};
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
    /// Its first place in the queue: what is queued anew may meet a late copy of itself.
    first: u64,
    acknowledged: bool,
}

/// A device's part of the ledger.
#[derive(Debug, Default)]
struct DeviceLedger {
    ids: BTreeSet<DeviceId>,
    promises: HashMap<OpId, Promise>,
    waiting: BTreeSet<OpId>,
    /// Entries that were rightly parked when they were; what came since may say otherwise.
    rightly_parked: BTreeSet<OpId>,
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
    /// Whether homes may sync at once: then a row may go for a moment with a resync and come again.
    has_no_lock: bool,
    /// How often an outbox was packed.
    pub packings: u64,
}

type Checked = Result<(), String>;

impl Ledger {
    /// An empty ledger.
    pub fn new(has_no_lock: bool) -> Self {
        Self {
            has_no_lock,
            ..Self::default()
        }
    }

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
                && other_promise.first < this.first
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
            Stored::Replace(generation) => {
                let may_miss = self.has_no_lock;
                self.device(index).replace(generation, inside, may_miss)
            }
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
            let known = device.promises.get(&draft.op_id);
            let acknowledged = known.is_some_and(|known| known.acknowledged);
            let first = known.map_or(order, |known| known.first);
            let (record, kind, payload) = (draft.entity_id, draft.kind, draft.payload.clone());
            let promise = Promise {
                record,
                kind,
                payload,
                order,
                first,
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
}

/// Looks, at the end, whether nothing waits that is not parked and refused for good.
pub fn check_drained(index: usize, inside: Inside<'_>) -> Checked {
    match stuck(inside) {
        Some(entry) => Err(format!(
            "I9: device {index} still holds {:?} {} ({:?} tries, {:?})",
            entry.kind, entry.op_id, entry.retry_count, entry.last_error
        )),
        None => Ok(()),
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
