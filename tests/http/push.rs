//! Batches that are taken: creation, identity, idempotency, order, adjustment.

use crate::app::{TestApp, at, delete, id, new_metric, upsert};
use serde_json::{Value, json};

/// The plan's own example, word for word.
const PLAN_EXAMPLE: &str = r#"{
  "device_id": "abc",
  "events": [
    {
      "local_id": 123,
      "type": "UPSERT_METRIC",
      "payload": {
        "user_id": 4,
        "weight": 78.2,
        "bmi": 24.6,
        "created_at": "2026-02-20T10:22:33Z"
      }
    }
  ]
}"#;

#[tokio::test]
async fn the_plans_example_sent_verbatim_is_accepted_once_for_the_fourth_user() {
    let app = TestApp::with_users(4).await;
    let users = app.get("/v1/users").await.body;
    let answer = app
        .post_bytes(&[("content-type", "application/json")], PLAN_EXAMPLE)
        .await;
    assert_eq!(answer.status, 200);
    let result = &answer.body["results"][0];
    let metric = &result["metric"];
    assert_eq!(
        *result,
        json!({
            "local_id": 123, "op_id": null, "status": "applied", "server_id": metric["id"], "version": 5,
            "conflict": false, "adjusted": [], "metric": metric,
        })
    );
    assert_eq!(
        *metric,
        json!({
            "id": metric["id"], "server_id": metric["id"], "user_id": users["users"][3]["id"], "user_number": 4,
            "weight": 78.2, "height": null, "bmi": 24.6, "note": null, "created_at": "2026-02-20T10:22:33.000Z",
            "utc_offset": null, "updated_at": app.now(), "updated_by": "abc", "deleted_at": null, "version": 5,
        })
    );
    assert_eq!(
        (
            &answer.body["head"],
            &answer.body["backoff_s"],
            &answer.body["server_time"]
        ),
        (&json!(5), &json!(0), &json!(app.now()))
    );
    assert_eq!(answer.body["epoch"], crate::app::EPOCH);

    app.wait(60_000);
    let again = app
        .post_bytes(&[("content-type", "application/json")], PLAN_EXAMPLE)
        .await;
    let replay = &again.body["results"][0];
    assert_eq!(
        (&replay["status"], &replay["first_status"]),
        (&json!("duplicate"), &json!("applied"))
    );
    assert_eq!(
        (&replay["metric"], &again.body["head"]),
        (metric, &json!(5))
    );
}

#[tokio::test]
async fn every_spelling_of_a_user_means_the_same_one() {
    let app = TestApp::with_users(2).await;
    let user = app.get("/v1/users").await.body["users"][1]["id"].clone();
    let upper = json!(user.as_str().unwrap().to_uppercase());
    for (number, name) in [json!(2), json!("2"), json!(2.0), user.clone(), upper]
        .into_iter()
        .enumerate()
    {
        let result = app
            .push_one(
                "a",
                new_metric(100 + number as u128, &json!({"user_id": name})),
            )
            .await;
        assert_eq!(result["metric"]["user_id"], user, "{name}");
    }
}

#[tokio::test]
async fn the_same_local_record_is_the_same_metric_each_time() {
    let app = TestApp::with_users(1).await;
    let event = |local_id: i64, weight: f64| {
        json!({"local_id": local_id, "type": "UPSERT_METRIC",
               "payload": {"user_id": 1, "weight": weight, "created_at": at(-5000)}})
    };
    let first = app.push_one("a", event(7, 80.0)).await;
    let second = app.push_one("a", event(7, 81.0)).await;
    assert_eq!(first["server_id"], second["server_id"]);
    assert_eq!(
        (&second["status"], &second["metric"]["weight"]),
        (&json!("applied"), &json!(81.0))
    );
    let other_record = app.push_one("a", event(8, 80.0)).await;
    let other_device = app.push_one("b", event(7, 80.0)).await;
    assert_ne!(first["server_id"], other_record["server_id"]);
    assert_ne!(first["server_id"], other_device["server_id"]);
}

#[tokio::test]
async fn a_replay_changes_nothing_and_answers_the_row_of_now() {
    let app = TestApp::with_users(1).await;
    let create = upsert(
        1,
        &json!({"op_id": id(901), "base_version": 0}),
        &json!({"user_id": 1, "weight": 80, "created_at": at(-5)}),
    );
    app.push_one("a", create.clone()).await;
    app.push_one(
        "a",
        upsert(
            1,
            &json!({"op_id": id(902), "base_version": 2}),
            &json!({"weight": 81}),
        ),
    )
    .await;
    let before = app.everything().await;
    for device in ["a", "b"] {
        let replay = app.push_one(device, create.clone()).await;
        assert_eq!(
            (
                &replay["status"],
                &replay["first_status"],
                &replay["version"],
                &replay["metric"]["weight"]
            ),
            (
                &json!("duplicate"),
                &json!("applied"),
                &json!(3),
                &json!(81.0)
            )
        );
        assert_eq!(replay["op_id"], id(901));
    }
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn the_key_counts_with_type_and_payload_and_not_with_frame_or_spelling() {
    let app = TestApp::with_users(1).await;
    let payload = json!({"id": id(1), "user_id": 1, "weight": 80, "created_at": at(-5)});
    let event = |local_id, base, payload: &str| {
        format!(
            r#"{{"device_id":"a","events":[{{"local_id":{local_id},"type":"UPSERT_METRIC",
            "op_id":"{}","base_version":{base},"payload":{payload}}}]}}"#,
            id(900).to_uppercase()
        )
    };
    let headers = [("content-type", "application/json")];
    let first = app
        .post_bytes(&headers, event(1, 0, &payload.to_string()))
        .await
        .body;
    assert_eq!(
        (
            &first["results"][0]["status"],
            &first["results"][0]["op_id"]
        ),
        (&json!("applied"), &json!(id(900)))
    );
    let respelled = payload
        .to_string()
        .replace("80", "8.0e1")
        .replace("\"weight\"", "\"\\u0077eight\"");
    let second = app.post_bytes(&headers, event(2, 7, &respelled)).await.body;
    assert_eq!(second["results"][0]["status"], "duplicate");
    let changed = payload.to_string().replace("80", "80.1");
    let third = app.post_bytes(&headers, event(1, 0, &changed)).await.body;
    let error = &third["results"][0]["error"];
    assert_eq!(
        (&third["results"][0]["status"], &error["code"]),
        (&json!("rejected"), &json!("op_reuse"))
    );
}

#[tokio::test]
async fn without_op_id_the_device_the_record_and_the_content_are_the_key() {
    let app = TestApp::with_users(1).await;
    app.push_one("a", new_metric(1, &json!({}))).await;
    let edit = |weight: f64| upsert(1, &json!({}), &json!({"weight": weight}));
    let statuses = async |events: &[Value]| -> Vec<Value> {
        app.push("a", events)
            .await
            .iter()
            .map(|result| result["status"].clone())
            .collect()
    };
    assert_eq!(
        statuses(&[edit(81.0), edit(82.0), edit(81.0)]).await,
        ["applied", "applied", "duplicate"]
    );
    assert_eq!(app.push_one("b", edit(81.0)).await["status"], "applied");
}

#[tokio::test]
async fn what_was_rejected_is_judged_afresh() {
    let app = TestApp::start().await;
    let event = upsert(
        1,
        &json!({"op_id": id(900)}),
        &json!({"user_id": 1, "weight": 80, "created_at": at(-5)}),
    );
    assert_eq!(
        app.push_one("a", event.clone()).await["error"]["code"],
        "unknown_user"
    );
    app.post("/v1/users", &json!({})).await;
    assert_eq!(app.push_one("a", event).await["status"], "applied");
}

#[tokio::test]
async fn after_a_rejected_event_the_later_ones_of_its_metric_wait_and_all_others_go_on() {
    let app = TestApp::with_users(1).await;
    let results = app
        .push(
            "a",
            &[
                new_metric(1, &json!({})),
                upsert(1, &json!({}), &json!({"weight": 7000})),
                upsert(1, &json!({}), &json!({"weight": 81})),
                new_metric(2, &json!({})),
                delete(1, &json!({}), &json!({})),
                upsert(2, &json!({}), &json!({"weight": 82})),
            ],
        )
        .await;
    let statuses: Vec<_> = results
        .iter()
        .map(|result| result["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        [
            "applied", "rejected", "retry", "applied", "retry", "applied"
        ]
    );
    assert!(
        results[2]["retry_after_s"]
            .as_u64()
            .is_some_and(|seconds| seconds >= 1)
    );
    assert_eq!(
        app.push_one("a", upsert(1, &json!({}), &json!({"weight": 81})))
            .await["metric"]["weight"],
        81.0
    );
}

#[tokio::test]
async fn events_of_one_metric_take_effect_in_order() {
    let app = TestApp::with_users(1).await;
    let edits = (1..=5).map(|step| upsert(1, &json!({}), &json!({"weight": 80 + step})));
    let events: Vec<_> = [new_metric(1, &json!({}))]
        .into_iter()
        .chain(edits)
        .collect();
    let results = app.push("a", &events).await;
    let versions: Vec<_> = results
        .iter()
        .map(|result| result["version"].as_u64().unwrap())
        .collect();
    assert_eq!(versions, [2, 3, 4, 5, 6, 7]);
    assert_eq!(results[5]["metric"]["weight"], 85.0);
}

#[tokio::test]
async fn an_event_that_says_nothing_new_is_applied_remembered_and_bumps_no_version() {
    let app = TestApp::with_users(1).await;
    app.push_one("a", new_metric(1, &json!({"note": "x"})))
        .await;
    let same = upsert(
        1,
        &json!({"op_id": id(900)}),
        &json!({"weight": 80.0, "note": "x"}),
    );
    let result = app.push_one("b", same.clone()).await;
    assert_eq!(
        (&result["status"], &result["version"], &result["conflict"]),
        (&json!("applied"), &json!(2), &json!(false))
    );
    assert_eq!(app.push_one("b", same).await["status"], "duplicate");
}

#[tokio::test]
async fn a_delete_of_an_unknown_metric_is_applied_and_leaves_nothing_behind() {
    let app = TestApp::with_users(1).await;
    let before = app.everything().await;
    let result = app
        .push_one(
            "a",
            delete(1, &json!({"base_version": 9}), &json!({"user_id": 1})),
        )
        .await;
    assert_eq!(
        (&result["status"], &result["metric"], &result["version"]),
        (&json!("applied"), &Value::Null, &json!(1))
    );
    assert_eq!(app.everything().await, before);
    let upsert = upsert(2, &json!({}), &json!({"user_id": 1, "deleted_at": at(0)}));
    assert_eq!(app.push_one("a", upsert).await["metric"], Value::Null);
}

#[tokio::test]
async fn five_hundred_events_are_taken_and_one_more_is_not() {
    let app = TestApp::with_users(1).await;
    let events: Vec<_> = (0..501)
        .map(|number| new_metric(number, &json!({})))
        .collect();
    let body = json!({"device_id": "a", "events": events});
    assert_eq!(
        app.post("/v1/metrics/batch", &body).await.code(),
        (413, "too_large")
    );
    assert_eq!(app.get("/v1/metrics").await.body["head"], 1);
    let results = app.push("a", &events[..500]).await;
    assert!(results.iter().all(|result| result["status"] == "applied"));
    assert_eq!(app.push("a", &[]).await, Vec::<Value>::new());
}
