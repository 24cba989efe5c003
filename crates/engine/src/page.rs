//! A page: the acknowledged rows of one person and one month, and what a pull does to it.
//!
//! A history of ten years is a handful of pages, so opening it reads a handful of rows.

use crate::by_id::{ById, IdSet};
use crate::sets::set_of;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tidemark_domain::calendar::utc_month;
use tidemark_protocol::{EntityId, Metric};

/// Whose page of which month (UTC, of `created_at`). Sorts by person, then month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageKey {
    /// The person.
    pub user: EntityId,
    /// Year and month as in 202602.
    pub month: u32,
}

impl PageKey {
    /// The page that holds this row.
    pub fn of(row: &Metric) -> Self {
        Self {
            user: row.user_id,
            month: utc_month(row.created_at.millis()).get(),
        }
    }

    /// The same person's page of the month after it.
    #[must_use]
    pub fn next(self) -> Self {
        let is_december = self.month % 100 == 12;
        Self {
            month: self.month + if is_december { 89 } else { 1 },
            ..self
        }
    }
}

/// A row of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRow {
    /// The row; its `version` is 0 while the server has none.
    pub metric: Metric,
    /// It came in bulk and still has to go up.
    pub unsent: bool,
}

/// What is left of a deleted row until the server forgets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The row.
    pub id: EntityId,
    /// Its version as deleted.
    pub version: u64,
}

/// Rows of one person and one month.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Whose and when.
    pub key: PageKey,
    /// Living rows by `created_at`, then `id`.
    pub rows: Vec<PageRow>,
    /// Deleted rows by `id`.
    pub tombstones: Vec<Tombstone>,
}

/// Pages by key.
pub type Pages = BTreeMap<PageKey, Page>;

/// Where each record's row lies: built in memory when a merge first needs it.
#[derive(Clone, Debug, Default)]
pub struct PageIndex {
    places: ById<EntityId, PageKey>,
}

impl Page {
    /// A page without rows.
    pub fn new(key: PageKey) -> Self {
        Self {
            key,
            rows: Vec::new(),
            tombstones: Vec::new(),
        }
    }

    /// Whether nothing is left in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.tombstones.is_empty()
    }

    /// The ids of all rows, deleted ones among them.
    pub fn ids(&self) -> impl Iterator<Item = EntityId> + '_ {
        let living = self.rows.iter().map(|row| row.metric.id);
        living.chain(self.tombstones.iter().map(|tombstone| tombstone.id))
    }

    /// Whether it holds a record at this very version, deleted or not.
    pub fn holds(&self, id: EntityId, version: u64) -> bool {
        let mut rows = self.rows.iter();
        let mut gone = self.tombstones.iter();
        rows.any(|row| row.metric.id == id && row.metric.version == version)
            || gone.any(|gone| gone.id == id && gone.version == version)
    }

    /// The version that this page holds of a record.
    fn versions(&self) -> ById<EntityId, u64> {
        let living = self
            .rows
            .iter()
            .map(|row| (row.metric.id, row.metric.version));
        living
            .chain(self.tombstones.iter().map(|gone| (gone.id, gone.version)))
            .collect()
    }

    fn forget(&mut self, is_leaving: impl Fn(EntityId) -> bool) {
        self.rows.retain(|row| !is_leaving(row.metric.id));
        self.tombstones
            .retain(|tombstone| !is_leaving(tombstone.id));
    }

    fn add(&mut self, row: PageRow) {
        if row.metric.deleted_at.is_some() {
            self.tombstones.push(Tombstone {
                id: row.metric.id,
                version: row.metric.version,
            });
        } else {
            self.rows.push(row);
        }
    }

    fn sort(&mut self) {
        self.rows.sort_by_key(|row| row.metric.order_key());
        self.tombstones.sort_by_key(|tombstone| tombstone.id);
    }

    /// Takes a row that waits in the page out of it: an entry of the outbox stands for it from now on, or
    /// the server has none. Answers whether it was there.
    pub fn clear_unsent(&mut self, id: EntityId) -> bool {
        let before = self.rows.len();
        self.rows.retain(|row| row.metric.id != id || !row.unsent);
        self.rows.len() < before
    }
}

impl PageIndex {
    /// The index of these pages.
    pub fn of<'a>(pages: impl IntoIterator<Item = &'a Page>) -> Self {
        let places = pages
            .into_iter()
            .flat_map(|page| page.ids().map(|id| (id, page.key)));
        Self {
            places: places.collect(),
        }
    }

    /// The page that holds a record.
    pub fn get(&self, id: EntityId) -> Option<PageKey> {
        self.places.get(&id).copied()
    }

    /// Forgets where these records lie.
    pub(crate) fn leave(&mut self, ids: impl Iterator<Item = EntityId>) {
        for id in ids {
            self.places.remove(&id);
        }
    }

    /// Remembers the records of a page.
    pub(crate) fn enter(&mut self, page: &Page) {
        self.places.extend(page.ids().map(|id| (id, page.key)));
    }

    /// The pages that a merge of these rows reads and may write.
    pub fn touched(&self, rows: &[PageRow]) -> BTreeSet<PageKey> {
        let places = rows
            .iter()
            .flat_map(|row| [Some(PageKey::of(&row.metric)), self.get(row.metric.id)]);
        set_of(places.flatten())
    }
}

/// What a merge did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Pages that changed and must be stored (removed where empty).
    pub changed: BTreeSet<PageKey>,
    /// Rows that were news.
    pub rows: usize,
}

/// Merges rows into pages. A row is replaced only by a higher version; an unsent row (version 0) by any
/// the server has, and never by another unsent one.
///
/// `pages` must hold what [`PageIndex::touched`] names, as far as it exists.
pub fn merge(pages: &mut Pages, index: &mut PageIndex, rows: Vec<PageRow>) -> Merged {
    let rows = without_older(pages, index, newest_of_each(rows));
    let mut merged = Merged {
        changed: BTreeSet::new(),
        rows: rows.len(),
    };
    let mut leaving: BTreeMap<PageKey, IdSet<EntityId>> = BTreeMap::new();
    for row in &rows {
        if let Some(place) = index.get(row.metric.id) {
            leaving.entry(place).or_default().insert(row.metric.id);
        }
    }
    for (key, ids) in leaving {
        if let Some(page) = pages.get_mut(&key) {
            page.forget(|id| ids.contains(&id));
            merged.changed.insert(key);
        }
    }
    for row in rows {
        let key = PageKey::of(&row.metric);
        index.places.insert(row.metric.id, key);
        pages.entry(key).or_insert_with(|| Page::new(key)).add(row);
        merged.changed.insert(key);
    }
    for key in &merged.changed {
        if let Some(page) = pages.get_mut(key) {
            page.sort();
        }
    }
    merged
}

/// Takes rows out of pages that no server has ever seen. Answers the pages that changed.
pub fn remove(
    pages: &mut Pages,
    index: &mut PageIndex,
    ids: &BTreeSet<EntityId>,
) -> BTreeSet<PageKey> {
    let mut changed = BTreeSet::new();
    for id in ids {
        changed.extend(index.places.remove(id));
    }
    for key in &changed {
        if let Some(page) = pages.get_mut(key) {
            page.forget(|id| ids.contains(&id));
        }
    }
    changed
}

/// Of several rows of one record, the first with the highest version.
fn newest_of_each(mut rows: Vec<PageRow>) -> Vec<PageRow> {
    let mut newest: ById<EntityId, usize> = ById::default();
    newest.reserve(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let place = newest.entry(row.metric.id).or_insert(at);
        if row.metric.version > rows[*place].metric.version {
            *place = at;
        }
    }
    if newest.len() < rows.len() {
        let mut at = 0..;
        rows.retain(|row| newest.get(&row.metric.id).copied() == at.next());
    }
    rows
}

fn without_older(pages: &Pages, index: &PageIndex, mut news: Vec<PageRow>) -> Vec<PageRow> {
    let mut versions: HashMap<PageKey, ById<EntityId, u64>> = HashMap::new();
    news.retain(|row| {
        let Some(place) = index.get(row.metric.id) else {
            return true;
        };
        let known = versions
            .entry(place)
            .or_insert_with(|| pages.get(&place).map(Page::versions).unwrap_or_default());
        known
            .get(&row.metric.id)
            .is_none_or(|version| row.metric.version > *version)
    });
    news
}
