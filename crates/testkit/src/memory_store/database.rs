//! What a database in memory holds, and the steps that transactions are made of.

use std::collections::BTreeMap;
use tidemark_engine::StoreError;
use tidemark_engine::imports::ImportNote;
use tidemark_engine::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use tidemark_engine::packing;
use tidemark_engine::page::{PageIndex, PageKey, PageRow, Pages, merge};
use tidemark_engine::state::{Conflict, SyncLogLine, SyncState};
use tidemark_protocol::{AppModel, EntityId, Metric, OpId, User};

/// What a database holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Database {
    pub(super) state: Option<SyncState>,
    pub(super) pages: Pages,
    pub(super) outbox: BTreeMap<OpId, OutboxEntry>,
    pub(super) users: BTreeMap<EntityId, User>,
    pub(super) app_model: AppModel,
    pub(super) log: Vec<SyncLogLine>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) imports: Vec<ImportNote>,
}

impl Database {
    pub(super) fn in_order(&self) -> Vec<OutboxEntry> {
        let mut entries: Vec<OutboxEntry> = self.outbox.values().cloned().collect();
        entries.sort_by_key(|entry| entry.seq);
        entries
    }

    pub(super) fn add(&mut self, draft: &EntryDraft) -> OutboxEntry {
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
    pub(super) fn holds_for(&self, plain: &PlainEdit) -> bool {
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

    pub(super) fn state(&mut self) -> Result<&mut SyncState, StoreError> {
        self.state
            .as_mut()
            .ok_or_else(|| StoreError::Unreadable("the sync state".to_owned()))
    }

    pub(super) fn merge(&mut self, rows: Vec<PageRow>) -> usize {
        let mut index = PageIndex::of(self.pages.values());
        let merged = merge(&mut self.pages, &mut index, rows);
        self.drop_empty_pages();
        merged.rows
    }

    pub(super) fn drop_empty_pages(&mut self) {
        self.pages.retain(|_, page| !page.is_empty());
    }

    pub(super) fn pack(&mut self, marker: OpId) {
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

    pub(super) fn put_users(&mut self, users: &[User]) -> usize {
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

    pub(super) fn put_app_model(&mut self, model: &AppModel) -> usize {
        let newer = model.version > self.app_model.version;
        if newer {
            self.app_model = model.clone();
        }
        usize::from(newer)
    }
}

pub(super) fn acknowledged(rows: &[Metric]) -> Vec<PageRow> {
    rows.iter()
        .map(|metric| PageRow {
            metric: metric.clone(),
            unsent: false,
        })
        .collect()
}
