//! Accounts: signed out, recovered, exported, erased, taken over.

use crate::app::{Setup, TestApp, at, new_metric};
use crate::auth::{ADA, BOB, batch, guarded};
use crate::person::{PASSWORD, Person, cookies, credentials};
use axum::http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_signed_out_device_is_refused_at_once_and_loses_its_cookies() {
    let app = guarded().await;
    let (phone, laptop) = (app.register(ADA).await, app.login(ADA).await);
    let path = format!("/v1/devices/{}", phone.device);
    let answer = app.call_as(&laptop, Method::DELETE, &path).await;
    assert_eq!(answer.status, 204);
    assert_eq!(
        app.get_as(&phone, "/v1/metrics").await.code(),
        (401, "unauthenticated")
    );
    let cookie = phone.cookie();
    let by_cookie = app
        .call(Method::GET, "/v1/metrics", &[("cookie", &cookie)])
        .await;
    assert_eq!(by_cookie.code(), (401, "unauthenticated"));
    let cleared = cookies(&by_cookie);
    assert!(cleared.len() == 2 && cleared.iter().all(|cookie| cookie.contains("Max-Age=0")));
    assert_eq!(
        app.refresh(&phone.refresh).await.code(),
        (401, "unauthenticated")
    );
    let devices = app.get_as(&laptop, "/v1/devices").await.body;
    assert_eq!(devices["devices"].as_array().unwrap().len(), 1);
    let again = app.call_as(&laptop, Method::DELETE, &path).await;
    assert_eq!(again.code(), (404, "not_found"));
    // Another account's device is none.
    let bob = app.register(BOB).await;
    let path = format!("/v1/devices/{}", laptop.device);
    let answer = app.call_as(&bob, Method::DELETE, &path).await;
    assert_eq!(answer.code(), (404, "not_found"));
    assert_eq!(app.get_as(&laptop, "/v1/account").await.status, 200);
    let own = app.call_as(&laptop, Method::DELETE, &path).await;
    assert_eq!(own.status, 204);
    assert_eq!(
        app.get_as(&laptop, "/v1/account").await.code(),
        (401, "unauthenticated")
    );
}

#[tokio::test]
async fn logging_out_ends_the_session_by_whatever_token_came() {
    let app = guarded().await;
    app.register(ADA).await;
    let by_bearer = app.login(ADA).await;
    let bearer = by_bearer.bearer();
    let by_cookie = app.login(ADA).await;
    let cookie = by_cookie.cookie();
    let by_refresh = app.login(ADA).await;
    let refresh_only = format!("tidemark-refresh={}", by_refresh.refresh);
    let cases: [(&Person, [(&str, &str); 1]); 3] = [
        (&by_bearer, [("authorization", &bearer)]),
        (&by_cookie, [("cookie", &cookie)]),
        (&by_refresh, [("cookie", &refresh_only)]),
    ];
    app.wait(601_000);
    for (person, headers) in cases {
        let answer = app.post_empty("/v1/auth/logout", &headers).await;
        assert_eq!(answer.status, 204, "{headers:?}");
        assert!(
            cookies(&answer)
                .iter()
                .all(|cookie| cookie.contains("Max-Age=0"))
        );
        assert_eq!(
            app.refresh(&person.refresh).await.code(),
            (401, "unauthenticated")
        );
        let again = app.post_empty("/v1/auth/logout", &headers).await;
        assert_eq!(again.code(), (401, "unauthenticated"));
    }
    let nobody = app.post_empty("/v1/auth/logout", &[]).await;
    assert_eq!(nobody.code(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_recovery_code_opens_the_account_once_and_signs_all_others_out() {
    let app = guarded().await;
    let ada = app.register(ADA).await;
    let code = ada.recovery_code.clone().unwrap();
    let body = |code: &str, password: &str| json!({"email": ADA, "recovery_code": code, "new_password": password});
    let weak = app.post("/v1/auth/recover", &body(&code, "short")).await;
    assert_eq!(weak.code(), (422, "weak_password"));
    let answer = app
        .post(
            "/v1/auth/recover",
            &body(&code.to_lowercase().replace('-', " "), "a fresh new one"),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let back = Person::of(&answer);
    assert_eq!(back.account, ada.account);
    assert_ne!(back.recovery_code, ada.recovery_code);
    assert_eq!(
        app.get_as(&ada, "/v1/account").await.code(),
        (401, "unauthenticated")
    );
    assert_eq!(app.get_as(&back, "/v1/account").await.status, 200);
    let old = app
        .post("/v1/auth/login", &credentials(ADA, PASSWORD))
        .await;
    assert_eq!(old.code(), (401, "bad_credentials"));
    let new = app
        .post("/v1/auth/login", &credentials(ADA, "a fresh new one"))
        .await;
    assert_eq!(new.status, 200);
    let used = app
        .post("/v1/auth/recover", &body(&code, "another good one"))
        .await;
    assert_eq!(used.code(), (401, "bad_credentials"));
}

#[tokio::test]
async fn everything_of_an_account_comes_as_one_document() {
    let app = guarded().await;
    let (ada, bob) = (app.register(ADA).await, app.register(BOB).await);
    for (who, note) in [(&ada, "mine"), (&bob, "theirs")] {
        app.post_as(who, "/v1/users", &json!({"name": "Someone"}))
            .await;
        let events = [
            new_metric(1, &json!({"note": "first"})),
            new_metric(1, &json!({"note": note, "updated_at": at(0)})),
            new_metric(2, &json!({"deleted_at": Value::Null})),
        ];
        let pushed = app
            .post_as(who, "/v1/metrics/batch", &batch("d", &events))
            .await;
        assert_eq!(pushed.status, 200);
    }
    let answer = app.get_as(&ada, "/v1/account/export").await;
    assert_eq!(answer.status, 200);
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment"));
    let body = &answer.body;
    assert_eq!(body["account"]["email"], ADA);
    assert_eq!(body["users"][0]["name"], "Someone");
    assert_eq!(body["metrics"].as_array().unwrap().len(), 2);
    assert_eq!(body["history"][0]["values"]["note"], "first");
    assert_eq!(body["devices"].as_array().unwrap().len(), 2);
    assert!(!body.to_string().contains("theirs"));
}

#[tokio::test]
async fn an_erased_account_tells_its_devices_and_its_address_is_free_again() {
    let app = guarded().await;
    let (phone, laptop) = (app.register(ADA).await, app.login(ADA).await);
    app.post_as(&phone, "/v1/users", &json!({"name": "Ada"}))
        .await;
    let answer = app.call_as(&phone, Method::DELETE, "/v1/account").await;
    assert_eq!(answer.status, 204);
    for person in [&phone, &laptop] {
        assert_eq!(
            app.get_as(person, "/v1/metrics").await.code(),
            (410, "account_erased")
        );
        assert_eq!(
            app.refresh(&person.refresh).await.code(),
            (410, "account_erased")
        );
        let pushed = app
            .post_as(person, "/v1/metrics/batch", &batch("a", &[]))
            .await;
        assert_eq!(pushed.code(), (410, "account_erased"));
    }
    // To who asks for another account it is none of theirs: their page took that one for erased, and could let go of it.
    let headers = [
        ("authorization", &*phone.bearer()),
        ("tidemark-account", "0190c0de-0000-8000-8000-00000000abcd"),
    ];
    let other = app.call(Method::GET, "/v1/metrics", &headers).await;
    assert_eq!(other.code(), (403, "wrong_account"));
    app.wait(3_600_000);
    assert_eq!(
        app.get_as(&phone, "/v1/metrics").await.code(),
        (410, "account_erased")
    );
    let gone = app
        .post("/v1/auth/login", &credentials(ADA, PASSWORD))
        .await;
    assert_eq!(gone.code(), (401, "bad_credentials"));
    let again = app.register(ADA).await;
    assert_ne!(again.account, phone.account);
    assert_eq!(
        app.get_as(&again, "/v1/users").await.body["users"],
        json!([])
    );
}

#[tokio::test]
async fn the_first_registration_takes_over_what_was_logged_without_sign_in() {
    let app = TestApp::with_users(1).await;
    let built_in = app.get("/v1/account").await.body["id"].clone();
    app.push("phone", &[new_metric(1, &json!({}))]).await;
    let app = app.restart(Setup::guarded()).await;
    let ada = app.register(ADA).await;
    assert_eq!(json!(ada.account), built_in);
    let metrics = app.get_as(&ada, "/v1/metrics").await.body;
    assert_eq!(metrics["metrics"].as_array().unwrap().len(), 1);
    let bob = app.register(BOB).await;
    assert_ne!(json!(bob.account), built_in);
    assert_eq!(
        app.get_as(&bob, "/v1/metrics").await.body["metrics"],
        json!([])
    );
    let unused = guarded().await;
    assert_ne!(json!(unused.register(ADA).await.account), built_in);
}
