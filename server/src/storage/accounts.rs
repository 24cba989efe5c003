//! Who signs in: the port for accounts and their sessions, and what goes through it. Like the rows' port, a method is one
//! transaction of one account, and a pure function decides between loading and storing.
//!
//! Must not know how a password is hashed nor how a token looks.

use super::{DeviceRow, StorageResult};
use std::future::Future;
use tidemark_protocol::{
    AccountId, AppModel, DeviceId, EntityId, HistoryEntry, Metric, Timestamp, User,
};
use uuid::Uuid;

/// Under what an address is looked up: a hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailKey(pub [u8; 32]);

/// The SHA-256 of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);

/// Names one sign-in of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub Uuid);

/// Someone who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The address as it was written.
    pub email: String,
    /// The hashed password, with the parameters of its hashing.
    pub password_hash: String,
    /// Of the recovery code.
    pub recovery_hash: SecretHash,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// A device that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Which sign-in.
    pub id: SessionId,
    /// Of which device; of one device there is at most one.
    pub device: DeviceId,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When its refresh token was last used.
    pub used_at: Timestamp,
    /// The number of the newest refresh token.
    pub generation: u64,
    /// Of the newest refresh token's secret.
    pub secret_hash: SecretHash,
    /// What a token's successor is made with.
    pub salt: [u8; 32],
    /// When the last generations were made, oldest first; the last is that of `generation`.
    pub rotations: Vec<Timestamp>,
}

/// What is known of an account when a change of it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountState {
    /// `None` where nobody has registered it, or it was erased.
    pub row: Option<AccountRow>,
    /// Its sessions, by id.
    pub sessions: Vec<SessionRow>,
    /// Whether it was erased.
    pub is_erased: bool,
}

/// What a change of an account stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChanges {
    /// The account, if it came or changed.
    pub row: Option<AccountRow>,
    /// Sessions that came or changed.
    pub sessions: Vec<SessionRow>,
    /// Sessions that ended.
    pub ended: Vec<SessionId>,
    /// A device that signed in, with its name if it gave one.
    pub device: Option<(DeviceId, Option<String>, Timestamp)>,
    /// A device that is listed no more.
    pub forgotten: Option<DeviceId>,
}

/// What became of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// This device is signed in.
    Living(DeviceId),
    /// Signed out, or never there.
    Ended,
    /// The whole account is gone.
    Erased,
}

/// Everything of an account, of one snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everything {
    /// Users in version order, deleted ones too.
    pub users: Vec<User>,
    /// Metrics in version order, deleted ones too.
    pub metrics: Vec<Metric>,
    /// The app model, if one was ever set.
    pub app_model: Option<AppModel>,
    /// Replaced values by metric, oldest first.
    pub history: Vec<(EntityId, HistoryEntry)>,
    /// Devices by id.
    pub devices: Vec<DeviceRow>,
}

/// The port for accounts.
pub trait Accounts: Send + Sync + 'static {
    /// Gives an address to an account if it is nobody's, or still the one's that is named as stale. Answers whose it is
    /// then.
    fn claim_email(
        &self,
        email: EmailKey,
        account: AccountId,
        stale: Option<AccountId>,
        now: Timestamp,
    ) -> impl Future<Output = StorageResult<AccountId>> + Send;

    /// Whose an address is.
    fn account_of_email(
        &self,
        email: EmailKey,
    ) -> impl Future<Output = StorageResult<Option<AccountId>>> + Send;

    /// Frees an address, if it is this account's.
    fn release_email(
        &self,
        email: EmailKey,
        account: AccountId,
    ) -> impl Future<Output = StorageResult<()>> + Send;

    /// The account as it is.
    fn account(
        &self,
        account: AccountId,
    ) -> impl Future<Output = StorageResult<AccountState>> + Send;

    /// What became of a session.
    fn session(
        &self,
        account: AccountId,
        session: SessionId,
    ) -> impl Future<Output = StorageResult<SessionState>> + Send;

    /// Loads the account, lets `decide` say what to store, stores it, and answers what it answers. All or nothing; holds
    /// the account's lock from loading to commit. Whoever must try again asks `decide` again.
    fn change_account<T: Send>(
        &self,
        account: AccountId,
        decide: impl FnMut(AccountState) -> (AccountChanges, T) + Send,
    ) -> impl Future<Output = StorageResult<T>> + Send;

    /// Erases every row of the account but the mark that it is gone. Later changes of it fail as `Erased`.
    fn erase(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> impl Future<Output = StorageResult<()>> + Send;

    /// Everything of the account.
    fn everything(
        &self,
        account: AccountId,
    ) -> impl Future<Output = StorageResult<Everything>> + Send;
}
