//! Two people who are one.

use super::StoreFactory;
use super::given::{loaded, outbox, rows, user};
use crate::samples::{create, draft, entity, metric, op, person};
use tidemark_engine::Store;
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::outbox::{EntryKind, bulk_payload};
use tidemark_engine::page::PageKey;
use tidemark_engine::ports::{HistoryReading, Window};
use tidemark_protocol::{EntityId, User};

fn theirs() -> User {
    user(entity(0xb0b), 6)
}

/// This device's person with an edit, an imported row, and an edit of somebody else.
async fn with_a_person<S: Store>(store: S) -> S {
    let store = loaded(store).await;
    let imported = [metric(4, 0, 0)];
    let payload = bulk_payload(&[PageKey::of(&imported[0])]);
    let marker = draft(1, EntryKind::Bulk, entity(0), payload, 0);
    store.bulk(&imported, &marker).await.unwrap();
    let mut other = metric(9, 0, 0);
    other.user_id = entity(0xca7);
    let bare = draft(2, EntryKind::CreateUser, person(), "{}".to_owned(), 0);
    let edits = [bare, create(3, &metric(3, 1, 0)), create(4, &other)];
    store.commit(&edits, None).await.unwrap();
    store
}

async fn history(store: &impl Store, user: EntityId) -> HistoryReading {
    store.history(user, Window::All).await.unwrap()
}

async fn adopt(store: &impl Store) {
    let adoption = PersonAdoption {
        ours: person(),
        theirs: theirs(),
    };
    store.adopt_person(&adoption).await.unwrap();
}

/// No server has heard of the name that goes.
pub async fn an_adopted_person_takes_over_entries_and_rows(factory: &impl StoreFactory) {
    let store = with_a_person(factory.open().await).await;
    adopt(&store).await;
    let moved = history(&store, theirs().id).await;
    assert_eq!(moved.pages.len(), 1);
    let row = &moved.pages[0].rows[0];
    assert_eq!(
        (row.metric.id, row.metric.user_id),
        (entity(4), theirs().id)
    );
    assert!(row.unsent);
    assert_eq!(rows(&store).await, [], "nothing is left under the old name");
    let queue: Vec<_> = moved.outbox.iter().map(|entry| entry.op_id).collect();
    assert_eq!(queue, [op(1), op(3), op(4)], "the bare person goes");
    assert_eq!(moved.outbox[0].bulk_pages(), [moved.pages[0].key]);
    let person_of = |at: usize| moved.outbox[at].metric_patch().unwrap().user_id;
    assert_eq!(person_of(1), Some(theirs().id));
    assert_eq!(person_of(2), Some(entity(0xca7)));
}

/// An adoption that timed out may have happened.
pub async fn adopting_twice_changes_nothing_more(factory: &impl StoreFactory) {
    let store = with_a_person(factory.open().await).await;
    adopt(&store).await;
    let once = history(&store, theirs().id).await;
    adopt(&store).await;
    let twice = history(&store, theirs().id).await;
    assert_eq!(twice.pages, once.pages);
    assert_eq!(outbox(&store).await, once.outbox);
}
