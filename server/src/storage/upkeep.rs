//! What time does to a database: deletions that no device asks about any more are forgotten.
//!
//! A device that comes back with a cursor from before that is told to pull from the start. Must not know the clock.

use super::StorageResult;
use std::future::Future;
use tidemark_protocol::Timestamp;

/// Deletions are kept for this long at least, and devices count as active for this long after they were last seen.
const KEPT_DAYS_MIN: i64 = 180;
/// After this long they are forgotten though an active device lacks them: one that only ever writes would keep them
/// for good.
const KEPT_DAYS_MAX: i64 = 400;
const DAY_MS: i64 = 86_400_000;

/// Which deletions stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// What was received at or after this moment stays, and so does what a device lacks that was seen since.
    pub since: Timestamp,
    /// What was received before this moment goes, whoever lacks it.
    pub all_before: Timestamp,
}

impl Keep {
    /// The rule, at a moment.
    pub fn at(now: Timestamp) -> Self {
        Self {
            since: now.plus_millis(-KEPT_DAYS_MIN * DAY_MS),
            all_before: now.plus_millis(-KEPT_DAYS_MAX * DAY_MS),
        }
    }
}

/// Versions of a life.
const LIFE: u64 = 1 << 32;
const HOUR_MS: i64 = 3_600_000;

/// Where the counters of a restored database go on: above all that was ever given out. `highest` is the highest version
/// that is known of; `now` keeps lives apart where the replaced database can't tell its own.
pub(super) fn next_life(highest: u64, now: Timestamp) -> u64 {
    let hours = u64::try_from(now.millis() / HOUR_MS).unwrap_or(0);
    (highest / LIFE + 1).max(hours) * LIFE
}

/// The port for it.
pub trait Upkeep: Send + Sync + 'static {
    /// Forgets deletions of all accounts, one transaction each, with what history there is of them. Each account's
    /// horizon rises to the newest that went. Answers how many went.
    fn prune(&self, keep: &Keep) -> impl Future<Output = StorageResult<u64>> + Send;
}
