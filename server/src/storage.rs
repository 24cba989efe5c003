//! Where rows live. A method is a whole operation: one transaction of one account.
//!
//! A change is decided by a pure function between loading and storing, so every storage runs the same rules.
//! Must not know of HTTP, of the merge rule, nor of the clock.

mod accounts;
mod memory;
mod postgres;
mod rows;
mod sqlite;
mod types;
mod upkeep;

pub use accounts::{
    AccountChanges, AccountRow, AccountState, Accounts, EmailKey, Everything, SecretHash,
    SessionId, SessionRow, SessionState,
};
pub use memory::MemoryStorage;
pub use postgres::{PostgresStorage, is_postgres};
pub use sqlite::{SqliteStorage, back_up, path_of, restore};
pub use types::{
    After, Changes, DeviceRow, DeviceSeen, Head, LivingRow, Loaded, OpKey, OpRow, Page, PageQuery,
    Tombstones, Wanted,
};
pub use upkeep::{Keep, Upkeep};

use std::future::Future;
use std::path::PathBuf;
use thiserror::Error;
use tidemark_protocol::{
    AccountId, AppModel, EntityId, Epoch, HistoryEntry, Metric, User, UserRef,
};

/// Why a storage could not do what was asked.
#[derive(Debug, Error)]
pub enum StorageError {
    /// The database answered with an error.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("a migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value can't be read.
    #[error("a stored {0} can't be read")]
    Damaged(&'static str),
    /// The folder of the database can't be made.
    #[error("the folder of the database can't be made")]
    Folder(#[from] std::io::Error),
    /// The connection broke while a change was being committed: whether it was stored will show when it is asked for again.
    #[error("the database went away during a commit")]
    Unsettled(#[source] sqlx::Error),
    /// Another server makes the same schema at this moment.
    #[error("another server is bringing the schema up to date")]
    MadeByAnother(#[source] sqlx::Error),
    /// The account was erased; nothing was stored.
    #[error("the account was erased")]
    Erased,
    /// Another process has the database open.
    #[error("the database is in use: stop the server first")]
    InUse,
    /// A file that was to be made is there already.
    #[error("{0} is there already: choose another name")]
    Exists(PathBuf),
    /// A file holds something else.
    #[error("{0} is no database of this server")]
    NotOurs(PathBuf),
    /// What was asked is done by other means with this database.
    #[error("not with this database: {0}")]
    Elsewhere(&'static str),
    /// The address is not one of a database that this build knows.
    #[error("the database must be given as sqlite://path or postgres://user@host/name")]
    UnknownDatabase,
}

/// Result of a storage operation.
pub type StorageResult<T> = Result<T, StorageError>;

/// The port. Reads see one snapshot; a change holds the account's lock from loading to commit.
pub trait Storage: Send + Sync + 'static {
    /// The life of this database.
    fn epoch(&self) -> Epoch;

    /// Loads what is wanted, lets `decide` say what to store, stores it, and answers what it answers. All or nothing.
    /// Of an erased account nothing is stored: `Erased`. Whoever must try again asks `decide` again.
    fn change<T: Send>(
        &self,
        account: AccountId,
        wanted: &Wanted,
        decide: impl FnMut(Loaded) -> (Changes, T) + Send,
    ) -> impl Future<Output = StorageResult<T>> + Send;

    /// Metrics in version order.
    fn metrics_page(
        &self,
        account: AccountId,
        query: &PageQuery,
    ) -> impl Future<Output = StorageResult<Page<Metric>>> + Send;

    /// Users in version order.
    fn users_page(
        &self,
        account: AccountId,
        query: &PageQuery,
    ) -> impl Future<Output = StorageResult<Page<User>>> + Send;

    /// One user.
    fn user(
        &self,
        account: AccountId,
        user: UserRef,
    ) -> impl Future<Output = StorageResult<Option<User>>> + Send;

    /// The app model, if one was ever set.
    fn app_model(
        &self,
        account: AccountId,
    ) -> impl Future<Output = StorageResult<Option<AppModel>>> + Send;

    /// What was replaced in a metric, newest first; `None` for an unknown one.
    fn history(
        &self,
        account: AccountId,
        metric: EntityId,
    ) -> impl Future<Output = StorageResult<Option<Vec<HistoryEntry>>>> + Send;

    /// The account's change counter and a user's living metrics, of one snapshot.
    fn living(
        &self,
        account: AccountId,
        user: EntityId,
    ) -> impl Future<Output = StorageResult<(u64, Vec<LivingRow>)>> + Send;

    /// The account's change counter.
    fn head(&self, account: AccountId) -> impl Future<Output = StorageResult<u64>> + Send;

    /// The change counters of those accounts that another server on the same database may have moved: none where this
    /// process is the only one that writes.
    fn heads_moved_by_others(
        &self,
        accounts: &[AccountId],
    ) -> impl Future<Output = StorageResult<Vec<(AccountId, u64)>>> + Send {
        let _ = accounts;
        std::future::ready(Ok(Vec::new()))
    }

    /// Version ranges, both ends included, that were lost when the server was restored from a backup.
    fn lost_ranges(
        &self,
        account: AccountId,
    ) -> impl Future<Output = StorageResult<Vec<(u64, u64)>>> + Send;

    /// Devices seen, by id.
    fn devices(
        &self,
        account: AccountId,
    ) -> impl Future<Output = StorageResult<Vec<DeviceRow>>> + Send;

    /// Notes that a device was here. Costs a write only where it tells something new; an erased account's is not noted.
    fn note_device(
        &self,
        account: AccountId,
        seen: &DeviceSeen,
    ) -> impl Future<Output = StorageResult<()>> + Send;

    /// Proves that the database takes writes.
    fn probe(&self) -> impl Future<Output = StorageResult<()>> + Send;

    /// Waits for work in progress and lets go of the database, where there is one to let go of.
    fn close(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// A file of the schema as statements, without its comments.
#[cfg(test)]
fn statements_of(file: &str) -> Vec<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("--");
    let code: Vec<_> = file.lines().filter(is_code).collect();
    let code = code.join("\n");
    let statements = code.split(';').map(|statement| statement.trim().to_owned());
    statements
        .filter(|statement| !statement.is_empty())
        .collect()
}

/// Whether a server of the version before can go on beside it: nothing goes, nothing is renamed, and a new column asks
/// nothing of whoever does not know it.
#[cfg(test)]
fn assert_adds(statement: &str) {
    let begins = |with: &str| statement.starts_with(with);
    let makes = ["CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX "];
    let is_column = begins("ALTER TABLE ")
        && statement.contains(" ADD COLUMN ")
        && (!statement.contains("NOT NULL") || statement.contains("DEFAULT"));
    assert!(
        makes.iter().any(|make| begins(make)) || is_column,
        "{statement}"
    );
}
