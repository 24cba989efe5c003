//! The storage's twin in memory: the shortest program that keeps its promises. For tests and the simulator.

mod accounts;
mod life;

use super::{
    AccountState, After, Changes, DeviceRow, DeviceSeen, EmailKey, LivingRow, Loaded, OpKey, OpRow,
    Page, PageQuery, Storage, StorageError, StorageResult, Tombstones, Wanted,
};
use crate::storage::Head;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AccountId, AppModel, DeviceId, EntityId, Epoch, HistoryEntry, Metric, Timestamp, User, UserRef,
};

/// Everything of every account, behind one lock.
#[derive(Debug)]
pub struct MemoryStorage {
    epoch: Epoch,
    accounts: Mutex<HashMap<AccountId, Account>>,
    emails: Mutex<HashMap<EmailKey, AccountId>>,
    /// The counter that a new account begins with: above every version of an earlier life.
    floor: u64,
}

#[derive(Clone, Debug, Default)]
struct Account {
    head: Head,
    first_received_at: Option<Timestamp>,
    metrics: BTreeMap<EntityId, Received<Metric>>,
    users: BTreeMap<EntityId, Received<User>>,
    app_model: Option<Stored<AppModel>>,
    ops: HashMap<OpKey, OpRow>,
    history: HashMap<EntityId, Vec<HistoryEntry>>,
    devices: BTreeMap<DeviceId, DeviceRow>,
    /// Deletions up to this version have been forgotten.
    horizon: u64,
    /// Version ranges that a restore has lost.
    lost: Vec<(u64, u64)>,
    /// Who signs in, and where.
    who: AccountState,
}

#[derive(Clone, Debug)]
struct Received<R> {
    stored: Stored<R>,
    at: Timestamp,
}

impl MemoryStorage {
    /// An empty storage of the given life.
    pub fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            accounts: Mutex::default(),
            emails: Mutex::default(),
            floor: 0,
        }
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<AccountId, Account>> {
        // Changes are laid over a copy first, so a panic elsewhere can't have left half of one.
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, account: AccountId, read: impl FnOnce(&Account) -> T) -> T {
        match self.accounts().get(&account) {
            Some(found) => read(found),
            None => read(&Account::above(self.floor)),
        }
    }

    /// Changes an account that was not erased.
    fn unless_erased<T>(
        &self,
        account: AccountId,
        change: impl FnOnce(&mut Account) -> T,
    ) -> StorageResult<T> {
        let mut accounts = self.accounts();
        let account = accounts
            .entry(account)
            .or_insert_with(|| Account::above(self.floor));
        if account.who.is_erased {
            return Err(StorageError::Erased);
        }
        Ok(change(account))
    }
}

impl Account {
    fn load(&self, wanted: &Wanted) -> Loaded {
        let ops = wanted
            .ops
            .iter()
            .filter_map(|key| Some((*key, self.ops.get(key)?.clone())));
        let ops: HashMap<_, _> = ops.collect();
        let followed = || ops.values().map(|op| op.entity);
        let metrics = wanted.metrics.iter().copied().chain(followed());
        let metrics = metrics
            .filter_map(|id| Some((id, self.metrics.get(&id)?.stored.clone())))
            .collect();
        let names: Vec<_> = wanted
            .users
            .iter()
            .copied()
            .chain(followed().map(UserRef::Id))
            .collect();
        let is_wanted =
            |user: &&Received<User>| names.iter().any(|name| is_called(&user.stored.row, *name));
        let users = self
            .users
            .values()
            .filter(is_wanted)
            .map(|user| user.stored.clone())
            .collect();
        let app_model = self.app_model.clone().filter(|_| wanted.app_model);
        Loaded {
            head: self.head,
            metrics,
            ops,
            users,
            app_model,
        }
    }

    fn store(&mut self, changes: Changes) {
        let at = changes.head.received_at;
        if changes.head.version > self.head.version {
            self.first_received_at.get_or_insert(at);
        }
        self.head = changes.head;
        for stored in changes.metrics {
            self.metrics.insert(stored.row.id, Received { stored, at });
        }
        for stored in changes.users {
            self.users.insert(stored.row.id, Received { stored, at });
        }
        if changes.app_model.is_some() {
            self.app_model = changes.app_model;
        }
        self.ops.extend(changes.ops);
        for (id, entry) in changes.history {
            self.history.entry(id).or_default().push(entry);
        }
        if let Some(seen) = changes.device {
            self.note(&seen);
        }
    }

    fn note(&mut self, seen: &DeviceSeen) {
        let row = self
            .devices
            .entry(seen.device.clone())
            .or_insert_with(|| DeviceRow {
                device: seen.device.clone(),
                name: None,
                created_at: seen.at,
                last_seen_at: seen.at,
                acknowledged_version: 0,
            });
        row.last_seen_at = row.last_seen_at.max(seen.at);
        row.acknowledged_version = row.acknowledged_version.max(seen.acknowledged.unwrap_or(0));
    }

    fn page<R: Clone>(
        &self,
        rows: &BTreeMap<EntityId, Received<R>>,
        query: &PageQuery,
        key: impl Fn(&R) -> (u64, bool),
    ) -> Page<R> {
        let mut in_order: Vec<_> = rows.values().collect();
        in_order.sort_by_key(|row| key(&row.stored.row).0);
        let after = match query.after {
            After::Version(version) => version,
            After::Received(since) => {
                let first = in_order.iter().find(|row| row.at >= since);
                first.map_or(self.head.version, |row| key(&row.stored.row).0 - 1)
            }
        };
        let omitted_to = match query.tombstones {
            Tombstones::Included => 0,
            Tombstones::OmittedNow => self.head.version,
            Tombstones::OmittedUpTo(version) => version,
        };
        let belongs = |row: &&R| {
            let (version, is_deleted) = key(row);
            version > after && (!is_deleted || version > omitted_to)
        };
        let rows = in_order.into_iter().map(|row| &row.stored.row);
        let mut rows: Vec<R> = rows
            .filter(belongs)
            .take(query.limit + 1)
            .cloned()
            .collect();
        let has_more = rows.len() > query.limit;
        rows.truncate(query.limit);
        let (head, first_received_at) = (self.head.version, self.first_received_at);
        Page {
            rows,
            has_more,
            head,
            after,
            horizon: self.horizon,
            first_received_at,
        }
    }
}

fn is_called(user: &User, name: UserRef) -> bool {
    match name {
        UserRef::Id(id) => user.id == id,
        UserRef::Number(number) => u64::from(user.number) == number,
    }
}

impl Storage for MemoryStorage {
    fn epoch(&self) -> Epoch {
        self.epoch.clone()
    }

    async fn change<T: Send>(
        &self,
        account: AccountId,
        wanted: &Wanted,
        mut decide: impl FnMut(Loaded) -> (Changes, T) + Send,
    ) -> StorageResult<T> {
        self.unless_erased(account, |account| {
            let (changes, answer) = decide(account.load(wanted));
            account.store(changes);
            answer
        })
    }

    async fn metrics_page(
        &self,
        account: AccountId,
        query: &PageQuery,
    ) -> StorageResult<Page<Metric>> {
        let key = |row: &Metric| (row.version, row.deleted_at.is_some());
        Ok(self.read(account, |account| {
            account.page(&account.metrics, query, key)
        }))
    }

    async fn users_page(&self, account: AccountId, query: &PageQuery) -> StorageResult<Page<User>> {
        let key = |row: &User| (row.version, row.deleted_at.is_some());
        Ok(self.read(account, |account| account.page(&account.users, query, key)))
    }

    async fn user(&self, account: AccountId, user: UserRef) -> StorageResult<Option<User>> {
        Ok(self.read(account, |account| {
            account
                .users
                .values()
                .map(|found| found.stored.row.clone())
                .find(|row| is_called(row, user))
        }))
    }

    async fn app_model(&self, account: AccountId) -> StorageResult<Option<AppModel>> {
        Ok(self.read(account, |account| {
            account.app_model.as_ref().map(|stored| stored.row.clone())
        }))
    }

    async fn history(
        &self,
        account: AccountId,
        metric: EntityId,
    ) -> StorageResult<Option<Vec<HistoryEntry>>> {
        Ok(self.read(account, |account| {
            account.metrics.get(&metric)?;
            let mut entries = account.history.get(&metric).cloned().unwrap_or_default();
            entries.reverse();
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.version));
            Some(entries)
        }))
    }

    async fn living(
        &self,
        account: AccountId,
        user: EntityId,
    ) -> StorageResult<(u64, Vec<LivingRow>)> {
        Ok(self.read(account, |account| {
            let rows = account.metrics.values().map(|found| &found.stored.row);
            let living = rows.filter(|row| row.user_id == user && row.deleted_at.is_none());
            let row = |row: &Metric| LivingRow {
                id: row.id,
                version: row.version,
                created_at: row.created_at,
            };
            (account.head.version, living.map(row).collect())
        }))
    }

    async fn head(&self, account: AccountId) -> StorageResult<u64> {
        Ok(self.read(account, |account| account.head.version))
    }

    async fn lost_ranges(&self, account: AccountId) -> StorageResult<Vec<(u64, u64)>> {
        Ok(self.read(account, |account| account.lost.clone()))
    }

    async fn devices(&self, account: AccountId) -> StorageResult<Vec<DeviceRow>> {
        Ok(self.read(account, |account| {
            account.devices.values().cloned().collect()
        }))
    }

    async fn note_device(&self, account: AccountId, seen: &DeviceSeen) -> StorageResult<()> {
        self.unless_erased(account, |account| {
            let known = account.devices.get(&seen.device);
            if !known.is_some_and(|known| known.tells_nothing_new(seen)) {
                account.note(seen);
            }
        })
    }

    async fn probe(&self) -> StorageResult<()> {
        Ok(())
    }
}
