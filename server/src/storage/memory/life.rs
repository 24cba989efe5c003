//! What an operator does to a database: a backup, a restore, forgetting old deletions.

use super::{Account, MemoryStorage, Received};
use crate::storage::{Keep, StorageResult, Upkeep};
use std::sync::Mutex;
use tidemark_protocol::{AccountId, Epoch, Metric};

/// Each life of a database counts on from its number times this, so that no version is given out twice, whichever
/// backup is put in place how often.
const LIFE: u64 = 1 << 32;

impl MemoryStorage {
    /// A copy of everything, as a backup makes one.
    #[must_use]
    pub fn backup(&self) -> Self {
        let accounts = Mutex::new(self.accounts().clone());
        Self {
            epoch: self.epoch.clone(),
            accounts,
            emails: Mutex::new(self.emails().clone()),
            floor: self.floor,
        }
    }

    /// This backup put in place again: the life of that number, from 1, of the database. It names as lost whatever the
    /// lives before it may have given out since the backup.
    #[must_use]
    pub fn restored(&self, epoch: Epoch, life: u64) -> Self {
        let floor = life * LIFE;
        let mut accounts = self.accounts().clone();
        for account in accounts.values_mut() {
            account.lost.push((account.head.version + 1, floor));
            account.head.version = floor;
        }
        Self {
            epoch,
            accounts: Mutex::new(accounts),
            emails: Mutex::new(self.emails().clone()),
            floor,
        }
    }

    /// Forgets the deletions of an account up to a version, whoever lacks them.
    pub fn forget_deletions(&self, account: AccountId, up_to: u64) {
        if let Some(account) = self.accounts().get_mut(&account) {
            let up_to = up_to.min(account.head.version);
            account.forget(|row| row.stored.row.version <= up_to);
            account.horizon = account.horizon.max(up_to);
        }
    }
}

impl Upkeep for MemoryStorage {
    async fn prune(&self, keep: &Keep) -> StorageResult<u64> {
        let mut accounts = self.accounts();
        Ok(accounts
            .values_mut()
            .map(|account| account.prune(keep))
            .sum())
    }
}

impl Account {
    fn prune(&mut self, keep: &Keep) -> u64 {
        let devices = self.devices.values();
        let active = devices.filter(|device| device.last_seen_at >= keep.since);
        let seen_by_all = active.map(|device| device.acknowledged_version).min();
        let seen_by_all = seen_by_all.unwrap_or(u64::MAX);
        self.forget(|row| {
            let is_seen = row.at < keep.since && row.stored.row.version <= seen_by_all;
            is_seen || row.at < keep.all_before
        })
    }

    /// Forgets deletions. The horizon rises to the newest that goes.
    fn forget(&mut self, goes: impl Fn(&Received<Metric>) -> bool) -> u64 {
        let mut gone = 0;
        let (horizon, history) = (&mut self.horizon, &mut self.history);
        self.metrics.retain(|id, row| {
            let stays = row.stored.row.deleted_at.is_none() || !goes(row);
            if !stays {
                gone += 1;
                *horizon = (*horizon).max(row.stored.row.version);
                history.remove(id);
            }
            stays
        });
        gone
    }

    /// An account that begins above the versions of earlier lives.
    pub(super) fn above(floor: u64) -> Self {
        let mut account = Self::default();
        if floor > 0 {
            account.head.version = floor;
            account.lost.push((1, floor));
        }
        account
    }
}
