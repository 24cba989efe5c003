//! What is pulled: rows and cursor together; and the sync state.

use super::people;
use crate::indexed_db::answer::Answer;
use crate::indexed_db::failure::Failure;
use crate::indexed_db::page_work::{PageWork, acknowledged};
use crate::indexed_db::schema::SYNC_STATE;
use crate::indexed_db::transaction::Tx;
use tidemark_engine::page::{PageRow, merge};
use tidemark_engine::ports::{Applied, Delta, Generation};
use tidemark_engine::proof::Healing;
use tidemark_engine::sets::set_of;
use tidemark_engine::state::{StateChange, SyncState};
use tidemark_protocol::{AppModel, DeviceId, Metric, User};
use wasm_bindgen::JsValue;

fn state_key() -> JsValue {
    JsValue::from_str("state")
}

/// The sync state, where there is one.
pub(super) async fn known_state(tx: &Tx) -> Result<Option<SyncState>, Failure> {
    ask_state(tx)?.row(SYNC_STATE).await
}

/// Asks for the sync state, to be awaited later.
pub(super) fn ask_state(tx: &Tx) -> Result<Answer<'_>, Failure> {
    tx.ask_value(SYNC_STATE, state_key())
}

async fn state(tx: &Tx) -> Result<SyncState, Failure> {
    known_state(tx)
        .await?
        .ok_or_else(|| Failure::unreadable("the sync state"))
}

pub(super) fn put_state(tx: &Tx, state: &SyncState) -> Result<(), Failure> {
    tx.put_at(SYNC_STATE, state, &state_key())
}

/// The sync state, made for a new device where there is none.
pub(super) async fn load(tx: &Tx, fresh: &DeviceId) -> Result<SyncState, Failure> {
    if let Some(state) = known_state(tx).await? {
        return Ok(state);
    }
    let state = SyncState::new(fresh.clone());
    put_state(tx, &state)?;
    Ok(state)
}

/// Changes the sync state.
pub(super) async fn update(tx: &Tx, change: &StateChange) -> Result<SyncState, Failure> {
    let mut state = state(tx).await?;
    state.apply(change);
    put_state(tx, &state)?;
    Ok(state)
}

/// Moves a feed's cursor on, if nobody has meanwhile. Answers whether the rows may follow.
async fn advance(tx: &Tx, delta: &Delta) -> Result<bool, Failure> {
    let mut state = state(tx).await?;
    let stands = state.cursor_of(&delta.rows) == delta.from.as_ref();
    if stands {
        state.advance(delta);
        put_state(tx, &state)?;
    }
    Ok(stands)
}

/// Stores a pulled page of metrics.
pub(super) async fn apply_metrics(
    tx: &Tx,
    pages: &mut PageWork<'_>,
    delta: &Delta,
    rows: &[Metric],
) -> Result<Applied, Failure> {
    if !advance(tx, delta).await? {
        return Ok(Applied::CursorMoved);
    }
    let changed = pages.merge(acknowledged(rows)).await?.rows;
    Ok(Applied::Stored { changed })
}

/// Stores a pulled page of people, and the app model.
pub(super) async fn apply_users(
    tx: &Tx,
    delta: &Delta,
    users: &[User],
    model: Option<&AppModel>,
) -> Result<Applied, Failure> {
    if !advance(tx, delta).await? {
        return Ok(Applied::CursorMoved);
    }
    let mut changed = people::put_users(tx, users).await?;
    if let Some(model) = model {
        changed += people::put_app_model(tx, model).await?;
    }
    Ok(Applied::Stored { changed })
}

/// Puts months as the server holds them in the place of what lies there.
pub(super) async fn heal(
    tx: &Tx,
    pages: &mut PageWork<'_>,
    healing: &Healing,
) -> Result<Applied, Failure> {
    if state(tx).await?.cursor != healing.from {
        return Ok(Applied::CursorMoved);
    }
    let mut touched = pages.index.touched(&healing.page_rows());
    touched.extend(healing.keys.iter().copied());
    pages.read(&touched).await?;
    let (changed_pages, changed) = healing.carry_out(&mut pages.pages, &mut pages.index);
    pages.write(&changed_pages)?;
    Ok(Applied::Stored { changed })
}

/// Puts a new generation in place of all acknowledged rows.
pub(super) async fn replace_all(
    tx: &Tx,
    pages: &mut PageWork<'_>,
    generation: &Generation,
) -> Result<(), Failure> {
    let mut state = state(tx).await?;
    state.begin_generation(generation);
    put_state(tx, &state)?;
    pages.read_all().await?;
    let unsent: Vec<PageRow> = std::mem::take(&mut pages.pages)
        .into_values()
        .flat_map(|page| page.rows)
        .filter(|row| row.unsent)
        .collect();
    pages.clear()?;
    let rows = acknowledged(&generation.metrics);
    merge(&mut pages.pages, &mut pages.index, rows);
    merge(&mut pages.pages, &mut pages.index, unsent);
    let all = set_of(pages.pages.keys().copied());
    pages.write(&all)?;
    people::replace(tx, &generation.users, &generation.app_model)
}
