//! Accounts in memory.

use super::{Account, MemoryStorage};
use crate::storage::{
    AccountChanges, AccountState, Accounts, DeviceSeen, EmailKey, Everything, SessionId,
    SessionState, StorageResult,
};
use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use tidemark_protocol::{AccountId, EntityId, HistoryEntry, Timestamp};

impl MemoryStorage {
    pub(super) fn emails(&self) -> MutexGuard<'_, HashMap<EmailKey, AccountId>> {
        // Each change of the table is a single call.
        self.emails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account {
    fn take(&mut self, changes: AccountChanges) {
        let who = &mut self.who;
        who.row = changes.row.or(who.row.take());
        let replaced: Vec<_> = changes.sessions.iter().map(|session| session.id).collect();
        who.sessions.retain(|session| {
            !replaced.contains(&session.id) && !changes.ended.contains(&session.id)
        });
        who.sessions.extend(changes.sessions);
        who.sessions.sort_by_key(|session| session.id);
        if let Some(device) = changes.forgotten {
            self.devices.remove(&device);
        }
        if let Some((device, name, at)) = changes.device {
            self.note(&DeviceSeen {
                device: device.clone(),
                at,
                acknowledged: None,
            });
            let row = self.devices.get_mut(&device);
            if let (Some(row), Some(name)) = (row, name) {
                row.name = Some(name);
            }
        }
    }

    fn everything(&self) -> Everything {
        let mut users: Vec<_> = self.users.values().map(|user| &user.stored.row).collect();
        users.sort_by_key(|user| user.version);
        let metrics = self.metrics.values().map(|metric| &metric.stored.row);
        let mut metrics: Vec<_> = metrics.collect();
        metrics.sort_by_key(|metric| metric.version);
        let entries = |(id, entries): (&EntityId, &Vec<HistoryEntry>)| {
            let id = *id;
            let entries: Vec<_> = entries.iter().map(|entry| (id, entry.clone())).collect();
            entries
        };
        let mut history: Vec<_> = self.history.iter().flat_map(entries).collect();
        history.sort_by_key(|(id, _)| *id);
        Everything {
            users: users.into_iter().cloned().collect(),
            metrics: metrics.into_iter().cloned().collect(),
            app_model: self.app_model.as_ref().map(|stored| stored.row.clone()),
            history,
            devices: self.devices.values().cloned().collect(),
        }
    }
}

impl Accounts for MemoryStorage {
    async fn claim_email(
        &self,
        email: EmailKey,
        account: AccountId,
        stale: Option<AccountId>,
        _: Timestamp,
    ) -> StorageResult<AccountId> {
        let mut emails = self.emails();
        let owner = emails.entry(email).or_insert(account);
        if Some(*owner) == stale {
            *owner = account;
        }
        Ok(*owner)
    }

    async fn account_of_email(&self, email: EmailKey) -> StorageResult<Option<AccountId>> {
        Ok(self.emails().get(&email).copied())
    }

    async fn release_email(&self, email: EmailKey, account: AccountId) -> StorageResult<()> {
        let mut emails = self.emails();
        if emails.get(&email) == Some(&account) {
            emails.remove(&email);
        }
        Ok(())
    }

    async fn account(&self, account: AccountId) -> StorageResult<AccountState> {
        Ok(self.read(account, |account| account.who.clone()))
    }

    async fn session(&self, account: AccountId, id: SessionId) -> StorageResult<SessionState> {
        Ok(self.read(account, |account| {
            let mut sessions = account.who.sessions.iter();
            match sessions.find(|session| session.id == id) {
                Some(session) => SessionState::Living(session.device.clone()),
                None if account.who.is_erased => SessionState::Erased,
                None => SessionState::Ended,
            }
        }))
    }

    async fn change_account<T: Send>(
        &self,
        account: AccountId,
        mut decide: impl FnMut(AccountState) -> (AccountChanges, T) + Send,
    ) -> StorageResult<T> {
        self.unless_erased(account, |account| {
            let (changes, answer) = decide(account.who.clone());
            account.take(changes);
            answer
        })
    }

    async fn erase(&self, account: AccountId, _: Timestamp) -> StorageResult<()> {
        let mut accounts = self.accounts();
        let erased = accounts.entry(account).or_default();
        let version = erased.head.version;
        *erased = Account::default();
        erased.head.version = version;
        erased.who.is_erased = true;
        Ok(())
    }

    async fn everything(&self, account: AccountId) -> StorageResult<Everything> {
        Ok(self.read(account, Account::everything))
    }
}
