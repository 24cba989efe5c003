//! When a newer server's answers hold what this version can't read: it is left out, and pulled once the app is another
//! version. Everything else goes on.

use super::{Progress, Stop, TickOutcome};
use crate::engine::Engine;
use crate::ports::{Platform, Store, StoreError};
use crate::state::{StateChange, SyncState};
use tidemark_protocol::AccountId;

/// This version of the app.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether another version of the app left something out.
pub(super) fn can_catch_up(state: &SyncState) -> bool {
    let behind_as = state.behind_as.as_deref();
    behind_as.is_some_and(|version| version != VERSION)
}

impl<P: Platform> Engine<P> {
    /// Notes that something was left out, before what was read is stored.
    pub(super) async fn note_left_out(&self) -> Result<(), StoreError> {
        if self.left_out.take() {
            let change = StateChange::Behind(Some(VERSION.to_owned()));
            self.store.update(&change).await?;
        }
        Ok(())
    }

    /// Pulls everything anew, and goes on.
    pub(super) async fn catch_up(
        &self,
        account: AccountId,
        progress: &mut Progress,
    ) -> Result<TickOutcome, Stop> {
        self.resync(account, &[], progress).await?;
        if can_catch_up(&self.state().await?) {
            self.store.update(&StateChange::Behind(None)).await?;
        }
        self.sync(account, progress).await
    }
}
