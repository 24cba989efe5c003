//! Sessions over time: tokens that end, refreshes, lost answers, stolen tokens, the two carriers.

use crate::app::{Setup, TestApp};
use crate::person::{Person, cookies};
use axum::http::Method;
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const DAY_MS: i64 = 24 * 3_600_000;

async fn signed_in() -> (TestApp, Person) {
    let app = TestApp::with(Setup::guarded()).await;
    let ada = app.register(ADA).await;
    (app, ada)
}

fn refresh_token(body: &Value) -> String {
    body["refresh_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_access_token_is_over_after_ten_minutes_and_a_refresh_brings_the_next() {
    let (app, ada) = signed_in().await;
    app.wait(599_000);
    assert_eq!(app.get_as(&ada, "/v1/account").await.status, 200);
    app.wait(1_000);
    assert_eq!(
        app.get_as(&ada, "/v1/account").await.code(),
        (401, "token_expired")
    );
    let cookie = ada.cookie();
    let by_cookie = app
        .call(Method::GET, "/v1/account", &[("cookie", &cookie)])
        .await;
    assert_eq!(by_cookie.code(), (401, "token_expired"));
    assert_eq!(cookies(&by_cookie), [] as [&str; 0]);
    let answer = app
        .post_empty("/v1/auth/refresh", &[("cookie", &cookie)])
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["expires_in"], 600);
    let set = cookies(&answer);
    let access = answer.body["access_token"].as_str().unwrap();
    assert!(set[0].starts_with(&format!("tidemark={access}; Path=/;")));
    let refresh = refresh_token(&answer.body);
    assert!(set[1].starts_with(&format!("tidemark-refresh={refresh}; Path=/v1/auth;")));
    let bearer = format!("Bearer {access}");
    let account = app
        .call(Method::GET, "/v1/account", &[("authorization", &bearer)])
        .await;
    assert_eq!(account.status, 200);
}

#[tokio::test]
async fn a_lost_answer_signs_nobody_out() {
    let (app, ada) = signed_in().await;
    let lost = refresh_token(&app.refresh(&ada.refresh).await.body);
    app.wait(40 * DAY_MS);
    let again = refresh_token(&app.refresh(&ada.refresh).await.body);
    assert_eq!(again, lost);
    let next = app.refresh(&again).await;
    assert_eq!(next.status, 200);
    app.wait(60_000);
    let late = app.refresh(&ada.refresh).await;
    assert_eq!(refresh_token(&late.body), lost);
}

#[tokio::test]
async fn many_refreshes_at_once_all_get_the_same_successor() {
    let (app, ada) = signed_in().await;
    let refreshes = (0..16).map(|_| app.refresh(&ada.refresh));
    let answers = futures_util::future::join_all(refreshes).await;
    let first = refresh_token(&answers[0].body);
    assert!(
        answers
            .iter()
            .all(|answer| refresh_token(&answer.body) == first)
    );
}

#[tokio::test]
async fn a_token_used_up_long_ago_ends_the_session_for_whoever_has_it() {
    let (app, ada) = signed_in().await;
    let second = refresh_token(&app.refresh(&ada.refresh).await.body);
    let third = app.refresh(&second).await.body;
    app.wait(60_001);
    assert_eq!(
        app.refresh(&ada.refresh).await.code(),
        (401, "unauthenticated")
    );
    let newest = refresh_token(&third);
    assert_eq!(app.refresh(&newest).await.code(), (401, "unauthenticated"));
    let bearer = format!("Bearer {}", third["access_token"].as_str().unwrap());
    let account = app
        .call(Method::GET, "/v1/account", &[("authorization", &bearer)])
        .await;
    assert_eq!(account.code(), (401, "unauthenticated"));
}

#[tokio::test]
async fn a_session_lasts_180_days_from_its_last_use() {
    let (app, ada) = signed_in().await;
    app.wait(180 * DAY_MS);
    let second = refresh_token(&app.refresh(&ada.refresh).await.body);
    app.wait(180 * DAY_MS);
    let third = refresh_token(&app.refresh(&second).await.body);
    app.wait(180 * DAY_MS + 1);
    assert_eq!(app.refresh(&third).await.code(), (401, "unauthenticated"));
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_and_a_cookie_taken_away() {
    let (app, ada) = signed_in().await;
    for body in [
        json!({}),
        json!({"refresh_token": null}),
        json!({"refresh_token": "tmr_x"}),
    ] {
        let answer = app.post("/v1/auth/refresh", &body).await;
        assert_eq!(answer.code(), (401, "unauthenticated"), "{body}");
    }
    let wrong_type = app
        .post("/v1/auth/refresh", &json!({"refresh_token": 4}))
        .await;
    assert_eq!(wrong_type.code(), (422, "invalid_field"));
    let answer = app
        .post_empty("/v1/auth/refresh", &[("cookie", "tidemark-refresh=tmr_x")])
        .await;
    assert_eq!(answer.code(), (401, "unauthenticated"));
    assert_eq!(cookies(&answer).len(), 2);
    // A body goes before the cookie.
    let cookie = ada.cookie();
    let headers = [("cookie", cookie.as_str())];
    let answer = app
        .call_json(
            Method::POST,
            "/v1/auth/refresh",
            &headers,
            &json!({"refresh_token": "tmr_x"}),
        )
        .await;
    assert_eq!(answer.code(), (401, "unauthenticated"));
    assert_eq!(cookies(&answer).len(), 0);
}

#[tokio::test]
async fn of_both_carriers_the_bearer_wins() {
    let (app, ada) = signed_in().await;
    let bob = app.register("bob@example.org").await;
    let (cookie, bearer) = (ada.cookie(), bob.bearer());
    let both = [
        ("cookie", cookie.as_str()),
        ("authorization", bearer.as_str()),
    ];
    let account = app.call(Method::GET, "/v1/account", &both).await;
    assert_eq!(account.body["id"], json!(bob.account));
    for header in ["Bearer x", "Bearer", "Basic YTpi", ""] {
        let both = [("cookie", cookie.as_str()), ("authorization", header)];
        let answer = app.call(Method::GET, "/v1/account", &both).await;
        assert_eq!(answer.code(), (401, "unauthenticated"), "{header}");
    }
}

#[tokio::test]
async fn other_sites_can_use_no_cookie_and_plant_none() {
    let (app, ada) = signed_in().await;
    let (cookie, bearer) = (ada.cookie(), ada.bearer());
    let by_cookie = ("cookie", cookie.as_str());
    let by_bearer = ("authorization", bearer.as_str());
    let (ours, none) = (
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
    );
    let (theirs, sibling) = (
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    );
    let (origin, foreign) = (
        ("origin", "http://localhost:8787"),
        ("origin", "https://evil.example"),
    );
    let cases: [(&[(&str, &str)], u16); 10] = [
        (&[by_cookie], 200),
        (&[by_cookie, ours], 200),
        (&[by_cookie, none], 200),
        (&[by_cookie, origin], 200),
        (&[by_cookie, theirs], 403),
        (&[by_cookie, sibling], 403),
        (&[by_cookie, foreign], 403),
        (&[by_cookie, by_bearer, foreign], 200),
        (&[by_bearer, theirs], 200),
        (&[by_bearer, foreign], 200),
    ];
    for (headers, status) in cases {
        let body = json!({"device_id": "a", "events": []});
        let answer = app
            .call_json(Method::POST, "/v1/metrics/batch", headers, &body)
            .await;
        assert_eq!(answer.status, status, "{headers:?}");
        let read = app.call(Method::GET, "/v1/metrics", headers).await;
        assert_eq!(read.status, 200, "{headers:?}");
    }
    for path in ["/v1/auth/refresh", "/v1/auth/logout"] {
        let refresh = format!("tidemark-refresh={}", ada.refresh);
        let answer = app.post_empty(path, &[("cookie", &refresh), theirs]).await;
        assert_eq!(answer.code(), (403, "cross_site"), "{path}");
    }
    let body = crate::person::credentials(ADA, crate::person::PASSWORD);
    let answer = app
        .call_json(Method::POST, "/v1/auth/login", &[theirs], &body)
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(cookies(&answer).len(), 0);
}

#[tokio::test]
async fn a_live_stream_ends_with_its_session_and_before_its_token() {
    let (app, ada) = signed_in().await;
    let other = app.login(ADA).await;
    let mut live = app.live_as(&ada, "/v1/live").await;
    assert_eq!(live.next_hint().await["head"], 0);
    app.post_as(&other, "/v1/users", &json!({"name": "Ada"}))
        .await;
    assert_eq!(live.next_hint().await["head"], 1);
    let path = format!("/v1/devices/{}", ada.device);
    app.call_as(&other, Method::DELETE, &path).await;
    assert!(live.is_over().await);
    app.wait(595_000);
    let mut live = app.live_as(&other, "/v1/live").await;
    assert!(live.is_over().await);
}
