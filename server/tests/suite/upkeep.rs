//! Which deletions are forgotten, and when.

use super::{ACCOUNT, OTHER, deleted, device, head, id, metric, page, store};
use tidemark_protocol::{AccountId, HistoryEntry, HistoryReason, Timestamp};
use tidemark_server::storage::{
    After, Changes, DeviceSeen, Keep, PageQuery, Storage, Tombstones, Upkeep,
};

const DAY: i64 = 86_400_000;
const NOW: i64 = 1_000 * DAY;

/// Row 10 lives; 11, 12 and 13 were deleted 500, 200 and 100 days ago.
async fn given(storage: &impl Storage, account: AccountId) {
    let days_ago = |days: i64, version, rows| Changes {
        metrics: rows,
        ..Changes {
            head: head(version, NOW - days * DAY),
            ..Changes::default()
        }
    };
    store(storage, account, days_ago(600, 1, vec![metric(10, 1)])).await;
    store(storage, account, days_ago(500, 2, vec![deleted(11, 2)])).await;
    store(storage, account, days_ago(200, 3, vec![deleted(12, 3)])).await;
    store(storage, account, days_ago(100, 4, vec![deleted(13, 4)])).await;
}

async fn seen(storage: &impl Storage, name: &str, days_ago: i64, acknowledged: u64) {
    let seen = DeviceSeen {
        device: device(name),
        at: Timestamp(NOW - days_ago * DAY),
        acknowledged: Some(acknowledged),
    };
    storage.note_device(ACCOUNT, &seen).await.unwrap();
}

async fn rows(storage: &impl Storage) -> Vec<u128> {
    page(storage, After::Version(0), Tombstones::Included, 9)
        .await
        .0
}

async fn horizon(storage: &impl Storage, account: AccountId) -> u64 {
    let query = PageQuery {
        after: After::Version(0),
        tombstones: Tombstones::Included,
        limit: 9,
    };
    storage.metrics_page(account, &query).await.unwrap().horizon
}

fn now() -> Keep {
    Keep::at(Timestamp(NOW))
}

pub async fn old_deletions_go_where_no_device_lacks_them(storage: impl Storage + Upkeep) {
    given(&storage, ACCOUNT).await;
    seen(&storage, "phone", 1, 4).await;
    seen(&storage, "forgotten in a drawer", 190, 0).await;
    assert_eq!(storage.prune(&now()).await.unwrap(), 2);
    assert_eq!(
        rows(&storage).await,
        [10, 13],
        "the youngest is kept for 180 days"
    );
    assert_eq!(horizon(&storage, ACCOUNT).await, 3);
    assert_eq!(storage.prune(&now()).await.unwrap(), 0);
    assert_eq!(horizon(&storage, ACCOUNT).await, 3);
    assert_eq!(storage.head(ACCOUNT).await.unwrap(), 4);
}

pub async fn a_deletion_waits_for_every_active_device_but_not_for_ever(
    storage: impl Storage + Upkeep,
) {
    given(&storage, ACCOUNT).await;
    seen(&storage, "phone", 1, 4).await;
    seen(&storage, "tablet", 170, 1).await;
    assert_eq!(storage.prune(&now()).await.unwrap(), 1);
    assert_eq!(
        rows(&storage).await,
        [10, 12, 13],
        "one of 500 days goes anyway"
    );
    assert_eq!(horizon(&storage, ACCOUNT).await, 2);
    seen(&storage, "tablet", 0, 3).await;
    assert_eq!(storage.prune(&now()).await.unwrap(), 1);
    assert_eq!(rows(&storage).await, [10, 13]);
}

pub async fn pruning_goes_through_all_accounts_and_takes_history_along(
    storage: impl Storage + Upkeep,
) {
    given(&storage, ACCOUNT).await;
    given(&storage, OTHER).await;
    let entry = HistoryEntry {
        version: 2,
        at: Timestamp(1),
        by: None,
        reason: HistoryReason::Deleted,
        values: serde_json::Map::new(),
    };
    let with_history = Changes {
        head: head(4, NOW - 100 * DAY),
        history: vec![(id(11), entry.clone()), (id(10), entry.clone())],
        ..Changes::default()
    };
    store(&storage, OTHER, with_history).await;
    assert_eq!(storage.prune(&now()).await.unwrap(), 4);
    assert_eq!(horizon(&storage, OTHER).await, 3);
    // A record of that name begins anew.
    let again = Changes {
        head: head(5, NOW),
        metrics: vec![metric(11, 5)],
        ..Changes::default()
    };
    store(&storage, OTHER, again).await;
    assert_eq!(storage.history(OTHER, id(11)).await.unwrap(), Some(vec![]));
    assert_eq!(
        storage.history(OTHER, id(10)).await.unwrap(),
        Some(vec![entry])
    );
}
