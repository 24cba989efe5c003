//! Who syncs with whom: the account, and what the server says of itself.

use super::{Progress, Stop, Trigger};
use crate::engine::Engine;
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::settle::Settlement;
use crate::state::{StateChange, SyncState};
use tidemark_protocol::{AccountId, AuthMode, Timestamp, limits};

/// A clock counts as set anew when it seems to have moved by at least this many milliseconds.
const CLOCK_MOVED_MS_MIN: u64 = 60_000;
/// A call that took longer, in milliseconds, tells nothing of clocks; neither does one that ended before it
/// began.
const MEASUREMENT_MS_MAX: i64 = 20_000;

impl<P: Platform> Engine<P> {
    /// Whose entries go: the store's owner, else the built-in account of a server without sign-in.
    pub(super) async fn account(
        &self,
        state: &SyncState,
        trigger: Trigger,
    ) -> Result<Option<AccountId>, Stop> {
        if state.owner.is_some() {
            return Ok(state.owner);
        }
        let is_known_closed = state.auth == Some(AuthMode::Required);
        if is_known_closed && !matches!(trigger, Trigger::Start | Trigger::Manual) {
            return Ok(None);
        }
        if self.greet(state).await? == AuthMode::Required {
            return Ok(None);
        }
        let info = self.remote(None, state).account().await?;
        let state = self.store.update(&StateChange::Adopt(info.id)).await?;
        self.owner.set(state.owner);
        Ok(state.owner)
    }

    /// Asks the server who it is, once for each context. A new version may take what an older one refused.
    pub(super) async fn greet_once(
        &self,
        account: AccountId,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        if self.greeted.get() {
            return Ok(());
        }
        let before = self.state().await?;
        self.greet(&before).await?;
        let after = self.state().await?;
        let is_new =
            before.server_version.is_some() && before.server_version != after.server_version;
        if is_new {
            progress.has_resumed = self.resume_parked(account).await?;
        }
        Ok(())
    }

    async fn greet(&self, state: &SyncState) -> Result<AuthMode, Stop> {
        let asked_at = self.clock.now();
        let info = self.remote(state.owner, state).server().await?;
        let measured = self.clock_offset_ms(asked_at, info.server_time);
        let change = StateChange::Server {
            auth: info.auth,
            version: info.version,
            clock_offset_ms: measured.unwrap_or(state.clock_offset_ms),
        };
        self.store.update(&change).await?;
        self.greeted.set(true);
        let events_max = limits::BATCH_EVENTS_MAX.min(info.limits.max_events.max(1));
        self.batch_events_max.set(events_max);
        self.batch_events
            .set(self.batch_events.get().min(events_max));
        Ok(info.auth)
    }

    /// Sets what this account's entries that were refused free to go again. Answers whether there were any.
    async fn resume_parked(&self, account: AccountId) -> Result<bool, StoreError> {
        let outbox = self.store.outbox().await?;
        let parked = outbox
            .iter()
            .filter(|entry| entry.parked && entry.owner.is_none_or(|owner| owner == account));
        let settlement = Settlement {
            resumed: parked.map(|entry| entry.op_id).collect(),
            ..Settlement::at(self.clock.now())
        };
        if settlement.is_empty() {
            return Ok(false);
        }
        self.store.settle(&settlement).await?;
        Ok(true)
    }

    /// Keeps the known error of the device's clock true while the app runs for days.
    pub(super) async fn note_clock(
        &self,
        state: &SyncState,
        asked_at: Timestamp,
        server_time: Timestamp,
    ) -> Result<(), StoreError> {
        let measured = self.clock_offset_ms(asked_at, server_time);
        let moved = measured
            .filter(|offset_ms| offset_ms.abs_diff(state.clock_offset_ms) >= CLOCK_MOVED_MS_MIN);
        if let Some(offset_ms) = moved {
            self.store.update(&StateChange::Clock(offset_ms)).await?;
            self.state().await?;
        }
        Ok(())
    }

    /// The server's clock minus this device's, in milliseconds; it was read somewhere between the question
    /// and now.
    fn clock_offset_ms(&self, asked_at: Timestamp, server_time: Timestamp) -> Option<i64> {
        let took_ms = self.clock.now().millis_since(asked_at);
        let halfway = asked_at.plus_millis(took_ms / 2);
        (0..=MEASUREMENT_MS_MAX)
            .contains(&took_ms)
            .then(|| server_time.millis_since(halfway))
    }
}
