//! Version 1: the app that knew no sync. One row for each reading.

use crate::indexed_db::failure::Failure;
use crate::indexed_db::schema::OLD_METRICS;
use idb::{Database, KeyPath, ObjectStoreParams};

/// Makes the store of version 1.
pub(in crate::indexed_db) fn create(database: &Database) -> Result<(), Failure> {
    let mut params = ObjectStoreParams::new();
    params.key_path(Some(KeyPath::new_single("id")));
    params.auto_increment(true);
    database.create_object_store(OLD_METRICS, params)?;
    Ok(())
}
