//! The pages within a transaction: read when a merge needs them, written back when it changed them.
//!
//! Where a record's row lies is known from an index in memory. Tabs and worker share the pages, so the
//! index counts only as long as nobody else has written any: the revision in the store tells.

use super::database::IndexAt;
use super::failure::Failure;
use super::rows::{page_from_js, page_key, page_to_js, pages_after};
use super::schema::{PAGES, SYNC_STATE};
use super::transaction::Tx;
use std::cell::RefCell;
use std::collections::BTreeSet;
use tidemark_engine::page::{Merged, Page, PageIndex, PageKey, PageRow, Pages, merge};
use tidemark_protocol::{EntityId, Metric};
use wasm_bindgen::JsValue;

/// Pages that are read in one go: each go is a task of its own, so that a tap need not wait for decades.
const PAGES_AT_ONCE: u32 = 100;
/// In the sync state's store: how often pages were written.
const REVISION: &str = "pages_revision";

/// The pages that a transaction has read, and the index of all.
pub(super) struct PageWork<'a> {
    tx: &'a Tx,
    revision: u64,
    pub(super) index: PageIndex,
    pub(super) pages: Pages,
    holds_all: bool,
    has_written: bool,
}

impl<'a> PageWork<'a> {
    /// Takes up the index in memory, if it still counts; else reads all pages for a new one.
    pub(super) async fn begin(
        tx: &'a Tx,
        known: &RefCell<Option<IndexAt>>,
    ) -> Result<Self, Failure> {
        let revision = revision(tx).await?;
        let known = known.take().filter(|(at, _)| *at == revision);
        let mut work = Self {
            tx,
            revision,
            index: PageIndex::default(),
            pages: Pages::new(),
            holds_all: false,
            has_written: false,
        };
        if let Some((_, index)) = known {
            work.index = index;
        } else {
            work.read_all().await?;
            work.index = PageIndex::of(work.pages.values());
        }
        Ok(work)
    }

    /// Reads all pages, where that has not been done.
    pub(super) async fn read_all(&mut self) -> Result<(), Failure> {
        if !self.holds_all {
            let pages = all_pages(self.tx, None).await?.into_iter();
            self.pages = pages.map(|page| (page.key, page)).collect();
            self.holds_all = true;
        }
        Ok(())
    }

    /// Reads these pages, as far as they exist and have not been read.
    pub(super) async fn read(&mut self, keys: &BTreeSet<PageKey>) -> Result<(), Failure> {
        if self.holds_all {
            return Ok(());
        }
        let missing = keys.iter().filter(|key| !self.pages.contains_key(key));
        let asked = missing
            .map(|key| self.tx.ask_value(PAGES, page_key(*key)))
            .collect::<Result<Vec<_>, _>>()?;
        for answer in asked {
            let value = answer.await?;
            if !value.is_undefined() {
                let page = page_from_js(&value)?;
                self.pages.insert(page.key, page);
            }
        }
        Ok(())
    }

    /// Merges rows into their pages and writes these. Answers what the merge did.
    pub(super) async fn merge(&mut self, rows: Vec<PageRow>) -> Result<Merged, Failure> {
        let touched = self.index.touched(&rows);
        self.read(&touched).await?;
        let merged = merge(&mut self.pages, &mut self.index, rows);
        self.write(&merged.changed)?;
        Ok(merged)
    }

    /// Writes pages that have changed; one that is empty goes.
    pub(super) fn write(&mut self, changed: &BTreeSet<PageKey>) -> Result<(), Failure> {
        for key in changed {
            match self.pages.get(key).filter(|page| !page.is_empty()) {
                Some(page) => self.tx.put_value(PAGES, &page_to_js(page), None)?,
                None => self.tx.delete(PAGES, page_key(*key))?,
            }
        }
        self.pages.retain(|_, page: &mut Page| !page.is_empty());
        self.has_written |= !changed.is_empty();
        Ok(())
    }

    /// Removes all pages, also from the index.
    pub(super) fn clear(&mut self) -> Result<(), Failure> {
        self.tx.clear(PAGES)?;
        self.pages.clear();
        self.index = PageIndex::default();
        self.has_written = true;
        Ok(())
    }

    /// Raises the revision if anything was written. Answers the index, which counts once the transaction
    /// has completed.
    pub(super) fn finish(self) -> Result<IndexAt, Failure> {
        if !self.has_written {
            return Ok((self.revision, self.index));
        }
        let revision = self.revision + 1;
        self.tx
            .put_at(SYNC_STATE, &revision, &JsValue::from_str(REVISION))?;
        Ok((revision, self.index))
    }
}

/// All pages of a person, or of everybody, in the order of their keys.
pub(super) async fn all_pages(tx: &Tx, user: Option<EntityId>) -> Result<Vec<Page>, Failure> {
    let mut pages: Vec<Page> = Vec::new();
    loop {
        let range = pages_after(user, pages.last().map(|page| page.key))?;
        let values = tx.values(PAGES, range, Some(PAGES_AT_ONCE)).await?;
        for value in &values {
            pages.push(page_from_js(value)?);
        }
        if values.len() < PAGES_AT_ONCE as usize {
            return Ok(pages);
        }
    }
}

/// Pages were written past [`PageWork`]: no index in memory counts any more.
pub(super) async fn outdate_index(tx: &Tx) -> Result<(), Failure> {
    let revision = revision(tx).await? + 1;
    tx.put_at(SYNC_STATE, &revision, &JsValue::from_str(REVISION))
}

async fn revision(tx: &Tx) -> Result<u64, Failure> {
    let known = tx.get::<u64>(SYNC_STATE, JsValue::from_str(REVISION));
    Ok(known.await?.unwrap_or(0))
}

/// Rows as the server holds them.
pub(super) fn acknowledged(rows: &[Metric]) -> Vec<PageRow> {
    page_rows(rows, false)
}

/// Rows that came in bulk and still have to go up.
pub(super) fn unsent(rows: &[Metric]) -> Vec<PageRow> {
    page_rows(rows, true)
}

fn page_rows(rows: &[Metric], unsent: bool) -> Vec<PageRow> {
    rows.iter()
        .map(|metric| PageRow {
            metric: metric.clone(),
            unsent,
        })
        .collect()
}
