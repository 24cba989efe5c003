//! The server's storage in memory with an operator's hand on it, a disk that can be full, and sown bugs.

use crate::bugs::Bug;
use crate::chance::Chance;
use std::sync::atomic::{AtomicBool, Ordering};
use tidemark_protocol::{
    AccountId, AppModel, EntityId, Epoch, HistoryEntry, Metric, User, UserRef,
};
use tidemark_server::storage::{
    After, Changes, DeviceRow, DeviceSeen, LivingRow, Loaded, MemoryStorage, Page, PageQuery,
    Storage, StorageError, StorageResult, Tombstones, Wanted,
};
use tidemark_server::sync::BUILT_IN_ACCOUNT;
use tidemark_testkit::fakes::run;

/// The storage.
#[derive(Debug)]
pub struct SimStorage {
    inner: MemoryStorage,
    epoch: Epoch,
    bug: Option<Bug>,
    is_full: AtomicBool,
    dies: AtomicBool,
}

impl SimStorage {
    pub fn new(epoch: Epoch, bug: Option<Bug>) -> Self {
        Self::over(MemoryStorage::new(epoch.clone()), epoch, bug)
    }

    fn over(inner: MemoryStorage, epoch: Epoch, bug: Option<Bug>) -> Self {
        Self {
            inner,
            epoch,
            bug,
            is_full: AtomicBool::new(false),
            dies: AtomicBool::new(false),
        }
    }

    pub fn copy(&self) -> Self {
        Self::over(self.inner.backup(), self.epoch.clone(), self.bug)
    }

    pub fn restored(&self, epoch: Epoch, life: u64, bug: Option<Bug>) -> Self {
        let epoch = if bug == Some(Bug::RestoreKeepsEpoch) {
            self.epoch.clone()
        } else {
            epoch
        };
        let keeps_counter = matches!(
            bug,
            Some(Bug::RestoreReusesVersions | Bug::RestoreKeepsEpoch)
        );
        let inner = if keeps_counter {
            self.inner.backup()
        } else {
            self.inner.restored(epoch.clone(), life)
        };
        Self::over(inner, epoch, bug)
    }

    /// What happens during the next call.
    pub fn set_trouble(&self, is_full: bool, dies: bool) {
        self.is_full.store(is_full, Ordering::Relaxed);
        self.dies.store(dies, Ordering::Relaxed);
    }

    pub fn forget_deletions(&self, chance: &Chance) -> Option<u64> {
        let head = run(self.inner.head(BUILT_IN_ACCOUNT))
            .ok()
            .filter(|head| *head > 0)?;
        let up_to = head - chance.below(head.min(8));
        self.inner.forget_deletions(BUILT_IN_ACCOUNT, up_to);
        Some(up_to)
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    fn check_room(&self) -> StorageResult<()> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(StorageError::Folder(std::io::Error::other("no room")));
        }
        Ok(())
    }

    fn sown_query(&self, query: &PageQuery) -> PageQuery {
        let mut query = *query;
        if let (true, After::Version(version)) = (self.has(Bug::CursorOffByOne), query.after) {
            query.after = After::Version(if version > 0 { version + 1 } else { 0 });
        }
        if self.has(Bug::TombstonesMissing) {
            query.tombstones = Tombstones::OmittedNow;
        }
        query
    }

    fn sown_page<R>(&self, mut page: Page<R>) -> Page<R> {
        if self.has(Bug::CursorSkipsRest) {
            page.has_more = false;
        }
        self.sown_horizon(page)
    }

    fn sown_horizon<R>(&self, mut page: Page<R>) -> Page<R> {
        if self.has(Bug::HorizonHidden) {
            page.horizon = 0;
        }
        page
    }

    fn sown_changes(&self, mut changes: Changes) -> Changes {
        if self.has(Bug::DedupeLostByKill) && self.dies.load(Ordering::Relaxed) {
            changes.ops.clear();
        }
        if self.has(Bug::HalfBatch) && self.is_full.load(Ordering::Relaxed) {
            changes.ops.clear();
            changes.history.clear();
        }
        changes
    }
}

impl Storage for SimStorage {
    fn epoch(&self) -> Epoch {
        self.epoch.clone()
    }

    async fn change<T: Send>(
        &self,
        account: AccountId,
        wanted: &Wanted,
        mut decide: impl FnMut(Loaded) -> (Changes, T) + Send,
    ) -> StorageResult<T> {
        if !self.has(Bug::HalfBatch) {
            self.check_room()?;
        }
        let answer = self
            .inner
            .change(account, wanted, |mut loaded| {
                if self.has(Bug::NoDedupe) {
                    loaded.ops.clear();
                }
                let (changes, answer) = decide(loaded);
                (self.sown_changes(changes), answer)
            })
            .await?;
        self.check_room()?;
        Ok(answer)
    }

    async fn metrics_page(
        &self,
        account: AccountId,
        query: &PageQuery,
    ) -> StorageResult<Page<Metric>> {
        let page = self
            .inner
            .metrics_page(account, &self.sown_query(query))
            .await?;
        Ok(self.sown_page(page))
    }

    async fn users_page(&self, account: AccountId, query: &PageQuery) -> StorageResult<Page<User>> {
        let page = self.inner.users_page(account, query).await?;
        Ok(self.sown_horizon(page))
    }

    async fn user(&self, account: AccountId, user: UserRef) -> StorageResult<Option<User>> {
        self.inner.user(account, user).await
    }

    async fn app_model(&self, account: AccountId) -> StorageResult<Option<AppModel>> {
        self.inner.app_model(account).await
    }

    async fn history(
        &self,
        account: AccountId,
        metric: EntityId,
    ) -> StorageResult<Option<Vec<HistoryEntry>>> {
        self.inner.history(account, metric).await
    }

    async fn living(
        &self,
        account: AccountId,
        user: EntityId,
    ) -> StorageResult<(u64, Vec<LivingRow>)> {
        self.inner.living(account, user).await
    }

    async fn head(&self, account: AccountId) -> StorageResult<u64> {
        self.inner.head(account).await
    }

    async fn lost_ranges(&self, account: AccountId) -> StorageResult<Vec<(u64, u64)>> {
        self.inner.lost_ranges(account).await
    }

    async fn devices(&self, account: AccountId) -> StorageResult<Vec<DeviceRow>> {
        self.inner.devices(account).await
    }

    async fn note_device(&self, account: AccountId, seen: &DeviceSeen) -> StorageResult<()> {
        self.check_room()?;
        self.inner.note_device(account, seen).await
    }

    async fn probe(&self) -> StorageResult<()> {
        self.check_room()
    }
}
