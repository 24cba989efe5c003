//! Packing: without an account old entries go into pages, in the transaction that stores the new one.

use super::StoreFactory;
use super::given::{outbox, pages, queue, rows, waiting};
use crate::samples::{NOON, create, draft, entity, metric, op};
use std::collections::HashSet;
use tidemark_engine::Store;
use tidemark_engine::outbox::{EntryDraft, EntryKind};
use tidemark_engine::packing::{ENTRIES_KEPT, ENTRIES_MAX};
use tidemark_engine::settle::Settlement;
use tidemark_protocol::{EntityId, OpId};

/// The packing's own operation.
const PACK: u128 = 1_000_000;

/// As many edits as wait at most, of records 1 and up.
fn full() -> Vec<EntryDraft> {
    (1..=ENTRIES_MAX as u128)
        .zip(0..)
        .map(|(number, hours)| create(number, &metric(number, hours, 0)))
        .collect()
}

/// One edit more, of a record of its own.
fn one_more() -> EntryDraft {
    create(999, &metric(999, 0, 0))
}

/// As many as may wait, wait.
pub async fn nothing_is_packed_up_to_the_limit(factory: &impl StoreFactory) {
    let store = factory.open().await;
    store.commit(&full(), Some(op(PACK))).await.unwrap();
    assert_eq!(queue(&store).await.len(), ENTRIES_MAX);
    assert_eq!(pages(&store).await, []);
}

/// Nothing is lost and nothing doubled: each record is in the outbox or in a page.
pub async fn the_entry_above_the_limit_packs_the_oldest(factory: &impl StoreFactory) {
    let store = factory.open().await;
    store.commit(&full(), Some(op(PACK))).await.unwrap();
    let answer = store.commit(&[one_more()], Some(op(PACK))).await.unwrap();
    let last = ENTRIES_MAX as u64 + 1;
    assert_eq!(answer, [one_more().into_entry(last)]);

    let outbox = outbox(&store).await;
    let (markers, kept): (Vec<_>, Vec<_>) = outbox
        .iter()
        .partition(|entry| entry.kind == EntryKind::Bulk);
    assert_eq!(kept.len(), ENTRIES_KEPT);
    assert_eq!(kept.last().unwrap().op_id, op(999));
    let markers: Vec<OpId> = markers.iter().map(|marker| marker.op_id).collect();
    assert_eq!(markers, [op(PACK)]);

    let packed: HashSet<EntityId> = waiting(&store).await.into_iter().collect();
    let oldest = (ENTRIES_MAX + 1 - ENTRIES_KEPT) as u128;
    let expected: HashSet<EntityId> = (1..=oldest).map(entity).collect();
    assert_eq!(packed, expected);
    let bulk = outbox.iter().find(|entry| entry.kind == EntryKind::Bulk);
    let named = bulk.unwrap().bulk_pages();
    let rows = store.unsent(&named, usize::MAX).await.unwrap();
    assert_eq!(
        rows.len(),
        packed.len(),
        "the marker names every page with packed rows"
    );
}

/// The row that is packed is what the screen showed.
pub async fn packed_edits_of_one_record_become_one_row(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let mut drafts = full();
    let heavier = "{\"weight\":81.5}".to_owned();
    drafts[1] = draft(2, EntryKind::UpsertMetric, entity(1), heavier, 0);
    store.commit(&drafts, Some(op(PACK))).await.unwrap();
    store.commit(&[one_more()], Some(op(PACK))).await.unwrap();
    let pages = pages(&store).await;
    let row = pages
        .iter()
        .flat_map(|page| &page.rows)
        .find(|row| row.metric.id == entity(1))
        .expect("the record is packed");
    assert_eq!(row.metric.weight.get(), 81_500);
    assert_eq!(row.metric.note, metric(1, 0, 0).note);
    assert!(row.unsent);
    assert!(rows(&store).await.iter().all(|(id, _)| *id != entity(2)));
}

/// No server has seen it, so nothing has to be told.
pub async fn a_packed_deletion_of_a_bulk_row_leaves_no_row(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let imported = [metric(5_000, 0, 0), metric(5_001, 1, 0)];
    let pages = imported.iter().map(tidemark_engine::page::PageKey::of);
    let pages: Vec<_> = pages.take(1).collect();
    let marker = tidemark_engine::packing::marker(op(8_000), &pages, imported[0].created_at);
    store.bulk(&imported, &marker).await.unwrap();
    let mut drafts = full();
    drafts[0] = draft(
        1,
        EntryKind::DeleteMetric,
        entity(5_000),
        "{}".to_owned(),
        0,
    );
    store.commit(&drafts, Some(op(PACK))).await.unwrap();
    store.commit(&[one_more()], Some(op(PACK))).await.unwrap();
    let left = waiting(&store).await;
    assert!(!left.contains(&entity(5_000)));
    assert!(left.contains(&entity(5_001)));
}

/// What belongs to an account is sent, entry by entry.
pub async fn with_an_account_nothing_is_packed(factory: &impl StoreFactory) {
    let store = factory.open().await;
    store.commit(&full(), None).await.unwrap();
    store.commit(&[one_more()], None).await.unwrap();
    assert_eq!(queue(&store).await.len(), ENTRIES_MAX + 1);
    assert_eq!(pages(&store).await, []);
}

/// A server may know it by now. With nothing to pack there is nothing to mark either.
pub async fn what_was_ever_sent_is_not_packed(factory: &impl StoreFactory) {
    let store = factory.open().await;
    store.commit(&full(), None).await.unwrap();
    let error = super::given::error("unreachable");
    let sent = full().into_iter().map(|edit| edit.op_id);
    let failed = Settlement::failed(sent, &error, NOON);
    store.settle(&failed).await.unwrap();
    store.commit(&[one_more()], Some(op(PACK))).await.unwrap();
    assert_eq!(queue(&store).await.len(), ENTRIES_MAX + 1);
    assert_eq!(pages(&store).await, []);
}
