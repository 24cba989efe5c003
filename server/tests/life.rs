//! Backups put in place again, and cursors from before what was forgotten: what devices are told.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use serde_json::json;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tidemark_protocol::problem::ResyncReason;
use tidemark_protocol::validate::read_batch;
use tidemark_protocol::{DeviceId, EntityId, Epoch, MetricsPage, Timestamp};
use tidemark_server::storage::{
    Keep, MemoryStorage, SqliteStorage, Storage, StorageError, Upkeep, back_up, restore,
};
use tidemark_server::sync::{self, BUILT_IN_ACCOUNT, Caller, PullRequest, SyncError};
use uuid::Uuid;

const DAY: i64 = 86_400_000;
const NOW: Timestamp = Timestamp(1_772_366_400_000);

fn epoch(number: u128) -> Epoch {
    Epoch(Uuid::from_u128(number).to_string())
}

fn caller(name: &str, now: Timestamp) -> Caller {
    Caller {
        account: BUILT_IN_ACCOUNT,
        device: DeviceId::parse(name),
        now,
    }
}

async fn push(storage: &impl Storage, now: Timestamp, kind: &str, number: u128) {
    let (by, nobody) = (caller("phone", now), serde_json::Map::new());
    let made = sync::create_user(storage, &by, &nobody, EntityId(Uuid::from_u128(7)));
    made.await.unwrap();
    let payload =
        json!({"id": Uuid::from_u128(number), "user_id": 1, "weight": 78.2, "created_at": now});
    let event = json!({"local_id": 1, "type": kind, "op_id": Uuid::new_v5(&Uuid::from_u128(number), kind.as_bytes()), "payload": payload});
    let body = json!({"device_id": "phone", "events": [event]}).to_string();
    let batch = read_batch(body.as_bytes()).unwrap();
    let answer = sync::push(storage, &caller("phone", now), &batch)
        .await
        .unwrap();
    assert!(answer.results[0].error.is_none(), "{answer:?}");
}

async fn write(storage: &impl Storage, number: u128) {
    push(storage, NOW, "UPSERT_METRIC", number).await;
}

async fn pull(
    storage: &impl Storage,
    device: &str,
    now: Timestamp,
    since: Option<String>,
) -> Result<MetricsPage, SyncError> {
    let request = PullRequest { since, limit: 100 };
    sync::pull_metrics(storage, &caller(device, now), &request).await
}

struct House {
    folder: TempDir,
}

impl House {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn open(&self, number: u128) -> SqliteStorage {
        SqliteStorage::open(&self.path("tidemark.db"), &epoch(number))
            .await
            .unwrap()
    }

    /// A database with two rows in its backup and a third one since.
    async fn backed_up(&self) -> SqliteStorage {
        let storage = self.open(1).await;
        write(&storage, 10).await;
        write(&storage, 11).await;
        back_up(&self.path("tidemark.db"), &self.path("backup.db"))
            .await
            .unwrap();
        write(&storage, 12).await;
        storage
    }

    async fn restore(&self, number: u128, now: Timestamp) -> Result<Option<PathBuf>, StorageError> {
        let (backup, database) = (self.path("backup.db"), self.path("tidemark.db"));
        restore(&backup, &database, &epoch(number), now).await
    }

    fn names(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn a_restored_backup_is_another_life_above_all_versions_that_names_what_it_lost() {
    let house = House::new();
    let storage = house.backed_up().await;
    let before = pull(&storage, "phone", NOW, None).await.unwrap();
    assert_eq!(before.metrics.len(), 3);
    storage.close().await;

    let kept = house.restore(2, NOW).await.unwrap().unwrap();
    assert!(kept.is_file(), "the replaced database is kept");
    let storage = house.open(3).await;
    assert_eq!(storage.epoch(), epoch(2));
    let page = pull(&storage, "phone", NOW, None).await.unwrap();
    assert_eq!(page.metrics.len(), 2);
    assert!(page.head > before.head);

    let told = pull(&storage, "phone", NOW, Some(before.cursor.0)).await;
    let Err(SyncError::ResyncRequired {
        reason: ResyncReason::Epoch,
        lost: Some(lost),
    }) = told
    else {
        panic!("{told:?}");
    };
    assert_eq!(
        lost,
        [(before.head, page.head)],
        "the version of the third row is lost"
    );
    write(&storage, 13).await;
    let newest = pull(&storage, "phone", NOW, Some(page.cursor.0))
        .await
        .unwrap();
    assert!(newest.metrics[0].version > page.head);
}

#[tokio::test]
async fn a_pull_by_time_begins_at_the_start_of_an_account_that_is_younger_than_the_restored_backup()
{
    // A change without a row, the first after the restore, used to count as received in 1970: whoever pulled from a time
    // was told to begin anew, for ever.
    let house = House::new();
    let storage = house.open(1).await;
    back_up(&house.path("tidemark.db"), &house.path("backup.db"))
        .await
        .unwrap();
    write(&storage, 10).await;
    storage.close().await;
    house.restore(2, NOW).await.unwrap();
    let storage = house.open(3).await;
    let body = json!({"op_id": Uuid::from_u128(99)});
    let says_nothing = body.as_object().unwrap();
    sync::patch_app_model(&storage, &caller("phone", NOW), says_nothing)
        .await
        .unwrap();
    write(&storage, 11).await;
    write(&storage, 12).await;
    push(&storage, NOW, "DELETE_METRIC", 11).await;
    let later = NOW.plus_millis(DAY);
    let keep = Keep {
        since: later,
        all_before: later,
    };
    storage.prune(&keep).await.unwrap();
    let since = Some("1970-01-02T00:00:00Z".to_owned());
    let page = pull(&storage, "phone", later, since).await.unwrap();
    assert_eq!(page.metrics.len(), 1);
}

#[tokio::test]
async fn a_database_in_use_is_not_replaced() {
    let house = House::new();
    let storage = house.backed_up().await;
    let refused = house.restore(2, NOW).await;
    assert!(matches!(refused, Err(StorageError::InUse)), "{refused:?}");
    assert_eq!(
        pull(&storage, "phone", NOW, None)
            .await
            .unwrap()
            .metrics
            .len(),
        3
    );
}

#[tokio::test]
async fn the_same_backup_restored_again_reuses_no_version_even_where_the_database_is_lost() {
    for is_lost in [false, true] {
        let house = House::new();
        house.backed_up().await.close().await;
        let mut highest = 0;
        for round in 2..5 {
            if is_lost && round > 2 {
                std::fs::remove_file(house.path("tidemark.db")).unwrap();
            }
            let hours = i64::try_from(round).unwrap();
            let later = NOW.plus_millis(hours * 3_600_000);
            house.restore(round, later).await.unwrap();
            let storage = house.open(9).await;
            let head = storage.head(BUILT_IN_ACCOUNT).await.unwrap();
            assert!(head > highest, "{is_lost} {round}");
            write(&storage, 100 + round).await;
            highest = storage.head(BUILT_IN_ACCOUNT).await.unwrap();
            assert!(highest < 1 << 53, "every JSON reader keeps it exact");
            storage.close().await;
        }
    }
}

#[tokio::test]
async fn a_backup_from_before_the_first_entry_raises_the_counter_too() {
    let house = House::new();
    let storage = house.open(1).await;
    back_up(&house.path("tidemark.db"), &house.path("backup.db"))
        .await
        .unwrap();
    write(&storage, 10).await;
    let before = storage.head(BUILT_IN_ACCOUNT).await.unwrap();
    storage.close().await;
    house.restore(2, NOW).await.unwrap();
    assert!(house.open(3).await.head(BUILT_IN_ACCOUNT).await.unwrap() > before);
}

#[tokio::test]
async fn what_is_no_backup_of_ours_is_refused_and_changes_nothing() {
    let house = House::new();
    house.backed_up().await.close().await;
    let (other, database) = (house.path("other"), house.path("tidemark.db"));
    let before = std::fs::read(&database).unwrap();
    for text in [
        "",
        "not a database, but some text that is long enough for a header, a hundred bytes and more, to be sure",
    ] {
        std::fs::write(&other, text).unwrap();
        let refused = restore(&other, &database, &epoch(2), NOW).await;
        assert!(
            matches!(refused, Err(StorageError::NotOurs(_))),
            "{refused:?}"
        );
    }
    let refused = restore(Path::new("/nowhere/at/all"), &database, &epoch(2), NOW).await;
    assert!(
        matches!(refused, Err(StorageError::NotOurs(_))),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&database).unwrap(), before);
    assert_eq!(house.names(), ["backup.db", "other", "tidemark.db"]);
}

#[tokio::test]
async fn a_backup_overwrites_nothing() {
    let house = House::new();
    let _storage = house.backed_up().await;
    let again = back_up(&house.path("tidemark.db"), &house.path("backup.db")).await;
    assert!(matches!(again, Err(StorageError::Exists(_))), "{again:?}");
    let none = back_up(&house.path("none.db"), &house.path("new.db")).await;
    assert!(matches!(none, Err(StorageError::NotOurs(_))), "{none:?}");
    assert!(!house.path("none.db").exists() && !house.path("new.db").exists());
}

/// A device that comes back after the deletions that it missed were forgotten.
async fn comes_back(storage: impl Storage + Upkeep) {
    write(&storage, 10).await;
    write(&storage, 11).await;
    let drawer = pull(&storage, "in a drawer", NOW, None).await.unwrap();
    push(&storage, NOW.plus_millis(DAY), "DELETE_METRIC", 11).await;
    let phone = pull(&storage, "phone", NOW, None).await.unwrap();
    let later = NOW.plus_millis(200 * DAY);
    pull(&storage, "phone", later, Some(phone.cursor.0.clone()))
        .await
        .unwrap();
    assert_eq!(storage.prune(&Keep::at(later)).await.unwrap(), 1);

    let told = pull(&storage, "in a drawer", later, Some(drawer.cursor.0)).await;
    let is_horizon = matches!(
        told,
        Err(SyncError::ResyncRequired {
            reason: ResyncReason::Horizon,
            lost: None
        })
    );
    assert!(is_horizon, "{told:?}");
    let anew = pull(&storage, "in a drawer", later, None).await.unwrap();
    assert_eq!(anew.metrics.len(), 1);
    for cursor in [anew.cursor, phone.cursor] {
        let goes_on = pull(&storage, "phone", later, Some(cursor.0))
            .await
            .unwrap();
        assert_eq!(goes_on.metrics, []);
    }
}

#[tokio::test]
async fn who_missed_a_forgotten_deletion_pulls_from_the_start() {
    comes_back(MemoryStorage::new(epoch(1))).await;
    comes_back(House::new().open(1).await).await;
}
