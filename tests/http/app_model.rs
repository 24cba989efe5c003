//! The calls on `/v1/app_model`.

use crate::app::{TestApp, at, id};
use axum::http::Method;
use serde_json::{Value, json};

fn nothing_set() -> Value {
    json!({
        "active_user": null, "is_complete_onboard": null, "units": null, "language": null, "theme": null, "goal": null,
        "version": 0, "updated_at": null,
    })
}

#[tokio::test]
async fn it_starts_with_nothing_set_and_takes_every_field() {
    let app = TestApp::with_users(1).await;
    assert_eq!(app.get("/v1/app_model").await.body, nothing_set());
    let user = app.get("/v1/users/1").await.body["id"].clone();
    let body = json!({
        "active_user": 1, "is_complete_onboard": true, "units": "stone", "language": "de-AT", "theme": "dark",
        "goal": {"weight": 72.5, "kind": "lose"}, "updated_at": at(-5),
    });
    let model = app.patch("/v1/app_model", &body).await.body;
    let expected = json!({
        "active_user": user, "is_complete_onboard": true, "units": "stone", "language": "de-AT", "theme": "dark",
        "goal": {"weight": 72.5, "kind": "lose"}, "version": 2, "updated_at": at(-5),
    });
    assert_eq!(model, expected);
    assert_eq!(app.get("/v1/app_model").await.body, expected);
    let cleared = app
        .patch("/v1/app_model", &json!({"goal": null, "active_user": null}))
        .await
        .body;
    assert_eq!(
        (
            &cleared["goal"],
            &cleared["active_user"],
            &cleared["version"]
        ),
        (&Value::Null, &Value::Null, &json!(3))
    );
}

#[tokio::test]
async fn a_fresh_devices_defaults_do_not_win() {
    let app = TestApp::start().await;
    let edit = async |device: &'static str, body: Value| {
        let device = [("tidemark-device", device)];
        app.call_json(Method::PATCH, "/v1/app_model", &device, &body)
            .await
            .body
    };
    edit("a", json!({"base_version": 0, "theme": "dark"})).await;
    let model = edit(
        "b",
        json!({"base_version": 0, "theme": "light", "units": "metric"}),
    )
    .await;
    assert_eq!(
        (&model["theme"], &model["units"], &model["version"]),
        (&json!("dark"), &json!("metric"), &json!(2))
    );
    let nobody = app
        .patch(
            "/v1/app_model",
            &json!({"base_version": 0, "theme": "system"}),
        )
        .await;
    assert_eq!((nobody.status.as_u16(), &nobody.body), (200, &model));
    let known = edit("b", json!({"base_version": 2, "theme": "light"})).await;
    assert_eq!(known["theme"], "light");
}

#[tokio::test]
async fn a_replay_changes_nothing_and_another_body_is_refused() {
    let app = TestApp::start().await;
    let body = json!({"op_id": id(900), "theme": "dark"});
    app.patch("/v1/app_model", &body).await;
    let last = app
        .patch("/v1/app_model", &json!({"theme": "light"}))
        .await
        .body;
    assert_eq!(app.patch("/v1/app_model", &body).await.body, last);
    assert_eq!(
        app.patch("/v1/app_model", &json!({"op_id": id(900)}))
            .await
            .code(),
        (409, "op_reuse")
    );
}

#[tokio::test]
async fn wrong_fields_are_told_with_422_and_change_nothing() {
    let app = TestApp::start().await;
    let cases = [
        ("active_user", json!(7)),
        ("active_user", json!("x")),
        ("is_complete_onboard", json!("yes")),
        ("units", json!("kg")),
        ("language", json!("english!")),
        ("theme", json!("blue")),
        ("goal", json!(70)),
        ("goal", json!({"weight": 1, "kind": "lose"})),
        ("op_id", json!(5)),
    ];
    for (field, value) in cases {
        let mut body = json!({"units": "metric"});
        body[field] = value.clone();
        let answer = app.patch("/v1/app_model", &body).await;
        assert_eq!(answer.code(), (422, "invalid_field"), "{field} {value}");
        assert_eq!(answer.body["field"], field);
    }
    assert_eq!(app.get("/v1/app_model").await.body, nothing_set());
}
