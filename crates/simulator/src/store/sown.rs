//! Bugs of a device's store.

use super::SimStore;
use crate::bugs::Bug;
use crate::ledger::Stored;
use tidemark_engine::outbox::{EntryDraft, EntryKind, LastError, OutboxEntry};
use tidemark_engine::ports::{Applied, Delta, DeltaRows, Generation};
use tidemark_engine::settle::Settlement;
use tidemark_engine::{Store, StoreError};
use tidemark_protocol::{DeviceId, Metric, OpId};
use tidemark_testkit::MemoryStore;
use tidemark_testkit::fakes::run;

/// Attempts after which the bug of that name drops an entry.
const ATTEMPTS_MAX: u32 = 5;
/// Age in milliseconds after which the bug of that name drops an entry.
const AGE_MS_MAX: i64 = 7 * 86_400_000;

impl SimStore {
    fn has(&self, bug: Bug) -> bool {
        self.world.has(bug)
    }

    /// Removes entries behind everybody's back.
    pub(super) fn remove(memory: &MemoryStore, done: Vec<OpId>) {
        let settlement = Settlement {
            done,
            ..Settlement::default()
        };
        drop(run(memory.settle(&settlement)));
    }

    fn remove_where(memory: &MemoryStore, which: impl Fn(&OutboxEntry) -> bool) {
        let done = memory.look(|inside| {
            let chosen = inside.outbox.values().filter(|entry| which(entry));
            chosen.map(|entry| entry.op_id).collect()
        });
        Self::remove(memory, done);
    }

    /// Says "saved", then stores.
    pub(super) fn commit_early(
        &self,
        drafts: &[EntryDraft],
        pack: Option<OpId>,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        let entries = run(self.memory().fork().commit(drafts, pack))?;
        let (world, device) = (
            std::rc::Rc::clone(&self.world),
            std::rc::Rc::clone(&self.device),
        );
        let (store, drafts_later) = (SimStore::new((world, device), self.home), drafts.to_vec());
        let turn = std::rc::Rc::new(std::cell::Cell::new(self.world.reactor.now_ms() + 20));
        self.world.orders.spawn(self.home, turn, async move {
            drop(run(store.memory().commit(&drafts_later, pack)));
        });
        let memory = self.memory();
        let oracle = self.world.oracle.borrow();
        let stored = Stored::Commit { drafts, pack: None };
        let told = memory.look(|inside| {
            self.world
                .ledger
                .borrow_mut()
                .note(self.device.index, &stored, inside, &oracle)
        });
        self.world.check(told);
        self.after(true);
        Ok(entries)
    }

    pub(super) fn sown_before_commit(&self, memory: &MemoryStore, drafts: &[EntryDraft]) {
        if self.has(Bug::EditReplacesWaiting) {
            let records: Vec<_> = drafts
                .iter()
                .filter(|draft| draft.kind.is_metric())
                .map(|draft| draft.entity_id)
                .collect();
            let ops: Vec<_> = drafts.iter().map(|draft| draft.op_id).collect();
            Self::remove_where(memory, |entry| {
                entry.kind.is_metric()
                    && records.contains(&entry.entity_id)
                    && !ops.contains(&entry.op_id)
            });
        }
    }

    pub(super) fn sown_after_commit(&self, memory: &MemoryStore, pack: Option<OpId>) {
        let packed = pack.filter(|marker| memory.look(|inside| inside.outbox.contains_key(marker)));
        if let (Bug::PackForgets, Some(marker)) = (self.world.bug.unwrap_or(Bug::NoDedupe), packed)
        {
            Self::remove(memory, vec![marker]);
        }
    }

    /// The queue as a buggy reader sees it; some of them clean up while they read.
    pub(super) fn sown_outbox(&self, mut entries: Vec<OutboxEntry>) -> Vec<OutboxEntry> {
        let now = self.device.now(&self.world);
        let memory = self.memory();
        match self.world.bug {
            Some(Bug::OrderByClock) => entries.sort_by_key(|entry| entry.created_at),
            Some(Bug::ParkedBlocksAll) if entries.iter().any(|entry| entry.parked) => {
                entries.retain(|entry| entry.parked);
            }
            Some(Bug::RetryLimit) => {
                Self::remove_where(&memory, |entry| entry.retry_count > ATTEMPTS_MAX);
                self.after(true);
            }
            Some(Bug::AgeLimit) => {
                Self::remove_where(&memory, |entry| {
                    now.millis_since(entry.created_at) > AGE_MS_MAX
                });
                self.after(true);
            }
            _ => {}
        }
        entries
    }

    pub(super) fn sown_settlement(&self, mut settlement: Settlement) -> Settlement {
        let names =
            |list: &[(OpId, LastError)]| -> Vec<OpId> { list.iter().map(|(op, _)| *op).collect() };
        match self.world.bug {
            Some(Bug::SettleForgetsRows) => settlement.rows.clear(),
            Some(Bug::DropOnFailure) => settlement.done.extend(names(&settlement.failed)),
            Some(Bug::DropOnRejection) => settlement.done.extend(names(&settlement.parked)),
            _ => {}
        }
        settlement
    }

    /// Settles in the twin, and tells the checker what the engine meant.
    pub(super) fn settle_in(
        &self,
        memory: &MemoryStore,
        settlement: &Settlement,
    ) -> Result<bool, StoreError> {
        if !run(memory.settle(settlement))? {
            return Ok(false);
        }
        self.tell(&Stored::Settle(settlement));
        if self.has(Bug::PushMovesCursor) && !settlement.rows.is_empty() {
            self.move_cursor(memory);
        }
        Ok(true)
    }

    /// Puts the cursor at the server's head, as if everything up to the pushed row had been pulled.
    fn move_cursor(&self, memory: &MemoryStore) {
        let Some(device) = memory.look(|inside| inside.state.map(|state| state.device_id.clone()))
        else {
            return;
        };
        let Some((cursor, head, epoch)) = self
            .world
            .server
            .head_cursor(self.world.true_now(), &device)
        else {
            return;
        };
        let from = memory.look(|inside| inside.state.and_then(|state| state.cursor.clone()));
        let rows = DeltaRows::Metrics(Vec::new());
        let delta = Delta {
            rows,
            from,
            next: cursor,
            head,
            epoch,
            has_more: false,
        };
        if matches!(run(memory.apply(&delta)), Ok(Applied::Stored { .. })) {
            self.tell(&Stored::Apply(&delta));
        }
    }

    pub(super) async fn settle_in_two(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let first = Settlement {
            rows: Vec::new(),
            ..settlement.clone()
        };
        let second = Settlement {
            rows: settlement.rows.clone(),
            ..Settlement::at(settlement.at)
        };
        let is_stored = self
            .operate(true, |memory| self.settle_in(memory, &first))
            .await?;
        if !is_stored {
            return Ok(false);
        }
        self.acknowledge(settlement.added.iter().map(|draft| draft.op_id));
        self.operate(true, |memory| run(memory.settle(&second)))
            .await
    }

    pub(super) async fn apply_in_two(&self, delta: &Delta) -> Result<Applied, StoreError> {
        let rows = match &delta.rows {
            DeltaRows::Metrics(rows) => rows.clone(),
            DeltaRows::Users(..) => {
                return self.operate(true, |memory| run(memory.apply(delta))).await;
            }
        };
        let empty = Delta {
            rows: DeltaRows::Metrics(Vec::new()),
            ..delta.clone()
        };
        let applied = self
            .operate(true, |memory| run(memory.apply(&empty)))
            .await?;
        if applied != Applied::CursorMoved {
            let settlement = Settlement {
                rows,
                ..Settlement::default()
            };
            self.operate(true, |memory| run(memory.settle(&settlement)))
                .await?;
            self.tell(&Stored::Apply(delta));
        }
        Ok(applied)
    }

    pub(super) fn sown_apply(
        &self,
        memory: &MemoryStore,
        delta: &Delta,
    ) -> Result<Applied, StoreError> {
        let state = memory.look(|inside| inside.state.cloned());
        let current = state
            .as_ref()
            .and_then(|state| state.cursor_of(&delta.rows).cloned());
        match (self.world.bug, &delta.rows) {
            (Some(Bug::CursorUnchecked), _) => run(memory.apply(&Delta {
                from: current,
                ..delta.clone()
            })),
            (Some(Bug::OlderOverNewer), DeltaRows::Metrics(rows)) if current != delta.from => {
                Self::force(memory, rows);
                self.tell(&Stored::Settle(&Settlement {
                    rows: rows.clone(),
                    ..Settlement::default()
                }));
                Ok(Applied::CursorMoved)
            }
            (Some(Bug::PullOverPending), DeltaRows::Metrics(rows)) => {
                let applied = run(memory.apply(delta))?;
                Self::remove_where(memory, |entry| {
                    entry.kind.is_metric() && rows.iter().any(|row| row.id == entry.entity_id)
                });
                Ok(applied)
            }
            _ => run(memory.apply(delta)),
        }
    }

    /// Puts rows in place whatever their version.
    fn force(memory: &MemoryStore, rows: &[Metric]) {
        let generation = memory.look(|inside| {
            let state = inside.state?;
            let held = inside
                .pages
                .values()
                .flat_map(|page| &page.rows)
                .filter(|row| !row.unsent);
            let kept = held
                .map(|row| row.metric.clone())
                .filter(|held| rows.iter().all(|row| row.id != held.id));
            Some(Generation {
                metrics: kept.chain(rows.iter().cloned()).collect(),
                users: inside.users.values().cloned().collect(),
                app_model: inside.app_model.clone(),
                cursor: state.cursor.clone()?,
                users_cursor: state.users_cursor.clone()?,
                head: state.head,
                epoch: state.epoch.clone()?,
            })
        });
        if let Some(generation) = generation {
            drop(run(memory.replace_all(&generation)));
        }
    }

    pub(super) fn sown_after_resync(&self, memory: &MemoryStore, before: &MemoryStore) {
        if self.has(Bug::ResyncDropsUnsent) {
            Self::remove_where(memory, |entry| entry.kind != EntryKind::CreateUser);
        }
        if self.has(Bug::ResyncKeepsStale) {
            let rows = before.look(|inside| {
                let rows = inside
                    .pages
                    .values()
                    .flat_map(|page| &page.rows)
                    .filter(|row| !row.unsent);
                rows.map(|row| row.metric.clone()).collect()
            });
            drop(run(memory.settle(&Settlement {
                rows,
                ..Settlement::default()
            })));
        }
    }

    /// Clears the storage, as far as a buggy app lets it go.
    pub fn clear(device: &crate::device::Device, keeps_cursor: bool) {
        let old = device.store.replace(MemoryStore::default());
        let state = old.look(|inside| inside.state.cloned());
        let (Some(state), true) = (state, keeps_cursor) else {
            return;
        };
        let fresh = device.store.borrow().clone();
        let id = DeviceId::parse("cleared").expect("a fit id");
        drop(run(fresh.load(&id)));
        if let (Some(next), Some(epoch)) = (state.cursor, state.epoch) {
            let rows = DeltaRows::Metrics(Vec::new());
            let delta = Delta {
                rows,
                from: None,
                next,
                head: state.head,
                epoch,
                has_more: false,
            };
            drop(run(fresh.apply(&delta)));
        }
    }
}
