//! Reading: histories, what waits, and the newest lines of what is only ever added to.

use super::edits::seq_key;
use crate::indexed_db::failure::Failure;
use crate::indexed_db::page_work::all_pages;
use crate::indexed_db::rows::{EntryRow, from_js, page_from_js, page_key, pages_of};
use crate::indexed_db::schema::{BY_SEQ, OUTBOX, PAGES, SYNC_LOG};
use crate::indexed_db::transaction::Tx;
use idb::KeyRange;
use serde::de::DeserializeOwned;
use tidemark_engine::outbox::OutboxEntry;
use tidemark_engine::page::{Page, PageKey};
use tidemark_engine::ports::{HistoryReading, Window};
use tidemark_engine::state::{SYNC_LOG_LINES_MAX, SyncLogLine};
use tidemark_protocol::{EntityId, Metric};
use wasm_bindgen::JsValue;

/// Entries that are read in one go: each go is a task of its own, so that a tap need not wait for a long queue.
const ENTRIES_AT_ONCE: u32 = 500;
/// Months that are read in one go.
const MONTHS_AT_ONCE: usize = 24;

/// The whole outbox, in order.
pub(super) async fn outbox(tx: &Tx) -> Result<Vec<OutboxEntry>, Failure> {
    let mut entries: Vec<OutboxEntry> = Vec::new();
    loop {
        let last = entries.last().map_or(0, |entry| entry.seq);
        let later = KeyRange::lower_bound(&seq_key(last), Some(true))?;
        let rows: Vec<EntryRow> = tx.rows_by(OUTBOX, BY_SEQ, later, ENTRIES_AT_ONCE).await?;
        let is_all = rows.len() < ENTRIES_AT_ONCE as usize;
        entries.extend(rows.into_iter().map(OutboxEntry::from));
        if is_all {
            return Ok(entries);
        }
    }
}

/// All pages of everybody.
pub(super) async fn pages(tx: &Tx) -> Result<Vec<Page>, Failure> {
    all_pages(tx, None).await
}

/// Pages of a person, newest first, and the outbox.
pub(super) async fn history(
    tx: &Tx,
    user: EntityId,
    window: Window,
) -> Result<HistoryReading, Failure> {
    let mut pages = Vec::new();
    match window {
        Window::All => {
            pages = all_pages(tx, Some(user)).await?;
            pages.reverse();
        }
        Window::Newest(count) => {
            let mut rows = 0;
            let take = |value: JsValue| {
                if rows < count {
                    let page = page_from_js(&value)?;
                    rows += page.rows.len();
                    pages.push(page);
                }
                Ok(rows >= count)
            };
            tx.newest(PAGES, Some(pages_of(user)?), take).await?;
        }
    }
    Ok(HistoryReading {
        pages,
        outbox: outbox(tx).await?,
    })
}

/// Rows of these pages that still have to go up. Months that follow one another are asked for together: each question
/// takes its time.
pub(super) async fn unsent(
    tx: &Tx,
    pages: &[PageKey],
    limit: usize,
) -> Result<Vec<Metric>, Failure> {
    let mut unsent = Vec::new();
    let follows = |one: &PageKey, other: &PageKey| one.next() == *other;
    let runs = pages
        .chunk_by(follows)
        .flat_map(|run| run.chunks(MONTHS_AT_ONCE));
    for run in runs {
        if unsent.len() >= limit {
            break;
        }
        let (first, last) = (page_key(run[0]), page_key(run[run.len() - 1]));
        let range = KeyRange::bound(&first, &last, None, None)?;
        for value in tx.values(PAGES, Some(range), None).await? {
            let rows = page_from_js(&value)?.rows.into_iter();
            unsent.extend(rows.filter(|row| row.unsent).map(|row| row.metric));
        }
    }
    unsent.truncate(limit);
    Ok(unsent)
}

/// Adds a line to the sync log and drops those beyond its length.
pub(super) async fn log(tx: &Tx, line: &SyncLogLine) -> Result<(), Failure> {
    let newest = tx.append(SYNC_LOG, line).await?;
    let lines_max = u32::try_from(SYNC_LOG_LINES_MAX).unwrap_or(u32::MAX);
    let gone = newest - f64::from(lines_max);
    let range = KeyRange::upper_bound(&JsValue::from_f64(gone), None)?;
    tx.delete(SYNC_LOG, range)
}

/// The newest rows of a store whose keys grow.
pub(super) async fn newest<T: DeserializeOwned>(
    tx: &Tx,
    store: &str,
    limit: usize,
) -> Result<Vec<T>, Failure> {
    let mut rows = Vec::new();
    tx.newest(store, None, |value| {
        if rows.len() < limit {
            rows.push(from_js(&value, store)?);
        }
        Ok(rows.len() >= limit)
    })
    .await?;
    Ok(rows)
}
