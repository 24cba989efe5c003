//! The device's store as a browser gives it: the twin in memory behind delays, aborts, broken connections, a full disk
//! and cleared storage. After each change the checker looks at what lies there.

mod sown;

use crate::bugs::Bug;
use crate::device::Device;
use crate::executor::HomeId;
use crate::faults::Fault;
use crate::ledger::Stored;
use crate::world::World;
use std::rc::Rc;
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::imports::ImportNote;
use tidemark_engine::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use tidemark_engine::page::{Page, PageKey};
use tidemark_engine::ports::{Applied, Delta, Generation, HistoryReading, ProfileReading, Window};
use tidemark_engine::proof::Healing;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::{Conflict, StateChange, SyncLogLine, SyncState};
use tidemark_engine::{Store, StoreError, Trigger};
use tidemark_protocol::{DeviceId, EntityId, Metric, OpId};
use tidemark_testkit::MemoryStore;
use tidemark_testkit::fakes::run;
use tidemark_testkit::memory_store::Inside;

/// Times that the adapter tries again on a fresh connection.
const RECONNECTS: u32 = 2;
/// The longest that a slow store takes, in milliseconds.
const SLOW_MS_MAX: i64 = 9_000;

/// A home's handle on the store of its device.
#[derive(Debug)]
pub struct SimStore {
    world: Rc<World>,
    device: Rc<Device>,
    home: HomeId,
}

/// How an operation goes.
enum Course {
    Smooth,
    Fails(StoreError),
    BreaksDone,
    BreaksUndone,
}

impl SimStore {
    /// A handle for a home.
    pub fn new((world, device): (Rc<World>, Rc<Device>), home: HomeId) -> Self {
        Self {
            world,
            device,
            home,
        }
    }

    fn memory(&self) -> MemoryStore {
        self.device.store.borrow().clone()
    }

    fn course(&self, writes: bool) -> Course {
        let world = &self.world;
        if writes && self.device.is_full.get() && world.storming.get() {
            world.note(Fault::Quota);
            return Course::Fails(StoreError::QuotaExceeded);
        }
        if !(world.storming.get() && world.chance.happens(world.plan.rates.store)) {
            return Course::Smooth;
        }
        match world.chance.below(4) {
            0 => {
                world.note(Fault::Aborted);
                Course::Fails(StoreError::Unavailable("AbortError".to_owned()))
            }
            1 => {
                world.note(Fault::ConnectionLost);
                Course::BreaksUndone
            }
            2 => {
                world.note(Fault::ConnectionLostDone);
                Course::BreaksDone
            }
            _ => Course::Smooth,
        }
    }

    /// Runs an operation of the twin the way a browser would. `work` may run more than once: after a broken connection
    /// the adapter calls again, not knowing whether it was done.
    async fn operate<T>(
        &self,
        writes: bool,
        work: impl Fn(&MemoryStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let world = &self.world;
        let slow = world.strikes(world.plan.rates.store / 4, Fault::SlowStore);
        world
            .pause(if slow {
                world.chance.between(100, SLOW_MS_MAX)
            } else {
                world.chance.between(0, 2)
            })
            .await;
        for _ in 0..=RECONNECTS {
            match self.course(writes) {
                Course::Smooth => {
                    let result = work(&self.memory());
                    self.after(writes);
                    world.pause(world.chance.between(0, 1)).await;
                    return result;
                }
                Course::Fails(error) if world.has(Bug::AbortSwallowed) && writes => {
                    return self.pretend(&work).ok_or(error);
                }
                Course::Fails(error) => return Err(self.failed(error)),
                Course::BreaksDone => {
                    drop(work(&self.memory()));
                    self.after(writes);
                }
                Course::BreaksUndone => {}
            }
            world.pause(world.chance.between(1, 50)).await;
        }
        Err(self.failed(StoreError::Unavailable("InvalidStateError".to_owned())))
    }

    /// Where the store fails, what the server asked for may not be kept.
    fn failed(&self, error: StoreError) -> StoreError {
        self.device.quiet_until_ms.set(0);
        error
    }

    /// What the operation would have answered, without its effect.
    fn pretend<T>(&self, work: impl Fn(&MemoryStore) -> Result<T, StoreError>) -> Option<T> {
        work(&self.memory().fork()).ok()
    }

    /// The checker looks at what lies there after a change.
    fn after(&self, writes: bool) {
        if writes {
            let index = self.device.index;
            let audit = |inside: Inside<'_>| self.world.ledger.borrow_mut().audit(index, inside);
            self.world.check(self.memory().look(audit));
        }
    }

    fn tell(&self, stored: &Stored<'_>) {
        self.world.say(format_args!(
            "device {} {:?} stores {stored:?}",
            self.device.index, self.home
        ));
        let index = self.device.index;
        let oracle = self.world.oracle.borrow();
        let told = self.memory().look(|inside| {
            self.world
                .ledger
                .borrow_mut()
                .note(index, stored, inside, &oracle)
        });
        self.world.check(told);
    }

    /// The page tells the others that something was saved.
    fn tell_others(&self) {
        for home in self.device.homes.borrow().iter() {
            if home.id != self.home {
                home.nudge(&self.world, Trigger::LocalWrite);
            }
        }
    }

    fn acknowledge(&self, ops: impl Iterator<Item = OpId>) {
        let ops: Vec<OpId> = ops.collect();
        self.world
            .writes
            .set(self.world.writes.get() + ops.len() as u64);
        self.world
            .trace
            .mix(&[self.home.0 as u64, ops.len() as u64]);
        let told = self
            .world
            .ledger
            .borrow_mut()
            .acknowledge(self.device.index, &ops);
        self.world.check(told);
    }
}

impl Store for SimStore {
    async fn load(&self, fresh: &DeviceId) -> Result<SyncState, StoreError> {
        let state = self
            .operate(false, |memory| run(memory.load(fresh)))
            .await?;
        self.world
            .ledger
            .borrow_mut()
            .introduce(self.device.index, &state.device_id);
        Ok(state)
    }

    async fn commit(
        &self,
        drafts: &[EntryDraft],
        pack: Option<OpId>,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        if self.world.has(Bug::AcknowledgeBeforeComplete) {
            return self.commit_early(drafts, pack);
        }
        let entries = self
            .operate(true, |memory| {
                self.sown_before_commit(memory, drafts);
                let entries = run(memory.commit(drafts, pack))?;
                self.tell(&Stored::Commit { drafts, pack });
                self.sown_after_commit(memory, pack);
                Ok(entries)
            })
            .await?;
        self.acknowledge(drafts.iter().map(|draft| draft.op_id));
        self.tell_others();
        Ok(entries)
    }

    async fn commit_plain(&self, plain: &PlainEdit) -> Result<bool, StoreError> {
        let drafts = std::slice::from_ref(&plain.edit);
        if self.world.has(Bug::AcknowledgeBeforeComplete) {
            let holds = run(self.memory().fork().commit_plain(plain))?;
            return if holds {
                self.commit_early(drafts, None).map(|_| true)
            } else {
                Ok(false)
            };
        }
        let is_stored = self
            .operate(true, |memory| {
                let is_stored = run(memory.commit_plain(plain))?;
                if is_stored {
                    self.sown_before_commit(memory, drafts);
                    self.tell(&Stored::Commit { drafts, pack: None });
                }
                Ok(is_stored)
            })
            .await?;
        if is_stored {
            self.acknowledge(std::iter::once(plain.edit.op_id));
            self.tell_others();
        }
        Ok(is_stored)
    }

    async fn bulk(&self, rows: &[Metric], marker: &EntryDraft) -> Result<usize, StoreError> {
        let added = self
            .operate(true, |memory| {
                let added = run(memory.bulk(rows, marker))?;
                self.tell(&Stored::Bulk { rows, marker });
                if self.world.has(Bug::ImportUnmarked) {
                    Self::remove(memory, vec![marker.op_id]);
                }
                Ok(added)
            })
            .await?;
        self.acknowledge(std::iter::once(marker.op_id));
        self.tell_others();
        Ok(added)
    }

    async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        let entries = self.operate(false, |memory| run(memory.outbox())).await?;
        Ok(self.sown_outbox(entries))
    }

    async fn unsent(&self, pages: &[PageKey], limit: usize) -> Result<Vec<Metric>, StoreError> {
        let rows = self
            .operate(false, |memory| run(memory.unsent(pages, limit)))
            .await?;
        Ok(if self.world.has(Bug::BulkDoneEarly) {
            Vec::new()
        } else {
            rows
        })
    }

    async fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let settlement = &self.sown_settlement(settlement.clone());
        if self.world.has(Bug::SettleNotAtomic) {
            return self.settle_in_two(settlement).await;
        }
        let is_stored = self
            .operate(true, |memory| self.settle_in(memory, settlement))
            .await?;
        if is_stored {
            self.acknowledge(settlement.added.iter().map(|draft| draft.op_id));
        }
        Ok(is_stored)
    }

    async fn apply(&self, delta: &Delta) -> Result<Applied, StoreError> {
        if self.world.has(Bug::CursorBeforeRows) {
            return self.apply_in_two(delta).await;
        }
        self.operate(true, |memory| {
            let applied = self.sown_apply(memory, delta)?;
            if applied != Applied::CursorMoved {
                self.tell(&Stored::Apply(delta));
            }
            Ok(applied)
        })
        .await
    }

    async fn replace_all(&self, generation: &Generation) -> Result<(), StoreError> {
        self.operate(true, |memory| {
            let before = memory.fork();
            run(memory.replace_all(generation))?;
            self.sown_after_resync(memory, &before);
            self.tell(&Stored::Replace(generation));
            Ok(())
        })
        .await
    }

    async fn heal(&self, healing: &Healing) -> Result<Applied, StoreError> {
        self.operate(true, |memory| run(memory.heal(healing))).await
    }

    async fn adopt_person(&self, adoption: &PersonAdoption) -> Result<(), StoreError> {
        self.operate(true, |memory| {
            run(memory.adopt_person(adoption))?;
            self.tell(&Stored::Adopt(adoption));
            Ok(())
        })
        .await
    }

    async fn update(&self, change: &StateChange) -> Result<SyncState, StoreError> {
        self.operate(true, |memory| run(memory.update(change)))
            .await
    }

    async fn history(&self, user: EntityId, window: Window) -> Result<HistoryReading, StoreError> {
        self.operate(false, |memory| run(memory.history(user, window)))
            .await
    }

    async fn pages(&self) -> Result<Vec<Page>, StoreError> {
        self.operate(false, |memory| run(memory.pages())).await
    }

    async fn profile(&self) -> Result<ProfileReading, StoreError> {
        self.operate(false, |memory| run(memory.profile())).await
    }

    async fn log(&self, line: &SyncLogLine) -> Result<(), StoreError> {
        self.operate(true, |memory| run(memory.log(line))).await
    }

    async fn sync_log(&self, limit: usize) -> Result<Vec<SyncLogLine>, StoreError> {
        self.operate(false, |memory| run(memory.sync_log(limit)))
            .await
    }

    async fn conflicts(&self, limit: usize) -> Result<Vec<Conflict>, StoreError> {
        self.operate(false, |memory| run(memory.conflicts(limit)))
            .await
    }

    async fn forget_conflict(&self, conflict: &Conflict) -> Result<(), StoreError> {
        self.operate(true, |memory| run(memory.forget_conflict(conflict)))
            .await
    }

    async fn note_import(&self, note: &ImportNote) -> Result<(), StoreError> {
        self.operate(true, |memory| run(memory.note_import(note)))
            .await
    }

    async fn imports(&self) -> Result<Vec<ImportNote>, StoreError> {
        self.operate(false, |memory| run(memory.imports())).await
    }

    async fn forget_import(&self, id: OpId) -> Result<(), StoreError> {
        self.operate(true, |memory| run(memory.forget_import(id)))
            .await
    }
}
