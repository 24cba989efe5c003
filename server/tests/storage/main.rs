//! One suite for every storage: what it passes is what the sync functions may rely on.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod suite;

use std::path::Path;
use tempfile::TempDir;
use tidemark_protocol::{AccountId, Epoch};
use tidemark_server::storage::{
    Changes, Head, MemoryStorage, OpKey, OpRow, SqliteStorage, Storage, StorageError, Wanted,
    path_of,
};
use uuid::Uuid;

fn epoch() -> Epoch {
    Epoch("0190c0de-0000-7000-8000-0000000000ee".to_owned())
}

async fn open(folder: &TempDir) -> SqliteStorage {
    let file = folder.path().join("tidemark.db");
    SqliteStorage::open(&file, &epoch()).await.unwrap()
}

/// Each case as a test on a fresh storage of each kind.
macro_rules! on_every_storage {
    ($($case:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::suite::$case(super::MemoryStorage::new(super::epoch())).await;
            })*
        }

        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                let folder = super::TempDir::new().unwrap();
                super::suite::$case(super::open(&folder).await).await;
            })*
        }
    };
}

on_every_storage!(
    an_unknown_account_is_empty,
    what_is_stored_is_loaded_as_it_was,
    the_record_of_an_operation_is_loaded_with_it,
    accounts_see_nothing_of_each_other,
    a_page_follows_versions_and_leaves_out_the_deletions_it_is_told_to,
    a_moment_is_found_as_the_version_before_its_first_row,
    users_have_pages_too,
    history_is_newest_first_and_only_of_known_metrics,
    the_living_rows_of_a_user_are_those_not_deleted,
    a_device_only_ever_moves_forward,
    changes_of_one_account_happen_one_after_another,
    an_address_belongs_to_the_first_account_that_claims_it,
    an_account_and_its_sessions_are_loaded_as_they_were_stored,
    a_session_that_ended_is_over_and_its_device_is_listed_until_forgotten,
    changes_of_one_account_see_each_other,
    an_erased_account_leaves_nothing_but_the_mark_and_takes_nothing_more,
    everything_of_an_account_is_of_that_account_only,
    old_deletions_go_where_no_device_lacks_them,
    a_deletion_waits_for_every_active_device_but_not_for_ever,
    pruning_goes_through_all_accounts_and_takes_history_along,
);

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
fn only_addresses_of_sqlite_are_taken() {
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
}
