//! Passwords: which ones are taken, and their hashes, made on a bounded number of threads so that sign-ins can't use up
//! the machine.

use super::{AccountError, EmailAddress, common};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, CustomizedPasswordHasher, Params, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Characters of a password at least.
const CHARS_MIN: usize = 10;
/// Bytes of a password at most: more would only cost time.
const BYTES_MAX: usize = 1024;
/// Sign-ins that may wait for a thread; more are told to come again.
const WAITING_MAX: usize = 64;
/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB, at least 8.
    pub memory_kib: u32,
    /// Passes over the memory, at least 1.
    pub passes: u32,
}

impl PasswordCost {
    /// What a server uses: 64 MiB, three passes; well above OWASP's least (19 MiB, two passes).
    pub const SERVER: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };
}

/// A password that may be hashed: not too long to. Never shown.
pub struct Password(String);

impl Password {
    /// Takes what was typed; `None` where it is longer than anyone types.
    pub fn new(text: &str) -> Option<Self> {
        (text.len() <= BYTES_MAX).then(|| Self(text.to_owned()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Whether it may protect an account: 10 characters or more, not a common one, not the address.
    pub(super) fn is_strong(&self, email: &EmailAddress) -> bool {
        let lower = self.0.to_lowercase();
        let is_address = lower == email.as_str().to_lowercase() || lower == email.local_part();
        self.0.chars().count() >= CHARS_MIN && !is_address && !common::is_common(&lower)
    }
}

/// What a check of a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub is_right: bool,
    /// The hash was made at another cost than today's.
    pub is_outdated: bool,
}

/// Makes and checks hashes.
#[derive(Debug)]
pub struct Passwords {
    params: Params,
    /// What stands for the hash of an address that nobody has: checking it takes as long and always fails.
    decoy: String,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Passwords {
    /// Hashes at this cost, so many at a time: memory is bounded by cost times number.
    ///
    /// # Errors
    /// If the cost is below argon2's own bounds.
    pub fn new(cost: PasswordCost, at_a_time: usize) -> Result<Self, argon2::Error> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, Some(HASH_BYTES))?;
        let (salt, hash) = ("c29tZXNhbHRzb21lc2FsdA", "A".repeat(43));
        let PasswordCost { memory_kib, passes } = cost;
        Ok(Self {
            params,
            decoy: format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${hash}"),
            running: Arc::new(Semaphore::new(at_a_time)),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
        })
    }

    pub(super) async fn hash(
        &self,
        password: Password,
        salt: [u8; 16],
    ) -> Result<String, AccountError> {
        let params = self.params.clone();
        let hash = move || {
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
            let hash: Result<PasswordHash, _> =
                argon2.hash_password_customized(password.0.as_bytes(), &salt, None, None, params);
            hash.map(|hash| hash.to_string())
        };
        self.run(hash).await?.map_err(|_| AccountError::Hashing)
    }

    /// Checks a password; without a hash it takes as long and fails.
    pub(super) async fn check(
        &self,
        password: Password,
        hash: Option<String>,
    ) -> Result<Verdict, AccountError> {
        let (hash, is_known) = match hash {
            Some(hash) => (hash, true),
            None => (self.decoy.clone(), false),
        };
        let params = self.params.clone();
        let check = move || {
            let hash = PasswordHash::new(&hash)?;
            let made_with = Params::try_from(&hash)?;
            let is_same = PasswordVerifier::<PasswordHash>::verify_password(
                &Argon2::default(),
                password.0.as_bytes(),
                &hash,
            );
            Ok(Verdict {
                is_right: is_same.is_ok() && is_known,
                is_outdated: cost_of(&made_with) != cost_of(&params),
            })
        };
        let checked: Result<_, argon2::password_hash::Error> = self.run(check).await?;
        checked.map_err(|_| AccountError::Hashing)
    }

    /// Runs work on a thread of its own; whoever has hung up leaves the thread busy until it is done, and counted.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountError> {
        let waiting = Arc::clone(&self.waiting).try_acquire_owned();
        let waiting = waiting.map_err(|_| AccountError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|_| AccountError::Busy)?;
        drop(waiting);
        let work = move || {
            let done = work();
            drop(running);
            done
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|_| AccountError::Hashing)
    }
}

fn cost_of(params: &Params) -> (u32, u32, u32) {
    (params.m_cost(), params.t_cost(), params.p_cost())
}

#[cfg(test)]
mod tests {
    use super::{
        AccountError, EmailAddress, Password, PasswordCost, Passwords, Verdict, WAITING_MAX,
    };
    use futures_util::FutureExt;

    const CHEAP: PasswordCost = PasswordCost {
        memory_kib: 8,
        passes: 1,
    };

    fn password(text: &str) -> Password {
        Password::new(text).unwrap()
    }

    #[test]
    fn short_and_common_passwords_are_weak() {
        let email = EmailAddress::parse("ada.lovelace@example.org").unwrap();
        let weak = [
            "",
            "123456789",
            "äöüäöüäöü",
            "1234567890",
            "0987654321",
            "aaaaaaaaaaaa",
            "qwertyuiop",
            "Password123",
            "PASSWORD2024!",
            "iloveyou123",
            "passwordpassword",
            "ada.lovelace",
            "Ada.Lovelace@example.org",
            "abcdefghij",
            "abcabcabcabc",
        ];
        for text in weak {
            assert!(!password(text).is_strong(&email), "{text}");
        }
        let strong = [
            "correct horse",
            "tr0ub4dor&3x",
            "waage-im-flur",
            "日本語のパスワードです",
        ];
        for text in strong {
            assert!(password(text).is_strong(&email), "{text}");
        }
        assert!(Password::new(&"a".repeat(1025)).is_none());
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_its_cost() {
        let passwords = Passwords::new(CHEAP, 1).unwrap();
        let hash = passwords.hash(password("correct horse"), [1; 16]).await;
        let hash = hash.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        let dearer = PasswordCost { passes: 2, ..CHEAP };
        let dearer = Passwords::new(dearer, 1).unwrap();
        let cases = [
            (&passwords, "correct horse", Some(&hash), true, false),
            (&passwords, "correct hors", Some(&hash), false, false),
            (&passwords, "correct horse", None, false, false),
            (&dearer, "correct horse", Some(&hash), true, true),
        ];
        for (passwords, typed, hash, is_right, is_outdated) in cases {
            let found = passwords.check(password(typed), hash.cloned()).await;
            let expected = Verdict {
                is_right,
                is_outdated,
            };
            assert_eq!(found.unwrap(), expected, "{typed} {hash:?}");
        }
    }

    #[tokio::test]
    async fn an_unknown_address_costs_the_same_hash_as_a_known_one() {
        let passwords = Passwords::new(CHEAP, 1).unwrap();
        let hash = passwords.hash(password("correct horse"), [1; 16]).await;
        let known = hash.unwrap();
        let parts = |hash: &str| hash.split('$').map(str::to_owned).collect::<Vec<_>>();
        let (of_known, of_decoy) = (parts(&known), parts(&passwords.decoy));
        assert_eq!(of_known[..4], of_decoy[..4], "the cost");
        let lengths = |parts: &[String]| parts.iter().map(String::len).collect::<Vec<_>>();
        assert_eq!(lengths(&of_known), lengths(&of_decoy), "salt and hash");
        // Nobody is told before the work is done.
        let hashing = passwords.running.acquire().await.unwrap();
        for hash in [Some(known), None] {
            let mut check = Box::pin(passwords.check(password("another"), hash.clone()));
            assert!((&mut check).now_or_never().is_none(), "{hash:?}");
        }
        drop(hashing);
    }

    #[tokio::test]
    async fn one_more_than_may_wait_for_a_hash_is_told_to_come_again() {
        let passwords = Passwords::new(CHEAP, 1).unwrap();
        let check = || Box::pin(passwords.check(password("correct horse"), None));
        let hashing = passwords.running.acquire().await.unwrap();
        let mut waiting: Vec<_> = (0..WAITING_MAX).map(|_| check()).collect();
        for check in &mut waiting {
            assert!(check.now_or_never().is_none(), "it waits for a thread");
        }
        let refused = check().await;
        assert!(matches!(refused, Err(AccountError::Busy)), "{refused:?}");
        drop(hashing);
        for check in waiting {
            assert!(check.await.is_ok(), "who waited is served");
        }
    }
}
