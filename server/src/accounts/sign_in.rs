//! Register, log in, recover: the three ways to a new session.

use super::{
    AccountError, Draws, EmailAddress, OnDevice, Password, Passwords, RecoveryCode, SignedIn,
    refresh,
};
use crate::storage::{
    AccountChanges, AccountRow, AccountState, Accounts, SessionRow, Storage, StorageError,
};
use crate::sync::BUILT_IN_ACCOUNT;
use tidemark_protocol::{AccountId, DeviceId, Timestamp};

/// Devices of one account that are signed in at a time; one more signs out the one that was used longest ago.
const SESSIONS_MAX: usize = 100;
/// Attempts to claim an address whose owner turns out to be gone.
const CLAIMS_MAX: usize = 3;

/// An address and a password, from a device.
pub struct SignIn {
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: Password,
    /// The device.
    pub on: OnDevice,
}

/// An address and its recovery code, from a device.
pub struct Recovery {
    /// The address.
    pub email: EmailAddress,
    /// What was typed from paper; `None` where it is no code at all.
    pub code: Option<RecoveryCode>,
    /// From now on.
    pub new_password: Password,
    /// The device.
    pub on: OnDevice,
}

/// How an account takes a registration.
enum Opened {
    Registered,
    /// Somebody with this address has it.
    Taken,
    /// Somebody else has it, or it was erased: the address's claim is stale.
    Foreign,
}

/// Makes an account. The first one on a server that ran without sign-in takes over what was logged there.
///
/// # Errors
/// [`AccountError::EmailTaken`], [`AccountError::WeakPassword`], [`AccountError::Busy`], or the storage.
pub async fn register<S: Storage + Accounts>(
    storage: &S,
    passwords: &Passwords,
    request: SignIn,
    draws: Draws,
    now: Timestamp,
) -> Result<SignedIn, AccountError> {
    if !request.password.is_strong(&request.email) {
        return Err(AccountError::WeakPassword);
    }
    let code = RecoveryCode::from_chance(draws.recovery);
    let password_hash = passwords
        .hash(request.password, draws.password_salt)
        .await?;
    let row = AccountRow {
        email: request.email.as_str().to_owned(),
        password_hash,
        recovery_hash: code.hash(),
        created_at: now,
    };
    let mut candidate = if is_built_in_free(storage).await? {
        BUILT_IN_ACCOUNT
    } else {
        draws.account
    };
    let (key, mut stale) = (request.email.key(), None);
    for _ in 0..CLAIMS_MAX {
        let account = storage.claim_email(key, candidate, stale, now).await?;
        let (mut signed_in, session) = begin(account, &row.email, &request.on, &draws, now);
        match open(storage, account, &row, &session, &request.on).await? {
            Opened::Registered => {
                signed_in.recovery_code = Some(code);
                return Ok(signed_in);
            }
            Opened::Taken => return Err(AccountError::EmailTaken),
            Opened::Foreign => (candidate, stale) = (draws.account, Some(account)),
        }
    }
    Err(AccountError::Busy)
}

/// Signs in with a password. An unknown address takes as long and gets the same answer.
///
/// # Errors
/// [`AccountError::BadCredentials`], [`AccountError::Busy`], or the storage.
pub async fn login<S: Accounts>(
    storage: &S,
    passwords: &Passwords,
    request: SignIn,
    draws: Draws,
    now: Timestamp,
) -> Result<SignedIn, AccountError> {
    let found = find(storage, &request.email).await?;
    let hash = found.as_ref().map(|(_, row)| row.password_hash.clone());
    let again = Password::new(request.password.text());
    let verdict = passwords.check(request.password, hash).await?;
    let (account, row) = found
        .filter(|_| verdict.is_right)
        .ok_or(AccountError::BadCredentials)?;
    let mut renewed = row.clone();
    if let Some(password) = again.filter(|_| verdict.is_outdated) {
        renewed.password_hash = passwords.hash(password, draws.password_salt).await?;
    }
    let (signed_in, session) = begin(account, &row.email, &request.on, &draws, now);
    let decide = |state: AccountState| {
        // The password may have been changed while this one was checked.
        if state.row.as_ref() != Some(&row) {
            return (AccountChanges::default(), false);
        }
        let mut changes = with_session(&state, session.clone(), &request.on, &signed_in);
        changes.row = (renewed != row).then(|| renewed.clone());
        (changes, true)
    };
    finish(storage.change_account(account, decide).await)?;
    Ok(signed_in)
}

/// Signs in with the code from paper and sets a new password; every other device is signed out, and the code is replaced.
///
/// # Errors
/// [`AccountError::BadCredentials`], [`AccountError::WeakPassword`], [`AccountError::Busy`], or the storage.
pub async fn recover<S: Accounts>(
    storage: &S,
    passwords: &Passwords,
    request: Recovery,
    draws: Draws,
    now: Timestamp,
) -> Result<SignedIn, AccountError> {
    if !request.new_password.is_strong(&request.email) {
        return Err(AccountError::WeakPassword);
    }
    let typed = request.code.map(|code| code.hash());
    let found = find(storage, &request.email).await?;
    let (account, row) = found
        .filter(|(_, row)| typed == Some(row.recovery_hash))
        .ok_or(AccountError::BadCredentials)?;
    let code = RecoveryCode::from_chance(draws.recovery);
    let renewed = AccountRow {
        password_hash: passwords
            .hash(request.new_password, draws.password_salt)
            .await?,
        recovery_hash: code.hash(),
        ..row.clone()
    };
    let (mut signed_in, session) = begin(account, &row.email, &request.on, &draws, now);
    let decide = |state: AccountState| {
        // The code may have been used while the password was hashed.
        if state.row.as_ref() != Some(&row) {
            return (AccountChanges::default(), false);
        }
        let mut changes = with_session(&state, session.clone(), &request.on, &signed_in);
        changes.row = Some(renewed.clone());
        changes.ended = state.sessions.iter().map(|session| session.id).collect();
        (changes, true)
    };
    finish(storage.change_account(account, decide).await)?;
    signed_in.recovery_code = Some(code);
    Ok(signed_in)
}

/// Whether the account that was used without sign-in waits for its owner.
async fn is_built_in_free<S: Storage + Accounts>(storage: &S) -> Result<bool, StorageError> {
    let state = storage.account(BUILT_IN_ACCOUNT).await?;
    let is_used = storage.head(BUILT_IN_ACCOUNT).await? > 0
        || !storage.devices(BUILT_IN_ACCOUNT).await?.is_empty();
    Ok(is_used && state.row.is_none() && !state.is_erased)
}

/// The second step of a registration, after the claim of the address; one that broke off in between is gone on with.
async fn open<S: Accounts>(
    storage: &S,
    account: AccountId,
    row: &AccountRow,
    session: &SessionRow,
    on: &OnDevice,
) -> Result<Opened, AccountError> {
    let decide = |state: AccountState| match &state.row {
        Some(known) if is_same_address(known, row) => (AccountChanges::default(), Opened::Taken),
        Some(_) => (AccountChanges::default(), Opened::Foreign),
        None => {
            let changes = AccountChanges {
                row: Some(row.clone()),
                sessions: vec![session.clone()],
                device: Some((session.device.clone(), on.name.clone(), session.created_at)),
                ..AccountChanges::default()
            };
            (changes, Opened::Registered)
        }
    };
    match storage.change_account(account, decide).await {
        Err(StorageError::Erased) => Ok(Opened::Foreign),
        opened => Ok(opened?),
    }
}

fn is_same_address(one: &AccountRow, other: &AccountRow) -> bool {
    one.email.to_lowercase() == other.email.to_lowercase()
}

/// The account of an address, if it is registered.
async fn find<S: Accounts>(
    storage: &S,
    email: &EmailAddress,
) -> Result<Option<(AccountId, AccountRow)>, AccountError> {
    let Some(account) = storage.account_of_email(email.key()).await? else {
        return Ok(None);
    };
    let state = storage.account(account).await?;
    let row = state.row.filter(|row| {
        EmailAddress::parse(&row.email).is_some_and(|address| address.key() == email.key())
    });
    Ok(row.map(|row| (account, row)))
}

fn begin(
    account: AccountId,
    email: &str,
    on: &OnDevice,
    draws: &Draws,
    now: Timestamp,
) -> (SignedIn, SessionRow) {
    let device = on.id.clone().unwrap_or_else(|| draws.device.clone());
    let (refresh, session) =
        refresh::begin(account, draws.session, device.clone(), draws.refresh, now);
    let signed_in = SignedIn {
        account,
        email: email.to_owned(),
        device,
        refresh,
        recovery_code: None,
        at: now,
    };
    (signed_in, session)
}

/// A session more; the device's old one ends, and the one used longest ago where there are too many.
fn with_session(
    state: &AccountState,
    session: SessionRow,
    on: &OnDevice,
    signed_in: &SignedIn,
) -> AccountChanges {
    let is_of = |device: &DeviceId, other: &SessionRow| other.device == *device;
    let (replaced, mut others): (Vec<_>, Vec<_>) = state
        .sessions
        .iter()
        .partition(|other| is_of(&session.device, other));
    others.sort_by_key(|other| other.used_at);
    let surplus = (others.len() + 1).saturating_sub(SESSIONS_MAX);
    let ended = replaced.iter().chain(&others[..surplus]);
    AccountChanges {
        ended: ended.map(|other| other.id).collect(),
        device: Some((session.device.clone(), on.name.clone(), signed_in.at)),
        sessions: vec![session],
        ..AccountChanges::default()
    }
}

/// An account that is gone by now is an unknown one.
fn finish(changed: Result<bool, StorageError>) -> Result<(), AccountError> {
    match changed {
        Ok(true) => Ok(()),
        Ok(false) | Err(StorageError::Erased) => Err(AccountError::BadCredentials),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{OnDevice, SESSIONS_MAX, begin, with_session};
    use crate::accounts::Draws;
    use crate::storage::{AccountState, SessionId, SessionRow};
    use std::cell::Cell;
    use tidemark_protocol::{AccountId, DeviceId, Timestamp};
    use uuid::Uuid;

    /// The sessions that end when a device signs in beside so many others; the one of number 1 was used longest ago.
    fn ended_by(device: &str, others: usize) -> Vec<SessionId> {
        let ids = Cell::new(0);
        let fresh_id = || Uuid::from_u128(ids.replace(ids.get() + 1));
        let sign_in = |device: String, at: usize| {
            let on = OnDevice {
                id: DeviceId::parse(&device),
                name: None,
            };
            let draws = Draws::new(fresh_id, || [7; 32]);
            let now = Timestamp(i64::try_from(at).unwrap());
            let account = AccountId(Uuid::nil());
            let (signed_in, mut session) = begin(account, "a@example.org", &on, &draws, now);
            session.id = SessionId(Uuid::from_u128(at as u128));
            (on, signed_in, session)
        };
        let sessions: Vec<SessionRow> = (1..=others)
            .map(|number| sign_in(format!("device {number}"), number).2)
            .collect();
        let state = AccountState {
            sessions,
            ..AccountState::default()
        };
        let (on, signed_in, session) = sign_in(device.to_owned(), others + 1);
        with_session(&state, session, &on, &signed_in).ended
    }

    #[test]
    fn one_device_more_than_may_be_signed_in_signs_out_the_one_used_longest_ago() {
        let session = |number| SessionId(Uuid::from_u128(number));
        let cases = [
            ("new", SESSIONS_MAX - 1, vec![]),
            ("new", SESSIONS_MAX, vec![session(1)]),
            ("device 5", SESSIONS_MAX, vec![session(5)]),
        ];
        for (device, others, ended) in cases {
            assert_eq!(ended_by(device, others), ended, "{device} beside {others}");
        }
    }
}
