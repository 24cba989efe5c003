//! Who signs in and how: the calls under "Accounts" of the protocol as functions over a storage. Time and chance are
//! arguments. Must not know of HTTP, of cookies, nor of the rows that an account owns.

pub mod access;
mod common;
mod email;
pub mod keys;
mod password;
mod recovery;
mod refresh;
mod sessions;
mod sign_in;

pub use access::{BadToken, Grant, KeyRing, SigningKey};
pub use email::EmailAddress;
pub use password::{Password, PasswordCost, Passwords};
pub use recovery::RecoveryCode;
pub use refresh::{LIFETIME_MS, RefreshToken};
pub use sessions::{check, erase, refresh, sign_out, sign_out_device};
pub use sign_in::{Recovery, SignIn, login, recover, register};

use crate::storage::{SessionId, StorageError};
use thiserror::Error;
use tidemark_protocol::{AccountId, DeviceId, Timestamp};
use uuid::Uuid;

/// Why someone is not let in.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The address has an account.
    #[error("the address has an account already")]
    EmailTaken,
    /// The password is short or common.
    #[error(
        "a password needs 10 characters or more, and must not be one of the common ones or the address"
    )]
    WeakPassword,
    /// Address and password, or code, do not belong together; which of them is wrong is not told.
    #[error("address or password is wrong")]
    BadCredentials,
    /// The token is not, or no longer, one of a sign-in.
    #[error("sign in again; nothing is lost")]
    SignedOut,
    /// There is no such device.
    #[error("there is no such device")]
    UnknownDevice,
    /// As many sign-ins are at work as the machine can bear.
    #[error("too many sign-ins at once")]
    Busy,
    /// A hash could not be made or read.
    #[error("a password could not be hashed")]
    Hashing,
    /// The storage failed, or the account was erased.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Random values for one sign-in, drawn before it begins.
pub struct Draws {
    /// For a new account.
    pub account: AccountId,
    /// For the session.
    pub session: SessionId,
    /// For a device that names none.
    pub device: DeviceId,
    /// The first refresh token's secret, and what its successors are made with.
    pub refresh: ([u8; 32], [u8; 32]),
    /// For the hash of a password.
    pub password_salt: [u8; 16],
    /// For the recovery code.
    pub recovery: [u8; 32],
}

impl Draws {
    /// Draws everything.
    pub fn new(fresh_id: impl Fn() -> Uuid, fresh_secret: impl Fn() -> [u8; 32]) -> Self {
        let device = fresh_id().to_string();
        Self {
            account: AccountId(fresh_id()),
            session: SessionId(fresh_id()),
            device: DeviceId::parse(&device).expect("a UUID is a device id"),
            refresh: (fresh_secret(), fresh_secret()),
            password_salt: fresh_id().into_bytes(),
            recovery: fresh_secret(),
        }
    }
}

/// Who signs in on what.
#[derive(Clone, Debug, Default)]
pub struct OnDevice {
    /// A device that has signed in before; it keeps its id.
    pub id: Option<DeviceId>,
    /// What its owner calls it.
    pub name: Option<String>,
}

/// Someone is signed in.
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// Its address.
    pub email: String,
    /// On this device.
    pub device: DeviceId,
    /// The first token of the session.
    pub refresh: RefreshToken,
    /// On paper, where it was made anew.
    pub recovery_code: Option<RecoveryCode>,
    /// When.
    pub at: Timestamp,
}
