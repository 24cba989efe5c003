//! Who listens for which account: a channel for each that holds only its newest change counter, so a change wakes nobody
//! else, and a slow listener misses nothing that matters.
//!
//! Another server on the same database may change an account too: the counters of those that somebody listens to here
//! are looked up every second. A notification by the database would come sooner, but not through a pooler that shares
//! connections, and not from every engine that we run on.

use super::{App, Store};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tidemark_protocol::AccountId;
use tokio::sync::watch;

const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// Live connections of one account at most. A person's devices hold one for each page that is looked at.
const LISTENERS_MAX: usize = 32;
/// Accounts that are asked about at a time.
const ACCOUNTS_AT_A_TIME: usize = 1000;

/// The channels.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints(Arc<Mutex<HashMap<AccountId, watch::Sender<u64>>>>);

/// One who listens; gone when dropped.
#[derive(Debug)]
pub(super) struct Listener {
    hints: Hints,
    account: AccountId,
    receiver: watch::Receiver<u64>,
}

impl Hints {
    /// Listens from now on; the counter as it is known by then comes first. `None` if too many listen for this account.
    pub(super) fn listen(&self, account: AccountId) -> Option<Listener> {
        let mut channels = self.channels();
        let sender = channels
            .entry(account)
            .or_insert_with(|| watch::Sender::new(0));
        if sender.receiver_count() >= LISTENERS_MAX {
            return None;
        }
        let mut receiver = sender.subscribe();
        receiver.mark_changed();
        Some(Listener {
            hints: self.clone(),
            account,
            receiver,
        })
    }

    /// Wakes the account's listeners: something changed, or ended.
    pub(super) fn tell(&self, account: AccountId, head: u64) {
        if let Some(sender) = self.channels().get(&account) {
            sender.send_modify(|known| *known = head.max(*known));
        }
    }

    /// Wakes them if they don't know it yet.
    pub(super) fn tell_news(&self, account: AccountId, head: u64) {
        if let Some(sender) = self.channels().get(&account) {
            sender.send_if_modified(|known| {
                let is_news = head > *known;
                *known = head.max(*known);
                is_news
            });
        }
    }

    /// Accounts that somebody listens to.
    fn accounts(&self) -> Vec<AccountId> {
        self.channels().keys().copied().collect()
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<AccountId, watch::Sender<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// The next counter that is told.
    pub(super) async fn next(&mut self) -> Option<u64> {
        self.receiver.changed().await.ok()?;
        Some(*self.receiver.borrow_and_update())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut channels = self.hints.channels();
        let is_last = |sender: &watch::Sender<u64>| sender.receiver_count() <= 1;
        if channels.get(&self.account).is_some_and(is_last) {
            channels.remove(&self.account);
        }
    }
}

impl<S: Store> App<S> {
    /// Passes on what other servers on the same database change, for as long as this one runs.
    pub async fn follow_others(&self) {
        loop {
            tokio::time::sleep(LOOKS_EVERY).await;
            for accounts in self.hints.accounts().chunks(ACCOUNTS_AT_A_TIME) {
                match self.storage.heads_moved_by_others(accounts).await {
                    Ok(heads) => {
                        for (account, head) in heads {
                            self.hints.tell_news(account, head);
                        }
                    }
                    Err(error) => tracing::warn!(%error, "hints of other servers come later"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Hints;
    use tidemark_protocol::AccountId;
    use uuid::Uuid;

    const A: AccountId = AccountId(Uuid::from_u128(1));
    const B: AccountId = AccountId(Uuid::from_u128(2));

    #[tokio::test]
    async fn a_listener_hears_first_what_is_known_and_then_only_news_of_its_account() {
        let hints = Hints::default();
        let mut first = hints.listen(A).unwrap();
        hints.tell_news(A, 5);
        assert_eq!(first.next().await, Some(5));
        let mut second = hints.listen(A).unwrap();
        assert_eq!(second.next().await, Some(5));
        hints.tell_news(A, 5);
        hints.tell(B, 9);
        assert!(!first.receiver.has_changed().unwrap());
        hints.tell(A, 0);
        assert_eq!(
            first.next().await,
            Some(5),
            "an end is told without a counter"
        );
        hints.tell_news(A, 7);
        hints.tell_news(A, 8);
        assert_eq!(second.next().await, Some(8), "only the newest matters");
    }

    #[test]
    fn nobody_is_remembered_who_left() {
        let hints = Hints::default();
        let (first, second, other) = (
            hints.listen(A).unwrap(),
            hints.listen(A).unwrap(),
            hints.listen(B).unwrap(),
        );
        drop(first);
        drop(other);
        assert_eq!(hints.accounts(), [A]);
        drop(second);
        assert!(hints.accounts().is_empty());
    }
}
