//! What the cases begin with, and how they look at a store.

use crate::samples::{NOON, device, person};
use tidemark_engine::Store;
use tidemark_engine::outbox::{LastError, OutboxEntry};
use tidemark_engine::page::Page;
use tidemark_engine::ports::{Applied, Delta, DeltaRows, Window};
use tidemark_protocol::{Cursor, EntityId, Epoch, Metric, OpId, User};

/// A cursor.
pub(super) fn cursor(text: &str) -> Cursor {
    Cursor(text.to_owned())
}

/// The life of the sample server's database.
pub(super) fn epoch() -> Epoch {
    Epoch("first life".to_owned())
}

/// An error without details.
pub(super) fn error(code: &str) -> LastError {
    LastError {
        code: code.to_owned(),
        field: Some("weight".to_owned()),
        detail: None,
    }
}

/// A person at a version.
pub(super) fn user(id: EntityId, version: u64) -> User {
    User {
        number: 7,
        name: Some(format!("Version {version}")),
        version,
        ..User::new(id, NOON)
    }
}

/// A pulled page of metrics between two cursors.
pub(super) fn delta(from: Option<&str>, next: &str, rows: Vec<Metric>) -> Delta {
    Delta {
        rows: DeltaRows::Metrics(rows),
        from: from.map(cursor),
        next: cursor(next),
        head: 90,
        epoch: epoch(),
        has_more: false,
    }
}

/// A store that knows its device.
pub(super) async fn loaded<S: Store>(store: S) -> S {
    store.load(&device()).await.expect("the store loads");
    store
}

/// A store that has pulled these rows from the start; its cursor is `one`.
pub(super) async fn pulled<S: Store>(store: S, rows: Vec<Metric>) -> S {
    let store = loaded(store).await;
    let applied = store.apply(&delta(None, "one", rows)).await;
    assert!(matches!(applied, Ok(Applied::Stored { .. })), "{applied:?}");
    store
}

/// The outbox.
pub(super) async fn outbox(store: &impl Store) -> Vec<OutboxEntry> {
    store.outbox().await.expect("the outbox is read")
}

/// The operations in the outbox, in order.
pub(super) async fn queue(store: &impl Store) -> Vec<OpId> {
    outbox(store)
        .await
        .iter()
        .map(|entry| entry.op_id)
        .collect()
}

/// All pages of the sample person, newest first.
pub(super) async fn pages(store: &impl Store) -> Vec<Page> {
    let reading = store.history(person(), Window::All).await;
    reading.expect("the history is read").pages
}

/// Living rows of the sample person as (id, version), oldest first within a page, newest page first.
pub(super) async fn rows(store: &impl Store) -> Vec<(EntityId, u64)> {
    let pages = pages(store).await;
    let rows = pages.iter().flat_map(|page| &page.rows);
    rows.map(|row| (row.metric.id, row.metric.version))
        .collect()
}

/// Deleted rows of the sample person as (id, version).
pub(super) async fn tombstones(store: &impl Store) -> Vec<(EntityId, u64)> {
    let pages = pages(store).await;
    let gone = pages.iter().flat_map(|page| &page.tombstones);
    gone.map(|gone| (gone.id, gone.version)).collect()
}

/// The ids of all rows that still have to go up.
pub(super) async fn waiting(store: &impl Store) -> Vec<EntityId> {
    let keys: Vec<_> = store
        .pages()
        .await
        .expect("the pages are read")
        .iter()
        .map(|page| page.key)
        .collect();
    let rows = store.unsent(&keys, usize::MAX).await;
    let rows = rows.expect("the unsent rows are read");
    rows.iter().map(|row| row.id).collect()
}
