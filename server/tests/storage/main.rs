//! One suite for every storage: what it passes is what the sync functions may rely on.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../suite/mod.rs"]
mod suite;

use std::path::Path;
use suite::{both_answer_every_story_alike, epoch, every_case};
use tempfile::TempDir;
use tidemark_protocol::{AccountId, Epoch};
use tidemark_server::storage::{
    Changes, Head, MemoryStorage, OpKey, OpRow, SqliteStorage, Storage, StorageError, Wanted,
    is_postgres, path_of,
};
use uuid::Uuid;

async fn open(folder: &TempDir) -> SqliteStorage {
    let file = folder.path().join("tidemark.db");
    SqliteStorage::open(&file, &epoch()).await.unwrap()
}

macro_rules! in_memory {
    ($($case:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::suite::$case(super::MemoryStorage::new(super::epoch())).await;
            })*
        }
    };
}

macro_rules! in_sqlite {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                let folder = super::TempDir::new().unwrap();
                super::suite::$case(super::open(&folder).await).await;
            })*
        }
    };
}

every_case!(in_memory);
every_case!(in_sqlite);

#[tokio::test]
async fn memory_and_sqlite_answer_every_story_alike() {
    both_answer_every_story_alike(async || {
        let folder = TempDir::new().unwrap();
        (open(&folder).await, folder)
    })
    .await;
}

#[tokio::test]
async fn sqlite_keeps_what_was_committed_and_its_first_epoch_over_a_restart() {
    let folder = TempDir::new().unwrap();
    let account = AccountId(Uuid::from_u128(1));
    let head = Head {
        version: 7,
        ..Head::default()
    };
    let first = open(&folder).await;
    let changes = Changes {
        head,
        ..Changes::default()
    };
    let nothing = Wanted::default();
    let stored = first.change(account, &nothing, |_| (changes.clone(), ()));
    stored.await.unwrap();
    first.close().await;
    let file = folder.path().join("tidemark.db");
    let fresh = Epoch("another".to_owned());
    let again = SqliteStorage::open(&file, &fresh).await.unwrap();
    assert_eq!(again.epoch(), epoch());
    assert_eq!(again.head(account).await.unwrap(), 7);
}

#[tokio::test]
async fn sqlite_stores_all_of_a_change_or_nothing() {
    let folder = TempDir::new().unwrap();
    let storage = open(&folder).await;
    let account = AccountId(Uuid::from_u128(1));
    let key = OpKey(Uuid::from_u128(2));
    let row = OpRow {
        hash: tidemark_protocol::PayloadHash(Uuid::from_u128(3)),
        entity: tidemark_protocol::EntityId(Uuid::from_u128(4)),
        status: tidemark_protocol::EventStatus::Applied,
        conflict: false,
        version: 1,
    };
    // The same key twice breaks the second insert.
    let broken = Changes {
        head: Head {
            version: 1,
            ..Head::default()
        },
        ops: vec![(key, row.clone()), (key, row.clone())],
        ..Changes::default()
    };
    let wanted = Wanted {
        ops: vec![key],
        ..Wanted::default()
    };
    let failed = storage
        .change(account, &wanted, |_| (broken.clone(), ()))
        .await;
    assert!(matches!(failed, Err(StorageError::Database(_))));
    let look = |loaded: tidemark_server::storage::Loaded| (Changes::default(), loaded);
    let loaded = storage.change(account, &wanted, look).await.unwrap();
    assert!(loaded.ops.is_empty());
    assert_eq!(loaded.head, Head::default());
}

#[test]
fn addresses_say_which_database_they_are_of() {
    assert_eq!(
        path_of("sqlite://data/a.db").unwrap(),
        Path::new("data/a.db")
    );
    assert_eq!(
        path_of("sqlite:///var/a.db").unwrap(),
        Path::new("/var/a.db")
    );
    assert_eq!(path_of("sqlite:a.db").unwrap(), Path::new("a.db"));
    for address in ["", "a.db", "postgres://localhost/a", "sqlite://"] {
        assert!(path_of(address).is_err(), "{address}");
    }
    assert!(is_postgres("postgres://localhost/a") && is_postgres("postgresql://localhost/a"));
    assert!(!is_postgres("sqlite://postgres://a") && !is_postgres("postgres"));
}
