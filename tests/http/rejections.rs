//! Everything wrong inside one event is that event's rejection, and nothing else's.

use crate::app::{TestApp, at, id, new_metric, upsert};
use serde_json::{Value, json};

/// Sends the event between two good ones; answers its error.
async fn rejected(app: &TestApp, event: Value) -> Value {
    let good = || upsert(77, &json!({}), &json!({"note": null}));
    let results = app.push("a", &[good(), event, good()]).await;
    for index in [0, 2] {
        assert!(matches!(
            results[index]["status"].as_str(),
            Some("applied" | "duplicate")
        ));
    }
    assert_eq!(results[1]["status"], "rejected", "{}", results[1]);
    assert_eq!(results[1]["metric"], Value::Null);
    assert!(results[1]["error"]["detail"].is_string());
    results[1]["error"].clone()
}

#[tokio::test]
async fn a_wrong_value_is_told_by_code_and_field_and_changes_nothing() {
    let app = TestApp::with_users(1).await;
    app.push_one("a", new_metric(77, &json!({}))).await;
    app.push_one("a", upsert(77, &json!({}), &json!({"note": null})))
        .await;
    let before = app.everything().await;
    let long = "x".repeat(501);
    let cases = [
        ("weight", json!([1.9, 651, null, "80", {}, true])),
        ("height", json!([49, 276, "178"])),
        ("bmi", json!([2, 401, "24"])),
        ("note", json!([5, long, "\u{0}"])),
        (
            "created_at",
            json!([null, "1899-12-31T00:00:00Z", "2026-02-20", 5]),
        ),
        ("utc_offset", json!([1081, -1081, 1.5, "0"])),
        ("updated_at", json!(["x", 5])),
        ("deleted_at", json!(["x", false])),
        ("user_id", json!([null, "x", 1.5])),
    ];
    for (field, values) in cases {
        for value in values.as_array().unwrap() {
            let error = rejected(&app, new_metric(1, &json!({field: value}))).await;
            assert_eq!(
                (&error["code"], &error["field"]),
                (&json!("invalid_field"), &json!(field)),
                "{value}"
            );
        }
    }
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn what_is_missing_unknown_or_misshapen_has_its_code() {
    let app = TestApp::with_users(1).await;
    app.push_one("a", new_metric(77, &json!({}))).await;
    let frame = |name: &str, value: Value| {
        let mut event = new_metric(1, &json!({}));
        event[name] = value;
        event
    };
    let cases = [
        (json!(5), "invalid_field", Value::Null),
        (json!({}), "missing_field", json!("type")),
        (
            frame("type", json!("MERGE_METRIC")),
            "unknown_type",
            json!("type"),
        ),
        (frame("type", json!(1)), "invalid_field", json!("type")),
        (
            frame("payload", json!("x")),
            "invalid_field",
            json!("payload"),
        ),
        (
            frame("local_id", json!("x")),
            "invalid_field",
            json!("local_id"),
        ),
        (frame("op_id", json!("x")), "invalid_field", json!("op_id")),
        (
            frame("base_version", json!(-1)),
            "invalid_field",
            json!("base_version"),
        ),
        (
            new_metric(1, &json!({"id": "x"})),
            "invalid_field",
            json!("id"),
        ),
        (
            new_metric(1, &json!({"user_id": 9})),
            "unknown_user",
            json!("user_id"),
        ),
        (
            new_metric(1, &json!({"user_id": id(5)})),
            "unknown_user",
            json!("user_id"),
        ),
        (
            upsert(1, &json!({}), &json!({"weight": 80, "user_id": 1})),
            "missing_field",
            json!("created_at"),
        ),
        (
            upsert(
                1,
                &json!({"base_version": 0}),
                &json!({"created_at": at(0), "user_id": 1}),
            ),
            "missing_field",
            json!("weight"),
        ),
        (
            upsert(1, &json!({}), &json!({"weight": 80, "created_at": at(0)})),
            "missing_field",
            json!("user_id"),
        ),
        (
            upsert(1, &json!({"base_version": 3}), &json!({"weight": 80})),
            "unknown_metric",
            Value::Null,
        ),
    ];
    for (event, code, field) in cases {
        let error = rejected(&app, event.clone()).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(code), &field),
            "{event}"
        );
    }
}

#[tokio::test]
async fn the_user_of_a_metric_is_fixed_at_creation() {
    let app = TestApp::with_users(2).await;
    app.push_one("a", new_metric(1, &json!({}))).await;
    let result = app
        .push_one(
            "a",
            upsert(1, &json!({}), &json!({"user_id": 2, "weight": 81})),
        )
        .await;
    let error = &result["error"];
    assert_eq!(
        (&error["code"], &error["field"]),
        (&json!("invalid_field"), &json!("user_id"))
    );
    let result = app
        .push_one(
            "a",
            upsert(1, &json!({}), &json!({"user_id": "1", "weight": 81})),
        )
        .await;
    assert_eq!(result["status"], "applied");
}

#[tokio::test]
async fn local_id_and_op_id_are_echoed_where_they_could_be_read() {
    let app = TestApp::start().await;
    let body = br#"{"device_id":"a","events":[
        {"local_id":5,"op_id":"0190C0DE-0000-7000-8000-00000000000A","type":"X"},
        {"local_id":"5"}, 7,
        {"local_id":6,"type":"UPSERT_METRIC","payload":{"user_id":1,"note":"\ud800"}},
        {"local_id":1e999,"type":"UPSERT_METRIC"}]}"#;
    let answer = app
        .post_bytes(&[("content-type", "application/json")], body.to_vec())
        .await;
    assert_eq!(answer.status, 200);
    let results = answer.body["results"].as_array().unwrap();
    let echoed: Vec<_> = results
        .iter()
        .map(|result| (result["local_id"].clone(), result["op_id"].clone()))
        .collect();
    let op_id = json!("0190c0de-0000-7000-8000-00000000000a");
    assert_eq!(
        echoed,
        [
            (json!(5), op_id),
            (Value::Null, Value::Null),
            (Value::Null, Value::Null),
            (json!(6), Value::Null),
            (Value::Null, Value::Null),
        ]
    );
    assert_eq!(results[3]["error"]["field"], "note");
    assert_eq!(results[4]["error"]["field"], "local_id");
}

#[tokio::test]
async fn no_rejection_repeats_the_value() {
    let app = TestApp::with_users(1).await;
    for fields in [
        json!({"weight": 777.77}),
        json!({"note": format!("CANARY{}", "x".repeat(600))}),
    ] {
        let result = app.push_one("a", new_metric(1, &fields)).await.to_string();
        assert!(
            !result.contains("777") && !result.contains("CANARY"),
            "{result}"
        );
    }
}
