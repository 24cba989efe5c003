//! What is pulled: rows and cursor together.

use super::StoreFactory;
use super::given::{
    cursor, delta, epoch, loaded, outbox, pages, pulled, queue, rows, tombstones, user, waiting,
};
use crate::samples::{NOON, create, device, draft, entity, metric, op, person};
use tidemark_engine::Store;
use tidemark_engine::outbox::{EntryKind, bulk_payload};
use tidemark_engine::page::PageKey;
use tidemark_engine::ports::{Applied, Delta, DeltaRows, Generation};
use tidemark_engine::proof::Healing;
use tidemark_protocol::{AppModel, Epoch, Metric, Theme};

/// Hours of more than a month.
const NEXT_MONTH: i64 = 24 * 31;

fn deleted(mut row: Metric) -> Metric {
    row.deleted_at = Some(NOON);
    row
}

/// Two pages pulled one after the other.
pub async fn rows_and_cursor_are_stored_together(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 1)]).await;
    let state = store.load(&device()).await.unwrap();
    assert_eq!(state.cursor, Some(cursor("one")));
    assert_eq!(state.epoch, Some(epoch()));
    let news = vec![metric(2, 1, 2), metric(3, 2, 3)];
    let applied = store.apply(&delta(Some("one"), "two", news)).await;
    assert_eq!(applied, Ok(Applied::Stored { changed: 2 }));
    let state = store.load(&device()).await.unwrap();
    assert_eq!((state.cursor, state.head), (Some(cursor("two")), 90));
    let expected = [(entity(1), 1), (entity(2), 2), (entity(3), 3)];
    assert_eq!(rows(&store).await, expected);
}

/// Another tab has pulled meanwhile: its rows may be newer than these.
pub async fn a_pull_that_began_elsewhere_stores_nothing(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 1)]).await;
    let before = store.load(&device()).await.unwrap();
    for from in [None, Some("zero"), Some("two")] {
        let applied = store
            .apply(&delta(from, "three", vec![metric(2, 0, 9)]))
            .await;
        assert_eq!(applied, Ok(Applied::CursorMoved), "{from:?}");
    }
    assert_eq!(store.load(&device()).await.unwrap(), before);
    assert_eq!(rows(&store).await, [(entity(1), 1)]);
}

/// Of rows that come twice in a page too, the newest counts.
pub async fn only_a_higher_version_replaces_a_row(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 5), metric(2, 0, 5)]).await;
    let news = vec![
        metric(1, 0, 4),
        metric(1, 0, 5),
        metric(2, 3, 8),
        metric(2, 2, 6),
    ];
    let applied = store.apply(&delta(Some("one"), "two", news)).await;
    assert_eq!(applied, Ok(Applied::Stored { changed: 1 }));
    assert_eq!(rows(&store).await, [(entity(1), 5), (entity(2), 8)]);
    let newest = &pages(&store).await[0].rows[1].metric;
    assert_eq!(newest.created_at, metric(2, 3, 8).created_at);
}

/// What is left is its version, so that an older row can't bring it back.
pub async fn a_deleted_row_goes_and_can_come_back(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 1), metric(2, 1, 2)]).await;
    let gone = delta(Some("one"), "two", vec![deleted(metric(1, 0, 3))]);
    store.apply(&gone).await.unwrap();
    assert_eq!(rows(&store).await, [(entity(2), 2)]);
    assert_eq!(tombstones(&store).await, [(entity(1), 3)]);
    let older = delta(Some("two"), "three", vec![metric(1, 0, 2)]);
    let applied = store.apply(&older).await;
    assert_eq!(applied, Ok(Applied::Stored { changed: 0 }));
    let restored = delta(Some("three"), "four", vec![metric(1, 0, 4)]);
    store.apply(&restored).await.unwrap();
    assert_eq!(rows(&store).await, [(entity(1), 4), (entity(2), 2)]);
    assert_eq!(tombstones(&store).await, []);
}

/// Also when it was the only row of its month, and when it goes back.
pub async fn a_row_that_changes_its_month_is_in_one_page_only(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 1)]).await;
    let moved = metric(1, NEXT_MONTH, 2);
    store
        .apply(&delta(Some("one"), "two", vec![moved.clone()]))
        .await
        .unwrap();
    let keys: Vec<PageKey> = pages(&store).await.iter().map(|page| page.key).collect();
    assert_eq!(keys, [PageKey::of(&moved)]);
    let back = delta(Some("two"), "three", vec![metric(1, 0, 3)]);
    store.apply(&back).await.unwrap();
    assert_eq!(rows(&store).await, [(entity(1), 3)]);
    assert_eq!(pages(&store).await.len(), 1);
}

/// An unsent edit is laid over whatever comes.
pub async fn a_pull_leaves_the_outbox_alone(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 1)]).await;
    let edits = [create(1, &metric(1, 0, 1)), create(2, &metric(2, 0, 0))];
    store.commit(&edits, None).await.unwrap();
    let before = outbox(&store).await;
    let news = vec![deleted(metric(1, 0, 2)), metric(2, 0, 3)];
    store.apply(&delta(Some("one"), "two", news)).await.unwrap();
    assert_eq!(outbox(&store).await, before);
}

fn users_delta(from: Option<&str>, next: &str, version: u64) -> Delta {
    let model = AppModel {
        theme: Some(Theme::Dark),
        version,
        ..AppModel::default()
    };
    Delta {
        rows: DeltaRows::Users(vec![user(person(), version)], Some(model)),
        ..delta(from, next, Vec::new())
    }
}

/// Its cursor moves alone, and the app model comes with it.
pub async fn people_have_a_feed_of_their_own(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 1)]).await;
    let applied = store.apply(&users_delta(None, "u1", 5)).await;
    assert_eq!(applied, Ok(Applied::Stored { changed: 2 }));
    let older = store.apply(&users_delta(Some("u1"), "u2", 4)).await;
    assert_eq!(older, Ok(Applied::Stored { changed: 0 }));
    let moved = store.apply(&users_delta(Some("u1"), "u9", 9)).await;
    assert_eq!(moved, Ok(Applied::CursorMoved));
    let state = store.load(&device()).await.unwrap();
    assert_eq!(state.cursor, Some(cursor("one")));
    assert_eq!(state.users_cursor, Some(cursor("u2")));
    let profile = store.profile().await.unwrap();
    assert_eq!(profile.users, [user(person(), 5)]);
    assert_eq!(profile.app_model.version, 5);
    assert_eq!(profile.app_model.theme, Some(Theme::Dark));
}

/// A device that stopped midway has not seen everything up to the head.
pub async fn the_head_counts_only_at_the_end_of_a_feed(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let half = Delta {
        has_more: true,
        ..delta(None, "one", vec![metric(1, 0, 1)])
    };
    store.apply(&half).await.unwrap();
    assert_eq!(store.load(&device()).await.unwrap().head, 0);
    store
        .apply(&delta(Some("one"), "two", vec![]))
        .await
        .unwrap();
    assert_eq!(store.load(&device()).await.unwrap().head, 90);
}

fn generation(metrics: Vec<Metric>) -> Generation {
    Generation {
        metrics,
        users: vec![user(entity(0xb0b), 2)],
        app_model: AppModel {
            version: 2,
            ..AppModel::default()
        },
        cursor: cursor("g"),
        users_cursor: cursor("ug"),
        head: 3,
        epoch: Epoch("second life".to_owned()),
    }
}

/// Acknowledged rows of the old generation go, with higher versions too; nothing unsent does.
pub async fn a_new_generation_keeps_only_what_is_unsent_of_the_old(factory: &impl StoreFactory) {
    let old = vec![
        metric(1, 0, 50),
        metric(2, NEXT_MONTH, 51),
        deleted(metric(3, 0, 52)),
    ];
    let store = pulled(factory.open().await, old).await;
    let imported = [metric(4, 0, 0), metric(5, 1, 0)];
    let payload = bulk_payload(&[PageKey::of(&imported[0])]);
    let marker = draft(1, EntryKind::Bulk, entity(0), payload, 0);
    store.bulk(&imported, &marker).await.unwrap();
    store
        .commit(&[create(2, &metric(1, 0, 50))], None)
        .await
        .unwrap();
    let living = vec![metric(1, 0, 1), metric(5, 1, 2)];
    store
        .replace_all(&generation(living.clone()))
        .await
        .unwrap();
    let rows_now = rows(&store).await;
    assert_eq!(rows_now, [(entity(1), 1), (entity(4), 0), (entity(5), 2)]);
    assert_eq!(waiting(&store).await, [entity(4)]);
    assert_eq!(tombstones(&store).await, []);
    assert_eq!(queue(&store).await, [op(1), op(2)]);
    store.replace_all(&generation(living)).await.unwrap();
    assert_eq!(rows(&store).await, rows_now);
}

/// The feeds go on from the end of the new one.
pub async fn a_new_generation_replaces_people_and_cursors(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![]).await;
    store.apply(&users_delta(None, "u1", 70)).await.unwrap();
    let mut as_engine = store.load(&device()).await.unwrap();
    as_engine.begin_generation(&generation(vec![]));
    store.replace_all(&generation(vec![])).await.unwrap();
    let profile = store.profile().await.unwrap();
    assert_eq!(profile.users, [user(entity(0xb0b), 2)]);
    assert_eq!(profile.app_model.version, 2);
    let state = store.load(&device()).await.unwrap();
    assert_eq!(state.cursor, Some(cursor("g")));
    assert_eq!(state, as_engine);
    let next = store
        .apply(&delta(Some("g"), "h", vec![metric(1, 0, 4)]))
        .await;
    assert_eq!(next, Ok(Applied::Stored { changed: 1 }));
}

/// What one handle knows of the pages is worth nothing once the other has written.
pub async fn two_handles_merge_into_the_same_pages(factory: &impl StoreFactory) {
    let here = pulled(factory.open().await, vec![metric(1, 0, 1)]).await;
    let there = factory.open().await;
    let moved = vec![metric(1, NEXT_MONTH, 2)];
    there
        .apply(&delta(Some("one"), "two", moved))
        .await
        .unwrap();
    let news = vec![metric(1, 0, 3), metric(2, 1, 4)];
    here.apply(&delta(Some("two"), "three", news))
        .await
        .unwrap();
    let gone = vec![deleted(metric(2, 1, 5))];
    there
        .apply(&delta(Some("three"), "four", gone))
        .await
        .unwrap();
    for store in [&here, &there] {
        assert_eq!(rows(store).await, [(entity(1), 3)]);
        assert_eq!(tombstones(store).await, [(entity(2), 5)]);
    }
}

fn healing(from: &str, rows: Vec<Metric>) -> Healing {
    let keys = [PageKey::of(&metric(1, 0, 1))];
    Healing {
        from: Some(cursor(from)),
        keys: keys.into(),
        rows,
        head: 20,
    }
}

/// Rows that are missing, too much or old are set right; what is unsent, newer or of another month stays.
pub async fn a_healed_month_is_as_the_server_holds_it(factory: &impl StoreFactory) {
    let held = vec![
        metric(1, 0, 4),
        metric(2, 1, 7),
        metric(3, 2, 90),
        metric(4, NEXT_MONTH, 8),
        deleted(metric(5, 3, 9)),
    ];
    let store = pulled(factory.open().await, held).await;
    let unsent = metric(9, 4, 0);
    let payload = bulk_payload(&[PageKey::of(&unsent)]);
    let marker = draft(99, EntryKind::Bulk, entity(0), payload, 0);
    store.bulk(&[unsent], &marker).await.unwrap();
    let news = vec![metric(1, 0, 5), metric(6, 5, 6), metric(5, 3, 10)];
    let applied = store.heal(&healing("one", news)).await;
    assert_eq!(
        applied,
        Ok(Applied::Stored { changed: 5 }),
        "two were wrong, one was gone"
    );
    let later = factory.open().await;
    let expected = [
        (entity(4), 8),
        (entity(1), 5),
        (entity(3), 90),
        (entity(5), 10),
        (entity(9), 0),
        (entity(6), 6),
    ];
    assert_eq!(rows(&later).await, expected);
    assert_eq!(tombstones(&later).await, []);
    assert_eq!(waiting(&later).await, [entity(9)]);
    let applied = store
        .apply(&delta(Some("one"), "two", vec![metric(6, 5, 21)]))
        .await;
    assert_eq!(
        applied,
        Ok(Applied::Stored { changed: 1 }),
        "its place is known"
    );
}

/// All of it is missing, so nothing tells that it was there.
pub async fn a_month_that_is_gone_comes_back(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(4, NEXT_MONTH, 8)]).await;
    let applied = store.heal(&healing("one", vec![metric(1, 0, 5)])).await;
    assert_eq!(applied, Ok(Applied::Stored { changed: 1 }));
    assert_eq!(rows(&store).await, [(entity(4), 8), (entity(1), 5)]);
    let applied = store.heal(&healing("one", Vec::new())).await;
    assert_eq!(
        applied,
        Ok(Applied::Stored { changed: 1 }),
        "the server has none"
    );
    assert_eq!(rows(&store).await, [(entity(4), 8)]);
}

/// Another tab has pulled meanwhile, so the difference may be none.
pub async fn healing_from_another_cursor_stores_nothing(factory: &impl StoreFactory) {
    let store = pulled(factory.open().await, vec![metric(1, 0, 4)]).await;
    let applied = store.heal(&healing("zero", vec![metric(1, 0, 5)])).await;
    assert_eq!(applied, Ok(Applied::CursorMoved));
    assert_eq!(rows(&store).await, [(entity(1), 4)]);
}
