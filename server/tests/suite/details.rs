//! What belongs to a record or an account beside its rows: history, digests' rows, devices.

use super::{ACCOUNT, OTHER, USER, deleted, device, head, id, metric, store};
use std::collections::HashSet;
use tidemark_protocol::{HistoryEntry, HistoryReason, Timestamp};
use tidemark_server::storage::{Changes, DeviceSeen, LivingRow, Storage};

pub async fn history_is_newest_first_and_only_of_known_metrics(storage: impl Storage) {
    let entry = |version, note: &str| HistoryEntry {
        version,
        at: Timestamp(-3),
        by: Some(device("a")),
        reason: HistoryReason::Conflict,
        values: [("note".to_owned(), note.into())].into_iter().collect(),
    };
    let changes = Changes {
        head: head(4, 50),
        metrics: vec![metric(10, 4), metric(11, 2)],
        history: vec![
            (id(10), entry(3, "first")),
            (id(10), entry(4, "second")),
            (id(10), entry(3, "third")),
            (id(12), entry(9, "of an unknown one")),
        ],
        ..Changes::default()
    };
    store(&storage, ACCOUNT, changes).await;
    let entries = storage.history(ACCOUNT, id(10)).await.unwrap();
    let expected = vec![entry(4, "second"), entry(3, "third"), entry(3, "first")];
    assert_eq!(entries, Some(expected));
    assert_eq!(
        storage.history(ACCOUNT, id(11)).await.unwrap(),
        Some(vec![])
    );
    assert_eq!(storage.history(ACCOUNT, id(12)).await.unwrap(), None);
    assert_eq!(storage.history(OTHER, id(10)).await.unwrap(), None);
}

pub async fn the_living_rows_of_a_user_are_those_not_deleted(storage: impl Storage) {
    let mut of_another = metric(13, 5);
    of_another.row.user_id = id(2);
    let changes = Changes {
        head: head(5, 50),
        metrics: vec![metric(10, 2), deleted(11, 3), metric(12, 4), of_another],
        ..Changes::default()
    };
    store(&storage, ACCOUNT, changes).await;
    let (found_head, rows) = storage.living(ACCOUNT, USER).await.unwrap();
    let row = |number, version| LivingRow {
        id: id(number),
        version,
        created_at: Timestamp(-5),
    };
    assert_eq!(found_head, 5);
    let rows: HashSet<_> = rows.into_iter().map(|row| (row.id, row.version)).collect();
    let expected = [row(10, 2), row(12, 4)].map(|row| (row.id, row.version));
    assert_eq!(rows, expected.into());
}

pub async fn a_device_only_ever_moves_forward(storage: impl Storage) {
    let seen = |at, acknowledged| DeviceSeen {
        device: device("phone"),
        at: Timestamp(at),
        acknowledged,
    };
    storage
        .note_device(ACCOUNT, &seen(100, Some(5)))
        .await
        .unwrap();
    storage
        .note_device(ACCOUNT, &seen(200_000, Some(3)))
        .await
        .unwrap();
    storage
        .note_device(ACCOUNT, &seen(100_000, Some(7)))
        .await
        .unwrap();
    storage
        .note_device(ACCOUNT, &seen(400_000, None))
        .await
        .unwrap();
    let changes = Changes {
        device: Some(seen(300_000, None)),
        ..Changes::default()
    };
    store(&storage, ACCOUNT, changes).await;
    let devices = storage.devices(ACCOUNT).await.unwrap();
    assert_eq!(devices.len(), 1);
    let phone = &devices[0];
    assert_eq!(phone.created_at, Timestamp(100));
    assert_eq!(phone.last_seen_at, Timestamp(400_000));
    assert_eq!(phone.acknowledged_version, 7);
}
