//! What an operator does to a database: a backup, a restore, forgetting old deletions.

use super::{Account, MemoryStorage};
use std::sync::Mutex;
use tidemark_protocol::{AccountId, Epoch};

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

    /// Forgets the deletions of an account up to a version.
    pub fn forget_deletions(&self, account: AccountId, up_to: u64) {
        if let Some(account) = self.accounts().get_mut(&account) {
            let up_to = up_to.min(account.head.version);
            account.metrics.retain(|_, row| {
                row.stored.row.deleted_at.is_none() || row.stored.row.version > up_to
            });
            account.horizon = account.horizon.max(up_to);
        }
    }
}

impl Account {
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
