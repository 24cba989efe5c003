//! PostgreSQL, and engines that speak its language over many machines: the account's id first in every key, one account
//! in a transaction, its head row locked from loading to commit, and whatever the engine may refuse is tried again.
//!
//! Every statement runs inside a transaction: a pooler that shares connections may hand over between two transactions.

mod accounts;
mod connect;
mod lanes;
mod life;
mod read;
mod retry;
mod transaction;
mod upkeep;
mod write;

use super::{
    Changes, DeviceRow, DeviceSeen, LivingRow, Loaded, Page, PageQuery, Storage, StorageResult,
    Wanted,
};
use lanes::Lanes;
use sqlx::PgPool;
use tidemark_protocol::{
    AccountId, AppModel, EntityId, Epoch, HistoryEntry, Metric, User, UserRef,
};
use transaction::Tx;

/// Tries a block again while its failure is one that passes; the second form also where a commit's fate is unknown,
/// which is right for whatever may be done twice.
macro_rules! patiently {
    ($work:block) => {
        patiently!(@ retry::Patience::for_sure(), $work)
    };
    (twice $work:block) => {
        patiently!(@ retry::Patience::even_twice(), $work)
    };
    (@ $patience:expr, $work:block) => {{
        let mut patience = $patience;
        loop {
            match async { $work }.await {
                Err(error) if patience.outlasts(&error).await => {}
                answer => break answer,
            }
        }
    }};
}
use patiently;

/// A database on a PostgreSQL server.
#[derive(Debug)]
pub struct PostgresStorage {
    pool: PgPool,
    epoch: Epoch,
    /// Whether a connection is ours alone, so that it may remember prepared statements.
    owns_connections: bool,
    lanes: Lanes,
}

/// Whether an address is one of PostgreSQL.
pub fn is_postgres(address: &str) -> bool {
    address.starts_with("postgres://") || address.starts_with("postgresql://")
}

impl PostgresStorage {
    /// Connects to `postgres://…` and brings the schema up to date. A new database takes `fresh_epoch` as its life. With
    /// `?statement-cache-capacity=0` connections may come from a pooler that shares them by transaction.
    ///
    /// # Errors
    /// If the address can't be read, nobody answers there, or the schema can't be brought up to date.
    pub async fn open(address: &str, fresh_epoch: &Epoch) -> StorageResult<Self> {
        let (pool, owns_connections) = connect::pool(address)?;
        patiently!(twice { connect::migrate(&pool).await })?;
        let mut storage = Self {
            pool,
            epoch: fresh_epoch.clone(),
            owns_connections,
            lanes: Lanes::new(),
        };
        storage.epoch = patiently!(twice { storage.settled_epoch(fresh_epoch).await })?;
        Ok(storage)
    }

    async fn settled_epoch(&self, fresh: &Epoch) -> StorageResult<Epoch> {
        let mut tx = self.begin().await?;
        let epoch = write::epoch(&mut tx, fresh).await?;
        tx.commit().await?;
        Ok(epoch)
    }

    async fn begin(&self) -> StorageResult<Tx> {
        Tx::begin(&self.pool, "BEGIN", self.owns_connections).await
    }

    /// A transaction whose reads all see one snapshot.
    async fn snapshot(&self) -> StorageResult<Tx> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Tx::begin(&self.pool, begin, self.owns_connections).await
    }

    async fn change_once<T>(
        &self,
        account: AccountId,
        wanted: &Wanted,
        decide: &mut (impl FnMut(Loaded) -> (Changes, T) + Send),
    ) -> StorageResult<T> {
        let mut tx = self.begin().await?;
        let head = write::lock(&mut tx, account).await?;
        let loaded = read::load(&mut tx, account, wanted, head).await?;
        let none_is_known = loaded.metrics.is_empty();
        let (changes, answer) = decide(loaded);
        if !changes.is_nothing_since(head) {
            let are_new = none_is_known && wanted.looked_for_all(&changes);
            write::store(&mut tx, account, &changes, are_new).await?;
            tx.commit().await?;
        }
        Ok(answer)
    }
}

impl Storage for PostgresStorage {
    fn epoch(&self) -> Epoch {
        self.epoch.clone()
    }

    /// A commit whose fate is unknown is asked for again: what took effect is then found by its operation's key.
    async fn change<T: Send>(
        &self,
        account: AccountId,
        wanted: &Wanted,
        mut decide: impl FnMut(Loaded) -> (Changes, T) + Send,
    ) -> StorageResult<T> {
        let _turn = self.lanes.wait_for(account).await?;
        patiently!(twice { self.change_once(account, wanted, &mut decide).await })
    }

    async fn metrics_page(
        &self,
        account: AccountId,
        query: &PageQuery,
    ) -> StorageResult<Page<Metric>> {
        patiently!({
            let mut tx = self.snapshot().await?;
            read::page(&mut tx, account, query, &read::METRICS).await
        })
    }

    async fn users_page(&self, account: AccountId, query: &PageQuery) -> StorageResult<Page<User>> {
        patiently!({
            let mut tx = self.snapshot().await?;
            read::page(&mut tx, account, query, &read::USERS).await
        })
    }

    async fn user(&self, account: AccountId, user: UserRef) -> StorageResult<Option<User>> {
        let found = patiently!({
            let names = [user];
            read::users(&mut self.snapshot().await?, account, names.into_iter()).await
        })?;
        Ok(found.into_iter().next().map(|stored| stored.row))
    }

    async fn app_model(&self, account: AccountId) -> StorageResult<Option<AppModel>> {
        let found = patiently!({ read::app_model(&mut self.snapshot().await?, account).await })?;
        Ok(found.map(|stored| stored.row))
    }

    async fn history(
        &self,
        account: AccountId,
        metric: EntityId,
    ) -> StorageResult<Option<Vec<HistoryEntry>>> {
        patiently!({ read::history(&mut self.snapshot().await?, account, metric).await })
    }

    async fn living(
        &self,
        account: AccountId,
        user: EntityId,
    ) -> StorageResult<(u64, Vec<LivingRow>)> {
        patiently!({ read::living(&mut self.snapshot().await?, account, user).await })
    }

    async fn head(&self, account: AccountId) -> StorageResult<u64> {
        let found = patiently!({ read::head(&mut self.snapshot().await?, account).await })?;
        Ok(found.head.version)
    }

    async fn heads_moved_by_others(
        &self,
        accounts: &[AccountId],
    ) -> StorageResult<Vec<(AccountId, u64)>> {
        patiently!({ read::heads(&mut self.snapshot().await?, accounts).await })
    }

    async fn lost_ranges(&self, account: AccountId) -> StorageResult<Vec<(u64, u64)>> {
        patiently!({ read::lost_ranges(&mut self.snapshot().await?, account).await })
    }

    async fn devices(&self, account: AccountId) -> StorageResult<Vec<DeviceRow>> {
        patiently!({ read::devices(&mut self.snapshot().await?, account).await })
    }

    async fn note_device(&self, account: AccountId, seen: &DeviceSeen) -> StorageResult<()> {
        patiently!(twice {
            let mut tx = self.begin().await?;
            let known = read::device(&mut tx, account, &seen.device).await?;
            if known.is_some_and(|known| known.tells_nothing_new(seen)) {
                return Ok(());
            }
            write::lock(&mut tx, account).await?;
            write::note_device(&mut tx, account, seen).await?;
            tx.commit().await
        })
    }

    async fn probe(&self) -> StorageResult<()> {
        patiently!(twice {
            let mut tx = self.begin().await?;
            write::probe(&mut tx).await?;
            tx.commit().await
        })
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
