//! The driver (the plan's `SyncOrchestratorUseCase`): one sync, from the outbox to the last pulled page.
//!
//! A tick does bounded work and says when it wants to be called again; it never sleeps.

mod batch;
mod behind;
mod call;
mod contact;
mod looking;
mod parting;
mod pull;
mod push;
mod queue;
mod record;
mod report;
mod rescue;
mod resync;
mod returning;
mod unknown;
mod weighing;

pub use report::{TickOutcome, TickReport, Trigger};

use crate::backoff;
use crate::engine::Engine;
use crate::outbox::Lane;
use crate::ports::{Clock, Lock, Platform, Store, StoreError};
use crate::remote::Remote;
use crate::retry::{CallError, Disposition};
use crate::state::{StateChange, SyncState};
use push::Pushed;
use std::collections::BTreeSet;
use tidemark_protocol::{AccountId, Problem, Timestamp};

/// The longest wait that a server's wish can cause, in milliseconds. What lies further in the future
/// comes of a clock that jumped.
pub const WISH_MS_MAX: i64 = 60 * 60_000;

/// Why a tick stopped early.
enum Stop {
    /// A call did not give what it asked for.
    Call(CallError),
    /// The store failed.
    Store(StoreError),
    /// The server put some records off, by so many seconds if it said so. All others went on.
    PutOff(Option<u32>),
    /// The server asked for a resync right after one.
    ResyncAgain(Box<Problem>),
    /// All went that can go, but something that the server holds can't be read by this version.
    Behind,
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a tick has done so far.
#[derive(Default)]
struct Progress {
    sent: usize,
    received: usize,
    changed: bool,
    /// Lanes whose turn is over for this tick: the server did not settle them.
    put_off: BTreeSet<Lane>,
    /// Seconds after which they may go again.
    retry_after_s: Option<u32>,
    /// Records that were sent whole in this tick because the server did not know them.
    offered: BTreeSet<Lane>,
    /// Whether parked entries were set free.
    has_resumed: bool,
    /// Whether a person asked for this sync.
    is_asked: bool,
}

impl<P: Platform> Engine<P> {
    /// Syncs, as far as one call goes: sends what waits, then pulls what is new.
    pub async fn tick(&self, trigger: Trigger) -> TickReport {
        let started = self.clock.now();
        let mut progress = Progress {
            is_asked: trigger == Trigger::Manual,
            ..Progress::default()
        };
        // Held until what was learnt is stored: who comes next must know of it.
        let mut guard = None;
        let ended = self.run(trigger, &mut progress, &mut guard).await;
        let outcome = match ended {
            Ok(outcome) => outcome,
            Err(stop) => self.record_failure(&stop, &mut progress).await,
        };
        self.log_line(trigger, started, &outcome, &progress).await;
        TickReport {
            next_wake: self.next_wake(&outcome).await,
            outcome,
            sent: progress.sent,
            received: progress.received,
            changed: progress.changed,
        }
    }

    async fn run(
        &self,
        trigger: Trigger,
        progress: &mut Progress,
        guard: &mut Option<<P::Lock as Lock>::Guard>,
    ) -> Result<TickOutcome, Stop> {
        let mut state = self.state().await?;
        if trigger.forgets_backoff() && state.failures > 0 {
            state = self.store.update(&StateChange::ForgetBackoff).await?;
        }
        if waits_until(&state, self.clock.now()).is_some() {
            return Ok(TickOutcome::Waiting);
        }
        *guard = self.lock.acquire().await;
        if guard.is_none() {
            return Ok(TickOutcome::Busy);
        }
        // Whoever held the lock before may have been asked to wait.
        let state = self.state().await?;
        if waits_until(&state, self.clock.now()).is_some() {
            return Ok(TickOutcome::Waiting);
        }
        let Some(account) = self.account(&state, trigger).await? else {
            return Ok(TickOutcome::Local);
        };
        let ended = if behind::can_catch_up(&state) {
            self.catch_up(account, progress).await
        } else {
            self.sync(account, progress).await
        };
        match ended {
            Err(stop) => match stop.resync() {
                Ok(problem) => self
                    .sync_anew(account, &problem, progress)
                    .await
                    .map_err(Stop::again),
                Err(stop) => Err(stop),
            },
            ended => ended,
        }
    }

    /// Sends, then pulls. What the server did not take does not hold up what it has to give.
    async fn sync(&self, account: AccountId, progress: &mut Progress) -> Result<TickOutcome, Stop> {
        self.pull_first(account, progress).await?;
        let pushed = match self.push_all(account, progress).await {
            Err(stop) if !stop.lets_pull() => return Err(stop),
            pushed => pushed,
        };
        if let Ok(Pushed::Paused(seconds)) = pushed {
            let at = self.clock.now();
            let until = wish(at, seconds);
            self.store.update(&StateChange::Pause { at, until }).await?;
            return Ok(TickOutcome::Waiting);
        }
        let has_more = self.pull_all(account, progress).await?;
        let pushed = pushed?;
        self.greet_once(account, progress).await?;
        if self.left_out.take() || self.state().await?.behind_as.is_some() {
            return Err(Stop::Behind);
        }
        if !progress.put_off.is_empty() {
            return Err(Stop::PutOff(progress.retry_after_s));
        }
        let change = StateChange::Succeeded {
            at: self.clock.now(),
            not_before: None,
        };
        self.store.update(&change).await?;
        progress.changed = true;
        Ok(match pushed {
            _ if has_more || progress.has_resumed => TickOutcome::More,
            Pushed::More => TickOutcome::More,
            Pushed::Question => TickOutcome::Question,
            Pushed::All | Pushed::Paused(_) => {
                if self.look_around(account, progress).await {
                    TickOutcome::More
                } else {
                    TickOutcome::Done
                }
            }
        })
    }

    async fn sync_anew(
        &self,
        account: AccountId,
        problem: &Problem,
        progress: &mut Progress,
    ) -> Result<TickOutcome, Stop> {
        let told = problem.lost.as_deref().unwrap_or_default();
        self.resync(account, told, progress).await?;
        progress.put_off.clear();
        progress.offered.clear();
        self.sync(account, progress).await
    }

    pub(crate) fn remote<'a>(
        &'a self,
        account: Option<AccountId>,
        state: &'a SyncState,
    ) -> Remote<'a, P::Transport> {
        Remote {
            transport: &self.transport,
            account,
            device: &state.device_id,
            left_out: &self.left_out,
        }
    }
}

impl Stop {
    /// The problem, if the server asks to pull from the start.
    fn resync(self) -> Result<Box<Problem>, Self> {
        match self {
            Self::Call(error) => match error.disposition() {
                Disposition::Resync(problem) => Ok(problem),
                _ => Err(Self::Call(error)),
            },
            other => Err(other),
        }
    }

    /// What stopped a sync that followed a resync.
    fn again(self) -> Self {
        self.resync().map_or_else(|stop| stop, Self::ResyncAgain)
    }

    /// Whether a pull is worth trying after it stopped a push.
    fn lets_pull(&self) -> bool {
        matches!(self, Self::Call(error) if error.may_be_the_content() && error.retry_after_s().is_none())
    }
}

/// The moment that a server's wish of so many seconds leads to.
fn wish(now: Timestamp, seconds: u32) -> Timestamp {
    now.plus_millis((i64::from(seconds) * 1000).min(WISH_MS_MAX))
}

/// Until when no attempt is made. A moment further ahead than anything of ours would put it comes of a
/// clock that jumped, and does not count.
pub(crate) fn waits_until(state: &SyncState, now: Timestamp) -> Option<Timestamp> {
    let ahead = |moment: Option<Timestamp>, since: Option<Timestamp>, millis_max: i64| {
        let is_set_back = since.is_some_and(|since| since > now);
        let is_ahead = |moment: &Timestamp| (1..=millis_max).contains(&moment.millis_since(now));
        moment.filter(|moment| !is_set_back && is_ahead(moment))
    };
    let backoff_ms_max = i64::try_from(backoff::CAP_MS).unwrap_or(i64::MAX);
    let retry = ahead(state.retry_at, state.waits_since, backoff_ms_max);
    retry.max(ahead(state.not_before, state.wish_since, WISH_MS_MAX))
}
