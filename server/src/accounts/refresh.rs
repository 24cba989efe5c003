//! Refresh tokens: a family per sign-in, each token made from the one before it, so that a lost answer can be given again
//! word for word though only hashes are stored.
//!
//! `secret(n+1) = HMAC-SHA256(salt, secret(n))`: the salt lies in the database, the secret only with the device, and
//! neither is enough alone. From an old secret the newest can be reckoned, which proves that a token once belonged to
//! the family.

use crate::storage::{SecretHash, SessionId, SessionRow};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tidemark_protocol::{AccountId, DeviceId, Timestamp};
use uuid::Uuid;

/// Milliseconds from its last use after which a family is over: 180 days.
pub const LIFETIME_MS: i64 = 180 * 24 * 3_600_000;
/// A parent stays good for so many milliseconds after its successor was first used.
const GRACE_MS: i64 = 60_000;
/// Times of generations that are kept at most; a family that turns faster is cut off earlier.
const ROTATIONS_MAX: usize = 64;
/// Steps from an old token to the newest that are reckoned at most: some years of use.
const STEPS_MAX: u64 = 200_000;
const PREFIX: &str = "tmr_";
const TOKEN_BYTES: usize = 72;

/// A token as it comes from a device. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// Whose.
    pub account: AccountId,
    /// Of which sign-in.
    pub session: SessionId,
    generation: u64,
    secret: [u8; 32],
}

/// What a presented token gets.
#[derive(PartialEq, Eq)]
pub(super) enum Presented {
    /// A successor; the session as it is now.
    Successor(Box<(RefreshToken, SessionRow)>),
    /// It was used up: somebody else has the family.
    UsedUp,
    /// Never of this family, or the family is over.
    Unknown,
}

/// The first token of a new family, and the session that remembers it.
pub(super) fn begin(
    account: AccountId,
    session: SessionId,
    device: DeviceId,
    (secret, salt): ([u8; 32], [u8; 32]),
    now: Timestamp,
) -> (RefreshToken, SessionRow) {
    let token = RefreshToken {
        account,
        session,
        generation: 0,
        secret,
    };
    let row = SessionRow {
        id: session,
        device,
        created_at: now,
        used_at: now,
        generation: 0,
        secret_hash: hash(&secret),
        salt,
        rotations: vec![now],
    };
    (token, row)
}

impl RefreshToken {
    /// Reads a token; whether it is good shows only beside its session.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.strip_prefix(PREFIX)?).ok()?;
        let bytes: [u8; TOKEN_BYTES] = bytes.try_into().ok()?;
        let (account, rest) = bytes.split_at(16);
        let (session, rest) = rest.split_at(16);
        let (generation, secret) = rest.split_at(8);
        Some(Self {
            account: AccountId(Uuid::from_slice(account).ok()?),
            session: SessionId(Uuid::from_slice(session).ok()?),
            generation: u64::from_be_bytes(generation.try_into().ok()?),
            secret: secret.try_into().ok()?,
        })
    }

    /// As it travels.
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.extend(self.account.0.as_bytes());
        bytes.extend(self.session.0.as_bytes());
        bytes.extend(self.generation.to_be_bytes());
        bytes.extend(self.secret);
        format!("{PREFIX}{}", BASE64.encode(bytes))
    }

    fn successor(&self, salt: &[u8; 32]) -> Self {
        Self {
            generation: self.generation + 1,
            secret: next_secret(salt, &self.secret),
            ..self.clone()
        }
    }

    /// Decides about this token beside its session.
    pub(super) fn present(&self, row: &SessionRow, now: Timestamp) -> Presented {
        if !self.belongs_to(row) || now.millis_since(row.used_at) > LIFETIME_MS {
            return Presented::Unknown;
        }
        let successor = self.successor(&row.salt);
        let mut row = row.clone();
        row.used_at = row.used_at.max(now);
        if self.generation == row.generation {
            row.generation = successor.generation;
            row.secret_hash = hash(&successor.secret);
            row.rotations.retain(|at| now.millis_since(*at) <= GRACE_MS);
            row.rotations.push(now);
            let surplus = row.rotations.len().saturating_sub(ROTATIONS_MAX);
            row.rotations.drain(..surplus);
        } else if !is_still_good(self.generation, &row, now) {
            return Presented::UsedUp;
        }
        Presented::Successor(Box::new((successor, row)))
    }

    /// Whether the newest secret of the family can be reckoned from this one.
    fn belongs_to(&self, row: &SessionRow) -> bool {
        let Some(steps) = row.generation.checked_sub(self.generation) else {
            return false;
        };
        if self.session != row.id || steps > STEPS_MAX {
            return false;
        }
        let newest = (0..steps).fold(self.secret, |secret, _| next_secret(&row.salt, &secret));
        hash(&newest) == row.secret_hash
    }
}

/// Whether the successor of an old token was not used yet, or was first used, which made the generation after it, at most
/// a minute ago.
fn is_still_good(generation: u64, row: &SessionRow, now: Timestamp) -> bool {
    let newer = usize::try_from(row.generation - generation).unwrap_or(usize::MAX);
    if newer == 1 {
        return true;
    }
    // The last of the list is of the newest generation.
    let used = row.rotations.len().checked_sub(newer - 1);
    let used_at = used.and_then(|at| row.rotations.get(at));
    used_at.is_some_and(|at| now.millis_since(*at) <= GRACE_MS)
}

fn next_secret(salt: &[u8; 32], secret: &[u8; 32]) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(salt).expect("HMAC takes keys of any length");
    mac.chain_update(secret).finalize().into_bytes().into()
}

fn hash(secret: &[u8; 32]) -> SecretHash {
    SecretHash(Sha256::digest(secret).into())
}

#[cfg(test)]
mod tests {
    use super::{LIFETIME_MS, Presented, RefreshToken, begin};
    use crate::storage::{SessionId, SessionRow};
    use tidemark_protocol::{AccountId, DeviceId, Timestamp};
    use uuid::Uuid;

    struct Family {
        row: SessionRow,
        now: i64,
    }

    impl Family {
        fn begin() -> (Self, RefreshToken) {
            let (account, session) = (AccountId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
            let device = DeviceId::parse("phone").unwrap();
            let (token, row) = begin(account, session, device, ([3; 32], [4; 32]), Timestamp(0));
            (Self { row, now: 0 }, token)
        }

        /// Presents a token after some time; the text of the successor, or what it got instead.
        fn present(&mut self, token: &RefreshToken, wait_ms: i64) -> Result<RefreshToken, &str> {
            self.now += wait_ms;
            match token.present(&self.row, Timestamp(self.now)) {
                Presented::Successor(found) => {
                    let (successor, row) = *found;
                    self.row = row;
                    Ok(successor)
                }
                Presented::UsedUp => Err("used up"),
                Presented::Unknown => Err("unknown"),
            }
        }
    }

    fn is(result: Result<RefreshToken, &str>, expected: &RefreshToken) -> bool {
        result.is_ok_and(|token| token == *expected)
    }

    #[test]
    fn a_token_is_read_as_it_was_written_and_nothing_else_is() {
        let (_, token) = Family::begin();
        let text = token.to_text();
        assert!(RefreshToken::parse(&text).unwrap() == token);
        for wrong in [
            "",
            "tmr_",
            &text[4..],
            &text[..99],
            &format!("{text}A"),
            &text.replace("tmr", "tms"),
        ] {
            assert!(RefreshToken::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_lost_answer_is_given_again_as_long_as_the_successor_was_not_used() {
        let (mut family, first) = Family::begin();
        let second = family
            .present(&first, 1_000)
            .unwrap_or_else(|_| unreachable!());
        for wait in [0, 1_000, 600_000, LIFETIME_MS] {
            assert!(is(family.present(&first, wait), &second), "{wait}");
        }
    }

    #[test]
    fn a_parent_is_good_for_a_minute_after_its_successor_was_used_and_then_ends_the_family() {
        let (mut family, first) = Family::begin();
        let second = family
            .present(&first, 1_000)
            .unwrap_or_else(|_| unreachable!());
        let third = family
            .present(&second, 5_000)
            .unwrap_or_else(|_| unreachable!());
        assert!(is(family.present(&first, 59_000), &second));
        assert!(is(family.present(&first, 1_000), &second));
        assert!(is(family.present(&second, 0), &third));
        assert_eq!(family.present(&first, 1).err(), Some("used up"));
        assert!(is(family.present(&second, 0), &third));
    }

    #[test]
    fn the_minute_is_counted_from_the_first_use_however_often_the_family_turns_in_between() {
        let (mut family, first) = Family::begin();
        let second = family
            .present(&first, 1_000)
            .unwrap_or_else(|_| unreachable!());
        let mut newest = second.clone();
        for _ in 0..5 {
            newest = family
                .present(&newest, 10_000)
                .unwrap_or_else(|_| unreachable!());
        }
        // The second was first used 40 seconds ago.
        assert!(is(family.present(&first, 20_000), &second));
        assert_eq!(family.present(&first, 1).err(), Some("used up"));
    }

    #[test]
    fn a_token_that_never_was_of_the_family_ends_nothing() {
        let (mut family, first) = Family::begin();
        let second = family
            .present(&first, 1_000)
            .unwrap_or_else(|_| unreachable!());
        let made_up = RefreshToken {
            secret: [9; 32],
            ..first.clone()
        };
        let early = RefreshToken {
            generation: 7,
            ..second.clone()
        };
        let elsewhere = RefreshToken {
            session: SessionId(Uuid::from_u128(3)),
            ..second.clone()
        };
        for token in [made_up, early, elsewhere] {
            assert_eq!(family.present(&token, 0).err(), Some("unknown"));
        }
        assert!(family.present(&second, 0).is_ok());
    }

    #[test]
    fn a_family_lasts_180_days_from_its_last_use() {
        let (mut family, first) = Family::begin();
        let second = family
            .present(&first, LIFETIME_MS)
            .unwrap_or_else(|_| unreachable!());
        let third = family
            .present(&second, LIFETIME_MS)
            .unwrap_or_else(|_| unreachable!());
        assert_eq!(
            family.present(&third, LIFETIME_MS + 1).err(),
            Some("unknown")
        );
    }
}
