//! Notes of imports.

use super::StoreFactory;
use super::given::loaded;
use crate::samples::{NOON, device, entity, metric, op};
use tidemark_engine::Store;
use tidemark_engine::imports::{IMPORTS_MAX, ImportNote};

fn note(number: u128, label: &str) -> ImportNote {
    ImportNote {
        id: op(number),
        at: NOON,
        label: label.to_owned(),
        metrics: vec![entity(number), entity(number + 1)],
        people: vec![entity(7)],
        changed: vec![metric(number, 1, 3)],
    }
}

/// With all that they say, also for a handle opened later; and the sync state beside them stays.
pub async fn notes_come_newest_first_and_are_replaced_by_name(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let state = store.load(&device()).await.unwrap();
    assert_eq!(store.imports().await, Ok(Vec::new()));
    for (number, label) in [(1, "first"), (2, "second"), (1, "again")] {
        store.note_import(&note(number, label)).await.unwrap();
    }
    let later = factory.open().await;
    let expected = vec![note(1, "again"), note(2, "second")];
    assert_eq!(later.imports().await, Ok(expected));
    assert_eq!(later.load(&device()).await, Ok(state));
}

/// They can't fill the device.
pub async fn only_the_newest_notes_are_kept(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let count = IMPORTS_MAX as u128 + 2;
    for number in 1..=count {
        store.note_import(&note(number, "file")).await.unwrap();
    }
    let kept = store.imports().await.unwrap();
    let numbers: Vec<_> = kept.iter().map(|note| note.id).collect();
    let newest: Vec<_> = (3..=count).rev().map(op).collect();
    assert_eq!(numbers, newest);
}

/// Twice is no error.
pub async fn a_note_that_is_forgotten_is_gone(factory: &impl StoreFactory) {
    let store = factory.open().await;
    for number in [1, 2] {
        store.note_import(&note(number, "file")).await.unwrap();
    }
    for _ in 0..2 {
        store.forget_import(op(1)).await.unwrap();
        assert_eq!(store.imports().await, Ok(vec![note(2, "file")]));
    }
}
