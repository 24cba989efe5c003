//! One device's part of the ledger.

use super::{Checked, DeviceLedger, Promise};
use crate::oracle::{Oracle, POISON};
use std::collections::{BTreeMap, BTreeSet};
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::outbox::{EntryKind, OutboxEntry};
use tidemark_engine::page::Page;
use tidemark_engine::ports::{Delta, DeltaRows, Generation};
use tidemark_engine::settle::Settlement;
use tidemark_protocol::{EntityId, Metric, OpId};
use tidemark_testkit::memory_store::Inside;

impl DeviceLedger {
    pub(super) fn audit(&mut self, inside: Inside<'_>) -> Checked {
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
            if !entry.parked {
                self.rightly_parked.remove(op);
            } else if is_rightly_parked(entry, inside) {
                self.rightly_parked.insert(*op);
            } else if !self.rightly_parked.contains(op) {
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
    pub(super) fn end_all(
        &mut self,
        settlement: &Settlement,
        inside: Inside<'_>,
        oracle: &Oracle,
    ) -> Checked {
        let ended: Vec<OpId> = settlement
            .done
            .iter()
            .filter(|op| self.waiting.contains(*op))
            .copied()
            .collect();
        let held = versions_of(inside);
        for op in ended {
            if !self.is_replaced(op, settlement, oracle) {
                self.check_taken(op, inside, oracle)?;
                self.check_row(op, &held, inside, oracle)?;
            }
            self.waiting.remove(&op);
        }
        Ok(())
    }

    /// Whether another entry stands for one that leaves, or there was nothing to say.
    fn is_replaced(&self, op: OpId, settlement: &Settlement, oracle: &Oracle) -> bool {
        let promise = &self.promises[&op];
        let mut added = settlement.added.iter();
        added.any(|draft| draft.entity_id == promise.record || draft.op_id == op)
            || promise.kind == EntryKind::Bulk
            || self.is_moot(promise.record, settlement, oracle)
    }

    /// An entry that leaves: the server must have it.
    fn check_taken(&self, op: OpId, inside: Inside<'_>, oracle: &Oracle) -> Checked {
        let promise = &self.promises[&op];
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

    /// An entry leaves in the transaction that stores its answer: the row that it left is here.
    fn check_row(
        &self,
        op: OpId,
        held: &BTreeMap<EntityId, u64>,
        inside: Inside<'_>,
        oracle: &Oracle,
    ) -> Checked {
        let record = self.promises[&op].record;
        let epoch = inside.state.and_then(|state| state.epoch.as_ref());
        let due = oracle.version_due(op, record);
        let Some(version) = due.filter(|_| epoch == oracle.epoch()) else {
            return Ok(());
        };
        match held.get(&record) {
            Some(held) if *held >= version => Ok(()),
            held => Err(format!(
                "I2: {op} of {record} left the outbox, but of version {version} only {held:?} is here"
            )),
        }
    }

    /// Edits that end in a deletion of a record which the server does not have say nothing to it.
    fn is_moot(&self, record: EntityId, settlement: &Settlement, oracle: &Oracle) -> bool {
        let deletes = |op: &OpId| {
            let promise = self.promises.get(op);
            promise.is_some_and(|promise| {
                promise.record == record && promise.kind == EntryKind::DeleteMetric
            })
        };
        settlement.done.iter().any(deletes) && oracle.lacked(record)
    }

    pub(super) fn settle(&mut self, settlement: &Settlement, inside: Inside<'_>) -> Checked {
        for id in &settlement.cleared {
            self.bulk.remove(id);
            self.versions.remove(id);
        }
        self.hold(&settlement.rows, inside)
    }

    pub(super) fn apply(&mut self, delta: &Delta, inside: Inside<'_>, oracle: &Oracle) -> Checked {
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
            let known = self.versions.get(&row.id).copied();
            let fine = match row.deleted_at {
                None => known.is_some_and(|known| known >= row.version),
                // A first pull leaves deletions out; an imported row learns of it when it is sent.
                Some(_) => known.is_none_or(|known| known == 0 || known >= row.version),
            };
            if !fine {
                let deleted = if row.deleted_at.is_some() {
                    " (deleted)"
                } else {
                    ""
                };
                return Err(format!(
                    "I5: the cursor is at {head}, but of {} version {}{deleted} only {known:?} is here",
                    row.id, row.version
                ));
            }
        }
        Ok(())
    }

    pub(super) fn replace(
        &mut self,
        generation: &Generation,
        inside: Inside<'_>,
        may_miss: bool,
    ) -> Checked {
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
            Some((id, version)) if !may_miss => Err(format!(
                "I6: version {version} of {id} was shown and went with a resync"
            )),
            _ => Ok(()),
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

    pub(super) fn pack(
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
                first: order,
                acknowledged: true,
            },
        );
        self.waiting.insert(marker);
        Ok(())
    }

    pub(super) fn adopt(&mut self, adoption: &PersonAdoption, inside: Inside<'_>) {
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

/// An entry waits for a person if the server must refuse it: a poisoned one, a part of a row that nobody has any more,
/// an offer of a row that meanwhile belongs to another person.
fn is_rightly_parked(entry: &OutboxEntry, inside: Inside<'_>) -> bool {
    let error = entry.last_error.as_ref();
    let is_held = |record| {
        let mut pages = inside.pages.values();
        pages.any(|page| page.rows.iter().any(|row| row.metric.id == record))
    };
    entry.payload.contains(POISON)
        || error.is_some_and(|error| match error.code.as_str() {
            "unknown_metric" | "missing_field" => !is_held(entry.entity_id),
            "invalid_field" => error.field.as_deref() == Some("user_id"),
            _ => false,
        })
}

pub(super) fn is_unsent(inside: Inside<'_>, id: EntityId) -> bool {
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
