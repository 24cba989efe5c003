//! What imports have added: one row of notes beside the sync state.

use crate::indexed_db::failure::Failure;
use crate::indexed_db::schema::SYNC_STATE;
use crate::indexed_db::transaction::Tx;
use tidemark_engine::imports::{ImportNote, remember};
use tidemark_protocol::OpId;
use wasm_bindgen::JsValue;

fn key() -> JsValue {
    JsValue::from_str("imports")
}

/// All notes, newest first.
pub(super) async fn all(tx: &Tx) -> Result<Vec<ImportNote>, Failure> {
    Ok(tx.get(SYNC_STATE, key()).await?.unwrap_or_default())
}

/// Adds a note.
pub(super) async fn note(tx: &Tx, note: &ImportNote) -> Result<(), Failure> {
    let mut notes = all(tx).await?;
    remember(&mut notes, note.clone());
    tx.put_at(SYNC_STATE, &notes, &key())
}

/// Takes a note away.
pub(super) async fn forget(tx: &Tx, id: OpId) -> Result<(), Failure> {
    let mut notes = all(tx).await?;
    notes.retain(|note| note.id != id);
    tx.put_at(SYNC_STATE, &notes, &key())
}
