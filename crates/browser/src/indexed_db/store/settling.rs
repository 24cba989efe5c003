//! What became of entries that were sent.

use super::edits::{add, entry_key};
use super::{people, pulls};
use crate::indexed_db::failure::Failure;
use crate::indexed_db::page_work::{PageWork, acknowledged};
use crate::indexed_db::rows::EntryRow;
use crate::indexed_db::schema::{CONFLICTS, OUTBOX};
use crate::indexed_db::transaction::Tx;
use js_sys::Array;
use tidemark_engine::outbox::OutboxEntry;
use tidemark_engine::sets::set_of;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::Conflict;
use tidemark_protocol::OpId;
use wasm_bindgen::JsValue;

/// Whether the life of the server that it comes of is over.
pub(super) async fn is_over(tx: &Tx, settlement: &Settlement) -> Result<bool, Failure> {
    if settlement.life.is_none() {
        return Ok(false);
    }
    let state = pulls::known_state(tx).await?;
    Ok(state.is_some_and(|state| state.is_over(settlement)))
}

/// The half that is about pages: rows that no longer wait there, and rows as the server holds them.
pub(super) async fn settle_pages(
    pages: &mut PageWork<'_>,
    settlement: &Settlement,
) -> Result<(), Failure> {
    let places = settlement.cleared.iter();
    let cleared = set_of(places.filter_map(|id| pages.index.get(*id)));
    pages.read(&cleared).await?;
    for id in &settlement.cleared {
        let place = pages.index.get(*id);
        if let Some(page) = place.and_then(|key| pages.pages.get_mut(&key)) {
            page.clear_unsent(*id);
        }
    }
    pages.write(&cleared)?;
    pages.merge(acknowledged(&settlement.rows)).await.map(drop)
}

/// The half that is about entries, people and conflicts.
pub(super) async fn settle(tx: &Tx, settlement: &Settlement) -> Result<(), Failure> {
    for op in &settlement.done {
        tx.delete(OUTBOX, entry_key(*op))?;
    }
    for (op, error) in &settlement.failed {
        change(tx, *op, |entry| entry.note_attempt(settlement.at, error)).await?;
    }
    for (op, error) in &settlement.parked {
        change(tx, *op, |entry| {
            entry.note_attempt(settlement.at, error);
            entry.parked = true;
        })
        .await?;
    }
    for op in &settlement.resumed {
        change(tx, *op, |entry| entry.parked = false).await?;
    }
    if !settlement.added.is_empty() {
        add(tx, &settlement.added).await?;
    }
    people::put_users(tx, &settlement.users).await?;
    if let Some(model) = &settlement.app_model {
        people::put_app_model(tx, model).await?;
    }
    for conflict in &settlement.conflicts {
        tx.put_at(CONFLICTS, conflict, &conflict_key(conflict))?;
    }
    Ok(())
}

/// Forgets a conflict.
pub(super) fn forget_conflict(tx: &Tx, conflict: &Conflict) -> Result<(), Failure> {
    tx.delete(CONFLICTS, conflict_key(conflict))
}

/// Changes an entry, if it is still there.
async fn change(tx: &Tx, op: OpId, change: impl FnOnce(&mut OutboxEntry)) -> Result<(), Failure> {
    let Some(row) = tx.get::<EntryRow>(OUTBOX, entry_key(op)).await? else {
        return Ok(());
    };
    let mut entry = OutboxEntry::from(row);
    change(&mut entry);
    tx.put(OUTBOX, &EntryRow::from(entry))
}

/// Sorts by time; names what was lost, so that the same settlement twice leaves one row.
fn conflict_key(conflict: &Conflict) -> JsValue {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a time in milliseconds stays below 2^53"
    )]
    let at = JsValue::from_f64(conflict.at.millis() as f64);
    let entity = JsValue::from_str(&conflict.entity_id.to_string());
    Array::of3(&at, &entity, &JsValue::from_str(&conflict.ours)).into()
}
