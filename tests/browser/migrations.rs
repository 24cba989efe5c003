//! Databases that older versions made.

use super::world::{all, fresh_name, js, made_by_version_1, open_at, write};
use idb::{DatabaseEvent, Factory, IndexParams, KeyPath, ObjectStoreParams};
use js_sys::Reflect;
use tidemark_browser::IdbStore;
use tidemark_browser::internals::{
    APP_MODEL, CONFLICTS, OLD_METRICS, OUTBOX, PAGES, SCHEMA_VERSION, SYNC_LOG, SYNC_STATE,
    UNREADABLE, USER,
};
use tidemark_domain::{bmi::CentiBmi, length::Millimetres};
use tidemark_engine::outbox::{EntryDraft, EntryKind, PlainEdit};
use tidemark_engine::ports::Store;
use tidemark_protocol::{Metric, Patch, Timestamp};
use tidemark_testkit::samples::{create, device, entity, metric, op};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Two people, a day without a time, and five rows that no version could read.
const ROWS: [&str; 9] = [
    r#"{ "user_id": 1, "weight": 78.2, "height": 178.3, "bmi": 24.6, "weight_diff": -0.4, "body_metric": "normal",
         "date": "20-02-2026", "created_at": "2026-02-20T10:22:33Z" }"#,
    r#"{ "user_id": 1, "weight": 77.85, "height": 178.3, "bmi": 24.49, "date": "03-03-2026", "created_at": null }"#,
    r#"{ "user_id": 2, "weight": 61, "height": 0, "bmi": 21.1, "date": "2026-03-04", "created_at": null }"#,
    r#"{ "user_id": 1, "weight": "79,1", "date": "2025-12-31", "created_at": "2025-12-31T23:59:59.123456" }"#,
    r#"{ "user_id": 1, "weight": null, "date": "04-03-2026", "created_at": null }"#,
    r#"{ "user_id": 1, "weight": 7800, "date": "04-03-2026", "created_at": null }"#,
    r#"{ "user_id": 1, "weight": 78, "date": "31-02-2026", "created_at": null }"#,
    r#"{ "user_id": 1, "weight": 78, "date": null, "created_at": null }"#,
    r#"{ "user_id": { "name": "x" }, "weight": [78], "date": 4, "created_at": {} }"#,
];

async fn metrics(store: &IdbStore) -> Vec<Metric> {
    let pages = store.pages().await.expect("the pages are read");
    let rows = pages.into_iter().flat_map(|page| page.rows);
    let mut metrics: Vec<Metric> = rows
        .inspect(|row| assert!(row.unsent))
        .map(|row| row.metric)
        .collect();
    metrics.sort_by_key(Metric::order_key);
    metrics
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("the test's own time")
}

#[wasm_bindgen_test]
async fn rows_of_version_1_become_unsent_rows_of_pages() {
    let name = fresh_name();
    made_by_version_1(&name, &ROWS).await.close();
    let store = IdbStore::open(&name).await.expect("the upgrade succeeds");
    let metrics = metrics(&store).await;
    let seen: Vec<_> = metrics
        .iter()
        .map(|row| {
            let height = row.height.map(Millimetres::get);
            (row.created_at, row.weight.get(), height, row.version)
        })
        .collect();
    let expected = [
        (at("2025-12-31T23:59:59.123Z"), 79_100, None, 0),
        (at("2026-02-20T10:22:33Z"), 78_200, Some(1_783), 0),
        (at("2026-03-03T12:00:00Z"), 77_850, Some(1_783), 0),
        (at("2026-03-04T12:00:00Z"), 61_000, None, 0),
    ];
    assert_eq!(seen, expected);
    assert_eq!(metrics[3].bmi.map(CentiBmi::get), Some(2_110));
    assert_ne!(metrics[3].user_id, metrics[2].user_id);
    assert_eq!(metrics[0].user_id, metrics[2].user_id);
}

#[wasm_bindgen_test]
async fn each_old_person_is_created_before_their_rows_go_up() {
    let name = fresh_name();
    made_by_version_1(&name, &ROWS).await.close();
    let store = IdbStore::open(&name).await.unwrap();
    let outbox = store.outbox().await.unwrap();
    let kinds: Vec<EntryKind> = outbox.iter().map(|entry| entry.kind).collect();
    let expected = [
        EntryKind::CreateUser,
        EntryKind::CreateUser,
        EntryKind::Bulk,
    ];
    assert_eq!(kinds, expected);
    let metrics = metrics(&store).await;
    let people = [metrics[0].user_id, metrics[3].user_id];
    assert_eq!(outbox[0].entity_id, people[0]);
    assert_eq!(outbox[1].entity_id, people[1]);
    let patch = outbox[0].user_patch().expect("a person's edit");
    let Patch::Set(height) = patch.height else {
        panic!("the newest known height comes with the person");
    };
    assert_eq!(height.get(), 1_783);
    let named = outbox[2].bulk_pages();
    let rows = store.unsent(&named, usize::MAX).await.unwrap();
    assert_eq!(rows.len(), metrics.len(), "the marker names every page");
    assert!(outbox.iter().all(|entry| entry.owner.is_none()));
}

#[wasm_bindgen_test]
async fn rows_that_can_not_be_read_are_kept_aside() {
    let name = fresh_name();
    made_by_version_1(&name, &ROWS).await.close();
    let store = IdbStore::open(&name).await.unwrap();
    assert_eq!(store.unreadable_rows().await, Ok(5));
    let database = open_at(&name, SCHEMA_VERSION).await;
    let kept = all(&database, UNREADABLE).await;
    let rows: Vec<String> = kept
        .iter()
        .map(|kept| Reflect::get(kept, &JsValue::from_str("row")).unwrap())
        .map(|row| String::from(js_sys::JSON::stringify(&row).unwrap()))
        .collect();
    for (row, id) in rows.iter().zip(5..) {
        let original = js(ROWS[id - 1]);
        let number = JsValue::from_f64(f64::from(u32::try_from(id).unwrap()));
        Reflect::set(&original, &JsValue::from_str("id"), &number).unwrap();
        let original = String::from(js_sys::JSON::stringify(&original).unwrap());
        assert_eq!(*row, original);
    }
    assert_eq!(all(&database, OLD_METRICS).await.len(), ROWS.len());
}

#[wasm_bindgen_test]
async fn two_upgrades_of_the_same_rows_give_the_same_ids() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let name = fresh_name();
        made_by_version_1(&name, &ROWS).await.close();
        let store = IdbStore::open(&name).await.unwrap();
        let outbox = store.outbox().await.unwrap();
        ids.push((metrics(&store).await, outbox));
    }
    assert_eq!(ids[0], ids[1]);
}

#[wasm_bindgen_test]
async fn a_second_start_finds_what_the_first_one_made() {
    let name = fresh_name();
    made_by_version_1(&name, &ROWS).await.close();
    let first = IdbStore::open(&name).await.unwrap();
    let (pages, outbox) = (first.pages().await, first.outbox().await);
    drop(first);
    let second = IdbStore::open(&name).await.unwrap();
    assert_eq!(
        (second.pages().await, second.outbox().await),
        (pages, outbox)
    );
    assert_eq!(second.unreadable_rows().await, Ok(5));
}

#[wasm_bindgen_test]
async fn an_old_database_without_rows_leaves_nothing_to_send() {
    let name = fresh_name();
    made_by_version_1(&name, &[]).await.close();
    let store = IdbStore::open(&name).await.unwrap();
    assert_eq!(store.outbox().await, Ok(Vec::new()));
    assert_eq!(store.pages().await, Ok(Vec::new()));
}

/// As version 2 made it: without the index, and with two edits, of which the second was refused.
async fn made_by_version_2(name: &str) {
    let mut request = Factory::new().unwrap().open(name, Some(2)).unwrap();
    request.on_upgrade_needed(|event| {
        let database = event.database().unwrap();
        let made = |store: &str, key_path: Option<KeyPath>| {
            let mut params = ObjectStoreParams::new();
            params.key_path(key_path);
            database.create_object_store(store, params).unwrap()
        };
        made(PAGES, Some(KeyPath::new_array(["user", "month"])));
        let outbox = made(OUTBOX, Some(KeyPath::new_single("op_id")));
        let mut unique = IndexParams::new();
        unique.unique(true);
        let seq = KeyPath::new_single("seq");
        outbox.create_index("seq", seq, Some(unique)).unwrap();
        made(USER, Some(KeyPath::new_single("id")));
        for store in [APP_MODEL, SYNC_STATE, SYNC_LOG, CONFLICTS, UNREADABLE] {
            made(store, None);
        }
    });
    let database = request.await.expect("the database opens");
    for (seq, parked) in [(1, false), (2, true)] {
        let number = u128::from(u8::from(parked)) + 1;
        let (op, record) = (op(number), entity(number));
        let row = format!(
            r#"{{ "op_id": "{op}", "seq": {seq}, "event_type": "upsert_metric", "entity": "user_metrics",
                  "entity_id": "{record}", "payload": "{{}}", "base_version": 0, "created_at": "2026-02-20T10:22:33Z",
                  "owner": null, "attempted_at": null, "retry_count": 0, "last_error": null, "parked": {parked} }}"#
        );
        write(&database, OUTBOX, &js(&row)).await;
    }
    database.close();
}

#[wasm_bindgen_test]
async fn what_version_2_knew_as_refused_is_found_as_refused() {
    let name = fresh_name();
    made_by_version_2(&name).await;
    let store = IdbStore::open(&name).await.expect("the upgrade succeeds");
    let outbox = store.outbox().await.unwrap();
    let parked: Vec<bool> = outbox.iter().map(|entry| entry.parked).collect();
    assert_eq!(parked, [false, true]);
    store.load(&device()).await.unwrap();
    for (number, is_stored) in [(1, true), (2, false)] {
        let plain = PlainEdit {
            edit: EntryDraft {
                op_id: op(number + 10),
                ..create(number, &metric(number, 0, 0))
            },
            person: None,
        };
        assert_eq!(store.commit_plain(&plain).await, Ok(is_stored));
    }
}
