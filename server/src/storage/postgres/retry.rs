//! What passes by itself: another transaction was in the way, or the server is being restarted or replaced.

use crate::storage::StorageError;
use std::time::Duration;

/// Attempts at most; with the pauses between them a restart of the server is waited out.
const ATTEMPTS: u32 = 10;
/// The first pause; each is about twice the one before. All of them: five seconds.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// SQLSTATEs of refusals that did nothing and may well not come again.
const PASSING: [&str; 10] = [
    "40001", // could not be put in an order with others
    "40P01", // deadlock
    "25006", // a standby that takes no writes: not yet, or no longer, the one to write to
    "53300", // too many connections
    "57P01", // told to shut down
    "57P02", // crashed
    "57P03", // starting up
    "08000", "08003", "08006", // the connection broke
];
/// Those that come when two servers make the same table at once.
const MADE_BY_ANOTHER: [&str; 5] = ["23505", "42P07", "42701", "42710", "XX000"];

/// Counts the attempts at one operation.
pub(super) struct Patience {
    attempts: u32,
    may_be_done_twice: bool,
}

impl Patience {
    /// For what must not be done twice: a commit whose fate is unknown is told as that.
    pub(super) fn for_sure() -> Self {
        Self {
            attempts: 0,
            may_be_done_twice: false,
        }
    }

    /// For what may be done twice.
    pub(super) fn even_twice() -> Self {
        Self {
            attempts: 0,
            may_be_done_twice: true,
        }
    }

    /// Whether to try again, after a pause.
    pub(super) async fn outlasts(&mut self, error: &StorageError) -> bool {
        self.attempts += 1;
        let passes = match error {
            StorageError::Database(error) => did_nothing_for_now(error),
            StorageError::Unsettled(_) => self.may_be_done_twice,
            StorageError::MadeByAnother(_) => true,
            _ => false,
        };
        if !passes || self.attempts >= ATTEMPTS {
            return false;
        }
        tracing::debug!(
            error = error as &dyn std::error::Error,
            attempts = self.attempts,
            "trying again"
        );
        tokio::time::sleep(pause(self.attempts)).await;
        true
    }
}

/// Uneven, so that those who were in each other's way don't meet again.
fn pause(attempts: u32) -> Duration {
    let whole = FIRST_PAUSE * 2_u32.pow(attempts - 1);
    let part = getrandom::u32().unwrap_or(0) % 1000;
    whole / 2 + whole * part / 1000
}

/// Whether a statement failed for a reason that passes; it had no effect then.
fn did_nothing_for_now(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| PASSING.contains(&&*code)),
        _ => false,
    }
}

/// What a failed commit means: refused, or not known.
pub(super) fn of_commit(error: sqlx::Error) -> StorageError {
    let is_refused =
        matches!(&error, sqlx::Error::Database(inner) if !inner.code().is_some_and(breaks));
    if is_refused {
        StorageError::Database(error)
    } else {
        StorageError::Unsettled(error)
    }
}

/// Whether a code can come after the commit was written.
#[expect(clippy::needless_pass_by_value, reason = "as the error gives it")]
fn breaks(code: std::borrow::Cow<'_, str>) -> bool {
    code.starts_with("57P") || code.starts_with("08") || code == "40003"
}

/// What a failed statement of the schema means.
pub(super) fn of_schema(error: sqlx::Error) -> StorageError {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    if code.is_some_and(|code| MADE_BY_ANOTHER.contains(&&*code)) {
        return StorageError::MadeByAnother(error);
    }
    StorageError::Database(error)
}
