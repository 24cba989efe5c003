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
    let mut migrator = Migrator::with_migrations((1..).zip(steps).map(step).collect());
    // A later version has only added to the schema: this one goes on with what it knows.
    migrator.set_ignore_missing(true);
    migrator
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

#[cfg(test)]
mod tests {
    use super::{Migrator, SqliteStorage, Storage, migrations};
    use sqlx::{Connection, SqliteConnection};
    use std::path::{Path, PathBuf};
    use tempfile::TempDir;
    use tidemark_protocol::{AccountId, Epoch};
    use uuid::Uuid;

    const LATER: &str = "ALTER TABLE account_head ADD COLUMN later TEXT; \
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        VALUES (1000, 'later', TRUE, X'00', 0)";
    const ROW: &str = "INSERT INTO account_head (account_id, version, user_numbers, received_at, horizon) \
        VALUES (X'00000000000000000000000000000001', 7, 0, 0, 0)";

    async fn run(file: &Path, sql: &'static str) {
        let address = format!("sqlite://{}", file.display());
        let mut connection = SqliteConnection::connect(&address).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The version of the row's account, as this version of the server reads it.
    async fn version(file: &Path) -> u64 {
        let storage = SqliteStorage::open(file, &Epoch("e".to_owned())).await;
        let storage = storage.unwrap();
        let version = storage.head(AccountId(Uuid::from_u128(1))).await.unwrap();
        storage.close().await;
        version
    }

    fn file(folder: &TempDir) -> PathBuf {
        folder.path().join("tidemark.db")
    }

    #[tokio::test]
    async fn a_database_of_any_earlier_schema_is_brought_up_to_date_with_its_rows() {
        let all = migrations();
        for steps in 1..all.iter().count() {
            let folder = TempDir::new().unwrap();
            let file = file(&folder);
            let address = format!("sqlite://{}?mode=rwc", file.display());
            let mut connection = SqliteConnection::connect(&address).await.unwrap();
            let some = Migrator::with_migrations(all.iter().take(steps).cloned().collect());
            some.run_direct(None, &mut connection, false).await.unwrap();
            connection.close().await.unwrap();
            run(&file, ROW).await;
            assert_eq!(version(&file).await, 7, "after {steps} steps");
        }
    }

    #[tokio::test]
    async fn a_database_that_a_later_version_added_to_is_still_used() {
        let folder = TempDir::new().unwrap();
        let file = file(&folder);
        assert_eq!(version(&file).await, 0);
        run(&file, LATER).await;
        run(&file, ROW).await;
        assert_eq!(version(&file).await, 7);
    }

    #[test]
    fn a_step_of_the_schema_only_adds() {
        for step in migrations().iter() {
            for statement in crate::storage::statements_of(step.sql.as_str()) {
                crate::storage::assert_adds(&statement);
            }
        }
    }
}
