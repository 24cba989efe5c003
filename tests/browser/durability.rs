//! How surely things are written, and with how many requests: read back from what the browser was asked.

use super::world::{fresh_name, fresh_store};
use js_sys::{Array, Function};
use std::rc::Rc;
use tidemark_browser::IdbStore;
use tidemark_browser::internals::{Connection, Mode, USER, with_transaction};
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::outbox::{LastError, PlainEdit};
use tidemark_engine::packing::marker;
use tidemark_engine::page::PageKey;
use tidemark_engine::ports::{Delta, DeltaRows, Generation, Store};
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::{StateChange, SyncLogLine};
use tidemark_protocol::{AccountId, AppModel, Cursor, Epoch, User};
use tidemark_testkit::samples::{NOON, create, device, entity, metric, op, person};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// Notes what the browser is asked, until dropped.
struct Ear {
    undo: Function,
    heard: Array,
}

impl Ear {
    fn new() -> Self {
        let listen = Function::new_no_args(
            "const heard = []; const undo = [];
             const spy = (type, names, note) => names.forEach((name) => {
               const original = type.prototype[name];
               type.prototype[name] = function (...given) {
                 heard.push(note(name, given));
                 return original.apply(this, given);
               };
               undo.push(() => { type.prototype[name] = original; });
             });
             spy(IDBDatabase, ['transaction'], (_, [, mode, options]) =>
               mode === 'readonly' ? mode : `${mode} ${options?.durability}`);
             spy(IDBObjectStore, ['get', 'getAll', 'put', 'add', 'delete', 'count', 'openCursor'], (name) => name);
             spy(IDBIndex, ['getAll', 'openKeyCursor', 'count'], (name) => `index ${name}`);
             return [heard, () => undo.forEach((back) => back())];",
        );
        let parts: Array = listen.call0(&JsValue::UNDEFINED).unwrap().unchecked_into();
        Self {
            heard: parts.get(0).unchecked_into(),
            undo: parts.get(1).unchecked_into(),
        }
    }

    /// What was heard since it was last asked.
    fn take(&self) -> Vec<String> {
        let heard = self.heard.iter().filter_map(|word| word.as_string());
        let heard = heard.collect();
        self.heard.set_length(0);
        heard
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.undo.call0(&JsValue::UNDEFINED).unwrap();
    }
}

#[wasm_bindgen_test]
async fn the_browser_grants_the_durability_that_is_asked_for() {
    let connection = Connection::open(&fresh_name(), 3_000, Rc::new(|| ())).await;
    let connection = connection.expect("a fresh database opens");
    for (mode, expected) in [(Mode::Strict, "strict"), (Mode::Relaxed, "relaxed")] {
        let granted = with_transaction(connection.raw(), &[USER], mode, async |tx| {
            tx.put(USER, &User::new(person(), NOON))?;
            Ok(tx.durability())
        });
        assert_eq!(granted.await.unwrap().as_deref(), Some(expected));
    }
}

/// Runs an operation and answers how its last transaction was to be written.
async fn asked<T: std::fmt::Debug>(
    operation: impl Future<Output = Result<T, tidemark_engine::StoreError>>,
) -> String {
    let ear = Ear::new();
    operation.await.expect("the operation succeeds");
    let heard = ear.take();
    let mut modes = heard.iter().rev().filter(|word| word.starts_with("read"));
    modes.next().expect("a transaction was opened").clone()
}

const STRICT: &str = "readwrite strict";
const RELAXED: &str = "readwrite relaxed";

#[wasm_bindgen_test]
async fn whatever_a_person_wrote_reaches_the_disk() {
    let (_, store) = fresh_store().await;
    assert_eq!(asked(store.load(&device())).await, STRICT);
    let drafts = [create(1, &metric(1, 0, 0))];
    assert_eq!(asked(store.commit(&drafts, None)).await, STRICT);
    assert_eq!(asked(store.commit(&drafts, Some(op(9)))).await, STRICT);
    let rows = [metric(2, 0, 0)];
    let marker = marker(op(2), &[PageKey::of(&rows[0])], NOON);
    assert_eq!(asked(store.bulk(&rows, &marker)).await, STRICT);
    let settlement = Settlement {
        done: vec![op(1)],
        rows: vec![metric(1, 0, 3)],
        ..Settlement::at(NOON)
    };
    assert_eq!(asked(store.settle(&settlement)).await, STRICT);
    let adoption = PersonAdoption {
        ours: person(),
        theirs: User::new(entity(5), NOON),
    };
    assert_eq!(asked(store.adopt_person(&adoption)).await, STRICT);
    let owner = StateChange::Adopt(AccountId(entity(6).0));
    assert_eq!(asked(store.update(&owner)).await, STRICT);
    assert_eq!(asked(store.replace_all(&generation())).await, STRICT);
}

#[wasm_bindgen_test]
async fn what_can_be_had_again_need_not_wait_for_the_disk() {
    let (_, store) = fresh_store().await;
    store.load(&device()).await.unwrap();
    store
        .commit(&[create(1, &metric(1, 0, 0))], None)
        .await
        .unwrap();
    assert_eq!(asked(store.apply(&delta(Vec::new()))).await, RELAXED);
    let error = LastError {
        code: "unreachable".to_owned(),
        field: None,
        detail: None,
    };
    let failed = Settlement::failed([op(1)], &error, NOON);
    assert_eq!(asked(store.settle(&failed)).await, RELAXED);
    let line = SyncLogLine {
        at: NOON,
        trigger: "start".to_owned(),
        sent: 0,
        received: 0,
        outcome: "ok".to_owned(),
        duration_ms: 1,
    };
    assert_eq!(asked(store.log(&line)).await, RELAXED);
    assert_eq!(
        asked(store.update(&StateChange::ForgetBackoff)).await,
        RELAXED
    );
    assert_eq!(asked(store.load(&device())).await, "readonly");
}

#[wasm_bindgen_test]
async fn an_edit_costs_three_requests_and_reads_no_page() {
    let (_, store) = fresh_store().await;
    let ear = Ear::new();
    store
        .commit(&[create(1, &metric(1, 0, 0))], None)
        .await
        .unwrap();
    let expected = [STRICT, "get", "index openKeyCursor", "put"];
    assert_eq!(ear.take(), expected);
    store
        .commit(&[create(2, &metric(2, 0, 0))], Some(op(9)))
        .await
        .unwrap();
    let expected = [STRICT, "count", "get", "index openKeyCursor", "put"];
    assert_eq!(ear.take(), expected);
}

fn plain(number: u128) -> PlainEdit {
    PlainEdit {
        edit: create(number, &metric(number, 0, 0)),
        person: None,
    }
}

/// It used to ask three transactions: one for the owner, one for people and queue, one to store it.
#[wasm_bindgen_test]
async fn a_plain_edit_is_one_transaction_that_looks_first_and_writes_then() {
    let (_, store) = fresh_store().await;
    store.load(&device()).await.unwrap();
    let ear = Ear::new();
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(true));
    let looks = ["get", "index count", "get", "index openKeyCursor"];
    let heard = ear.take();
    assert_eq!(heard[0], STRICT);
    assert_eq!(heard[1..=looks.len()], looks);
    assert_eq!(heard[looks.len() + 1..], ["put"]);
}

/// It used to wait for the looks before it wrote: one way more to the browser's database.
#[wasm_bindgen_test]
async fn the_plain_edits_after_it_are_written_with_what_they_ask() {
    let (_, store) = fresh_store().await;
    store.load(&device()).await.unwrap();
    assert_eq!(store.commit_plain(&plain(1)).await, Ok(true));
    let ear = Ear::new();
    for number in 2..4 {
        assert_eq!(store.commit_plain(&plain(number)).await, Ok(true));
        let expected = [STRICT, "index count", "get", "index count", "add"];
        assert_eq!(ear.take(), expected);
    }
}

/// What another tab has stored meanwhile stays, and comes before.
#[wasm_bindgen_test]
async fn a_plain_edit_queues_up_behind_those_of_another_tab() {
    let (name, store) = fresh_store().await;
    store.load(&device()).await.unwrap();
    let other = IdbStore::open(&name).await.unwrap();
    for number in [1, 2] {
        assert_eq!(store.commit_plain(&plain(number)).await, Ok(true));
    }
    for number in [3, 4] {
        assert_eq!(other.commit_plain(&plain(number)).await, Ok(true));
    }
    let gone = Settlement {
        done: vec![op(3)],
        ..Settlement::at(NOON)
    };
    other.settle(&gone).await.unwrap();
    for number in [5, 6] {
        assert_eq!(store.commit_plain(&plain(number)).await, Ok(true));
    }
    let queue = store.outbox().await.unwrap();
    let queue: Vec<_> = queue.iter().map(|entry| entry.op_id).collect();
    assert_eq!(queue, [1, 2, 4, 5, 6].map(op));
}

#[wasm_bindgen_test]
async fn a_second_pull_reads_only_the_pages_that_it_changes() {
    let (_, store) = fresh_store().await;
    let months = (0..24).map(|month| metric(month, i64::try_from(month).unwrap() * 24 * 31, 1));
    store.load(&device()).await.unwrap();
    store.apply(&delta(months.collect())).await.unwrap();
    let ear = Ear::new();
    let next = Delta {
        from: Some(Cursor("one".to_owned())),
        ..delta(vec![metric(3, 24 * 31 * 3, 2)])
    };
    store.apply(&next).await.unwrap();
    let heard = ear.take();
    let count = |word: &str| heard.iter().filter(|heard| *heard == word).count();
    assert_eq!(count("getAll"), 0, "{heard:?}");
    // The revision, the state, the page.
    assert_eq!(count("get"), 3, "{heard:?}");
}

fn delta(rows: Vec<tidemark_protocol::Metric>) -> Delta {
    Delta {
        rows: DeltaRows::Metrics(rows),
        from: None,
        next: Cursor("one".to_owned()),
        head: 1,
        epoch: Epoch("life".to_owned()),
        has_more: false,
    }
}

fn generation() -> Generation {
    Generation {
        metrics: Vec::new(),
        users: Vec::new(),
        app_model: AppModel::default(),
        cursor: Cursor("g".to_owned()),
        users_cursor: Cursor("u".to_owned()),
        head: 1,
        epoch: Epoch("life".to_owned()),
    }
}

#[wasm_bindgen_test]
async fn a_clone_of_a_store_shares_its_connection() {
    let (_, store) = fresh_store().await;
    let clone: IdbStore = store.clone();
    let (one, other) = (store.connection().unwrap(), clone.connection().unwrap());
    assert!(Rc::ptr_eq(&one, &other));
}
