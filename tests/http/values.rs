//! What the server makes of the values it is sent.

use crate::app::{TestApp, at, id, new_metric, upsert};
use serde_json::{Value, json};

#[tokio::test]
async fn a_measurement_in_the_future_is_adjusted_and_its_original_kept_in_history() {
    let app = TestApp::with_users(1).await;
    let hour = 3_600_000;
    let event = new_metric(
        1,
        &json!({"created_at": at(hour - 60_000), "updated_at": at(hour)}),
    );
    let body = json!({"device_id": "a", "sent_at": at(hour), "events": [event]});
    let result = app.post("/v1/metrics/batch", &body).await.body["results"][0].clone();
    assert_eq!(
        (&result["status"], &result["adjusted"]),
        (&json!("applied"), &json!(["created_at"]))
    );
    assert_eq!(result["metric"]["created_at"], at(-60_000));
    assert_eq!(
        result["metric"]["updated_at"],
        at(0),
        "never later than the server's own time"
    );
    let history = app
        .get(&format!("/v1/metrics/{}/history", id(1)))
        .await
        .body;
    assert_eq!(
        history["entries"],
        json!([{"version": 2, "at": at(0), "by": "a", "reason": "adjusted", "values": {"created_at": at(hour - 60_000)}}])
    );
    let without_clock = app
        .push_one("a", new_metric(2, &json!({"created_at": at(hour)})))
        .await;
    assert_eq!(without_clock["metric"]["created_at"], at(0));
}

#[tokio::test]
async fn bmi_is_computed_from_weight_and_height_and_stays_when_the_height_goes() {
    let app = TestApp::with_users(1).await;
    let result = app
        .push_one(
            "a",
            new_metric(1, &json!({"weight": 78.2, "height": 178.3, "bmi": 30})),
        )
        .await;
    assert_eq!(result["metric"]["bmi"], 24.6);
    let result = app
        .push_one("a", upsert(1, &json!({}), &json!({"height": null})))
        .await;
    assert_eq!(
        (&result["metric"]["height"], &result["metric"]["bmi"]),
        (&Value::Null, &json!(24.6))
    );
}

#[tokio::test]
async fn a_later_metric_revives_a_deleted_user() {
    let app = TestApp::with_users(1).await;
    let deleted = app
        .patch("/v1/users/1", &json!({"deleted_at": at(0)}))
        .await
        .body;
    assert_eq!(deleted["deleted_at"], at(0));
    app.push_one("a", new_metric(1, &json!({}))).await;
    let user = app.get("/v1/users/1").await.body;
    assert_eq!(
        (&user["deleted_at"], &user["version"]),
        (&Value::Null, &json!(4))
    );
}
