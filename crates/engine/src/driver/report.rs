//! What sets a tick off, and what it reports.

use crate::state::SyncFailure;
use tidemark_protocol::Timestamp;

/// What set a tick off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The app started.
    Start,
    /// Somebody logged or changed something.
    LocalWrite,
    /// The browser says that the network is back.
    Online,
    /// The page became visible, came back from the cache, or got the focus.
    Visible,
    /// The server said that there is something.
    LiveHint,
    /// It was time.
    Interval,
    /// Somebody pressed "Sync now".
    Manual,
    /// The service worker's `sync` event.
    WorkerSync,
}

impl Trigger {
    /// The name in the sync log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::LocalWrite => "local_write",
            Self::Online => "online",
            Self::Visible => "visible",
            Self::LiveHint => "live_hint",
            Self::Interval => "interval",
            Self::Manual => "manual",
            Self::WorkerSync => "worker_sync",
        }
    }

    /// Whether it speaks for trying at once, whatever failed before.
    pub(super) fn forgets_backoff(self) -> bool {
        matches!(
            self,
            Self::Start | Self::Online | Self::Visible | Self::Manual | Self::WorkerSync
        )
    }
}

/// How a tick ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TickOutcome {
    /// Nothing waits and nothing is missing.
    Done,
    /// There is more to do at once.
    More,
    /// Too soon after a failure, or the server asked for a pause.
    Waiting,
    /// Another context syncs.
    Busy,
    /// Nobody is signed in, so nothing leaves this device.
    Local,
    /// A person must say who is who before anything is sent; what is new has been pulled.
    Question,
    /// It failed; what is unsent stays.
    Failed(SyncFailure),
}

/// What a tick did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickReport {
    /// How it ended.
    pub outcome: TickOutcome,
    /// Edits that the server settled.
    pub sent: usize,
    /// Rows that were news here.
    pub received: usize,
    /// Whether something that a screen shows may have changed.
    pub changed: bool,
    /// When to call again, at the latest.
    pub next_wake: Timestamp,
}
