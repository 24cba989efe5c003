//! The server, the account, its devices, histories, digests, and the live hint.

use crate::app::{EPOCH, Setup, TestApp, at, delete, id, new_metric, upsert};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tidemark_protocol::{EntityId, RowsDigest};
use tidemark_server::config::Auth;

#[tokio::test]
async fn the_server_says_who_it_is() {
    let app = TestApp::start().await;
    let expected = json!({
        "protocol": 1, "version": tidemark_server::VERSION, "auth": "off", "epoch": EPOCH,
        "limits": {"max_events": 500, "max_body_bytes": 1_048_576, "max_page": 1000}, "server_time": at(0),
    });
    assert_eq!(app.get("/v1/server").await.body, expected);
    for path in ["/livez", "/readyz", "/version"] {
        assert_eq!(app.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn without_sign_in_there_is_one_account_that_cannot_be_deleted() {
    let app = TestApp::start().await;
    let account = app.get("/v1/account").await.body;
    assert_eq!(account["email"], Value::Null);
    assert!(account["id"].as_str().is_some_and(|id| id.len() == 36));
    for path in ["/v1/account", "/v1/devices/a"] {
        assert_eq!(
            app.call(Method::DELETE, path, &[]).await.code(),
            (403, "forbidden")
        );
    }
    for path in ["register", "login", "refresh", "logout", "recover"] {
        assert_eq!(
            app.post(&format!("/v1/auth/{path}"), &json!({}))
                .await
                .code(),
            (404, "not_found"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn with_sign_in_required_no_data_is_given_to_anyone() {
    let app = TestApp::with(Setup {
        auth: Auth::Required,
        ..Setup::default()
    })
    .await;
    assert_eq!(app.get("/v1/server").await.body["auth"], "required");
    for path in [
        "/v1/metrics",
        "/v1/users",
        "/v1/users/1",
        "/v1/app_model",
        "/v1/account",
        "/v1/devices",
        "/v1/live",
        "/v1/digests?user_id=1",
    ] {
        assert_eq!(
            app.get(path).await.code(),
            (401, "unauthenticated"),
            "{path}"
        );
    }
    let batch = json!({"device_id": "a", "events": []});
    assert_eq!(
        app.post("/v1/metrics/batch", &batch).await.code(),
        (401, "unauthenticated")
    );
    assert_eq!(
        app.post("/v1/users", &json!({})).await.code(),
        (401, "unauthenticated")
    );
}

#[tokio::test]
async fn history_tells_every_replaced_value_newest_first() {
    let app = TestApp::with_users(1).await;
    let path = format!("/v1/metrics/{}/history", id(1));
    assert_eq!(app.get(&path).await.code(), (404, "not_found"));
    app.push_one("a", new_metric(1, &json!({"updated_at": at(-9)})))
        .await;
    assert_eq!(app.get(&path).await.body, json!({"entries": []}));
    app.push_one(
        "b",
        upsert(
            1,
            &json!({"base_version": 2}),
            &json!({"weight": 81, "updated_at": at(-8)}),
        ),
    )
    .await;
    app.push_one(
        "c",
        upsert(
            1,
            &json!({"base_version": 3}),
            &json!({"note": "n", "updated_at": at(-7)}),
        ),
    )
    .await;
    app.push_one(
        "a",
        upsert(
            1,
            &json!({"base_version": 2}),
            &json!({"weight": 70, "updated_at": at(-9)}),
        ),
    )
    .await;
    let entry = |version, at: String, by, reason, values: Value| json!({"version": version, "at": at, "by": by, "reason": reason, "values": values});
    assert_eq!(
        app.get(&path).await.body["entries"],
        json!([
            entry(4, at(-7), "c", "replaced", json!({"note": null})),
            entry(3, at(-8), "b", "conflict", json!({"weight": 70.0})),
            entry(3, at(-8), "b", "replaced", json!({"weight": 80.0})),
        ])
    );
    for bad in ["x", "1", "0190c0de"] {
        assert_eq!(
            app.get(&format!("/v1/metrics/{bad}/history")).await.code(),
            (404, "not_found")
        );
    }
}

#[tokio::test]
async fn digests_prove_what_a_client_can_compute_itself() {
    let app = TestApp::with_users(2).await;
    let march = |number, at: &str| new_metric(number, &json!({"created_at": at}));
    app.push(
        "a",
        &[
            march(1, "2026-01-31T23:59:59.999Z"),
            march(2, "2026-02-01T00:00:00+02:00"),
            march(3, "2026-02-01T00:00:00Z"),
            new_metric(4, &json!({"user_id": 2})),
            march(5, "2026-02-28T00:00:00Z"),
            delete(5, &json!({}), &json!({})),
        ],
    )
    .await;
    let digest = |rows: &[(u128, u64)]| {
        let mut digest = RowsDigest::default();
        for (number, version) in rows {
            digest.add(EntityId::parse(&id(*number)).unwrap(), *version);
        }
        digest.to_hex()
    };
    let expected = json!({
        "months": [
            {"month": "2026-01", "rows": 2, "digest": digest(&[(2, 4), (1, 3)])},
            {"month": "2026-02", "rows": 1, "digest": digest(&[(3, 5)])},
        ],
        "head": 8, "epoch": EPOCH,
    });
    assert_eq!(app.get("/v1/digests?user_id=1").await.body, expected);
    assert_eq!(app.get("/v1/digests").await.code(), (400, "bad_request"));
    assert_eq!(
        app.get("/v1/digests?user_id=").await.code(),
        (400, "bad_request")
    );
    for unknown in ["3", "x", &id(9)] {
        assert_eq!(
            app.get(&format!("/v1/digests?user_id={unknown}"))
                .await
                .code(),
            (404, "not_found")
        );
    }
}

#[tokio::test]
async fn a_hint_comes_at_the_start_and_with_every_change() {
    let app = TestApp::with_users(1).await;
    let mut live = app.live("/v1/live").await;
    assert_eq!(live.next_hint().await, json!({"head": 1, "epoch": EPOCH}));
    app.push_one("a", new_metric(1, &json!({}))).await;
    assert_eq!(live.next_hint().await, json!({"head": 2, "epoch": EPOCH}));
    app.patch("/v1/users/1", &json!({"name": "Ada"})).await;
    assert_eq!(live.next_hint().await["head"], 3);
    app.patch("/v1/app_model", &json!({"theme": "dark"})).await;
    assert_eq!(live.next_hint().await["head"], 4);
    assert_eq!(
        app.get(&format!("/v1/live?account={}", id(1))).await.code(),
        (403, "wrong_account")
    );
}

#[tokio::test]
async fn each_listener_is_told_another_moment_to_come_back() {
    let app = TestApp::with_users(1).await;
    let mut moments = BTreeSet::new();
    for _ in 0..4 {
        moments.insert(app.live("/v1/live").await.reconnect_ms().await);
    }
    assert!(moments.len() > 1, "{moments:?}");
    assert!(
        moments.iter().all(|ms| (1_000..7_000).contains(ms)),
        "{moments:?}"
    );
}

#[tokio::test]
async fn an_account_holds_only_so_many_live_connections_and_gets_them_back() {
    let app = TestApp::with_users(1).await;
    let mut held = Vec::new();
    for _ in 0..32 {
        held.push(app.live("/v1/live").await);
    }
    let refused = app.get("/v1/live").await;
    assert_eq!(refused.code(), (429, "rate_limited"));
    assert_eq!(refused.header("retry-after"), Some("60"));
    held.pop();
    let mut free_again = app.live("/v1/live").await;
    assert_eq!(free_again.next_hint().await["head"], 1);
}

#[tokio::test]
async fn a_listener_that_missed_hints_is_told_where_the_account_stands() {
    let app = TestApp::with_users(1).await;
    let mut live = app.live("/v1/live").await;
    assert_eq!(live.next_hint().await["head"], 1);
    // More than the server keeps for a slow listener.
    for number in 0..300 {
        let name = format!("User {number}");
        app.patch("/v1/users/1", &json!({"name": name})).await;
    }
    assert_eq!(live.next_hint().await["head"], 301);
}
