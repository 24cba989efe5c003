//! Accounts, addresses and sessions.

use super::{ACCOUNT, OTHER, app_model, device, head, id, load, metric, op, store, user};
use tidemark_protocol::{HistoryEntry, HistoryReason, Timestamp, UserRef};
use tidemark_server::storage::{
    AccountChanges, AccountRow, AccountState, Accounts, Changes, DeviceSeen, EmailKey, Everything,
    SecretHash, SessionId, SessionRow, SessionState, Storage, StorageError, Wanted,
};
use uuid::Uuid;

const EMAIL: EmailKey = EmailKey([7; 32]);
const NOW: Timestamp = Timestamp(50);

fn row(password_hash: &str) -> AccountRow {
    AccountRow {
        email: "Ada@example.org".to_owned(),
        password_hash: password_hash.to_owned(),
        recovery_hash: SecretHash([3; 32]),
        created_at: Timestamp(-1),
    }
}

fn session(number: u128, on: &str) -> SessionRow {
    SessionRow {
        id: SessionId(Uuid::from_u128(number)),
        device: device(on),
        created_at: Timestamp(1),
        used_at: Timestamp(2),
        generation: 3,
        secret_hash: SecretHash([4; 32]),
        salt: [5; 32],
        rotations: vec![Timestamp(1), Timestamp(2)],
    }
}

async fn change(storage: &impl Accounts, changes: &AccountChanges) {
    let decide = |_| (changes.clone(), ());
    storage.change_account(ACCOUNT, decide).await.unwrap();
}

pub async fn an_address_belongs_to_the_first_account_that_claims_it(storage: impl Accounts) {
    assert_eq!(storage.account_of_email(EMAIL).await.unwrap(), None);
    let claims = [
        (ACCOUNT, None, ACCOUNT),
        (OTHER, None, ACCOUNT),
        // Stale is only who still has it.
        (OTHER, Some(OTHER), ACCOUNT),
        (OTHER, Some(ACCOUNT), OTHER),
        (ACCOUNT, Some(ACCOUNT), OTHER),
    ];
    for (account, stale, owner) in claims {
        let claimed = storage.claim_email(EMAIL, account, stale, NOW).await;
        assert_eq!(claimed.unwrap(), owner, "{account} {stale:?}");
    }
    storage.release_email(EMAIL, ACCOUNT).await.unwrap();
    assert_eq!(storage.account_of_email(EMAIL).await.unwrap(), Some(OTHER));
    storage.release_email(EMAIL, OTHER).await.unwrap();
    assert_eq!(storage.account_of_email(EMAIL).await.unwrap(), None);
    let claimed = storage.claim_email(EMAIL, ACCOUNT, None, NOW).await;
    assert_eq!(claimed.unwrap(), ACCOUNT);
    let elsewhere = storage.account_of_email(EmailKey([8; 32])).await;
    assert_eq!(elsewhere.unwrap(), None);
}

pub async fn an_account_and_its_sessions_are_loaded_as_they_were_stored(storage: impl Accounts) {
    let nobody = storage.account(ACCOUNT).await.unwrap();
    assert_eq!(nobody, AccountState::default());
    let changes = AccountChanges {
        row: Some(row("first")),
        sessions: vec![session(2, "phone"), session(1, "laptop")],
        ..AccountChanges::default()
    };
    change(&storage, &changes).await;
    let mut expected = AccountState {
        row: Some(row("first")),
        sessions: vec![session(1, "laptop"), session(2, "phone")],
        is_erased: false,
    };
    assert_eq!(storage.account(ACCOUNT).await.unwrap(), expected);
    let rotated = SessionRow {
        used_at: Timestamp(9),
        generation: 4,
        secret_hash: SecretHash([9; 32]),
        rotations: vec![],
        ..session(1, "laptop")
    };
    let changes = AccountChanges {
        row: Some(row("second")),
        sessions: vec![rotated.clone()],
        ..AccountChanges::default()
    };
    change(&storage, &changes).await;
    expected.row = Some(row("second"));
    expected.sessions[0] = rotated;
    assert_eq!(storage.account(ACCOUNT).await.unwrap(), expected);
    change(&storage, &AccountChanges::default()).await;
    assert_eq!(storage.account(ACCOUNT).await.unwrap(), expected);
    let other = storage.account(OTHER).await.unwrap();
    assert_eq!(other, AccountState::default());
}

pub async fn a_session_that_ended_is_over_and_its_device_is_listed_until_forgotten(
    storage: impl Accounts + Storage,
) {
    let (first, second) = (session(1, "phone"), session(2, "tablet"));
    let changes = AccountChanges {
        row: Some(row("a")),
        sessions: vec![first.clone(), second.clone()],
        device: Some((device("phone"), Some("Ada's phone".to_owned()), NOW)),
        ..AccountChanges::default()
    };
    change(&storage, &changes).await;
    let living = SessionState::Living(device("phone"));
    assert_eq!(storage.session(ACCOUNT, first.id).await.unwrap(), living);
    let of_another = storage.session(OTHER, first.id).await.unwrap();
    assert_eq!(of_another, SessionState::Ended);
    // Without a name the old one stays.
    let changes = AccountChanges {
        ended: vec![first.id],
        device: Some((device("phone"), None, Timestamp(90_000))),
        ..AccountChanges::default()
    };
    change(&storage, &changes).await;
    let ended = storage.session(ACCOUNT, first.id).await.unwrap();
    assert_eq!(ended, SessionState::Ended);
    let devices = storage.devices(ACCOUNT).await.unwrap();
    assert_eq!(devices.len(), 1);
    assert_eq!(devices[0].name.as_deref(), Some("Ada's phone"));
    assert_eq!(devices[0].created_at, NOW);
    assert_eq!(devices[0].last_seen_at, Timestamp(90_000));
    let changes = AccountChanges {
        forgotten: Some(device("phone")),
        ..AccountChanges::default()
    };
    change(&storage, &changes).await;
    assert_eq!(storage.devices(ACCOUNT).await.unwrap(), []);
    let living = SessionState::Living(device("tablet"));
    assert_eq!(storage.session(ACCOUNT, second.id).await.unwrap(), living);
}

pub async fn changes_of_one_account_see_each_other(storage: impl Accounts) {
    let storage = std::sync::Arc::new(storage);
    let first = AccountChanges {
        sessions: vec![session(1, "phone")],
        ..AccountChanges::default()
    };
    change(&*storage, &first).await;
    let rotating: Vec<_> = (0..40)
        .map(|_| {
            let storage = std::sync::Arc::clone(&storage);
            tokio::spawn(async move {
                let decide = |state: AccountState| {
                    let mut session = state.sessions[0].clone();
                    session.generation += 1;
                    let sessions = vec![session];
                    let changes = AccountChanges {
                        sessions,
                        ..AccountChanges::default()
                    };
                    (changes, ())
                };
                storage.change_account(ACCOUNT, decide).await.unwrap();
            })
        })
        .collect();
    for rotation in rotating {
        rotation.await.unwrap();
    }
    let state = storage.account(ACCOUNT).await.unwrap();
    assert_eq!(state.sessions[0].generation, 43);
}

/// An account with a row of every kind.
async fn fill(storage: &(impl Accounts + Storage)) -> Everything {
    let entry = HistoryEntry {
        version: 2,
        at: Timestamp(4),
        by: None,
        reason: HistoryReason::Replaced,
        values: [("note".to_owned(), "old".into())].into_iter().collect(),
    };
    let changes = Changes {
        head: head(4, 50),
        metrics: vec![metric(10, 3), metric(11, 2)],
        users: vec![user(1, 1)],
        app_model: Some(app_model(4)),
        ops: vec![op(100, id(10))],
        history: vec![(id(10), entry.clone())],
        device: Some(DeviceSeen {
            device: device("phone"),
            at: NOW,
            acknowledged: None,
        }),
    };
    for account in [ACCOUNT, OTHER] {
        store(storage, account, changes.clone()).await;
    }
    let changes = AccountChanges {
        row: Some(row("a")),
        sessions: vec![session(1, "phone")],
        ..AccountChanges::default()
    };
    change(storage, &changes).await;
    Everything {
        users: vec![user(1, 1).row],
        metrics: vec![metric(11, 2).row, metric(10, 3).row],
        app_model: Some(app_model(4).row),
        history: vec![(id(10), entry)],
        devices: storage.devices(ACCOUNT).await.unwrap(),
    }
}

pub async fn everything_of_an_account_is_of_that_account_only(storage: impl Accounts + Storage) {
    let expected = fill(&storage).await;
    let mut more = metric(12, 9);
    more.row.note = Some("of another".to_owned());
    let changes = Changes {
        head: head(9, 60),
        metrics: vec![more],
        ..Changes::default()
    };
    store(&storage, OTHER, changes).await;
    assert_eq!(storage.everything(ACCOUNT).await.unwrap(), expected);
    let nothing = super::AccountId(Uuid::from_u128(77));
    let found = storage.everything(nothing).await.unwrap();
    assert_eq!(found, Everything::default());
}

pub async fn an_erased_account_leaves_nothing_but_the_mark_and_takes_nothing_more(
    storage: impl Accounts + Storage,
) {
    let of_other = fill(&storage).await;
    storage.erase(ACCOUNT, NOW).await.unwrap();
    let empty = storage.everything(ACCOUNT).await.unwrap();
    assert_eq!(empty, Everything::default());
    let state = AccountState {
        is_erased: true,
        ..AccountState::default()
    };
    assert_eq!(storage.account(ACCOUNT).await.unwrap(), state);
    let session = storage.session(ACCOUNT, session(1, "phone").id).await;
    assert_eq!(session.unwrap(), SessionState::Erased);
    // What was on its way when the account was erased must not bring anything back.
    let late = Changes {
        head: head(9, 60),
        metrics: vec![metric(10, 9)],
        ..Changes::default()
    };
    let nothing = Wanted::default();
    let stored = storage
        .change(ACCOUNT, &nothing, |_| (late.clone(), ()))
        .await;
    assert!(matches!(stored, Err(StorageError::Erased)));
    let seen = DeviceSeen {
        device: device("phone"),
        at: NOW,
        acknowledged: None,
    };
    let noted = storage.note_device(ACCOUNT, &seen).await;
    assert!(matches!(noted, Err(StorageError::Erased)));
    let changed = storage.change_account(ACCOUNT, |_| (AccountChanges::default(), ()));
    assert!(matches!(changed.await, Err(StorageError::Erased)));
    let found = storage.user(ACCOUNT, UserRef::Number(1)).await.unwrap();
    assert_eq!(found, None);
    let kept = storage.everything(OTHER).await.unwrap();
    assert_eq!(kept.metrics, of_other.metrics);
    let loaded = load(&storage, OTHER, &Wanted::default()).await;
    assert_eq!(loaded.head.version, 4);
}
