//! The calls of the protocol as functions over a storage: no transport, no clock, no randomness. Time and fresh ids
//! are arguments, so a simulator can run the real server.

mod account;
mod app_model;
mod batch;
mod cursor;
mod pull;
mod push;
mod users;

pub use account::{devices, digests, history};
pub use app_model::{get_app_model, patch_app_model};
pub use pull::{PullRequest, pull_metrics, pull_users};
pub use push::push;
pub use users::{CreatedUser, create_user, get_user, patch_user};

use crate::storage::{Changes, Head, StorageError};
use thiserror::Error;
use tidemark_protocol::problem::ResyncReason;
use tidemark_protocol::{AccountId, DeviceId, Rejection, Timestamp};

/// The one account of a server without sign-in. Always the same, so that devices find a server again that lost its
/// database.
pub const BUILT_IN_ACCOUNT: AccountId =
    AccountId(uuid::uuid!("0190c0de-0000-8000-8000-000000000001"));

/// Who asks, and when.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account that every query is scoped by.
    pub account: AccountId,
    /// The device, where it is known.
    pub device: Option<DeviceId>,
    /// The server's time.
    pub now: Timestamp,
}

/// Why a call is not answered as asked.
#[derive(Debug, Error)]
pub enum SyncError {
    /// No such row in this account.
    #[error("there is no such row")]
    NotFound,
    /// The idempotency key came before with another body.
    #[error("the operation's id came before with another body")]
    OpReuse,
    /// A field is wrong.
    #[error("a field is wrong")]
    Invalid(Rejection),
    /// Not a cursor of this account and feed.
    #[error("since must be a cursor of this account and feed, or an RFC 3339 time")]
    BadCursor,
    /// The client must pull from the start.
    #[error("the cursor can't be served any more: pull from the start")]
    ResyncRequired {
        /// Why.
        reason: ResyncReason,
        /// Version ranges that the server no longer has.
        lost: Option<Vec<(u64, u64)>>,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Changes that begin with the account's counters.
struct Draft {
    changes: Changes,
    now: Timestamp,
}

impl Draft {
    fn new(head: Head, now: Timestamp) -> Self {
        Self {
            changes: Changes {
                head,
                ..Changes::default()
            },
            now,
        }
    }

    /// The version that the next row to change gets.
    fn next_version(&self) -> u64 {
        self.changes.head.version + 1
    }

    /// Takes the next version.
    fn bump(&mut self) {
        let head = &mut self.changes.head;
        head.version += 1;
        // Receipt times follow versions even where the clock goes back, or a pull by time would skip rows.
        head.received_at = head.received_at.max(self.now);
    }
}
