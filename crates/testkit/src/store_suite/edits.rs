//! A person's edits into the outbox.

use super::StoreFactory;
use super::given::{error, outbox, queue};
use crate::samples::{NOON, create, draft, entity, metric, op};
use tidemark_engine::Store;
use tidemark_engine::outbox::{EntryDraft, EntryKind, OutboxEntry};
use tidemark_engine::settle::Settlement;
use tidemark_protocol::{AccountId, OpId};

/// Numbers grow by one, also within one commit.
pub async fn entries_get_the_next_numbers_of_the_queue(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let (one, two, three) = (
        create(1, &metric(1, 0, 0)),
        create(2, &metric(2, 1, 0)),
        create(3, &metric(3, 2, 0)),
    );
    let first = store
        .commit(std::slice::from_ref(&one), None)
        .await
        .unwrap();
    assert_eq!(first, [one.into_entry(1)]);
    let more = store.commit(&[two.clone(), three.clone()], None).await;
    assert_eq!(more.unwrap(), [two.into_entry(2), three.into_entry(3)]);
    let none = store.commit(&[], None).await.unwrap();
    assert_eq!(none, []);
}

/// A commit that timed out may have happened: the retry must not add anything.
pub async fn an_edit_stored_twice_stays_as_it_was(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let edit = create(1, &metric(1, 0, 0));
    store
        .commit(std::slice::from_ref(&edit), None)
        .await
        .unwrap();
    let other = EntryDraft {
        payload: "{}".to_owned(),
        ..edit.clone()
    };
    let drafts = [other, create(2, &metric(2, 0, 0))];
    let again = store.commit(&drafts, None).await.unwrap();
    assert_eq!(again[0], edit.clone().into_entry(1));
    let stored = outbox(&store).await;
    assert_eq!(stored[0], edit.into_entry(1));
    let seqs: Vec<u64> = stored.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

/// Not in the order of the ids.
pub async fn the_outbox_comes_in_the_order_of_the_queue(factory: &impl StoreFactory) {
    let store = factory.open().await;
    for number in [9, 3, 7, 1] {
        let edit = create(number, &metric(number, 0, 0));
        store.commit(&[edit], None).await.unwrap();
    }
    assert_eq!(queue(&store).await, [op(9), op(3), op(7), op(1)]);
}

/// Also where it is longer than what a store may read in one go.
pub async fn a_long_queue_comes_whole_and_in_order(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let numbers: Vec<u128> = (1..=1_000).rev().collect();
    let edits: Vec<EntryDraft> = numbers
        .iter()
        .map(|number| create(*number, &metric(*number, 0, 0)))
        .collect();
    store.commit(&edits, None).await.unwrap();
    let expected: Vec<OpId> = numbers.into_iter().map(op).collect();
    assert_eq!(queue(&store).await, expected);
    let one_more = create(2_000, &metric(2_000, 0, 0));
    store.commit(&[one_more], None).await.unwrap();
    assert_eq!(queue(&store).await.last(), Some(&op(2_000)));
}

/// What is sent is the very text that was stored.
pub async fn an_entry_keeps_all_that_it_says(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let payload = "{ \"weight\":78.20,\n \"note\": \"größer 🙂 \\u0041\" }".to_owned();
    let parked = EntryDraft {
        base_version: 9_007_199_254_740_991,
        owner: Some(AccountId(entity(77).0)),
        parked: Some(error("invalid_field")),
        ..draft(1, EntryKind::DeleteMetric, entity(5), payload, 0)
    };
    let kinds = [
        EntryKind::UpsertMetric,
        EntryKind::CreateUser,
        EntryKind::UpdateUser,
        EntryKind::UpdateAppModel,
        EntryKind::Bulk,
    ];
    let others = (2..)
        .zip(kinds)
        .map(|(number, kind)| draft(number, kind, entity(number), "[]".to_owned(), 3));
    let drafts: Vec<EntryDraft> = std::iter::once(parked).chain(others).collect();
    store.commit(&drafts, None).await.unwrap();
    let expected: Vec<OutboxEntry> = (1..)
        .zip(drafts)
        .map(|(seq, draft)| draft.into_entry(seq))
        .collect();
    assert_eq!(outbox(&store).await, expected);
    assert!(expected[0].parked);
}

/// A settled entry leaves a gap, never a second use of a number that others follow.
pub async fn numbers_go_on_behind_the_newest_entry(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let drafts = [1, 2, 3].map(|number| create(number, &metric(number, 0, 0)));
    store.commit(&drafts, None).await.unwrap();
    let settlement = Settlement {
        done: vec![op(1), op(2)],
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
    let next = store.commit(&[create(4, &metric(4, 0, 0))], None).await;
    assert_eq!(next.unwrap()[0].seq, 4);
    assert_eq!(queue(&store).await, [op(3), op(4)]);
}

/// Saved means saved: it does not hang on the handle that saved it.
pub async fn a_handle_opened_later_sees_all_that_was_committed(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let edit = create(1, &metric(1, 0, 0));
    store
        .commit(std::slice::from_ref(&edit), None)
        .await
        .unwrap();
    drop(store);
    let store = factory.open().await;
    assert_eq!(outbox(&store).await, [edit.into_entry(1)]);
}

/// Tabs and worker write into one queue.
pub async fn two_handles_number_one_queue(factory: &impl StoreFactory) {
    let (here, there) = (factory.open().await, factory.open().await);
    here.commit(&[create(1, &metric(1, 0, 0))], None)
        .await
        .unwrap();
    there
        .commit(&[create(2, &metric(2, 0, 0))], None)
        .await
        .unwrap();
    here.commit(&[create(3, &metric(3, 0, 0))], None)
        .await
        .unwrap();
    let seqs: Vec<u64> = outbox(&there).await.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(queue(&here).await, [op(1), op(2), op(3)]);
}
