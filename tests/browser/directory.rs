//! The directory of databases, and the store that opens whichever is current.

use super::world::fresh_name;
use std::cell::Cell;
use std::rc::Rc;
use tidemark_browser::lock::{alone, shared};
use tidemark_browser::{IdbDirectory, IdbStore};
use tidemark_engine::Store;
use tidemark_engine::directory::{Directory, DirectoryChange, FIRST_DATABASE, Standing};
use tidemark_protocol::AccountId;
use tidemark_testkit::samples::{device, entity};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

fn standing(database: &str) -> Standing {
    Standing {
        database: database.to_owned(),
        owner: None,
    }
}

fn signed_in() -> DirectoryChange {
    DirectoryChange::SignedIn {
        account: AccountId(entity(7).0),
        email: Some("a@example.org".to_owned()),
        page: standing(FIRST_DATABASE),
    }
}

#[wasm_bindgen_test]
async fn a_device_from_before_there_was_a_directory_has_its_one_database() {
    let directory = IdbDirectory::named(&fresh_name());
    let found = directory.read().await.unwrap();
    assert_eq!(found, Directory::default());
    assert_eq!(found.current, FIRST_DATABASE);
}

#[wasm_bindgen_test]
async fn a_change_of_the_directory_is_there_for_everybody() {
    let name = fresh_name();
    let changed = IdbDirectory::named(&name)
        .change(&signed_in())
        .await
        .unwrap();
    let mut expected = Directory::default();
    expected.apply(&signed_in());
    assert_eq!(changed, expected);
    let read = IdbDirectory::named(&name).read().await.unwrap();
    assert_eq!(read, expected);
}

/// The only test that uses this origin's own directory.
#[wasm_bindgen_test]
async fn a_store_opens_the_current_database_and_stays_on_it() {
    let before = IdbStore::new();
    assert_eq!(before.name(), None, "nothing is opened before it is needed");
    before.load(&device()).await.unwrap();
    let directory = IdbDirectory::default();
    let current = directory.read().await.unwrap().current;
    assert_eq!(before.name(), Some(current.clone()));

    let page = standing(&current);
    let left = DirectoryChange::SignedOut { page };
    let next = directory.change(&left).await.unwrap().current;
    let after = IdbStore::new();
    after.load(&device()).await.unwrap();
    assert_eq!(after.name(), Some(next));
    before.outbox().await.unwrap();
    assert_eq!(before.name(), Some(current));
}

#[wasm_bindgen_test]
async fn who_wants_a_database_alone_waits_until_nobody_shares_it() {
    let name = fresh_name();
    let (one, other) = (shared(&name).await, shared(&name).await);
    let is_alone = Rc::new(Cell::new(false));
    let told = Rc::clone(&is_alone);
    let waited = name.clone();
    let (done, wait) = futures_pair();
    spawn_local(async move {
        let _guard = alone(&waited).await;
        told.set(true);
        done();
    });
    drop(one);
    // Another name is not in its way, and takes a round through the browser.
    drop(alone(&fresh_name()).await);
    assert!(!is_alone.get(), "the other one still shares it");
    drop(other);
    wait.await.unwrap();
    assert!(is_alone.get());
}

/// A call and a promise that it keeps.
fn futures_pair() -> (impl FnOnce(), wasm_bindgen_futures::JsFuture) {
    let mut resolve = None;
    let promise = js_sys::Promise::new(&mut |done, _| resolve = Some(done));
    let call = move || {
        let resolve: js_sys::Function = resolve.expect("a promise calls its executor at once");
        resolve.call0(&wasm_bindgen::JsValue::UNDEFINED).unwrap();
    };
    (call, promise.into())
}
