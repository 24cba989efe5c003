//! Turns within this process: who changes the same account waits here, not on a connection. Otherwise one busy account
//! would hold them all, and an engine that refuses instead of letting wait would refuse our own.

use super::connect::ACQUIRE_TIMEOUT;
use crate::storage::StorageResult;
use tidemark_protocol::AccountId;
use tokio::sync::{Mutex, MutexGuard};

/// Accounts share a lane by chance; many lanes make that rare.
const LANES: u128 = 1024;

#[derive(Debug)]
pub(super) struct Lanes(Vec<Mutex<()>>);

impl Lanes {
    pub(super) fn new() -> Self {
        Self((0..LANES).map(|_| Mutex::new(())).collect())
    }

    /// The account's turn, until it is dropped.
    pub(super) async fn wait_for(&self, account: AccountId) -> StorageResult<MutexGuard<'_, ()>> {
        let lane = usize::try_from(account.0.as_u128() % LANES).unwrap_or(0);
        let turn = tokio::time::timeout(ACQUIRE_TIMEOUT, self.0[lane].lock()).await;
        Ok(turn.map_err(|_| sqlx::Error::PoolTimedOut)?)
    }
}
