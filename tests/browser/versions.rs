//! Several versions of the app on one device.

use super::world::{all, fresh_name, fresh_store, made_by_version_1, open_at};
use idb::{DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use std::cell::Cell;
use std::rc::Rc;
use tidemark_browser::internals::{OUTBOX, SCHEMA_VERSION};
use tidemark_browser::timer::within;
use tidemark_browser::{Deadlines, IdbStore};
use tidemark_engine::StoreError;
use tidemark_engine::ports::Store;
use tidemark_testkit::samples::{create, metric};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

/// A version that is still to come.
const LATER: u32 = 99;
/// Long enough for a browser that has nothing to wait for.
const SOON_MS: u32 = 2_500;

const IMPATIENT: Deadlines = Deadlines {
    open_ms: 150,
    transaction_ms: 5_000,
    long_ms: 60_000,
};

fn newer() -> StoreError {
    StoreError::NewerSchema {
        found: LATER,
        known: SCHEMA_VERSION,
    }
}

#[wasm_bindgen_test]
async fn a_newer_database_is_left_alone() {
    let name = fresh_name();
    open_at(&name, LATER).await.close();
    assert_eq!(IdbStore::open(&name).await.unwrap_err(), newer());
    let still = Factory::new().unwrap().open(&name, None).unwrap().await;
    let still = still.unwrap();
    assert_eq!(still.version().unwrap(), LATER);
    assert_eq!(still.store_names(), [] as [&str; 0]);
}

#[wasm_bindgen_test]
async fn a_newer_app_need_not_wait_for_this_one() {
    let (name, store) = fresh_store().await;
    store
        .commit(&[create(1, &metric(1, 0, 0))], None)
        .await
        .unwrap();
    let told = Rc::new(Cell::new(0));
    let counts = Rc::clone(&told);
    store.on_superseded(move || counts.set(counts.get() + 1));
    assert!(!store.is_superseded());
    let newer_app = within(SOON_MS, open_at(&name, LATER)).await;
    let newer_app = newer_app.expect("the newer app is not held up");
    assert_eq!((store.is_superseded(), told.get()), (true, 1));
    let refused = store.commit(&[create(2, &metric(2, 0, 0))], None).await;
    assert_eq!(refused.unwrap_err(), newer());
    assert_eq!(all(&newer_app, OUTBOX).await.len(), 1, "nothing is lost");
}

#[wasm_bindgen_test]
async fn a_database_that_is_removed_does_not_make_the_app_old() {
    let (name, store) = fresh_store().await;
    store
        .commit(&[create(1, &metric(1, 0, 0))], None)
        .await
        .unwrap();
    let removed = Factory::new().unwrap().delete(&name).unwrap();
    let removed = within(SOON_MS, async { removed.await }).await;
    removed.expect("nothing holds it up").unwrap();
    assert!(!store.is_superseded());
    assert_eq!(store.outbox().await, Ok(Vec::new()));
}

#[wasm_bindgen_test]
async fn an_older_tab_that_stays_open_is_reported() {
    let name = fresh_name();
    let older = made_by_version_1(&name, &[r#"{ "weight": 70, "date": "2024-01-02" }"#]).await;
    let blocked = IdbStore::open_within(&name, IMPATIENT).await;
    assert_eq!(blocked.unwrap_err(), StoreError::Blocked);
    older.close();
    let store = IdbStore::open(&name).await.unwrap();
    assert_eq!(store.pages().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn a_dropped_store_leaves_no_connection() {
    let (name, store) = fresh_store().await;
    let raw = store.connection().expect("it is connected").raw().clone();
    drop(store);
    let database = idb::Database::from(raw);
    let refused = database.transaction(&[OUTBOX], TransactionMode::ReadOnly);
    assert!(refused.is_err(), "{name} is still open");
}

/// Another tab's upgrade, which takes until `is_enough`.
fn slow_upgrade(name: &str, is_enough: impl Fn() -> bool + 'static) -> impl Future<Output = ()> {
    let mut request = Factory::new()
        .unwrap()
        .open(name, Some(SCHEMA_VERSION))
        .unwrap();
    request.on_upgrade_needed(move |event| {
        let database = event.database().unwrap();
        let store = database.create_object_store("slow", ObjectStoreParams::new());
        let store = store.unwrap();
        spawn_local(async move {
            while !is_enough() {
                store.count(None).unwrap().await.unwrap();
            }
        });
    });
    let opened = request.into_future();
    async move { opened.await.unwrap().close() }
}

#[wasm_bindgen_test]
async fn an_open_request_that_was_given_up_leaves_no_connection() {
    // It used to succeed later, with nobody to close what it opened.
    let name = fresh_name();
    let over = Rc::new(Cell::new(false));
    let is_over = Rc::clone(&over);
    let upgrade = slow_upgrade(&name, move || is_over.get());
    let given_up = IdbStore::open_within(&name, IMPATIENT).await;
    assert!(
        matches!(given_up, Err(StoreError::Unavailable(_))),
        "{given_up:?}"
    );
    over.set(true);
    upgrade.await;
    let later = within(SOON_MS, open_at(&name, LATER)).await;
    assert!(
        later.is_some(),
        "a forgotten connection holds the next version up"
    );
}
