//! Rows that come in bulk: an import, or the history of an older version.

use super::StoreFactory;
use super::given::{delta, outbox, pulled, rows, waiting};
use crate::samples::{NOON, create, draft, entity, metric, op};
use tidemark_engine::Store;
use tidemark_engine::outbox::{EntryDraft, EntryKind, bulk_payload};
use tidemark_engine::page::PageKey;
use tidemark_protocol::{EntityId, Metric};
use uuid::Uuid;

/// A month and two days of rows.
fn imported() -> Vec<Metric> {
    (1..=40)
        .map(|number| metric(number, i64::try_from(number).unwrap() * 24, 0))
        .collect()
}

fn keys(rows: &[Metric]) -> Vec<PageKey> {
    let mut keys: Vec<PageKey> = rows.iter().map(PageKey::of).collect();
    keys.dedup();
    keys
}

fn marker(number: u128, rows: &[Metric]) -> EntryDraft {
    let payload = bulk_payload(&keys(rows));
    draft(number, EntryKind::Bulk, EntityId(Uuid::nil()), payload, 0)
}

/// One entry in the outbox, however many rows.
pub async fn rows_in_bulk_wait_in_pages_behind_one_entry(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let rows = imported();
    let marker = marker(1, &rows);
    assert_eq!(store.bulk(&rows, &marker).await, Ok(40));
    assert_eq!(outbox(&store).await, [marker.into_entry(1)]);
    assert_eq!(outbox(&store).await[0].bulk_pages(), keys(&rows));
    let waiting = store.unsent(&keys(&rows), usize::MAX).await.unwrap();
    assert_eq!(waiting, rows);
}

/// An import never changes what is there, acknowledged or not.
pub async fn bulk_leaves_rows_alone_that_are_there_already(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 24, 5)]).await;
    let rows_before = rows(&store).await;
    let rows_to_come = imported();
    let marker = marker(1, &rows_to_come);
    assert_eq!(store.bulk(&rows_to_come, &marker).await, Ok(39));
    assert_eq!(rows_before, [(entity(1), 5)]);
    assert!(rows(&store).await.contains(&(entity(1), 5)));
    assert!(!waiting(&store).await.contains(&entity(1)));
}

/// A bulk that timed out may have happened.
pub async fn bulk_twice_is_bulk_once(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let rows_to_come = imported();
    let marker = marker(1, &rows_to_come);
    store.bulk(&rows_to_come, &marker).await.unwrap();
    assert_eq!(store.bulk(&rows_to_come, &marker).await, Ok(0));
    assert_eq!(outbox(&store).await.len(), 1);
    assert_eq!(rows(&store).await.len(), 40);
}

/// A batch takes no more than it can send.
pub async fn unsent_rows_come_up_to_the_limit(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let rows = imported();
    store.bulk(&rows, &marker(1, &rows)).await.unwrap();
    let keys = keys(&rows);
    let some = store.unsent(&keys, 3).await.unwrap();
    assert_eq!(some, rows[..3]);
    assert_eq!(store.unsent(&keys, 0).await.unwrap(), []);
    assert_eq!(store.unsent(&[], 9).await.unwrap(), []);
    let elsewhere = PageKey {
        month: 190_001,
        ..keys[0]
    };
    assert_eq!(store.unsent(&[elsewhere], 9).await.unwrap(), []);
}

/// Months that follow one another, over the turn of years, and some that are not asked for.
pub async fn unsent_rows_come_of_the_named_months_alone(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let rows: Vec<Metric> = (1..=60)
        .map(|number| metric(number, i64::try_from(number).unwrap() * 24 * 31, 0))
        .collect();
    store.bulk(&rows, &marker(1, &rows)).await.unwrap();
    let all = store.unsent(&keys(&rows), usize::MAX).await.unwrap();
    assert_eq!(all, rows);
    let named: Vec<Metric> = rows
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 30 != 7 && at % 11 != 3)
        .map(|(_, row)| row.clone())
        .collect();
    let some = store.unsent(&keys(&named), usize::MAX).await.unwrap();
    assert_eq!(some, named);
    assert_eq!(store.unsent(&keys(&named), 41).await.unwrap(), named[..41]);
}

/// The server's row takes the place of the unsent one; edits made meanwhile stay.
pub async fn an_unsent_row_that_the_server_takes_no_longer_waits(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![]).await;
    let unsent = imported();
    store.bulk(&unsent, &marker(1, &unsent)).await.unwrap();
    let edit = create(2, &metric(1, 24, 0));
    store.commit(&[edit], None).await.unwrap();
    let known = delta(Some("one"), "two", vec![metric(1, 24, 6), metric(2, 48, 7)]);
    store.apply(&known).await.unwrap();
    let waiting = waiting(&store).await;
    assert_eq!(waiting.len(), 38);
    assert!(!waiting.contains(&entity(1)) && !waiting.contains(&entity(2)));
    assert_eq!(outbox(&store).await[1].op_id, op(2));
    assert_eq!(outbox(&store).await[0].created_at, NOON);
}
