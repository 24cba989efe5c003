//! What stands on every answer, and what is answered where nothing is.

use crate::app::{Setup, TestApp, request};
use crate::person::{PASSWORD, credentials};
use axum::body::Body;
use axum::http::Method;
use serde_json::json;

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
    for plain in ["abc-123_X.y", &"x".repeat(100)] {
        assert_eq!(echoed(plain).await, plain);
    }
    for strange in ["", "a b", "<script>", &"x".repeat(101)] {
        assert_ne!(echoed(strange).await, strange);
    }
}

const HEADERS: [(&str, &str); 9] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types default; report-to csp",
    ),
    ("reporting-endpoints", "csp=\"/csp-report\""),
    (
        "strict-transport-security",
        "max-age=63072000; includeSubDomains; preload",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), bluetooth=(), browsing-topics=()",
    ),
    ("cache-control", "no-store"),
];

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let plain = TestApp::start().await;
    let secure = TestApp::with(Setup {
        public_url: Some("https://localhost:8787"),
        ..Setup::guarded()
    })
    .await;
    for path in ["/v1/server", "/v1/metrics", "/nope", "/v1/openapi.json"] {
        for (app, is_tls) in [(&plain, false), (&secure, true)] {
            let answer = app.get(path).await;
            for (name, value) in HEADERS {
                // Over plain HTTP a browser must not believe it.
                let is_sent = is_tls || name != "strict-transport-security";
                let expected = is_sent.then_some(value);
                assert_eq!(answer.header(name), expected, "{name} of {path}");
            }
        }
    }
}

#[tokio::test]
async fn long_answers_are_packed_for_those_who_take_it_and_tokens_never() {
    let app = TestApp::with(Setup::guarded()).await;
    let gzip = [("accept-encoding", "gzip")];
    let packed = app.call(Method::GET, "/v1/openapi.json", &gzip).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.header("vary").unwrap().contains("accept-encoding"));
    let plain = app.get("/v1/openapi.json").await;
    assert_eq!(plain.header("content-encoding"), None);
    assert!(packed.bytes.len() * 4 < plain.bytes.len());
    let body = credentials(&format!("{}@example.org", "a".repeat(200)), PASSWORD);
    let signed_in = app
        .call_json(Method::POST, "/v1/auth/register", &gzip, &body)
        .await;
    assert!(signed_in.status == 201 && signed_in.header("content-encoding").is_none());
}

#[tokio::test]
async fn a_page_that_broke_its_policy_may_say_so_and_nothing_comes_of_it() {
    let app = TestApp::with(Setup::guarded()).await;
    let report = json!([{"type": "csp-violation", "body": {"effectiveDirective": "script-src", "sample": "x"}}]);
    for body in [
        report.to_string(),
        "not json".to_owned(),
        String::new(),
        "[[[[".to_owned(),
    ] {
        let headers = [("content-type", "application/reports+json")];
        let request = request(Method::POST, "/csp-report", &headers, Body::from(body));
        assert_eq!(app.send(request).await.status, 204);
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
