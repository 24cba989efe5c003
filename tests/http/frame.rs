//! What stands on every answer, and what is answered where nothing is.

use crate::app::{TestApp, request};
use axum::body::Body;
use axum::http::Method;

#[tokio::test]
async fn unknown_paths_are_404_and_unknown_methods_405_with_allow() {
    let app = TestApp::start().await;
    for path in [
        "/nope",
        "/v1",
        "/v1/",
        "/v1/metrics/",
        "/v1/metric",
        "/v1/users/1/x",
        "/index.html",
        "/v2/metrics",
        "/%00",
        "/v1/users/%ff",
    ] {
        assert_eq!(app.get(path).await.code(), (404, "not_found"), "{path}");
    }
    let cases = [
        (Method::GET, "/v1/metrics/batch", "POST"),
        (Method::PUT, "/v1/metrics/batch", "POST"),
        (Method::POST, "/v1/metrics", "GET,HEAD"),
        (Method::DELETE, "/v1/users", "GET,HEAD,POST"),
        (Method::PUT, "/v1/users/1", "GET,HEAD,PATCH"),
        (Method::POST, "/v1/server", "GET,HEAD"),
        (Method::OPTIONS, "/v1/app_model", "GET,HEAD,PATCH"),
    ];
    for (method, path, allow) in cases {
        let answer = app.call(method, path, &[]).await;
        assert_eq!(answer.code(), (405, "method_not_allowed"), "{path}");
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
}

#[tokio::test]
async fn a_plain_request_id_is_echoed_and_any_other_replaced() {
    let app = TestApp::start().await;
    let echoed = async |id: &str| {
        let answer = app
            .call(Method::GET, "/v1/server", &[("x-request-id", id)])
            .await;
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(echoed("abc-123_X.y").await, "abc-123_X.y");
    for strange in ["", "a b", "<script>", &"x".repeat(101)] {
        assert_ne!(echoed(strange).await, strange);
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    for path in ["/v1/server", "/nope"] {
        let answer = app.get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            Some("same-origin")
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(
            answer.header("strict-transport-security"),
            None,
            "plain HTTP"
        );
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let app = TestApp::start().await;
    let answer = app
        .send(request(Method::HEAD, "/v1/server", &[], Body::empty()))
        .await;
    assert_eq!((answer.status.as_u16(), answer.bytes.len()), (200, 0));
}
