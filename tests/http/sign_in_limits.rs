//! Who knocks too often has to wait.

use crate::app::{Answer, Setup, TestApp, request};
use crate::person::{PASSWORD, credentials};
use axum::body::Body;
use axum::http::Method;
use serde_json::Value;

const ADA: &str = "ada@example.org";
const WRONG: &str = "another good one";

async fn post_from(app: &TestApp, client: &str, path: &str, body: &Value) -> Answer {
    let headers = [
        ("x-forwarded-for", client),
        ("content-type", "application/json"),
    ];
    app.send(request(
        Method::POST,
        path,
        &headers,
        Body::from(body.to_string()),
    ))
    .await
}

async fn login_from(app: &TestApp, client: &str, email: &str, password: &str) -> Answer {
    post_from(app, client, "/v1/auth/login", &credentials(email, password)).await
}

async fn behind_proxy(registrations_per_hour: usize) -> TestApp {
    TestApp::with(Setup {
        trusts_proxy: true,
        registrations_per_hour,
        ..Setup::guarded()
    })
    .await
}

#[tokio::test]
async fn ten_failures_in_a_quarter_of_an_hour_are_enough_for_one_client_and_address() {
    let app = behind_proxy(0).await;
    app.register(ADA).await;
    for _ in 0..10 {
        let answer = login_from(&app, "10.0.0.1", ADA, WRONG).await;
        assert_eq!(answer.code(), (401, "bad_credentials"));
        app.wait(1_000);
    }
    for password in [WRONG, PASSWORD] {
        let answer = login_from(&app, "10.0.0.1", "ADA@example.org", password).await;
        assert_eq!(answer.code(), (429, "rate_limited"));
        assert_eq!(answer.header("retry-after"), Some("890"));
    }
    let elsewhere = login_from(&app, "10.0.0.2", ADA, PASSWORD).await;
    assert_eq!(elsewhere.status, 200);
    let other = login_from(&app, "10.0.0.1", "bob@example.org", WRONG).await;
    assert_eq!(other.code(), (401, "bad_credentials"));
    // Only the proxy's own entry counts.
    let forged = login_from(&app, "10.0.0.9, 10.0.0.1", ADA, PASSWORD).await;
    assert_eq!(forged.code(), (429, "rate_limited"));
    app.wait(890_000);
    assert_eq!(
        login_from(&app, "10.0.0.1", ADA, PASSWORD).await.status,
        200
    );
}

#[tokio::test]
async fn signing_in_rightly_counts_for_nothing() {
    let app = behind_proxy(0).await;
    app.register(ADA).await;
    for round in 0..30 {
        let password = if round % 3 == 2 { PASSWORD } else { WRONG };
        let answer = login_from(&app, "10.0.0.1", ADA, password).await;
        let status = if round % 3 == 2 { 200 } else { 401 };
        assert_eq!(answer.status, status, "{round}");
    }
}

#[tokio::test]
async fn many_guesses_at_once_are_counted_before_they_are_known() {
    let app = behind_proxy(0).await;
    app.register(ADA).await;
    let guesses = (0..40).map(|_| login_from(&app, "10.0.0.1", ADA, WRONG));
    let answers = futures_util::future::join_all(guesses).await;
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(refused, 30);
}

#[tokio::test]
async fn a_client_registers_so_many_accounts_in_an_hour() {
    let app = behind_proxy(3).await;
    for number in 0..3 {
        let body = credentials(&format!("{number}@example.org"), PASSWORD);
        let answer = post_from(&app, "10.0.0.1", "/v1/auth/register", &body).await;
        assert_eq!(answer.status, 201, "{number}");
    }
    let body = credentials("more@example.org", PASSWORD);
    let answer = post_from(&app, "10.0.0.1", "/v1/auth/register", &body).await;
    assert_eq!(answer.code(), (429, "rate_limited"));
    assert_eq!(answer.header("retry-after"), Some("3600"));
    let elsewhere = post_from(&app, "10.0.0.2", "/v1/auth/register", &body).await;
    assert_eq!(elsewhere.status, 201);
    app.wait(3_600_000);
    let body = credentials("later@example.org", PASSWORD);
    let answer = post_from(&app, "10.0.0.1", "/v1/auth/register", &body).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn an_account_asks_so_often_in_a_minute() {
    let app = TestApp::with(Setup {
        requests_per_minute: 5,
        ..Setup::guarded()
    })
    .await;
    let (ada, bob) = (
        app.register(ADA).await,
        app.register("bob@example.org").await,
    );
    for _ in 0..5 {
        assert_eq!(app.get_as(&ada, "/v1/metrics").await.status, 200);
    }
    app.wait(20_000);
    let answer = app.get_as(&ada, "/v1/metrics").await;
    assert_eq!(answer.code(), (429, "rate_limited"));
    assert_eq!(answer.header("retry-after"), Some("40"));
    assert_eq!(app.get_as(&bob, "/v1/metrics").await.status, 200);
    app.wait(40_000);
    assert_eq!(app.get_as(&ada, "/v1/metrics").await.status, 200);
}

#[tokio::test]
async fn three_hundred_failures_of_one_client_are_enough_whatever_the_addresses() {
    let app = behind_proxy(0).await;
    app.register(ADA).await;
    for number in 0..300 {
        let email = format!("person-{number}@example.org");
        let answer = login_from(&app, "10.0.0.1", &email, WRONG).await;
        assert_eq!(answer.code(), (401, "bad_credentials"), "{number}");
    }
    let refused = login_from(&app, "10.0.0.1", ADA, PASSWORD).await;
    assert_eq!(refused.code(), (429, "rate_limited"));
    assert_eq!(refused.header("retry-after"), Some("900"));
    let elsewhere = login_from(&app, "10.0.0.2", ADA, PASSWORD).await;
    assert_eq!(elsewhere.status, 200);
}
