//! From version 1 to 2: pages and outbox. The old rows become unsent rows of pages, with a bulk entry and
//! an edit for each person.
//!
//! Idempotent, since all ids are derived from the old rows. A row that can't be read is kept aside and
//! counted; it never fails the upgrade. The old store stays for now, as a copy.

use crate::indexed_db::failure::Failure;
use crate::indexed_db::page_work::unsent;
use crate::indexed_db::rows::{EntryRow, from_js, page_to_js};
use crate::indexed_db::schema::{
    APP_MODEL, BY_SEQ, CONFLICTS, OLD_METRICS, OUTBOX, PAGES, SYNC_LOG, SYNC_STATE, UNREADABLE,
    USER,
};
use crate::indexed_db::store::keep_aside;
use crate::indexed_db::transaction::Tx;
use crate::old_row::{OldRow, ReadRow, convert};
use idb::{Database, IndexParams, KeyPath, ObjectStoreParams};
use tidemark_engine::page::{PageIndex, Pages, merge};
use wasm_bindgen::JsValue;

/// Makes the stores of version 2.
pub(in crate::indexed_db) fn create(database: &Database) -> Result<(), Failure> {
    let keyed = |key_path: KeyPath| {
        let mut params = ObjectStoreParams::new();
        params.key_path(Some(key_path));
        params
    };
    let counted = || {
        let mut params = ObjectStoreParams::new();
        params.auto_increment(true);
        params
    };
    database.create_object_store(PAGES, keyed(KeyPath::new_array(["user", "month"])))?;
    let outbox = database.create_object_store(OUTBOX, keyed(KeyPath::new_single("op_id")))?;
    let mut unique = IndexParams::new();
    unique.unique(true);
    outbox.create_index(BY_SEQ, KeyPath::new_single("seq"), Some(unique))?;
    database.create_object_store(USER, keyed(KeyPath::new_single("id")))?;
    database.create_object_store(APP_MODEL, ObjectStoreParams::new())?;
    database.create_object_store(SYNC_STATE, ObjectStoreParams::new())?;
    database.create_object_store(SYNC_LOG, counted())?;
    database.create_object_store(CONFLICTS, ObjectStoreParams::new())?;
    database.create_object_store(UNREADABLE, counted())?;
    Ok(())
}

/// Converts the old rows.
pub(in crate::indexed_db) async fn move_rows(tx: &Tx) -> Result<(), Failure> {
    let mut rows: Vec<ReadRow> = Vec::new();
    for value in tx.values(OLD_METRICS, None, None).await? {
        match read(&value) {
            Ok(row) => rows.push(row),
            Err(reason) => keep_aside(tx, OLD_METRICS, &value, &reason)?,
        }
    }
    let conversion = convert(rows);
    let mut pages = Pages::new();
    merge(
        &mut pages,
        &mut PageIndex::default(),
        unsent(&conversion.metrics),
    );
    for page in pages.values() {
        tx.put_value(PAGES, &page_to_js(page), None)?;
    }
    for (draft, seq) in conversion.drafts.into_iter().zip(1..) {
        tx.put(OUTBOX, &EntryRow::from(draft.into_entry(seq)))?;
    }
    Ok(())
}

fn read(value: &JsValue) -> Result<ReadRow, String> {
    let row: OldRow =
        from_js(value, OLD_METRICS).map_err(|failure| failure.into_store_error().to_string())?;
    row.read().map_err(|reason| reason.to_string())
}
