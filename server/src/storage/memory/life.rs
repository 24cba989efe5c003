//! What an operator does to a database: a backup, a restore, forgetting old deletions.

use super::MemoryStorage;
use std::sync::Mutex;
use tidemark_protocol::{AccountId, Epoch};

/// A restore raises every counter by this much, so that no version is given out twice.
pub const RESTORE_RAISES_BY: u64 = 1 << 32;

impl MemoryStorage {
    /// A copy of everything, as a backup makes one.
    #[must_use]
    pub fn backup(&self) -> Self {
        let accounts = self.accounts().clone();
        Self {
            epoch: self.epoch.clone(),
            accounts: Mutex::new(accounts),
        }
    }

    /// This backup put in place again: the next life of the database, which names as lost whatever the last one may
    /// have given out since.
    #[must_use]
    pub fn restored(&self, epoch: Epoch) -> Self {
        let mut accounts = self.accounts().clone();
        for account in accounts.values_mut() {
            let head = account.head.version;
            account.head.version = head + RESTORE_RAISES_BY;
            account.lost.push((head + 1, account.head.version));
        }
        Self {
            epoch,
            accounts: Mutex::new(accounts),
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
