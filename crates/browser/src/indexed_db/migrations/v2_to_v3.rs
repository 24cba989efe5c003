//! From version 2 to 3: refused edits can be found by their record.

use crate::indexed_db::failure::Failure;
use crate::indexed_db::rows::{EntryRow, REFUSED_OF};
use crate::indexed_db::schema::{OUTBOX, REFUSED};
use crate::indexed_db::transaction::Tx;
use idb::{KeyPath, ObjectStore};
use tidemark_engine::outbox::OutboxEntry;

/// Makes the index.
pub(in crate::indexed_db) fn create(outbox: &ObjectStore) -> Result<(), Failure> {
    outbox.create_index(REFUSED, KeyPath::new_single(REFUSED_OF), None)?;
    Ok(())
}

/// Writes refused edits anew, so that the index knows them.
pub(in crate::indexed_db) async fn mark_refused(tx: &Tx) -> Result<(), Failure> {
    for row in tx.rows::<EntryRow>(OUTBOX).await? {
        let entry = OutboxEntry::from(row);
        if entry.parked {
            tx.put(OUTBOX, &EntryRow::from(entry))?;
        }
    }
    Ok(())
}
