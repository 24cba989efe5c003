//! Pages that can't be read at all: set aside as they are, so that everything else goes on. To the engine such a month
//! is missing, so the next comparison with the server fetches it again.

use super::IdbStore;
use super::pulls::{known_state, put_state};
use crate::indexed_db::database::Scope;
use crate::indexed_db::failure::Failure;
use crate::indexed_db::page_work::outdate_index;
use crate::indexed_db::rows::page_from_js;
use crate::indexed_db::schema::{PAGES, SYNC_STATE, UNREADABLE};
use crate::indexed_db::transaction::{Mode, Tx};
use crate::js::{property, set};
use js_sys::{Array, Object};
use tidemark_engine::StoreError;
use wasm_bindgen::JsValue;

/// Keeps a row as it is, with where it lay and why it can't be read.
pub(in crate::indexed_db) fn keep_aside(
    tx: &Tx,
    store: &str,
    row: &JsValue,
    reason: &str,
) -> Result<(), Failure> {
    let kept = Object::new();
    set(&kept, "store", &JsValue::from_str(store));
    set(&kept, "reason", &JsValue::from_str(reason));
    set(&kept, "row", row);
    tx.put_value(UNREADABLE, &kept, None)
}

impl IdbStore {
    /// Carries out an operation that reads pages; where one can't be read, once more without it.
    pub(super) async fn reading_pages<T>(
        &self,
        operation: impl AsyncFn() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match operation().await {
            Err(StoreError::Unreadable(reason)) => {
                let scope = Scope::long(&[PAGES, UNREADABLE, SYNC_STATE], Mode::Strict);
                match self.database.run(scope, set_aside).await? {
                    0 => Err(StoreError::Unreadable(reason)),
                    _ => operation().await,
                }
            }
            outcome => outcome,
        }
    }
}

/// Sets aside every page that can't be read, and asks for a comparison with the server. Answers how many they were.
async fn set_aside(tx: &Tx) -> Result<u32, Failure> {
    let mut count = 0;
    for row in tx.values(PAGES, None, None).await? {
        if let Err(failure) = page_from_js(&row) {
            let reason = failure.into_store_error().to_string();
            keep_aside(tx, PAGES, &row, &reason)?;
            let key = Array::of2(&property(&row, "user"), &property(&row, "month"));
            tx.delete(PAGES, JsValue::from(key))?;
            count += 1;
        }
    }
    if count > 0 {
        outdate_index(tx).await?;
        if let Some(mut state) = known_state(tx).await? {
            state.set_aside(count);
            put_state(tx, &state)?;
        }
    }
    Ok(count)
}
