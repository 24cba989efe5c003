//! A database of its own for every test, and databases as other versions of the app left them.

use idb::{Database, DatabaseEvent, Factory, KeyPath, ObjectStoreParams, TransactionMode};
use std::cell::Cell;
use tidemark_browser::IdbStore;
use wasm_bindgen::JsValue;

thread_local! {
    static NAMES: Cell<u32> = const { Cell::new(0) };
}

/// A name that no database has: browsers keep databases between runs.
pub fn fresh_name() -> String {
    let number = NAMES.replace(NAMES.get() + 1);
    let mut chance = [0; 8];
    tidemark_engine::Entropy::fill(&tidemark_browser::BrowserEntropy, &mut chance);
    format!("test {number} {:x}", u64::from_le_bytes(chance))
}

/// A store over a database of its own.
pub async fn fresh_store() -> (String, IdbStore) {
    let name = fresh_name();
    let store = IdbStore::open(&name).await.expect("a fresh database opens");
    (name, store)
}

/// A JavaScript value as its JSON says.
pub fn js(json: &str) -> JsValue {
    js_sys::JSON::parse(json).expect("the test's own JSON")
}

/// A connection with no manners: it stays open, whatever others need.
pub async fn open_at(name: &str, version: u32) -> Database {
    let request = Factory::new().unwrap().open(name, Some(version)).unwrap();
    request.await.expect("the database opens")
}

/// A database as version 1 made it, with these rows.
pub async fn made_by_version_1(name: &str, rows: &[&str]) -> Database {
    let mut request = Factory::new().unwrap().open(name, Some(1)).unwrap();
    request.on_upgrade_needed(|event| {
        let mut params = ObjectStoreParams::new();
        params.key_path(Some(KeyPath::new_single("id")));
        params.auto_increment(true);
        let database = event.database().unwrap();
        database
            .create_object_store("user_metrics", params)
            .unwrap();
    });
    let database = request.await.expect("the database opens");
    let stores = ["user_metrics"];
    let tx = database
        .transaction(&stores, TransactionMode::ReadWrite)
        .unwrap();
    let store = tx.object_store("user_metrics").unwrap();
    for row in rows {
        store.add(&js(row), None).unwrap();
    }
    assert!(tx.await.unwrap().is_committed());
    database
}

/// All values of a store, read with no help of ours.
pub async fn all(database: &Database, store: &str) -> Vec<JsValue> {
    let tx = database
        .transaction(&[store], TransactionMode::ReadOnly)
        .unwrap();
    let request = tx.object_store(store).unwrap().get_all(None, None).unwrap();
    request.await.unwrap()
}

/// Writes a value into a store that has its key in the value, with no help of ours.
pub async fn write(database: &Database, store: &str, value: &JsValue) {
    let tx = database
        .transaction(&[store], TransactionMode::ReadWrite)
        .unwrap();
    tx.object_store(store).unwrap().put(value, None).unwrap();
    assert!(tx.await.unwrap().is_committed());
}
