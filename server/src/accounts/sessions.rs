//! What becomes of a session: refreshed, ended, gone with its account.

use super::refresh::Presented;
use super::{AccountError, EmailAddress, RefreshToken};
use crate::storage::{AccountChanges, AccountState, Accounts, SessionId, SessionState, Storage};
use tidemark_protocol::{AccountId, DeviceId, Timestamp};

/// The successor of a refresh token. The same again for a token whose answer was lost; one that was used up long ago
/// ends its family, since somebody else has it.
///
/// # Errors
/// [`AccountError::SignedOut`], or the storage; it says so where the account was erased.
pub async fn refresh<S: Accounts>(
    storage: &S,
    token: &RefreshToken,
    now: Timestamp,
) -> Result<RefreshToken, AccountError> {
    // What was made up costs a read, not the account's lock.
    check(storage, token.account, token.session).await?;
    let decide = |state: AccountState| {
        let mut sessions = state.sessions.into_iter();
        let Some(row) = sessions.find(|session| session.id == token.session) else {
            return (AccountChanges::default(), None);
        };
        match token.present(&row, now) {
            Presented::Successor(found) => {
                let (successor, row) = *found;
                let changes = AccountChanges {
                    sessions: vec![row],
                    ..AccountChanges::default()
                };
                (changes, Some(successor))
            }
            Presented::UsedUp => {
                let changes = AccountChanges {
                    ended: vec![row.id],
                    ..AccountChanges::default()
                };
                (changes, None)
            }
            Presented::Unknown => (AccountChanges::default(), None),
        }
    };
    let successor = storage.change_account(token.account, decide).await?;
    successor.ok_or(AccountError::SignedOut)
}

/// Whether a session lives.
///
/// # Errors
/// [`AccountError::SignedOut`], or the storage; it says so where the account was erased.
pub async fn check<S: Accounts>(
    storage: &S,
    account: AccountId,
    session: SessionId,
) -> Result<DeviceId, AccountError> {
    match storage.session(account, session).await? {
        SessionState::Living(device) => Ok(device),
        SessionState::Ended => Err(AccountError::SignedOut),
        SessionState::Erased => Err(crate::storage::StorageError::Erased.into()),
    }
}

/// Ends a session and lists its device no more.
///
/// # Errors
/// The storage's.
pub async fn sign_out<S: Accounts>(
    storage: &S,
    account: AccountId,
    session: SessionId,
) -> Result<(), AccountError> {
    let decide = |state: AccountState| {
        let mut sessions = state.sessions.into_iter();
        let device = sessions.find(|known| known.id == session);
        let changes = AccountChanges {
            ended: device.iter().map(|known| known.id).collect(),
            forgotten: device.map(|known| known.device),
            ..AccountChanges::default()
        };
        (changes, ())
    };
    Ok(storage.change_account(account, decide).await?)
}

/// Signs a device out and lists it no more.
///
/// # Errors
/// [`AccountError::UnknownDevice`], or the storage.
pub async fn sign_out_device<S: Storage + Accounts>(
    storage: &S,
    account: AccountId,
    device: &DeviceId,
) -> Result<(), AccountError> {
    let listed = storage.devices(account).await?;
    let is_listed = listed.iter().any(|row| row.device == *device);
    let decide = |state: AccountState| {
        let sessions = state.sessions.iter();
        let ended: Vec<_> = sessions
            .filter(|session| session.device == *device)
            .map(|session| session.id)
            .collect();
        let is_known = is_listed || !ended.is_empty();
        let changes = AccountChanges {
            ended,
            forgotten: is_known.then(|| device.clone()),
            ..AccountChanges::default()
        };
        (changes, is_known)
    };
    if storage.change_account(account, decide).await? {
        Ok(())
    } else {
        Err(AccountError::UnknownDevice)
    }
}

/// Erases an account and frees its address.
///
/// # Errors
/// The storage's.
pub async fn erase<S: Accounts>(
    storage: &S,
    account: AccountId,
    now: Timestamp,
) -> Result<(), AccountError> {
    let row = storage.account(account).await?.row;
    storage.erase(account, now).await?;
    // If the program dies here, the next registration finds the claim stale.
    if let Some(email) = row.and_then(|row| EmailAddress::parse(&row.email)) {
        storage.release_email(email.key(), account).await?;
    }
    Ok(())
}
