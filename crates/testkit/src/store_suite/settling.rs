//! What becomes of entries that were sent.

use super::StoreFactory;
use super::given::{epoch, error, loaded, outbox, pulled, queue, rows, user, waiting};
use crate::samples::{NOON, create, device, draft, entity, metric, op, person};
use tidemark_engine::Store;
use tidemark_engine::conflicts::{Conflict, Rival};
use tidemark_engine::outbox::{EntryKind, OutboxEntry, bulk_payload};
use tidemark_engine::page::PageKey;
use tidemark_engine::settle::Settlement;
use tidemark_protocol::{AppModel, Epoch, Timestamp, Units};

async fn with_three_edits<S: Store>(store: S) -> S {
    let store = loaded(store).await;
    let drafts = [1, 2, 3].map(|number| create(number, &metric(number, 0, 0)));
    store.commit(&drafts, None).await.unwrap();
    store
}

fn entry(outbox: &[OutboxEntry], number: u128) -> &OutboxEntry {
    let found = outbox.iter().find(|entry| entry.op_id == op(number));
    found.expect("the entry is stored")
}

/// No moment shows neither the entry nor its row.
pub async fn rows_come_and_entries_go_together(factory: &impl StoreFactory) {
    let store = with_three_edits(factory.open().await).await;
    let settlement = Settlement {
        done: vec![op(1), op(3)],
        rows: vec![metric(1, 0, 11), metric(3, 0, 12)],
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
    assert_eq!(queue(&store).await, [op(2)]);
    assert_eq!(rows(&store).await, [(entity(1), 11), (entity(3), 12)]);
    assert!(waiting(&store).await.is_empty());
}

/// Another context has taken up another life of the server meanwhile.
pub async fn what_a_lost_life_did_settles_nothing(factory: &impl StoreFactory) {
    let store = pulled(with_three_edits(factory.open().await).await, Vec::new()).await;
    let lost = Settlement {
        life: Some(Epoch("lost".to_owned())),
        done: vec![op(1)],
        rows: vec![metric(1, 0, 11)],
        failed: vec![(op(2), error("overloaded"))],
        ..Settlement::at(NOON)
    };
    let before = outbox(&store).await;
    let without_rows = Settlement {
        rows: Vec::new(),
        ..lost.clone()
    };
    for settlement in [&lost, &without_rows] {
        assert!(!store.settle(settlement).await.unwrap());
        assert_eq!(outbox(&store).await, before);
        assert_eq!(rows(&store).await, []);
    }
    let known = Settlement {
        life: Some(epoch()),
        ..lost
    };
    assert!(store.settle(&known).await.unwrap());
    assert_eq!(queue(&store).await, [op(2), op(3)]);
    assert_eq!(rows(&store).await, [(entity(1), 11)]);
}

/// For the person who looks at what waits.
pub async fn attempts_in_vain_are_counted(factory: &impl StoreFactory) {
    let store = with_three_edits(factory.open().await).await;
    let before = outbox(&store).await;
    let later = NOON.plus_millis(1);
    let first = Settlement::failed([op(1), op(2)], &error("unreachable"), NOON);
    let second = Settlement::failed([op(1)], &error("overloaded"), later);
    store.settle(&first).await.unwrap();
    store.settle(&second).await.unwrap();
    let after = outbox(&store).await;
    let expected = OutboxEntry {
        attempted_at: Some(later),
        retry_count: 2,
        last_error: Some(error("overloaded")),
        ..entry(&before, 1).clone()
    };
    assert_eq!(*entry(&after, 1), expected);
    assert_eq!(entry(&after, 2).retry_count, 1);
    assert_eq!(entry(&after, 3), entry(&before, 3));
}

/// Parking keeps its place, and so does resuming.
pub async fn a_parked_entry_waits_until_it_is_resumed(factory: &impl StoreFactory) {
    let store = with_three_edits(factory.open().await).await;
    let park = Settlement {
        parked: vec![(op(2), error("invalid_field"))],
        ..Settlement::at(NOON)
    };
    store.settle(&park).await.unwrap();
    let parked = outbox(&store).await;
    assert!(entry(&parked, 2).parked);
    assert_eq!(entry(&parked, 2).last_error, Some(error("invalid_field")));
    assert_eq!(entry(&parked, 2).retry_count, 1);
    let resume = Settlement {
        resumed: vec![op(2)],
        ..Settlement::at(NOON)
    };
    store.settle(&resume).await.unwrap();
    assert!(!entry(&outbox(&store).await, 2).parked);
    assert_eq!(queue(&store).await, [op(1), op(2), op(3)]);
}

/// So edits can be queued behind one that must go first.
pub async fn an_entry_that_is_done_and_added_goes_to_the_end(factory: &impl StoreFactory) {
    let store = with_three_edits(factory.open().await).await;
    let again = create(1, &metric(1, 0, 0));
    let settlement = Settlement {
        done: vec![op(1)],
        added: vec![create(4, &metric(4, 0, 0)), again],
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
    assert_eq!(queue(&store).await, [op(2), op(3), op(4), op(1)]);
}

/// It waits once, where it can be mended.
pub async fn a_refused_bulk_row_waits_as_an_entry_instead(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let imported = [metric(1, 0, 0), metric(2, 1, 0)];
    let payload = bulk_payload(&[PageKey::of(&imported[0])]);
    let marker = draft(1, EntryKind::Bulk, entity(0), payload, 0);
    store.bulk(&imported, &marker).await.unwrap();
    let mut refused = create(2, &imported[0]);
    refused.parked = Some(error("invalid_field"));
    let settlement = Settlement {
        cleared: vec![entity(1)],
        added: vec![refused],
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
    assert_eq!(waiting(&store).await, [entity(2)]);
    assert_eq!(rows(&store).await, [(entity(2), 0)]);
    assert!(entry(&outbox(&store).await, 2).parked);
}

/// Each replaces only a lower version.
pub async fn people_and_app_model_come_with_their_answers(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let model = |version, units| AppModel {
        units: Some(units),
        version,
        ..AppModel::default()
    };
    let settle = |version, units| Settlement {
        users: vec![user(person(), version)],
        app_model: Some(model(version, units)),
        ..Settlement::at(NOON)
    };
    let newer = settle(5, Units::Stone);
    store.settle(&newer).await.unwrap();
    store.settle(&settle(4, Units::Imperial)).await.unwrap();
    let profile = store.profile().await.unwrap();
    assert_eq!(profile.users, [user(person(), 5)]);
    assert_eq!(profile.app_model, model(5, Units::Stone));
}

fn conflict(number: u128, at: Timestamp) -> Conflict {
    let mut row = metric(number, 0, 9);
    row.note = Some("theirs".to_owned());
    Conflict {
        entity_id: entity(number),
        at,
        ours: format!("{{\"weight\":{number}}}"),
        row: (number != 2).then_some(row),
        theirs: None,
        is_weighed: false,
    }
}

async fn settle_conflicts(store: &impl Store, conflicts: Vec<Conflict>) {
    let settlement = Settlement {
        conflicts,
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
}

/// What lost is not lost.
pub async fn conflicts_are_kept_and_read_newest_first(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let (one, two) = (conflict(1, NOON), conflict(2, NOON.plus_millis(1)));
    let three = conflict(3, NOON.plus_millis(5));
    settle_conflicts(&store, vec![one.clone(), two.clone()]).await;
    settle_conflicts(&store, vec![three.clone()]).await;
    let all = store.conflicts(10).await.unwrap();
    assert_eq!(all, [three.clone(), two, one]);
    assert_eq!(store.conflicts(1).await.unwrap(), [three]);
    assert_eq!(store.conflicts(0).await.unwrap(), []);
}

/// What was asked about it later takes the place of what was known.
pub async fn a_conflict_told_anew_is_replaced_and_one_forgotten_is_gone(
    factory: &impl StoreFactory,
) {
    let store = loaded(factory.open().await).await;
    let (one, two) = (conflict(1, NOON), conflict(2, NOON.plus_millis(1)));
    settle_conflicts(&store, vec![one.clone(), two.clone()]).await;
    let values = serde_json::from_str(r#"{"weight":77.1}"#).unwrap();
    let weighed = Conflict {
        theirs: Some(Rival {
            values,
            by: Some(device()),
            at: Some(NOON),
        }),
        is_weighed: true,
        ..one.clone()
    };
    settle_conflicts(&store, vec![weighed.clone()]).await;
    let later = factory.open().await;
    assert_eq!(later.conflicts(10).await.unwrap(), [two.clone(), weighed]);
    let left = [two];
    for _ in 0..2 {
        store.forget_conflict(&one).await.unwrap();
        assert_eq!(store.conflicts(10).await.unwrap(), left);
    }
}

/// Another tab was quicker.
pub async fn a_settlement_of_entries_that_are_gone_changes_nothing(factory: &impl StoreFactory) {
    let store = with_three_edits(factory.open().await).await;
    let before = outbox(&store).await;
    let settlement = Settlement {
        done: vec![op(71)],
        failed: vec![(op(72), error("unreachable"))],
        parked: vec![(op(73), error("invalid_field"))],
        resumed: vec![op(74)],
        cleared: vec![entity(75)],
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
    assert_eq!(outbox(&store).await, before);
    assert_eq!(store.load(&device()).await.unwrap().failures, 0);
}

/// A settlement that timed out may have happened.
pub async fn the_same_settlement_twice_leaves_one_conflict(factory: &impl StoreFactory) {
    let store = with_three_edits(factory.open().await).await;
    let settlement = Settlement {
        done: vec![op(1)],
        rows: vec![metric(1, 0, 11)],
        added: vec![create(4, &metric(4, 0, 0))],
        conflicts: vec![conflict(1, NOON)],
        ..Settlement::at(NOON)
    };
    store.settle(&settlement).await.unwrap();
    store.settle(&settlement).await.unwrap();
    assert_eq!(store.conflicts(10).await.unwrap(), [conflict(1, NOON)]);
    assert_eq!(queue(&store).await, [op(2), op(3), op(4)]);
    assert_eq!(rows(&store).await, [(entity(1), 11)]);
}
