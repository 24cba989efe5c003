//! Accounts: made and entered.

use crate::app::{CHEAP, Setup, TestApp, at, new_metric};
use crate::person::{PASSWORD, Person, cookies, credentials};
use axum::http::Method;
use serde_json::{Value, json};
use tidemark_server::accounts::PasswordCost;
use tidemark_server::config::Auth;

pub const ADA: &str = "ada@example.org";
pub const BOB: &str = "bob@example.org";

pub async fn guarded() -> TestApp {
    TestApp::with(Setup::guarded()).await
}

pub fn batch(device: &str, events: &[Value]) -> Value {
    json!({"device_id": device, "events": events})
}

#[tokio::test]
async fn registering_answers_tokens_of_both_carriers_and_a_recovery_code() {
    let app = guarded().await;
    let body =
        json!({"email": "Ada@Example.org", "password": PASSWORD, "device_name": " Ada's phone "});
    let answer = app.post("/v1/auth/register", &body).await;
    assert_eq!(answer.status, 201);
    let ada = Person::of(&answer);
    assert_eq!(answer.body["account"]["email"], "Ada@Example.org");
    assert_eq!(answer.body["expires_in"], 600);
    assert_eq!(ada.recovery_code.as_ref().map(String::len), Some(29));
    let account = app.get_as(&ada, "/v1/account").await;
    let expected = json!({"id": ada.account, "email": "Ada@Example.org"});
    assert_eq!((account.status.as_u16(), account.body), (200, expected));
    let set = cookies(&answer);
    let attributes = "Max-Age=15552000; HttpOnly; SameSite=Strict";
    let expected = [
        format!("tidemark={}; Path=/; {attributes}", ada.access),
        format!(
            "tidemark-refresh={}; Path=/v1/auth; {attributes}",
            ada.refresh
        ),
    ];
    assert_eq!(set, expected);
    let cookie = ada.cookie();
    let by_cookie = app
        .call(Method::GET, "/v1/account", &[("cookie", &cookie)])
        .await;
    assert_eq!(by_cookie.status, 200);
    let devices = app.get_as(&ada, "/v1/devices").await.body;
    let expected = json!({"devices": [{"device_id": ada.device, "name": "Ada's phone", "created_at": at(0),
        "last_seen_at": at(0), "acknowledged_version": 0}]});
    assert_eq!(devices, expected);
}

#[tokio::test]
async fn over_tls_cookies_are_secure_and_bound_to_the_host() {
    let setup = Setup {
        public_url: Some("https://weight.example.org"),
        ..Setup::guarded()
    };
    let app = TestApp::with(setup).await;
    for host in ["weight.example.org", "localhost:8787"] {
        let (headers, email) = ([("host", host)], format!("{}@example.org", host.len()));
        let body = credentials(&email, PASSWORD);
        let answer = app
            .call_json(Method::POST, "/v1/auth/register", &headers, &body)
            .await;
        let set = cookies(&answer);
        assert!(set[0].starts_with("__Host-tidemark=") && set[0].ends_with("; Secure"));
        assert!(set[1].starts_with("__Secure-tidemark-refresh=") && set[1].ends_with("; Secure"));
        let access = answer.body["access_token"].as_str().unwrap();
        for (name, status) in [("__Host-tidemark", 200), ("tidemark", 401)] {
            let cookie = format!("{name}={access}");
            let headers = [("host", host), ("cookie", &cookie)];
            let answer = app.call(Method::GET, "/v1/account", &headers).await;
            assert_eq!(answer.status, status, "{name}");
        }
    }
}

#[tokio::test]
async fn an_address_has_one_account_whatever_its_case() {
    let app = guarded().await;
    app.register(ADA).await;
    let again = app
        .post(
            "/v1/auth/register",
            &credentials("ADA@example.ORG", "another good one"),
        )
        .await;
    assert_eq!(again.code(), (409, "email_taken"));
    let answer = app
        .post("/v1/auth/login", &credentials("aDa@example.org", PASSWORD))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["recovery_code"], Value::Null);
}

#[tokio::test]
async fn what_is_no_registration_is_refused_at_its_field() {
    let app = guarded().await;
    let cases = [
        (json!({}), "invalid_field", "email"),
        (json!({"email": ADA}), "invalid_field", "password"),
        (
            json!({"email": 4, "password": PASSWORD}),
            "invalid_field",
            "email",
        ),
        (credentials("ada", PASSWORD), "invalid_field", "email"),
        (credentials(ADA, "short"), "weak_password", "password"),
        (credentials(ADA, "123456789"), "weak_password", "password"),
        (credentials(ADA, "password123"), "weak_password", "password"),
        (
            credentials(ADA, &"long ".repeat(300)),
            "invalid_field",
            "password",
        ),
        (
            json!({"email": ADA, "password": PASSWORD, "device_name": 4}),
            "invalid_field",
            "device_name",
        ),
        (
            json!({"email": ADA, "password": PASSWORD, "device_name": "x".repeat(101)}),
            "invalid_field",
            "device_name",
        ),
    ];
    for (body, code, field) in cases {
        let answer = app.post("/v1/auth/register", &body).await;
        assert_eq!(answer.code(), (422, code), "{body}");
        assert_eq!(answer.body["field"], field, "{body}");
    }
    app.register(ADA).await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = guarded().await;
    app.register(ADA).await;
    let mut wrong = app
        .post("/v1/auth/login", &credentials(ADA, "another good one"))
        .await;
    let mut unknown = app
        .post("/v1/auth/login", &credentials(BOB, PASSWORD))
        .await;
    assert_eq!(wrong.code(), (401, "bad_credentials"));
    for answer in [&mut wrong, &mut unknown] {
        answer.body["instance"] = Value::Null;
        answer.headers.remove("x-request-id");
    }
    assert_eq!(wrong.body, unknown.body);
    assert_eq!(wrong.headers, unknown.headers);
    let recover = |email: &str| json!({"email": email, "recovery_code": "0000-0000-0000-0000-0000-0000", "new_password": PASSWORD});
    for email in [ADA, BOB] {
        let answer = app.post("/v1/auth/recover", &recover(email)).await;
        assert_eq!(answer.code(), (401, "bad_credentials"), "{email}");
    }
}

#[tokio::test]
async fn accounts_see_nothing_of_each_other() {
    let app = guarded().await;
    let (ada, bob) = (app.register(ADA).await, app.register(BOB).await);
    app.post_as(&ada, "/v1/users", &json!({"name": "Ada"}))
        .await;
    let pushed = app
        .post_as(
            &ada,
            "/v1/metrics/batch",
            &batch("a", &[new_metric(1, &json!({}))]),
        )
        .await;
    assert_eq!(pushed.body["results"][0]["status"], "applied");
    let id = pushed.body["results"][0]["server_id"].as_str().unwrap();
    let mine = app.get_as(&bob, "/v1/metrics").await.body;
    assert_eq!(mine["metrics"], json!([]));
    for path in [
        "/v1/users/1".to_owned(),
        format!("/v1/metrics/{id}/history"),
    ] {
        assert_eq!(
            app.get_as(&bob, &path).await.code(),
            (404, "not_found"),
            "{path}"
        );
        assert_eq!(app.get_as(&ada, &path).await.status, 200, "{path}");
    }
    let cursor = app.get_as(&ada, "/v1/metrics").await.body["cursor"].clone();
    let path = format!("/v1/metrics?since={}", cursor.as_str().unwrap());
    assert_eq!(app.get_as(&bob, &path).await.code(), (400, "bad_cursor"));
    let headers = [
        ("authorization", bob.bearer()),
        ("tidemark-account", ada.account),
    ];
    let headers = headers
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = app.call(Method::GET, "/v1/metrics", &headers).await;
    assert_eq!(answer.code(), (403, "wrong_account"));
}

#[tokio::test]
async fn a_device_that_names_itself_keeps_its_id_and_its_old_session_ends() {
    let app = guarded().await;
    let ada = app.register(ADA).await;
    let headers = [("tidemark-device", ada.device.as_str())];
    let again = app
        .call_json(
            Method::POST,
            "/v1/auth/login",
            &headers,
            &credentials(ADA, PASSWORD),
        )
        .await;
    let again = Person::of(&again);
    assert_eq!(again.device, ada.device);
    assert_eq!(
        app.get_as(&ada, "/v1/account").await.code(),
        (401, "unauthenticated")
    );
    assert_eq!(app.get_as(&again, "/v1/account").await.status, 200);
    let other = app.login(ADA).await;
    assert_ne!(other.device, ada.device);
    let devices = app.get_as(&other, "/v1/devices").await.body;
    assert_eq!(devices["devices"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_password_is_hashed_anew_where_hashing_has_become_dearer() {
    let app = guarded().await;
    app.register(ADA).await;
    let dearer = |passes| Setup {
        cost: PasswordCost { passes, ..CHEAP },
        ..Setup::guarded()
    };
    let app = app.restart(dearer(2)).await;
    app.login(ADA).await;
    let wrong = app
        .post("/v1/auth/login", &credentials(ADA, "another good one"))
        .await;
    assert_eq!(wrong.code(), (401, "bad_credentials"));
    let hashes = app.column("SELECT password_hash FROM account").await;
    assert!(hashes.len() == 1 && hashes[0].contains("t=2"), "{hashes:?}");
    let app = app.restart(dearer(2)).await;
    app.login(ADA).await;
    assert_eq!(
        app.column("SELECT password_hash FROM account").await,
        hashes
    );
}

#[tokio::test]
async fn nothing_in_the_database_lets_anyone_in() {
    let app = guarded().await;
    let ada = app.register(ADA).await;
    let everything = app
        .column("SELECT email || password_hash || hex(recovery_hash) FROM account")
        .await;
    let sessions = app
        .column("SELECT hex(secret_hash) || hex(salt) || device_id || rotations FROM session")
        .await;
    let stored = [everything, sessions].concat().concat();
    for secret in [
        PASSWORD,
        &ada.access,
        &ada.refresh,
        &ada.recovery_code.unwrap(),
    ] {
        assert!(!stored.contains(secret));
    }
}

#[tokio::test]
async fn keys_are_rotated_without_signing_anybody_out() {
    let app = guarded().await;
    let ada = app.register(ADA).await;
    let keys = |keys: &[u8]| Setup {
        keys: keys.to_vec(),
        ..Setup::guarded()
    };
    let app = app.restart(keys(&[2, 1])).await;
    assert_eq!(app.get_as(&ada, "/v1/account").await.status, 200);
    let app = app.restart(keys(&[3, 2])).await;
    assert_eq!(
        app.get_as(&ada, "/v1/account").await.code(),
        (401, "unauthenticated")
    );
    let refreshed = app.refresh(&ada.refresh).await;
    assert_eq!(refreshed.status, 200);
}

#[tokio::test]
async fn tokens_mean_nothing_where_nobody_signs_in() {
    let app = guarded().await;
    let ada = app.register(ADA).await;
    let app = app
        .restart(Setup {
            auth: Auth::Off,
            ..Setup::default()
        })
        .await;
    let account = app.get_as(&ada, "/v1/account").await.body;
    assert_eq!(account["email"], Value::Null);
    assert_ne!(account["id"], json!(ada.account));
    assert_eq!(app.get("/v1/account/export").await.body["account"], account);
}
