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
async fn a_misshapen_frame_has_its_code() {
    let app = TestApp::with_users(1).await;
    app.push_one("a", new_metric(77, &json!({}))).await;
    let cases = [
        ("type", json!("MERGE_METRIC"), "unknown_type"),
        ("type", json!(1), "invalid_field"),
        ("payload", json!("x"), "invalid_field"),
        ("local_id", json!("x"), "invalid_field"),
        ("op_id", json!("x"), "invalid_field"),
        ("base_version", json!(-1), "invalid_field"),
    ];
    for (field, value, code) in cases {
        let mut event = new_metric(1, &json!({}));
        event[field] = value;
        let error = rejected(&app, event.clone()).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(code), &json!(field)),
            "{event}"
        );
    }
    let error = rejected(&app, json!(5)).await;
    assert_eq!(
        (&error["code"], &error["field"]),
        (&json!("invalid_field"), &Value::Null)
    );
    let error = rejected(&app, json!({})).await;
    assert_eq!(
        (&error["code"], &error["field"]),
        (&json!("missing_field"), &json!("type"))
    );
}

#[tokio::test]
async fn what_is_missing_or_unknown_has_its_code() {
    let app = TestApp::with_users(1).await;
    app.push_one("a", new_metric(77, &json!({}))).await;
    let whole = json!({"user_id": 1, "weight": 80, "created_at": at(0)});
    let without = |field: &str, base: &Value| {
        let mut fields = whole.clone();
        fields.as_object_mut().unwrap().remove(field);
        upsert(1, base, &fields)
    };
    for field in ["user_id", "weight", "created_at"] {
        for base in [
            json!({}),
            json!({"base_version": 0}),
            json!({"base_version": null}),
        ] {
            let error = rejected(&app, without(field, &base)).await;
            assert_eq!(
                (&error["code"], &error["field"]),
                (&json!("missing_field"), &json!(field))
            );
        }
        let error = rejected(&app, without(field, &json!({"base_version": 3}))).await;
        assert_eq!(error["code"], "unknown_metric");
    }
    for user in [json!(9), json!("9"), json!(0), json!(id(5))] {
        let error = rejected(&app, new_metric(1, &json!({"user_id": user}))).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("unknown_user"), &json!("user_id"))
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
