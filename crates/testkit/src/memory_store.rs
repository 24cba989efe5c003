//! The store in memory: the executable specification of the `Store` port.
//!
//! Clones share one memory, as tabs and worker share one database. Each method looks first and changes then, and
//! nothing fails once it changes, so a method either happens wholly or not at all.

mod database;
mod inspect;

pub use inspect::Inside;

use database::{Database, acknowledged};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use tidemark_engine::adoption::{PersonAdoption, rewrite_entry, rewrite_page};
use tidemark_engine::imports::{ImportNote, remember};
use tidemark_engine::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use tidemark_engine::page::{Page, PageIndex, PageKey, PageRow, merge, remove};
use tidemark_engine::ports::{
    Applied, Delta, DeltaRows, Generation, HistoryReading, ProfileReading, Window,
};
use tidemark_engine::proof::Healing;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::{Conflict, SYNC_LOG_LINES_MAX, StateChange, SyncLogLine, SyncState};
use tidemark_engine::{Store, StoreError};
use tidemark_protocol::{DeviceId, EntityId, Metric, OpId};

/// A handle on a database in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    database: Rc<RefCell<Database>>,
}

impl MemoryStore {
    /// Runs a transaction. `work` answers an error only before its first change.
    fn transaction<T>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        work(&mut self.database.borrow_mut())
    }

    fn read<T>(&self, work: impl FnOnce(&Database) -> T) -> T {
        work(&self.database.borrow())
    }
}

impl Store for MemoryStore {
    async fn load(&self, fresh: &DeviceId) -> Result<SyncState, StoreError> {
        self.transaction(|db| {
            Ok(db
                .state
                .get_or_insert_with(|| SyncState::new(fresh.clone()))
                .clone())
        })
    }

    async fn commit(
        &self,
        drafts: &[EntryDraft],
        pack: Option<OpId>,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        self.transaction(|db| {
            let entries = drafts.iter().map(|draft| db.add(draft)).collect();
            if let Some(marker) = pack {
                db.pack(marker);
            }
            Ok(entries)
        })
    }

    async fn commit_plain(&self, plain: &PlainEdit) -> Result<bool, StoreError> {
        self.transaction(|db| {
            let holds = db.holds_for(plain);
            if holds {
                db.add(&plain.edit);
            }
            Ok(holds)
        })
    }

    async fn bulk(&self, rows: &[Metric], marker: &EntryDraft) -> Result<usize, StoreError> {
        self.transaction(|db| {
            let unsent = |metric: &Metric| PageRow {
                metric: metric.clone(),
                unsent: true,
            };
            let added = db.merge(rows.iter().map(unsent).collect());
            db.add(marker);
            Ok(added)
        })
    }

    async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        Ok(self.read(Database::in_order))
    }

    async fn unsent(&self, pages: &[PageKey], limit: usize) -> Result<Vec<Metric>, StoreError> {
        Ok(self.read(|db| {
            let rows = pages
                .iter()
                .filter_map(|key| db.pages.get(key))
                .flat_map(|page| &page.rows);
            let unsent = rows.filter(|row| row.unsent).take(limit);
            unsent.map(|row| row.metric.clone()).collect()
        }))
    }

    async fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        self.transaction(|db| {
            let state = db.state.as_ref();
            if state.is_some_and(|state| state.is_over(settlement)) {
                return Ok(false);
            }
            for op in &settlement.done {
                db.outbox.remove(op);
            }
            for (op, error) in settlement.failed.iter().chain(&settlement.parked) {
                if let Some(entry) = db.outbox.get_mut(op) {
                    entry.note_attempt(settlement.at, error);
                }
            }
            for (op, _) in &settlement.parked {
                if let Some(entry) = db.outbox.get_mut(op) {
                    entry.parked = true;
                }
            }
            for op in &settlement.resumed {
                if let Some(entry) = db.outbox.get_mut(op) {
                    entry.parked = false;
                }
            }
            for draft in &settlement.added {
                db.add(draft);
            }
            for page in db.pages.values_mut() {
                for id in &settlement.cleared {
                    page.clear_unsent(*id);
                }
            }
            db.merge(acknowledged(&settlement.rows));
            db.put_users(&settlement.users);
            if let Some(model) = &settlement.app_model {
                db.put_app_model(model);
            }
            for conflict in &settlement.conflicts {
                match db
                    .conflicts
                    .iter_mut()
                    .find(|known| known.is_same(conflict))
                {
                    Some(known) => known.clone_from(conflict),
                    None => db.conflicts.push(conflict.clone()),
                }
            }
            Ok(true)
        })
    }

    async fn apply(&self, delta: &Delta) -> Result<Applied, StoreError> {
        self.transaction(|db| {
            let state = db.state()?;
            if state.cursor_of(&delta.rows) != delta.from.as_ref() {
                return Ok(Applied::CursorMoved);
            }
            state.advance(delta);
            let changed = match &delta.rows {
                DeltaRows::Metrics(rows) => db.merge(acknowledged(rows)),
                DeltaRows::Users(users, model) => {
                    let people = db.put_users(users);
                    people + model.as_ref().map_or(0, |model| db.put_app_model(model))
                }
            };
            Ok(Applied::Stored { changed })
        })
    }

    async fn replace_all(&self, generation: &Generation) -> Result<(), StoreError> {
        self.transaction(|db| {
            db.state()?.begin_generation(generation);
            let unsent: Vec<PageRow> = std::mem::take(&mut db.pages)
                .into_values()
                .flat_map(|page| page.rows)
                .filter(|row| row.unsent)
                .collect();
            db.merge(acknowledged(&generation.metrics));
            db.merge(unsent);
            db.users = generation
                .users
                .iter()
                .map(|user| (user.id, user.clone()))
                .collect();
            db.app_model = generation.app_model.clone();
            Ok(())
        })
    }

    async fn heal(&self, healing: &Healing) -> Result<Applied, StoreError> {
        self.transaction(|db| {
            if db.state()?.cursor != healing.from {
                return Ok(Applied::CursorMoved);
            }
            let mut index = PageIndex::of(db.pages.values());
            let (_, changed) = healing.carry_out(&mut db.pages, &mut index);
            db.drop_empty_pages();
            Ok(Applied::Stored { changed })
        })
    }

    async fn adopt_person(&self, adoption: &PersonAdoption) -> Result<(), StoreError> {
        self.transaction(|db| {
            let entries = std::mem::take(&mut db.outbox).into_values();
            let kept = entries.filter_map(|entry| rewrite_entry(entry, adoption));
            db.outbox = kept.map(|entry| (entry.op_id, entry)).collect();
            let moved: Vec<PageRow> = db
                .pages
                .values()
                .filter_map(|page| rewrite_page(page, adoption))
                .flatten()
                .collect();
            let ids: BTreeSet<EntityId> = moved.iter().map(|row| row.metric.id).collect();
            let mut index = PageIndex::of(db.pages.values());
            remove(&mut db.pages, &mut index, &ids);
            merge(&mut db.pages, &mut index, moved);
            db.drop_empty_pages();
            Ok(())
        })
    }

    async fn update(&self, change: &StateChange) -> Result<SyncState, StoreError> {
        self.transaction(|db| {
            let state = db.state()?;
            state.apply(change);
            Ok(state.clone())
        })
    }

    async fn history(&self, user: EntityId, window: Window) -> Result<HistoryReading, StoreError> {
        Ok(self.read(|db| {
            let mut pages: Vec<Page> = Vec::new();
            let mut rows = 0;
            for page in db.pages.values().rev().filter(|page| page.key.user == user) {
                if matches!(window, Window::Newest(count) if rows >= count) {
                    break;
                }
                rows += page.rows.len();
                pages.push(page.clone());
            }
            HistoryReading {
                pages,
                outbox: db.in_order(),
            }
        }))
    }

    async fn pages(&self) -> Result<Vec<Page>, StoreError> {
        Ok(self.read(|db| db.pages.values().cloned().collect()))
    }

    async fn profile(&self) -> Result<ProfileReading, StoreError> {
        Ok(self.read(|db| ProfileReading {
            users: db.users.values().cloned().collect(),
            app_model: db.app_model.clone(),
            outbox: db.in_order(),
        }))
    }

    async fn log(&self, line: &SyncLogLine) -> Result<(), StoreError> {
        self.transaction(|db| {
            db.log.push(line.clone());
            let surplus = db.log.len().saturating_sub(SYNC_LOG_LINES_MAX);
            db.log.drain(..surplus);
            Ok(())
        })
    }

    async fn sync_log(&self, limit: usize) -> Result<Vec<SyncLogLine>, StoreError> {
        Ok(self.read(|db| db.log.iter().rev().take(limit).cloned().collect()))
    }

    async fn conflicts(&self, limit: usize) -> Result<Vec<Conflict>, StoreError> {
        Ok(self.read(|db| db.conflicts.iter().rev().take(limit).cloned().collect()))
    }

    async fn forget_conflict(&self, conflict: &Conflict) -> Result<(), StoreError> {
        self.transaction(|db| {
            db.conflicts.retain(|known| !known.is_same(conflict));
            Ok(())
        })
    }

    async fn note_import(&self, note: &ImportNote) -> Result<(), StoreError> {
        self.transaction(|db| {
            remember(&mut db.imports, note.clone());
            Ok(())
        })
    }

    async fn imports(&self) -> Result<Vec<ImportNote>, StoreError> {
        Ok(self.read(|db| db.imports.clone()))
    }

    async fn forget_import(&self, id: OpId) -> Result<(), StoreError> {
        self.transaction(|db| {
            db.imports.retain(|note| note.id != id);
            Ok(())
        })
    }
}
