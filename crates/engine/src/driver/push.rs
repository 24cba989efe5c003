//! Pushing: rounds of one call or one batch each, until nothing may go.

use super::{Progress, Stop};
use crate::engine::Engine;
use crate::outbox::{EntryKind, LastError, OutboxEntry};
use crate::planner::{self, Plan};
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::settle::Settlement;
use tidemark_protocol::AccountId;

/// Calls and batches in one tick at most.
const ROUNDS_MAX: usize = 20;

/// How far a push came.
pub(super) enum Pushed {
    /// Nothing is left that may go.
    All,
    /// More may go at once.
    More,
    /// The server asked for so many seconds of pause.
    Paused(u32),
    /// A person must say who is who first; nothing was sent.
    Question,
}

/// What a round did.
pub(super) enum Round {
    /// Something went, or was put aside.
    Moved,
    /// Nothing may go.
    Idle,
    /// The server asked for so many seconds of pause.
    Paused(u32),
}

impl<P: Platform> Engine<P> {
    /// Sends what waits.
    pub(super) async fn push_all(
        &self,
        account: AccountId,
        progress: &mut Progress,
    ) -> Result<Pushed, Stop> {
        for _ in 0..ROUNDS_MAX {
            let mut outbox = self.store.outbox().await?;
            if has_person_to_introduce(&outbox, account) {
                let state = self.state().await?;
                self.pull_users(account, &state, progress).await?;
                // The pull took its time: another tab may have got the answer meanwhile.
                let state = self.state().await?;
                if !self.may_send(&state.new_people).await? {
                    return Ok(Pushed::Question);
                }
                outbox = self.store.outbox().await?;
            }
            match self.push_round(account, &outbox, progress).await? {
                Round::Moved => {}
                Round::Idle => return Ok(Pushed::All),
                Round::Paused(seconds) => return Ok(Pushed::Paused(seconds)),
            }
        }
        Ok(Pushed::More)
    }

    async fn push_round(
        &self,
        account: AccountId,
        outbox: &[OutboxEntry],
        progress: &mut Progress,
    ) -> Result<Round, Stop> {
        let plan = planner::plan(outbox, account, &progress.put_off);
        if !plan.unreadable.is_empty() {
            self.park_unreadable(&plan).await?;
            return Ok(Round::Moved);
        }
        if let Some(call) = plan.first_call() {
            return self.push_call(account, call, progress).await;
        }
        match self.push_batch(account, &plan, progress).await? {
            Round::Idle => match plan.calls.first() {
                Some(call) => self.push_call(account, call, progress).await,
                None => Ok(Round::Idle),
            },
            moved => Ok(moved),
        }
    }

    /// Keeps what can't be read, as it is, where a person can see it.
    async fn park_unreadable(&self, plan: &Plan<'_>) -> Result<(), StoreError> {
        let error = LastError::plain("unreadable");
        let entries = plan.unreadable.iter();
        let settlement = Settlement {
            parked: entries.map(|entry| (entry.op_id, error.clone())).collect(),
            ..Settlement::at(self.clock.now())
        };
        self.store.settle(&settlement).await.map(drop)
    }
}

/// Whether a person goes up who was never sent: then it must be clear first who they are.
fn has_person_to_introduce(outbox: &[OutboxEntry], account: AccountId) -> bool {
    outbox.iter().any(|entry| {
        entry.kind == EntryKind::CreateUser
            && entry.attempted_at.is_none()
            && planner::may_send(entry, account)
    })
}
