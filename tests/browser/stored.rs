//! What lies in the store, read with no help of ours: names and types that later versions must know.

use super::world::{all, fresh_name, fresh_store, open_at, write};
use js_sys::Reflect;
use tidemark_browser::IdbStore;
use tidemark_browser::internals::{OUTBOX, PAGES, SCHEMA_VERSION};
use tidemark_engine::outbox::EntryKind;
use tidemark_engine::packing::marker;
use tidemark_engine::page::PageKey;
use tidemark_engine::ports::{Store, Window};
use tidemark_protocol::Metric;
use tidemark_testkit::samples::{NOON, draft, entity, metric, op, person};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn text(value: &JsValue) -> String {
    let text = js_sys::JSON::stringify(value).expect("a row has no cycles");
    String::from(text)
}

#[wasm_bindgen_test]
async fn the_stores_have_the_names_that_the_design_gives_them() {
    let name = fresh_name();
    drop(IdbStore::open(&name).await.unwrap());
    let database = open_at(&name, SCHEMA_VERSION).await;
    let expected = [
        "app_model",
        "conflicts",
        "outbox",
        "pages",
        "sync_log",
        "sync_state",
        "unreadable",
        "user",
        "user_metrics",
    ];
    assert_eq!(database.store_names(), expected);
}

#[wasm_bindgen_test]
async fn an_outbox_row_has_the_names_of_the_plan() {
    let (name, store) = fresh_store().await;
    let payload = r#"{"weight":78.20}"#.to_owned();
    let edit = draft(1, EntryKind::UpsertMetric, entity(2), payload, 3);
    store.commit(&[edit], None).await.unwrap();
    let database = open_at(&name, SCHEMA_VERSION).await;
    let rows = all(&database, OUTBOX).await;
    let expected = r#"{"op_id":"00000000-0000-0000-0000-f00000000001","seq":1,"event_type":"upsert_metric","entity":"user_metrics","entity_id":"00000000-0000-0000-0000-000000000002","payload":"{\"weight\":78.20}","base_version":3,"created_at":"2026-02-20T10:22:33.000Z","owner":null,"attempted_at":null,"retry_count":0,"last_error":null,"parked":false}"#;
    assert_eq!(rows.iter().map(text).collect::<Vec<_>>(), [expected]);
}

#[wasm_bindgen_test]
async fn a_page_is_an_object_of_typed_arrays() {
    let (name, store) = fresh_store().await;
    let rows = [Metric {
        note: Some("n".to_owned()),
        ..metric(1, 0, 0)
    }];
    let marker = marker(op(1), &[PageKey::of(&rows[0])], NOON);
    store.bulk(&rows, &marker).await.unwrap();
    let database = open_at(&name, SCHEMA_VERSION).await;
    let page = all(&database, PAGES).await.remove(0);
    let columns = [
        ("ids", "Uint8Array"),
        ("created_at", "Float64Array"),
        ("updated_at", "Float64Array"),
        ("grams", "Uint32Array"),
        ("millimetres", "Uint16Array"),
        ("bmi", "Uint32Array"),
        ("utc_offsets", "Int16Array"),
        ("versions", "Float64Array"),
        ("flags", "Uint8Array"),
        ("devices", "Uint16Array"),
        ("deleted_ids", "Uint8Array"),
        ("deleted_versions", "Float64Array"),
    ];
    for (column, expected) in columns {
        let value = Reflect::get(&page, &JsValue::from_str(column)).unwrap();
        let kind = js_sys::Object::from(value).constructor().name();
        assert_eq!(String::from(kind), expected, "{column}");
    }
    let field = |name: &str| Reflect::get(&page, &JsValue::from_str(name)).unwrap();
    assert_eq!(field("user").as_string(), Some(person().to_string()));
    assert_eq!(field("month").as_f64(), Some(202_602.0));
    assert_eq!(text(&field("notes")), r#"[[0,"n"]]"#);
    assert_eq!(text(&field("device_names")), "[]");
}

#[wasm_bindgen_test]
async fn a_page_with_a_column_cut_short_is_set_aside() {
    let (name, store) = fresh_store().await;
    let rows = [metric(1, 0, 0), metric(2, 1, 0)];
    let marker = marker(op(1), &[PageKey::of(&rows[0])], NOON);
    store.bulk(&rows, &marker).await.unwrap();
    let database = open_at(&name, SCHEMA_VERSION).await;
    let page = all(&database, PAGES).await.remove(0);
    let short = js_sys::Float64Array::new_with_length(1);
    Reflect::set(&page, &JsValue::from_str("versions"), &short).unwrap();
    write(&database, PAGES, &page).await;
    assert_eq!(store.pages().await, Ok(Vec::new()));
    assert_eq!(store.unreadable_rows().await, Ok(1));
}

/// Every reading failed, for good, from one row that could not be read.
#[wasm_bindgen_test]
async fn a_page_that_cannot_be_read_is_set_aside_and_everything_else_goes_on() {
    for change in ["grams", "user_number"] {
        let (name, store) = fresh_store().await;
        store
            .load(&tidemark_testkit::samples::device())
            .await
            .unwrap();
        let rows = [metric(1, 0, 0), later_month(metric(2, 0, 0))];
        let keys = [PageKey::of(&rows[0]), PageKey::of(&rows[1])];
        store
            .bulk(&rows, &marker(op(1), &keys, NOON))
            .await
            .unwrap();
        let database = open_at(&name, SCHEMA_VERSION).await;
        let torn = all(&database, PAGES).await.remove(0);
        Reflect::set(
            &torn,
            &JsValue::from_str(change),
            &JsValue::from_str("torn"),
        )
        .unwrap();
        write(&database, PAGES, &torn).await;
        let other = IdbStore::open(&name).await.unwrap();
        let left = other.history(person(), Window::All).await.unwrap();
        assert_eq!(
            left.pages.iter().map(|page| page.key).collect::<Vec<_>>(),
            [keys[1]]
        );
        // The first store's index still knows the month that is gone.
        let marker = marker(op(2), &keys[..1], NOON);
        assert_eq!(
            store.bulk(&rows[..1], &marker).await,
            Ok(1),
            "it can come again"
        );
        assert_eq!(store.pages().await.unwrap().len(), 2);
        assert_eq!(store.unreadable_rows().await, Ok(1));
        let kept = all(&database, "unreadable").await.remove(0);
        let row = Reflect::get(&kept, &JsValue::from_str("row")).unwrap();
        assert_eq!(text(&row), text(&torn), "as it was");
        let state = store
            .load(&tidemark_testkit::samples::device())
            .await
            .unwrap();
        assert_eq!((state.set_aside, state.proof), (1, None));
    }
}

fn later_month(metric: Metric) -> Metric {
    let at = metric.created_at.millis() + 40 * 24 * 3_600_000;
    Metric {
        created_at: tidemark_protocol::Timestamp(at),
        ..metric
    }
}
