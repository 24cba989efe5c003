//! Where a client stands: opaque text, bound to account, feed and epoch.

use tidemark_protocol::{AccountId, Cursor, Epoch};
use uuid::Uuid;

/// What is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feed {
    Metrics,
    Users,
}

/// A place in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// The life of the database that gave the cursor.
    pub epoch: Epoch,
    /// The client has everything up to this version.
    pub after: u64,
    /// During a first pull: deletions up to this version are left out.
    pub omits_deleted_to: Option<u64>,
}

impl Feed {
    fn letter(self) -> &'static str {
        match self {
            Self::Metrics => "m",
            Self::Users => "u",
        }
    }
}

/// Writes a cursor.
pub(super) fn write(account: AccountId, feed: Feed, position: &Position) -> Cursor {
    let omits = position
        .omits_deleted_to
        .map(|version| version.to_string())
        .unwrap_or_default();
    let place = format!(
        "1.{}.{}.{}.{omits}",
        feed.letter(),
        position.after,
        position.epoch.0
    );
    let seal = seal(account, &place);
    Cursor(format!("{place}.{seal}"))
}

/// Reads a cursor of this account and feed. One of another epoch can be another account's: that server is gone, and its
/// account with it.
pub(super) fn read(
    account: AccountId,
    feed: Feed,
    current: &Epoch,
    text: &str,
) -> Option<Position> {
    let (place, seal_text) = text.rsplit_once('.')?;
    let parts: Vec<_> = place.split('.').collect();
    let ["1", letter, after, epoch, omits] = parts[..] else {
        return None;
    };
    let is_ours = epoch != current.0 || seal(account, place) == seal_text;
    if letter != feed.letter() || !is_ours || Uuid::try_parse(epoch).is_err() {
        return None;
    }
    Some(Position {
        epoch: Epoch(epoch.to_owned()),
        after: after.parse().ok()?,
        omits_deleted_to: if omits.is_empty() {
            None
        } else {
            Some(omits.parse().ok()?)
        },
    })
}

/// Ties a place to an account; no secret: a forged cursor shows only the forger's own rows.
fn seal(account: AccountId, place: &str) -> String {
    let mut seal = Uuid::new_v5(&account.0, place.as_bytes())
        .simple()
        .to_string();
    seal.truncate(16);
    seal
}
