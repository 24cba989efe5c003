//! The file with the keys that seal access tokens: a line per key, its name and its secret, the signing one first.
//!
//! Access tokens last ten minutes and refresh tokens do not depend on these keys, so a rotation, or even a lost file,
//! signs nobody out.

use super::access::{KeyRing, SigningKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use thiserror::Error;
use uuid::Uuid;

/// Keys that stay believed: the signing one and the one before it.
const KEYS_MAX: usize = 2;

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The file can't be read or written.
    #[error("the file of keys can't be read or written")]
    File(#[from] io::Error),
    /// The file is not as this program writes it.
    #[error("line {0} of the file of keys is not a name and 32 bytes in base64url")]
    Line(usize),
    /// The file has no line.
    #[error("the file of keys is empty; delete it, and one is made")]
    Empty,
}

/// The keys of a file; a missing one is made with `fresh`.
///
/// # Errors
/// If the file is damaged or can't be made.
pub fn open(path: &Path, fresh: [u8; 32]) -> Result<KeyRing, KeyFileError> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let ring = KeyRing::new(vec![named(fresh)]).ok_or(KeyFileError::Empty)?;
            match write_new(path, &ring) {
                // Another process was faster: its keys are the ones.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    parse(&fs::read_to_string(path)?)
                }
                written => Ok(written.map(|()| ring)?),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts a fresh key in front; the one that signed until now stays believed. Servers take it up when they start.
///
/// # Errors
/// If the file is damaged or can't be written.
pub fn rotate(path: &Path, fresh: [u8; 32]) -> Result<(), KeyFileError> {
    let mut keys = vec![named(fresh)];
    match fs::read_to_string(path) {
        Ok(text) => keys.extend_from_slice(parse(&text)?.keys()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    keys.truncate(KEYS_MAX);
    let ring = KeyRing::new(keys).ok_or(KeyFileError::Empty)?;
    let beside = path.with_extension("keys-new");
    let _ = fs::remove_file(&beside);
    write_new(&beside, &ring)?;
    Ok(fs::rename(beside, path)?)
}

/// A key is called after itself, so that no two are called alike.
fn named(secret: [u8; 32]) -> SigningKey {
    let name = Uuid::new_v5(&Uuid::NAMESPACE_OID, &secret)
        .simple()
        .to_string();
    SigningKey {
        name: name[..8].to_owned(),
        secret,
    }
}

fn parse(text: &str) -> Result<KeyRing, KeyFileError> {
    let key = |line: &str| {
        let (name, secret) = line.split_once(' ')?;
        let secret = BASE64.decode(secret).ok()?.try_into().ok()?;
        let name = name.to_owned();
        Some(SigningKey { name, secret })
    };
    let keys = text.lines().enumerate();
    let keys: Result<Vec<_>, _> = keys
        .map(|(at, line)| key(line).ok_or(KeyFileError::Line(at + 1)))
        .collect();
    KeyRing::new(keys?).ok_or(KeyFileError::Empty)
}

/// Writes a file that was not there and that only its owner reads; it is on the disk when this returns.
fn write_new(path: &Path, ring: &KeyRing) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let line = |key: &SigningKey| format!("{} {}\n", key.name, BASE64.encode(key.secret));
    let text: String = ring.keys().iter().map(line).collect();
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::{KeyFileError, open, rotate};
    use crate::accounts::access::BadToken;
    use crate::storage::SessionId;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;
    use tidemark_protocol::{AccountId, Timestamp};
    use uuid::Uuid;

    #[test]
    fn a_missing_file_is_made_for_its_owner_only_and_read_again() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("deep/tidemark.keys");
        let ring = open(&path, [1; 32]).unwrap();
        assert!(open(&path, [2; 32]).unwrap() == ring);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn tokens_outlive_one_rotation_and_not_two() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("tidemark.keys");
        let (account, session) = (AccountId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        let now = Timestamp(1_000_000);
        let token = open(&path, [1; 32])
            .unwrap()
            .sign(account, session, Uuid::nil(), now);
        rotate(&path, [2; 32]).unwrap();
        let rotated = open(&path, [9; 32]).unwrap();
        assert_eq!(rotated.read(&token, now).unwrap().session, session);
        let newer = rotated.sign(account, session, Uuid::nil(), now);
        rotate(&path, [3; 32]).unwrap();
        let rotated = open(&path, [9; 32]).unwrap();
        assert_eq!(rotated.read(&token, now), Err(BadToken::Foreign));
        assert_eq!(rotated.read(&newer, now).unwrap().session, session);
    }

    #[test]
    fn a_damaged_file_is_refused_rather_than_replaced() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("tidemark.keys");
        for (text, line) in [("a\n", 1), ("a AAAA\n", 1), ("a b c\n", 1)] {
            std::fs::write(&path, text).unwrap();
            let found = open(&path, [1; 32]);
            assert!(
                matches!(found, Err(KeyFileError::Line(at)) if at == line),
                "{text}"
            );
        }
        std::fs::write(&path, "").unwrap();
        assert!(matches!(open(&path, [1; 32]), Err(KeyFileError::Empty)));
        assert!(matches!(rotate(&path, [1; 32]), Err(KeyFileError::Empty)));
    }
}
