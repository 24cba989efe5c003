//! The calls under `/v1/users`.

use crate::app::{TestApp, at, id};
use axum::http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_user_is_created_with_the_next_number_and_read_by_every_name() {
    let app = TestApp::start().await;
    let body = json!({
        "id": id(7), "name": "Ada", "surname": "L", "gender": "female", "avatar": "fox", "height": 170.25,
        "birth_date": "1990-02-03", "updated_at": at(-5), "unknown": {"x": 1},
    });
    let created = app.post("/v1/users", &body).await;
    assert_eq!(created.status, 201);
    let expected = json!({
        "id": id(7), "number": 1, "name": "Ada", "surname": "L", "gender": "female", "avatar": "fox", "height": 170.3,
        "birth_date": "1990-02-03", "version": 1, "created_at": at(0), "updated_at": at(-5), "deleted_at": null,
    });
    assert_eq!(created.body, expected);
    for name in [id(7), id(7).to_uppercase(), "1".to_owned()] {
        assert_eq!(app.get(&format!("/v1/users/{name}")).await.body, expected);
    }
    for name in [
        id(8),
        "2".to_owned(),
        "0".to_owned(),
        "x".to_owned(),
        "-1".to_owned(),
        "99999999999999999999999".to_owned(),
    ] {
        assert_eq!(
            app.get(&format!("/v1/users/{name}")).await.code(),
            (404, "not_found"),
            "{name}"
        );
        assert_eq!(
            app.patch(&format!("/v1/users/{name}"), &json!({}))
                .await
                .code(),
            (404, "not_found"),
            "{name}"
        );
    }
    assert_eq!(app.post("/v1/users", &json!({})).await.body["number"], 2);
}

#[tokio::test]
async fn the_same_id_or_the_same_operation_again_doubles_nothing() {
    let app = TestApp::start().await;
    let first = app
        .post(
            "/v1/users",
            &json!({"id": id(7), "op_id": id(900), "name": "Ada"}),
        )
        .await
        .body;
    let same_id = app
        .post("/v1/users", &json!({"id": id(7), "name": "Other"}))
        .await;
    assert_eq!((same_id.status.as_u16(), &same_id.body), (200, &first));
    let replay = app
        .post(
            "/v1/users",
            &json!({"name": "Ada", "op_id": id(900), "id": id(7)}),
        )
        .await;
    assert_eq!((replay.status.as_u16(), &replay.body), (200, &first));
    let reuse = app
        .post(
            "/v1/users",
            &json!({"id": id(8), "op_id": id(900), "name": "Bob"}),
        )
        .await;
    assert_eq!(reuse.code(), (409, "op_reuse"));

    let without_id = json!({"op_id": id(901), "name": "Eve"});
    let second = app.post("/v1/users", &without_id).await;
    assert_eq!(second.status, 201);
    assert_eq!(app.post("/v1/users", &without_id).await.body, second.body);
    assert_eq!(
        app.get("/v1/users").await.body["users"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn an_operations_id_is_one_for_batches_and_calls() {
    let app = TestApp::with_users(1).await;
    let event = crate::app::upsert(
        1,
        &json!({"op_id": id(900)}),
        &json!({"user_id": 1, "weight": 80, "created_at": at(0)}),
    );
    app.push_one("a", event).await;
    assert_eq!(
        app.post("/v1/users", &json!({"op_id": id(900)}))
            .await
            .code(),
        (409, "op_reuse")
    );
    assert_eq!(
        app.patch("/v1/users/1", &json!({"op_id": id(900)}))
            .await
            .code(),
        (409, "op_reuse")
    );
    assert_eq!(
        app.patch("/v1/app_model", &json!({"op_id": id(900)}))
            .await
            .code(),
        (409, "op_reuse")
    );
    app.patch("/v1/users/1", &json!({"op_id": id(901), "name": "Ada"}))
        .await;
    let result = app
        .push_one(
            "a",
            crate::app::upsert(1, &json!({"op_id": id(901)}), &json!({"weight": 81})),
        )
        .await;
    assert_eq!(result["error"]["code"], "op_reuse");
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_clears() {
    let app = TestApp::start().await;
    app.post(
        "/v1/users",
        &json!({"name": "Ada", "height": 170, "gender": "female"}),
    )
    .await;
    app.wait(1000);
    let body = json!({"name": "Bea", "gender": null, "number": 9, "id": id(3), "version": 77});
    let user = app.patch("/v1/users/1", &body).await.body;
    assert_eq!(
        (
            &user["name"],
            &user["gender"],
            &user["height"],
            &user["number"],
            &user["version"],
            &user["updated_at"]
        ),
        (
            &json!("Bea"),
            &Value::Null,
            &json!(170.0),
            &json!(1),
            &json!(2),
            &json!(at(1000))
        )
    );
    let merge_patch = [(
        "content-type",
        "application/merge-patch+json; charset=utf-8",
    )];
    let request = crate::app::request(
        Method::PATCH,
        "/v1/users/1",
        &merge_patch,
        r#"{"name":"Cia"}"#.into(),
    );
    assert_eq!(app.send(request).await.body["name"], "Cia");
    let unchanged = app.patch("/v1/users/1", &json!({"name": "Cia"})).await.body;
    assert_eq!(unchanged["version"], 3, "nothing new bumps no version");
}

#[tokio::test]
async fn a_patch_that_loses_answers_the_row() {
    let app = TestApp::start().await;
    app.post("/v1/users", &json!({"name": "Ada", "updated_at": at(-10)}))
        .await;
    let by = |device: &'static str| [("tidemark-device", device)];
    let edit = async |device, body: &Value| {
        app.call_json(Method::PATCH, "/v1/users/1", &by(device), body)
            .await
            .body
    };
    edit(
        "a",
        &json!({"name": "A", "base_version": 1, "updated_at": at(-5)}),
    )
    .await;
    let lost = edit(
        "b",
        &json!({"name": "B", "base_version": 1, "updated_at": at(-6)}),
    )
    .await;
    assert_eq!((&lost["name"], &lost["version"]), (&json!("A"), &json!(2)));
    let other_field = edit(
        "b",
        &json!({"surname": "B", "base_version": 1, "updated_at": at(-6)}),
    )
    .await;
    assert_eq!(
        (&other_field["name"], &other_field["surname"]),
        (&json!("A"), &json!("B"))
    );
    let newer = edit(
        "b",
        &json!({"name": "B", "base_version": 3, "updated_at": at(-9)}),
    )
    .await;
    assert_eq!(newer["name"], "B");
    let older_whole = app
        .patch("/v1/users/1", &json!({"name": "C", "updated_at": at(-11)}))
        .await;
    assert_eq!(
        (older_whole.status.as_u16(), &older_whole.body["name"]),
        (200, &json!("B"))
    );
}

#[tokio::test]
async fn a_replayed_patch_changes_nothing() {
    let app = TestApp::with_users(1).await;
    let body = json!({"op_id": id(900), "name": "Ada"});
    app.patch("/v1/users/1", &body).await;
    let last = app.patch("/v1/users/1", &json!({"name": "Bea"})).await.body;
    assert_eq!(app.patch("/v1/users/1", &body).await.body, last);
    assert_eq!(
        app.patch("/v1/users/1", &json!({"op_id": id(900), "name": "Eve"}))
            .await
            .code(),
        (409, "op_reuse")
    );
    app.post("/v1/users", &json!({})).await;
    assert_eq!(
        app.patch("/v1/users/2", &body).await.code(),
        (409, "op_reuse"),
        "another user is another body"
    );
}

#[tokio::test]
async fn a_deleted_user_is_pulled_as_such_still_read_and_restored() {
    let app = TestApp::with_users(2).await;
    let cursor = app.get("/v1/users").await.body["cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    app.patch(
        "/v1/users/1",
        &json!({"deleted_at": "2999-01-01T00:00:00Z"}),
    )
    .await;
    let page = app.get(&format!("/v1/users?since={cursor}")).await.body;
    assert_eq!(
        page["users"][0]["deleted_at"],
        at(0),
        "no deletion lies in the future"
    );
    assert_eq!(app.get("/v1/users/1").await.body["deleted_at"], at(0));
    let fresh = app.get("/v1/users").await.body;
    assert_eq!(fresh["users"].as_array().unwrap().len(), 1);
    let restored = app
        .patch("/v1/users/1", &json!({"deleted_at": null}))
        .await
        .body;
    assert_eq!(restored["deleted_at"], Value::Null);
    assert_eq!(
        app.post("/v1/users", &json!({})).await.body["number"],
        3,
        "numbers are never used again"
    );
}

#[tokio::test]
async fn wrong_fields_are_told_with_422_and_create_nothing() {
    let app = TestApp::with_users(1).await;
    let before = app.everything().await;
    let cases = [
        ("name", json!(5)),
        ("gender", json!("x")),
        ("height", json!(10)),
        ("birth_date", json!("1990-13-01")),
        ("op_id", json!("x")),
        ("base_version", json!(-1)),
        ("updated_at", json!("x")),
        ("deleted_at", json!(1)),
    ];
    for (field, value) in cases {
        let body = json!({field: value, "surname": "S"});
        for answer in [
            app.post("/v1/users", &body).await,
            app.patch("/v1/users/1", &body).await,
        ] {
            assert_eq!(answer.code(), (422, "invalid_field"));
            assert_eq!(answer.body["field"], field);
        }
    }
    assert_eq!(
        app.post("/v1/users", &json!({"id": "x"})).await.body["field"],
        "id"
    );
    for body in [json!([]), json!(null), json!("x")] {
        assert_eq!(
            app.post("/v1/users", &body).await.code(),
            (400, "bad_request")
        );
        assert_eq!(
            app.patch("/v1/users/1", &body).await.code(),
            (400, "bad_request")
        );
    }
    assert_eq!(app.everything().await, before);
}

#[tokio::test]
async fn users_are_pulled_page_by_page() {
    let app = TestApp::with_users(5).await;
    let first = app.get("/v1/users?limit=3").await.body;
    assert_eq!(
        (first["users"].as_array().unwrap().len(), &first["has_more"]),
        (3, &json!(true))
    );
    let cursor = first["cursor"].as_str().unwrap();
    let second = app.get(&format!("/v1/users?since={cursor}")).await.body;
    let numbers: Vec<_> = second["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["number"].clone())
        .collect();
    assert_eq!(
        (numbers, &second["has_more"], &second["head"]),
        (vec![json!(4), json!(5)], &json!(false), &json!(5))
    );
}
