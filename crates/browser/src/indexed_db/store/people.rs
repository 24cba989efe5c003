//! People and app model: a higher version replaces a lower one; and two people who are one.

use super::edits::entry_key;
use super::reads;
use crate::indexed_db::failure::Failure;
use crate::indexed_db::page_work::PageWork;
use crate::indexed_db::rows::EntryRow;
use crate::indexed_db::schema::{APP_MODEL, OUTBOX, USER};
use crate::indexed_db::transaction::Tx;
use tidemark_engine::adoption::{PersonAdoption, rewrite_entry, rewrite_page};
use tidemark_engine::page::{PageRow, remove};
use tidemark_engine::ports::ProfileReading;
use tidemark_engine::sets::set_of;
use tidemark_protocol::{AppModel, User};
use wasm_bindgen::JsValue;

/// The key of the only row of its store.
fn app_model_key() -> JsValue {
    JsValue::from_str(APP_MODEL)
}

/// People, app model and outbox.
pub(super) async fn profile(tx: &Tx) -> Result<ProfileReading, Failure> {
    let model = tx.ask_value(APP_MODEL, app_model_key())?;
    Ok(ProfileReading {
        app_model: model.row(APP_MODEL).await?.unwrap_or_default(),
        users: tx.rows(USER).await?,
        outbox: reads::outbox(tx).await?,
    })
}

/// Stores people as the server holds them. Answers how many were news.
pub(super) async fn put_users(tx: &Tx, users: &[User]) -> Result<usize, Failure> {
    let mut news = 0;
    for user in users {
        let key = JsValue::from_str(&user.id.to_string());
        let known = tx.get::<User>(USER, key).await?;
        if known.is_none_or(|known| user.version > known.version) {
            tx.put(USER, user)?;
            news += 1;
        }
    }
    Ok(news)
}

/// Stores the app model as the server holds it. Answers 1 if it was news.
pub(super) async fn put_app_model(tx: &Tx, model: &AppModel) -> Result<usize, Failure> {
    let known: Option<AppModel> = tx.get(APP_MODEL, app_model_key()).await?;
    let is_newer = model.version > known.unwrap_or_default().version;
    if is_newer {
        tx.put_at(APP_MODEL, model, &app_model_key())?;
    }
    Ok(usize::from(is_newer))
}

/// Puts people and app model in place of all that were known.
pub(super) fn replace(tx: &Tx, users: &[User], model: &AppModel) -> Result<(), Failure> {
    tx.clear(USER)?;
    for user in users {
        tx.put(USER, user)?;
    }
    tx.put_at(APP_MODEL, model, &app_model_key())
}

/// Makes a person of this device the same as one of the account.
pub(super) async fn adopt(
    tx: &Tx,
    pages: &mut PageWork<'_>,
    adoption: &PersonAdoption,
) -> Result<(), Failure> {
    for entry in reads::outbox(tx).await? {
        let before = entry.clone();
        match rewrite_entry(entry, adoption) {
            Some(after) if after == before => {}
            Some(after) => tx.put(OUTBOX, &EntryRow::from(after))?,
            None => tx.delete(OUTBOX, entry_key(before.op_id))?,
        }
    }
    pages.read_all().await?;
    let moved: Vec<PageRow> = pages
        .pages
        .values()
        .filter_map(|page| rewrite_page(page, adoption))
        .flatten()
        .collect();
    let ids = set_of(moved.iter().map(|row| row.metric.id));
    let left = remove(&mut pages.pages, &mut pages.index, &ids);
    pages.write(&left)?;
    pages.merge(moved).await.map(drop)
}
