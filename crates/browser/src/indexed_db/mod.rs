//! The device's store on IndexedDB.
//!
//! One method of the port is one transaction; what is decided about rows is decided in the engine. This
//! module opens transactions, reads, calls the pure function, and writes back.

mod answer;
mod connection;
mod database;
mod directory;
mod failure;
mod migrations;
mod page_work;
mod rows;
mod schema;
mod store;
mod transaction;

pub use database::Deadlines;
pub use directory::IdbDirectory;
pub(crate) use directory::NAME as DIRECTORY_NAME;
pub use store::IdbStore;

pub mod internals {
    //! For the suites only.

    pub use super::connection::Connection;
    pub use super::failure::Failure;
    pub use super::schema::{
        APP_MODEL, CONFLICTS, OLD_METRICS, OUTBOX, PAGES, SCHEMA_VERSION, SYNC_LOG, SYNC_STATE,
        UNREADABLE, USER,
    };
    pub use super::transaction::{Mode, Tx, with_transaction};
}
