//! A store in memory whose methods can be told to fail.

use crate::MemoryStore;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::imports::ImportNote;
use tidemark_engine::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use tidemark_engine::page::{Page, PageKey};
use tidemark_engine::ports::{Applied, Delta, Generation, HistoryReading, ProfileReading, Window};
use tidemark_engine::proof::Healing;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::{Conflict, StateChange, SyncLogLine, SyncState};
use tidemark_engine::{Store, StoreError};
use tidemark_protocol::{DeviceId, EntityId, Metric, OpId};

/// A memory store that fails as often as it is told.
#[derive(Clone, Default)]
pub struct ShakyStore {
    memory: MemoryStore,
    failures: Rc<RefCell<HashMap<&'static str, u32>>>,
    interruption: Rc<RefCell<Option<Interruption>>>,
    broken: Rc<RefCell<Option<StoreError>>>,
}

impl fmt::Debug for ShakyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShakyStore")
            .field("broken", &self.broken.borrow())
            .finish_non_exhaustive()
    }
}

type Interruption = (&'static str, Box<dyn FnOnce()>);

impl ShakyStore {
    /// Lets the next `times` calls of a method fail.
    pub fn fail(&self, method: &'static str, times: u32) {
        self.failures.borrow_mut().insert(method, times);
    }

    /// From now on every call fails in this way, or (none) as many as before.
    pub fn break_down(&self, error: Option<StoreError>) {
        self.broken.replace(error);
    }

    /// Lets something happen just before the next call of a method, as another tab would do it.
    pub fn before(&self, method: &'static str, work: impl FnOnce() + 'static) {
        self.interruption.replace(Some((method, Box::new(work))));
    }

    fn check(&self, method: &'static str) -> Result<(), StoreError> {
        let interruption = self.interruption.take();
        match interruption {
            Some((awaited, work)) if awaited == method => work(),
            other => drop(self.interruption.replace(other)),
        }
        if let Some(error) = self.broken.borrow().clone() {
            return Err(error);
        }
        let mut failures = self.failures.borrow_mut();
        match failures.get_mut(method) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Err(StoreError::Unavailable(format!(
                    "{method} was told to fail"
                )))
            }
            _ => Ok(()),
        }
    }
}

impl Store for ShakyStore {
    async fn load(&self, fresh: &DeviceId) -> Result<SyncState, StoreError> {
        self.check("load")?;
        self.memory.load(fresh).await
    }

    async fn commit(
        &self,
        drafts: &[EntryDraft],
        pack: Option<OpId>,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        self.check("commit")?;
        self.memory.commit(drafts, pack).await
    }

    async fn commit_plain(&self, plain: &PlainEdit) -> Result<bool, StoreError> {
        self.check("commit")?;
        self.memory.commit_plain(plain).await
    }

    async fn bulk(&self, rows: &[Metric], marker: &EntryDraft) -> Result<usize, StoreError> {
        self.check("bulk")?;
        self.memory.bulk(rows, marker).await
    }

    async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        self.check("outbox")?;
        self.memory.outbox().await
    }

    async fn unsent(&self, pages: &[PageKey], limit: usize) -> Result<Vec<Metric>, StoreError> {
        self.check("unsent")?;
        self.memory.unsent(pages, limit).await
    }

    async fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        self.check("settle")?;
        self.memory.settle(settlement).await
    }

    async fn apply(&self, delta: &Delta) -> Result<Applied, StoreError> {
        self.check("apply")?;
        self.memory.apply(delta).await
    }

    async fn replace_all(&self, generation: &Generation) -> Result<(), StoreError> {
        self.check("replace_all")?;
        self.memory.replace_all(generation).await
    }

    async fn heal(&self, healing: &Healing) -> Result<Applied, StoreError> {
        self.check("heal")?;
        self.memory.heal(healing).await
    }

    async fn adopt_person(&self, adoption: &PersonAdoption) -> Result<(), StoreError> {
        self.check("adopt_person")?;
        self.memory.adopt_person(adoption).await
    }

    async fn update(&self, change: &StateChange) -> Result<SyncState, StoreError> {
        self.check("update")?;
        self.memory.update(change).await
    }

    async fn history(&self, user: EntityId, window: Window) -> Result<HistoryReading, StoreError> {
        self.check("history")?;
        self.memory.history(user, window).await
    }

    async fn pages(&self) -> Result<Vec<Page>, StoreError> {
        self.check("pages")?;
        self.memory.pages().await
    }

    async fn profile(&self) -> Result<ProfileReading, StoreError> {
        self.check("profile")?;
        self.memory.profile().await
    }

    async fn log(&self, line: &SyncLogLine) -> Result<(), StoreError> {
        self.check("log")?;
        self.memory.log(line).await
    }

    async fn sync_log(&self, limit: usize) -> Result<Vec<SyncLogLine>, StoreError> {
        self.check("sync_log")?;
        self.memory.sync_log(limit).await
    }

    async fn conflicts(&self, limit: usize) -> Result<Vec<Conflict>, StoreError> {
        self.check("conflicts")?;
        self.memory.conflicts(limit).await
    }

    async fn forget_conflict(&self, conflict: &Conflict) -> Result<(), StoreError> {
        self.check("forget_conflict")?;
        self.memory.forget_conflict(conflict).await
    }

    async fn note_import(&self, note: &ImportNote) -> Result<(), StoreError> {
        self.check("note_import")?;
        self.memory.note_import(note).await
    }

    async fn imports(&self) -> Result<Vec<ImportNote>, StoreError> {
        self.check("imports")?;
        self.memory.imports().await
    }

    async fn forget_import(&self, id: OpId) -> Result<(), StoreError> {
        self.check("forget_import")?;
        self.memory.forget_import(id).await
    }
}
