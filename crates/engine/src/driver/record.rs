//! What a tick leaves behind: the failure and the wait that follows it, the line of the log, the next wake.

use super::{Progress, Stop, TickOutcome, Trigger, waits_until, wish};
use crate::backoff;
use crate::engine::Engine;
use crate::outbox::LastError;
use crate::ports::{Clock, Network, Platform, Store, StoreError};
use crate::state::{FailureKind, StateChange, SyncFailure, SyncLogLine};
use tidemark_protocol::Timestamp;

/// Milliseconds to the next tick when nothing waits.
const IDLE_MS: i64 = 60_000;
/// Milliseconds to the next tick when another context syncs.
const BUSY_MS: i64 = 5_000;
/// Seconds of pause when the server asks for one resync after another: each pulls everything.
const RESYNC_PAUSE_S: u32 = 60;

impl<P: Platform> Engine<P> {
    /// Stores the failure and the wait that follows it.
    pub(super) async fn record_failure(&self, stop: &Stop, progress: &mut Progress) -> TickOutcome {
        let failures = self.state().await.map_or(0, |state| state.failures);
        let failure = stop.failure();
        let cap_ms = self.backoff_cap_ms(&failure).await;
        let backoff_ms = backoff::delay_ms(failures, cap_ms, &self.entropy);
        let now = self.clock.now(); // read last: it may be set while the store is read
        let change = StateChange::Failed {
            at: now,
            failure: failure.clone(),
            retry_at: now.plus_millis(stop.wait_ms(backoff_ms)),
            not_before: stop.wish_s().map(|seconds| wish(now, seconds)),
        };
        // Where not even this can be stored, the next tick comes after an unstored wait.
        let stored = self.store.update(&change).await;
        progress.changed |= stored.is_ok();
        TickOutcome::Failed(failure)
    }

    /// Where the server was not reached, only trying again can tell when it could be, unless the browser will.
    async fn backoff_cap_ms(&self, failure: &SyncFailure) -> u64 {
        let is_blind = failure.kind == FailureKind::Offline && self.network.online_hint();
        let outbox = self.store.outbox().await.unwrap_or_default();
        if is_blind && outbox.iter().any(|entry| !entry.parked) {
            backoff::PROBE_CAP_MS
        } else {
            backoff::CAP_MS
        }
    }

    /// When to come back. The clock is read last: one that is set while the store is read must not turn a short wait
    /// into a long one.
    pub(super) async fn next_wake(&self, outcome: &TickOutcome) -> Timestamp {
        let state = match outcome {
            TickOutcome::Waiting | TickOutcome::Failed(_) => self.state().await.ok(),
            _ => None,
        };
        let now = self.clock.now();
        match outcome {
            TickOutcome::More => now,
            TickOutcome::Busy => now.plus_millis(BUSY_MS),
            TickOutcome::Done | TickOutcome::Local | TickOutcome::Question => {
                now.plus_millis(IDLE_MS)
            }
            TickOutcome::Waiting | TickOutcome::Failed(_) => {
                let stored = state.and_then(|state| waits_until(&state, now));
                let unstored =
                    || now.plus_millis(backoff::delay_ms(u32::MAX, backoff::CAP_MS, &self.entropy));
                stored.unwrap_or_else(unstored)
            }
        }
    }

    /// Writes a line of the log, unless nothing happened.
    pub(super) async fn log_line(
        &self,
        trigger: Trigger,
        started: Timestamp,
        outcome: &TickOutcome,
        progress: &Progress,
    ) {
        let has_moved = progress.sent + progress.received > 0;
        let word = match outcome {
            TickOutcome::Failed(failure) => failure.error.code.as_str(),
            TickOutcome::Question => "question",
            TickOutcome::Waiting | TickOutcome::Busy | TickOutcome::Local if !has_moved => return,
            _ if trigger == Trigger::Interval && !has_moved => return,
            _ => "ok",
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let line = SyncLogLine {
            at: started,
            trigger: trigger.as_str().to_owned(),
            sent: count(progress.sent),
            received: count(progress.received),
            outcome: word.to_owned(),
            duration_ms: u32::try_from(self.clock.now().millis_since(started)).unwrap_or(0),
        };
        // The log is for reading; a sync does not fail for want of a line.
        drop(self.store.log(&line).await);
    }
}

impl Stop {
    fn failure(&self) -> SyncFailure {
        match self {
            Self::Call(error) => error.failure(),
            Self::Store(error) => storage_failure(error),
            Self::PutOff(_) => SyncFailure {
                kind: FailureKind::Server,
                error: LastError::plain("put_off"),
            },
            Self::Behind => SyncFailure {
                kind: FailureKind::Outdated,
                error: LastError::plain("unreadable"),
            },
            Self::ResyncAgain(problem) => SyncFailure {
                kind: FailureKind::Server,
                error: LastError::plain(problem.code.as_str()),
            },
        }
    }

    /// The wait before the next attempt. What a few records are put off by holds back all others, so it is
    /// no longer than a backoff can be.
    fn wait_ms(&self, backoff_ms: i64) -> i64 {
        let cap_ms = i64::try_from(backoff::CAP_MS).unwrap_or(i64::MAX);
        match self {
            Self::PutOff(Some(seconds)) => (i64::from(*seconds) * 1000).clamp(backoff_ms, cap_ms),
            _ => backoff_ms,
        }
    }

    /// The pause that the server asks for, in seconds.
    pub(super) fn wish_s(&self) -> Option<u32> {
        match self {
            Self::Call(error) => error.retry_after_s(),
            Self::ResyncAgain(_) => Some(RESYNC_PAUSE_S),
            Self::Store(_) | Self::PutOff(_) | Self::Behind => None,
        }
    }
}

fn storage_failure(error: &StoreError) -> SyncFailure {
    SyncFailure {
        kind: FailureKind::Storage,
        error: LastError {
            detail: Some(error.to_string()),
            ..LastError::plain("storage")
        },
    }
}
