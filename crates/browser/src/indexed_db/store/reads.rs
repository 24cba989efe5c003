//! Reading: histories, what waits, and the newest lines of what is only ever added to.

use crate::indexed_db::failure::Failure;
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

/// The whole outbox, in order.
pub(super) async fn outbox(tx: &Tx) -> Result<Vec<OutboxEntry>, Failure> {
    let rows = tx.rows_by::<EntryRow>(OUTBOX, BY_SEQ).await?;
    Ok(rows.into_iter().map(OutboxEntry::from).collect())
}

/// All pages of everybody.
pub(super) async fn pages(tx: &Tx) -> Result<Vec<Page>, Failure> {
    let values = tx.values(PAGES, None).await?;
    values.iter().map(page_from_js).collect()
}

/// Pages of a person, newest first, and the outbox.
pub(super) async fn history(
    tx: &Tx,
    user: EntityId,
    window: Window,
) -> Result<HistoryReading, Failure> {
    let range = pages_of(user)?;
    let mut pages = Vec::new();
    match window {
        Window::All => {
            let values = tx.values(PAGES, Some(range)).await?;
            let read = values.iter().rev().map(page_from_js);
            pages = read.collect::<Result<_, _>>()?;
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
            tx.newest(PAGES, Some(range), take).await?;
        }
    }
    Ok(HistoryReading {
        pages,
        outbox: outbox(tx).await?,
    })
}

/// Rows of these pages that still have to go up.
pub(super) async fn unsent(
    tx: &Tx,
    pages: &[PageKey],
    limit: usize,
) -> Result<Vec<Metric>, Failure> {
    let asked = pages
        .iter()
        .map(|key| tx.ask_value(PAGES, page_key(*key)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut unsent = Vec::new();
    for answer in asked {
        let value = answer.await?;
        if !value.is_undefined() && unsent.len() < limit {
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
