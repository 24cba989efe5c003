//! The store in memory: the executable specification of the `Store` port.
//!
//! Clones share one memory, as tabs and worker share one database. Each method looks first and changes then, and
//! nothing fails once it changes, so a method either happens wholly or not at all.

mod inspect;

pub use inspect::Inside;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use tidemark_engine::adoption::{PersonAdoption, rewrite_entry, rewrite_page};
use tidemark_engine::imports::{ImportNote, remember};
use tidemark_engine::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use tidemark_engine::packing;
use tidemark_engine::page::{Page, PageIndex, PageKey, PageRow, Pages, merge, remove};
use tidemark_engine::ports::{
    Applied, Delta, DeltaRows, Generation, HistoryReading, ProfileReading, Window,
};
use tidemark_engine::proof::Healing;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::{Conflict, SYNC_LOG_LINES_MAX, StateChange, SyncLogLine, SyncState};
use tidemark_engine::{Store, StoreError};
use tidemark_protocol::{AppModel, DeviceId, EntityId, Metric, OpId, User};

/// What a database holds.
#[derive(Clone, Debug, Default)]
struct Database {
    state: Option<SyncState>,
    pages: Pages,
    outbox: BTreeMap<OpId, OutboxEntry>,
    users: BTreeMap<EntityId, User>,
    app_model: AppModel,
    log: Vec<SyncLogLine>,
    conflicts: Vec<Conflict>,
    imports: Vec<ImportNote>,
}

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

impl Database {
    fn in_order(&self) -> Vec<OutboxEntry> {
        let mut entries: Vec<OutboxEntry> = self.outbox.values().cloned().collect();
        entries.sort_by_key(|entry| entry.seq);
        entries
    }

    fn add(&mut self, draft: &EntryDraft) -> OutboxEntry {
        let last = self
            .outbox
            .values()
            .map(|entry| entry.seq)
            .max()
            .unwrap_or(0);
        let fresh = || draft.clone().into_entry(last + 1);
        self.outbox.entry(draft.op_id).or_insert_with(fresh).clone()
    }

    /// Whether what a plain edit presumes is so.
    fn holds_for(&self, plain: &PlainEdit) -> bool {
        let edit = &plain.edit;
        let nobodys = self
            .state
            .as_ref()
            .is_some_and(|state| state.owner.is_none());
        let is_its_owners =
            edit.owner.is_some() || (nobodys && self.outbox.len() < packing::ENTRIES_MAX);
        let is_known = plain
            .person
            .is_none_or(|person| self.users.contains_key(&person))
            || plain
                .maker()
                .is_some_and(|op| self.outbox.contains_key(&op));
        let mut refused = self.outbox.values().filter(|entry| entry.parked);
        is_its_owners && is_known && !refused.any(|entry| entry.entity_id == edit.entity_id)
    }

    fn state(&mut self) -> Result<&mut SyncState, StoreError> {
        self.state
            .as_mut()
            .ok_or_else(|| StoreError::Unreadable("the sync state".to_owned()))
    }

    fn merge(&mut self, rows: Vec<PageRow>) -> usize {
        let mut index = PageIndex::of(self.pages.values());
        let merged = merge(&mut self.pages, &mut index, rows);
        self.drop_empty_pages();
        merged.rows
    }

    fn drop_empty_pages(&mut self) {
        self.pages.retain(|_, page| !page.is_empty());
    }

    fn pack(&mut self, marker: OpId) {
        let outbox = self.in_order();
        if outbox.iter().filter(|entry| entry.kind.is_metric()).count() <= packing::ENTRIES_MAX {
            return;
        }
        let chosen = packing::choose(&outbox);
        if chosen.is_empty() {
            return;
        }
        let mut index = PageIndex::of(self.pages.values());
        let changed = packing::pack(&chosen, &outbox, &mut self.pages, &mut index);
        self.drop_empty_pages();
        for op in &chosen.packed {
            self.outbox.remove(op);
        }
        let pages: Vec<PageKey> = changed.into_iter().collect();
        let newest = outbox
            .last()
            .map(|entry| entry.created_at)
            .unwrap_or_default();
        self.add(&packing::marker(marker, &pages, newest));
    }

    fn put_users(&mut self, users: &[User]) -> usize {
        let newer = users.iter().filter(|user| {
            self.users
                .get(&user.id)
                .is_none_or(|known| user.version > known.version)
        });
        let newer: Vec<User> = newer.cloned().collect();
        let count = newer.len();
        self.users
            .extend(newer.into_iter().map(|user| (user.id, user)));
        count
    }

    fn put_app_model(&mut self, model: &AppModel) -> usize {
        let newer = model.version > self.app_model.version;
        if newer {
            self.app_model = model.clone();
        }
        usize::from(newer)
    }
}

fn acknowledged(rows: &[Metric]) -> Vec<PageRow> {
    rows.iter()
        .map(|metric| PageRow {
            metric: metric.clone(),
            unsent: false,
        })
        .collect()
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

    async fn settle(&self, settlement: &Settlement) -> Result<(), StoreError> {
        self.transaction(|db| {
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
            Ok(())
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
