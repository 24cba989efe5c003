//! A browser that does not answer: operations end, and go on over a fresh connection.

use super::world::{fresh_name, fresh_store, open_at};
use idb::TransactionMode;
use js_sys::{Array, Function};
use std::cell::Cell;
use std::rc::Rc;
use tidemark_browser::internals::{OUTBOX, SCHEMA_VERSION};
use tidemark_browser::{Deadlines, IdbStore};
use tidemark_engine::StoreError;
use tidemark_engine::ports::Store;
use tidemark_testkit::samples::{create, metric, op};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

const SHORT: Deadlines = Deadlines {
    open_ms: 3_000,
    transaction_ms: 100,
    long_ms: 100,
};

/// Keeps a transaction over the outbox running until `is_enough`.
async fn hold(name: &str, is_enough: impl Fn() -> bool + 'static) {
    let database = open_at(name, SCHEMA_VERSION).await;
    let tx = database
        .transaction(&[OUTBOX], TransactionMode::ReadWrite)
        .unwrap();
    let outbox = tx.object_store(OUTBOX).unwrap();
    outbox.count(None).unwrap().await.unwrap();
    spawn_local(async move {
        while !is_enough() {
            outbox.count(None).unwrap().await.unwrap();
        }
        tx.await.unwrap();
        database.close();
    });
}

#[wasm_bindgen_test]
async fn a_connection_that_was_closed_is_opened_again() {
    let (_, store) = fresh_store().await;
    let lost = store.connection().expect("it is connected");
    lost.raw().close();
    let entries = store.commit(&[create(1, &metric(1, 0, 0))], None).await;
    assert_eq!(entries.unwrap()[0].seq, 1);
    let found = store.connection().expect("it is connected again");
    assert!(!Rc::ptr_eq(&lost, &found));
    lost.raw().close();
    assert_eq!(store.outbox().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn an_operation_that_hangs_succeeds_on_a_fresh_connection() {
    let name = fresh_name();
    let store = IdbStore::open_within(&name, SHORT).await.unwrap();
    let first = store.connection().expect("it is connected");
    let watched = store.clone();
    let is_renewed = move || {
        !watched
            .connection()
            .is_some_and(|now| Rc::ptr_eq(&now, &first))
    };
    hold(&name, is_renewed).await;
    let entries = store.commit(&[create(1, &metric(1, 0, 0))], None).await;
    assert_eq!(entries.unwrap()[0].op_id, op(1));
    assert_eq!(store.outbox().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn an_operation_that_never_gets_through_fails_and_stores_nothing() {
    let name = fresh_name();
    let store = IdbStore::open_within(&name, SHORT).await.unwrap();
    let over = Rc::new(Cell::new(false));
    let is_over = Rc::clone(&over);
    hold(&name, move || is_over.get()).await;
    let failed = store.commit(&[create(1, &metric(1, 0, 0))], None).await;
    over.set(true);
    let Err(StoreError::Unavailable(reason)) = failed else {
        panic!("{failed:?}");
    };
    assert!(reason.contains("too long"), "{reason}");
    let patient = IdbStore::open(&name).await.unwrap();
    assert_eq!(patient.outbox().await, Ok(Vec::new()));
}

#[wasm_bindgen_test]
async fn a_row_that_can_not_be_stored_is_not_tried_again() {
    let (name, store) = fresh_store().await;
    let database = open_at(&name, SCHEMA_VERSION).await;
    let broken = super::world::js(r#"{ "op_id": "no uuid", "seq": 1 }"#);
    super::world::write(&database, OUTBOX, &broken).await;
    let before = store.connection().expect("it is connected");
    let Err(StoreError::Unreadable(reason)) = store.outbox().await else {
        panic!("a broken row was read");
    };
    assert!(reason.contains(OUTBOX), "{reason}");
    let after = store.connection().expect("it is connected");
    assert!(Rc::ptr_eq(&before, &after));
    let left = super::world::all(&database, OUTBOX).await;
    assert_eq!(left.len(), 1, "it is left where it is");
    let op = js_sys::Reflect::get(&left[0], &JsValue::from_str("op_id")).unwrap();
    assert_eq!(op.as_string().as_deref(), Some("no uuid"));
}

/// Puts that fail in the browser's way, `times` times, until dropped.
struct FailingPuts {
    undo: Function,
    seen: Function,
}

impl FailingPuts {
    fn new(error: &str, times: u32) -> Self {
        let put = Function::new_with_args(
            "error, times",
            "const original = IDBObjectStore.prototype.put;
             let seen = 0;
             IDBObjectStore.prototype.put = function (...given) {
               seen += 1;
               if (seen <= times) throw new DOMException('made up', error);
               return original.apply(this, given);
             };
             return [() => { IDBObjectStore.prototype.put = original; }, () => seen];",
        );
        let parts = put.call2(&JsValue::UNDEFINED, &error.into(), &times.into());
        let parts: Array = parts.unwrap().unchecked_into();
        Self {
            undo: parts.get(0).unchecked_into(),
            seen: parts.get(1).unchecked_into(),
        }
    }

    fn seen(&self) -> Option<f64> {
        self.seen.call0(&JsValue::UNDEFINED).unwrap().as_f64()
    }
}

impl Drop for FailingPuts {
    fn drop(&mut self) {
        self.undo.call0(&JsValue::UNDEFINED).unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_full_device_is_told_at_once() {
    let (_, store) = fresh_store().await;
    let drafts = [create(1, &metric(1, 0, 0)), create(2, &metric(2, 0, 0))];
    let full = FailingPuts::new("QuotaExceededError", 1);
    let failed = store.commit(&drafts, None).await;
    assert_eq!(failed, Err(StoreError::QuotaExceeded));
    assert_eq!(full.seen(), Some(1.0), "another attempt would be as full");
    drop(full);
    assert_eq!(store.outbox().await, Ok(Vec::new()));
}

#[wasm_bindgen_test]
async fn a_browser_that_stumbles_is_asked_again() {
    for error in ["UnknownError", "AbortError", "InvalidStateError"] {
        let (_, store) = fresh_store().await;
        let before = store.connection().expect("it is connected");
        let stumbling = FailingPuts::new(error, 2);
        let entries = store.commit(&[create(1, &metric(1, 0, 0))], None).await;
        drop(stumbling);
        assert_eq!(entries.unwrap().len(), 1, "{error}");
        let after = store.connection().expect("it is connected");
        assert!(!Rc::ptr_eq(&before, &after), "{error}");
    }
}
