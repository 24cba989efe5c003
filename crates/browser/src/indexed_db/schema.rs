//! Names of the object stores, the schema's version, and the way from every older one.

use super::failure::Failure;
use super::migrations::{v1, v1_to_v2, v2_to_v3};
use super::transaction::run_in;
use idb::{DatabaseEvent, Event, ObjectStoreParams, Request};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::IdbTransaction;

/// The version that this app writes.
pub const SCHEMA_VERSION: u32 = 3;

/// Rows as the server holds them, and those that came in bulk: one row for each person and month.
pub const PAGES: &str = "pages";
/// One row for each edit that is not settled yet.
pub const OUTBOX: &str = "outbox";
/// In [`OUTBOX`]: the order of the queue.
pub const BY_SEQ: &str = "seq";
/// In [`OUTBOX`]: refused edits by record; others are not in it.
pub const REFUSED: &str = "refused";
/// People as the server holds them.
pub const USER: &str = "user";
/// The app model as the server holds it.
pub const APP_MODEL: &str = "app_model";
/// The sync state, and how often pages were written.
pub const SYNC_STATE: &str = "sync_state";
/// The newest lines of the sync log.
pub const SYNC_LOG: &str = "sync_log";
/// Values that lost against another device's.
pub const CONFLICTS: &str = "conflicts";
/// Rows that can't be read, as they were: pages, and rows of an older version.
pub const UNREADABLE: &str = "unreadable";
/// The rows of version 1. They stay for now, as the copy that a wrong conversion could be mended from.
pub const OLD_METRICS: &str = "user_metrics";

/// In the directory: its one row.
pub const DIRECTORY: &str = "directory";

/// What went wrong in an upgrade, for the open request that it fails.
pub(super) type UpgradeFailure = Rc<RefCell<Option<Failure>>>;

/// A kind of database.
pub(super) struct Schema {
    /// The version that this app writes.
    pub(super) version: u32,
    steps: fn(&idb::event::VersionChangeEvent, &UpgradeFailure) -> Result<(), Failure>,
}

/// What somebody has logged.
pub(super) static DATA: Schema = Schema {
    version: SCHEMA_VERSION,
    steps: upgrade_data,
};

/// Which database is whose.
pub(super) static OF_DIRECTORY: Schema = Schema {
    version: 1,
    steps: make_directory,
};

impl Schema {
    /// Carries out all steps from the stored version on, inside the browser's upgrade transaction. An error
    /// aborts it: then the older version stays as it was.
    pub(super) fn upgrade(&self, event: &idb::event::VersionChangeEvent, failed: &UpgradeFailure) {
        if let Err(failure) = (self.steps)(event, failed) {
            failed.replace(Some(failure));
            let transaction = event
                .target()
                .ok()
                .and_then(|request| request.transaction());
            if let Some(transaction) = transaction {
                // Fails only where the transaction has ended already.
                let _ = transaction.abort();
            }
        }
    }
}

fn make_directory(
    event: &idb::event::VersionChangeEvent,
    _: &UpgradeFailure,
) -> Result<(), Failure> {
    let params = ObjectStoreParams::new();
    event.database()?.create_object_store(DIRECTORY, params)?;
    Ok(())
}

fn upgrade_data(
    event: &idb::event::VersionChangeEvent,
    failed: &UpgradeFailure,
) -> Result<(), Failure> {
    let stored = event.old_version()?;
    let database = event.database()?;
    let transaction = event.target()?.transaction();
    if stored < 1 {
        v1::create(&database)?;
    }
    if stored < 2 {
        v1_to_v2::create(&database)?;
    }
    let Some(transaction) = transaction else {
        return Ok(());
    };
    if stored < 3 {
        v2_to_v3::create(&transaction.object_store(OUTBOX)?)?;
    }
    let raw = IdbTransaction::from(transaction);
    let failed = Rc::clone(failed);
    spawn_local(async move {
        let moved = match stored {
            1 => run_in(raw, v1_to_v2::move_rows).await,
            2 => run_in(raw, v2_to_v3::mark_refused).await,
            _ => Ok(()),
        };
        if let Err(failure) = moved {
            failed.replace(Some(failure));
        }
    });
    Ok(())
}
