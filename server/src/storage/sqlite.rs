//! SQLite: write-ahead log, every commit on disk before it is answered, one writer, many readers.

mod accounts;
mod life;
mod read;
mod upkeep;
mod write;

pub use life::{back_up, restore};

use super::{
    Changes, DeviceRow, DeviceSeen, LivingRow, Loaded, Page, PageQuery, Storage, StorageError,
    StorageResult, Wanted,
};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr, Sqlite, SqlitePool, Transaction};
use std::path::Path;
use std::time::Duration;
use tidemark_protocol::{
    AccountId, AppModel, EntityId, Epoch, HistoryEntry, Metric, User, UserRef,
};

/// How long a statement waits for another process that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections that read.
const READERS: u32 = 4;

/// A database file.
#[derive(Debug)]
pub struct SqliteStorage {
    /// One connection: whoever has it is the writer.
    writer: SqlitePool,
    readers: SqlitePool,
    epoch: Epoch,
}

impl SqliteStorage {
    /// Opens a file, makes it and its folder where they are missing, and brings the schema up to date. A new database
    /// takes `fresh_epoch` as its life.
    ///
    /// # Errors
    /// If the file can't be opened or migrated.
    pub async fn open(path: &Path, fresh_epoch: &Epoch) -> StorageResult<Self> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        migrations().run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options)
            .await?;
        let epoch = write::epoch(&writer, fresh_epoch).await?;
        Ok(Self {
            writer,
            readers,
            epoch,
        })
    }

    /// A transaction that has the write lock from its start.
    async fn begin_write(&self) -> StorageResult<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Reads `sqlite://path`.
///
/// # Errors
/// For every other address.
pub fn path_of(address: &str) -> StorageResult<&Path> {
    let path = address
        .strip_prefix("sqlite://")
        .or_else(|| address.strip_prefix("sqlite:"));
    path.filter(|path| !path.is_empty())
        .map(Path::new)
        .ok_or(StorageError::UnknownDatabase)
}

fn migrations() -> Migrator {
    let steps = [
        ("first", include_str!("../../migrations/0001_first.sql")),
        (
            "accounts",
            include_str!("../../migrations/0002_accounts.sql"),
        ),
    ];
    let step = |(version, (name, text)): (i64, (&'static str, &'static str))| {
        let kind = MigrationType::Simple;
        Migration::new(version, name.into(), kind, text.into_sql_str(), false)
    };
    Migrator::with_migrations((1..).zip(steps).map(step).collect())
}

impl Storage for SqliteStorage {
    fn epoch(&self) -> Epoch {
        self.epoch.clone()
    }

    async fn change<T: Send>(
        &self,
        account: AccountId,
        wanted: &Wanted,
        mut decide: impl FnMut(Loaded) -> (Changes, T) + Send,
    ) -> StorageResult<T> {
        let mut tx = self.begin_write().await?;
        let loaded = read::load(&mut tx, account, wanted).await?;
        let before = loaded.head;
        let (changes, answer) = decide(loaded);
        if changes.is_nothing_since(before) {
            return Ok(answer);
        }
        write::store(&mut tx, account, &changes).await?;
        tx.commit().await?;
        Ok(answer)
    }

    async fn metrics_page(
        &self,
        account: AccountId,
        query: &PageQuery,
    ) -> StorageResult<Page<Metric>> {
        read::page(
            &mut *self.readers.begin().await?,
            account,
            query,
            &read::METRICS,
        )
        .await
    }

    async fn users_page(&self, account: AccountId, query: &PageQuery) -> StorageResult<Page<User>> {
        read::page(
            &mut *self.readers.begin().await?,
            account,
            query,
            &read::USERS,
        )
        .await
    }

    async fn user(&self, account: AccountId, user: UserRef) -> StorageResult<Option<User>> {
        let stored = read::user(&mut *self.readers.acquire().await?, account, user).await?;
        Ok(stored.map(|stored| stored.row))
    }

    async fn app_model(&self, account: AccountId) -> StorageResult<Option<AppModel>> {
        let stored = read::app_model(&mut *self.readers.acquire().await?, account).await?;
        Ok(stored.map(|stored| stored.row))
    }

    async fn history(
        &self,
        account: AccountId,
        metric: EntityId,
    ) -> StorageResult<Option<Vec<HistoryEntry>>> {
        read::history(&mut *self.readers.begin().await?, account, metric).await
    }

    async fn living(
        &self,
        account: AccountId,
        user: EntityId,
    ) -> StorageResult<(u64, Vec<LivingRow>)> {
        read::living(&mut *self.readers.begin().await?, account, user).await
    }

    async fn head(&self, account: AccountId) -> StorageResult<u64> {
        let head = read::head(&mut *self.readers.acquire().await?, account).await?;
        Ok(head.head.version)
    }

    async fn lost_ranges(&self, account: AccountId) -> StorageResult<Vec<(u64, u64)>> {
        read::lost_ranges(&mut *self.readers.acquire().await?, account).await
    }

    async fn devices(&self, account: AccountId) -> StorageResult<Vec<DeviceRow>> {
        read::devices(&mut *self.readers.acquire().await?, account).await
    }

    async fn note_device(&self, account: AccountId, seen: &DeviceSeen) -> StorageResult<()> {
        let known =
            read::device(&mut *self.readers.acquire().await?, account, &seen.device).await?;
        if known.is_some_and(|known| known.tells_nothing_new(seen)) {
            return Ok(());
        }
        let mut tx = self.begin_write().await?;
        read::living_head(&mut tx, account).await?;
        write::note_device(&mut tx, account, seen).await?;
        Ok(tx.commit().await?)
    }

    async fn probe(&self) -> StorageResult<()> {
        let mut tx = self.begin_write().await?;
        write::probe(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Closing the file folds the log into it.
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
