//! Requests that are sent away: other sites, foreign names, other accounts, old clients, bad bodies.

use crate::app::{Setup, TestApp, id, request};
use axum::body::Body;
use axum::http::Method;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

const JSON: (&str, &str) = ("content-type", "application/json");

fn empty_batch() -> Value {
    json!({"device_id": "a", "events": []})
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn unsafe_methods_of_other_sites_are_refused() {
    let app = TestApp::with(Setup {
        public_url: Some("https://weight.example.org"),
        ..Setup::default()
    })
    .await;
    let cases = json!([
        [{}, 200],
        [{"sec-fetch-site": "same-origin"}, 200],
        [{"sec-fetch-site": "none"}, 200],
        [{"sec-fetch-site": "cross-site"}, 403],
        [{"sec-fetch-site": "same-site"}, 403],
        [{"sec-fetch-site": "cross-site", "origin": "http://localhost:8787"}, 403],
        [{"origin": "http://localhost:8787"}, 200],
        [{"origin": "https://weight.example.org"}, 200],
        [{"origin": "http://evil.example"}, 403],
        [{"origin": "https://localhost:8787"}, 403],
        [{"origin": "null"}, 403],
        [{"host": "weight.example.org", "origin": "https://weight.example.org"}, 200],
    ]);
    for case in cases.as_array().unwrap() {
        let headers = case[0].as_object().unwrap().iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let answer = app
            .call_json(Method::POST, "/v1/metrics/batch", &headers, &empty_batch())
            .await;
        let code = if case[1] == 403 { "cross_site" } else { "" };
        assert_eq!(
            (json!(answer.code().0), answer.code().1),
            (case[1].clone(), code),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn every_unsafe_method_is_guarded_and_reading_is_not() {
    let app = TestApp::start().await;
    let headers = [("sec-fetch-site", "cross-site")];
    let unsafe_calls = [
        (Method::POST, "/v1/users"),
        (Method::PATCH, "/v1/app_model"),
        (Method::DELETE, "/v1/account"),
    ];
    for (method, path) in unsafe_calls {
        let answer = app.call_json(method, path, &headers, &json!({})).await;
        assert_eq!(answer.code(), (403, "cross_site"), "{path}");
    }
    assert_eq!(
        app.call(Method::GET, "/v1/metrics", &headers).await.status,
        200
    );
}

#[tokio::test]
async fn a_name_that_is_not_ours_is_refused_for_reading_too() {
    let app = TestApp::with(Setup {
        public_url: Some("http://weight.local:8787"),
        ..Setup::default()
    })
    .await;
    let cases = [
        ("localhost", 200),
        ("127.0.0.1:8787", 200),
        ("[::1]:8787", 200),
        ("weight.local:8787", 200),
        ("WEIGHT.local:8787", 200),
        ("evil.example", 403),
        ("weight.local", 403),
        ("192.168.1.5:8787", 403),
        ("localhost.evil.example", 403),
    ];
    for (host, status) in cases {
        for path in ["/v1/metrics", "/v1/server"] {
            let answer = app.call(Method::GET, path, &[("host", host)]).await;
            assert_eq!(answer.status, status, "{host} {path}");
        }
    }
}

#[tokio::test]
async fn what_was_written_for_another_account_is_refused_and_nothing_done() {
    let app = TestApp::start().await;
    let ours = app.get("/v1/account").await.body["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (account, status) in [
        (ours.clone(), 201),
        (ours.to_uppercase(), 200),
        (id(1), 403),
        ("x".to_owned(), 403),
    ] {
        let headers = [("tidemark-account", account.as_str())];
        let answer = app
            .call_json(Method::POST, "/v1/users", &headers, &json!({"id": id(7)}))
            .await;
        assert_eq!(answer.status, status, "{account}");
        if status == 403 {
            assert_eq!(answer.code(), (403, "wrong_account"));
            assert_eq!(
                app.call(Method::GET, "/v1/metrics", &headers).await.code(),
                (403, "wrong_account")
            );
        }
    }
    assert_eq!(
        app.get("/v1/users").await.body["users"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_client_of_an_older_protocol_is_told_to_update() {
    let app = TestApp::start().await;
    let cases = [
        ("1", 200, ""),
        ("2", 200, ""),
        ("0", 426, "client_too_old"),
        ("x", 400, "bad_request"),
        ("", 400, "bad_request"),
    ];
    for (version, status, code) in cases {
        let answer = app
            .call(
                Method::GET,
                "/v1/metrics",
                &[("tidemark-protocol", version)],
            )
            .await;
        assert_eq!(answer.code(), (status, code), "{version}");
    }
    let long = "x".repeat(101);
    assert_eq!(
        app.call(Method::GET, "/v1/metrics", &[("tidemark-device", &long)])
            .await
            .code(),
        (400, "bad_request")
    );
}

#[tokio::test]
async fn only_json_is_taken() {
    let app = TestApp::start().await;
    let body = empty_batch().to_string();
    let taken = [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
    ];
    for media_type in taken {
        let answer = app
            .post_bytes(&[("content-type", media_type)], body.clone())
            .await;
        assert_eq!(answer.status, 200, "{media_type}");
    }
    let refused = [
        "text/plain",
        "application/merge-patch+json",
        "application/jsonp",
        "multipart/form-data",
        "",
    ];
    for media_type in refused {
        let answer = app
            .post_bytes(&[("content-type", media_type)], body.clone())
            .await;
        assert_eq!(
            answer.code(),
            (415, "unsupported_media_type"),
            "{media_type}"
        );
    }
    assert_eq!(app.post_bytes(&[], body).await.status, 415);
    for (method, path) in [
        (Method::POST, "/v1/users"),
        (Method::PATCH, "/v1/app_model"),
    ] {
        let text = [("content-type", "text/plain")];
        assert_eq!(
            app.send(request(method, path, &text, Body::from("{}")))
                .await
                .status,
            415
        );
    }
}

#[tokio::test]
async fn a_body_that_does_not_parse_or_has_no_envelope_is_400() {
    let app = TestApp::start().await;
    let cases: [(&[u8], &str); 12] = [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"{} {}", "bad_json"),
        (b"\xff\xfe", "bad_json"),
        (b"{\"device_id\":\"\xc3\x28\",\"events\":[]}", "bad_json"),
        (b"NaN", "bad_json"),
        (b"[]", "bad_request"),
        (b"null", "bad_request"),
        (b"{}", "bad_request"),
        (b"{\"device_id\":\"a\"}", "bad_request"),
        (b"{\"device_id\":\"\",\"events\":[]}", "bad_request"),
        (b"{\"device_id\":\"a\",\"events\":null}", "bad_request"),
    ];
    for (body, code) in cases {
        let answer = app.post_bytes(&[JSON], body.to_vec()).await;
        assert_eq!(
            answer.code(),
            (400, code),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
}

#[tokio::test]
async fn a_body_that_nests_too_deep_is_400_however_sound_it_is() {
    let app = TestApp::start().await;
    for (depth, code) in [(127, 200), (128, 400), (100_000, 400)] {
        // The batch itself is the first level.
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        let body = format!(r#"{{"device_id":"a","events":[],"more":{open}{close}}}"#);
        let answer = app.post_bytes(&[JSON], body).await;
        assert_eq!(answer.status, code, "{depth}");
        assert_eq!(answer.code().1, if code == 400 { "bad_json" } else { "" });
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_packed_or_not() {
    let app = TestApp::start().await;
    let padded = |length: usize| {
        let frame = r#"{"device_id":"a","events":[],"x":""}"#;
        format!(
            r#"{{"device_id":"a","events":[],"x":"{}"}}"#,
            "x".repeat(length - frame.len())
        )
    };
    let limit = 1_048_576;
    assert_eq!(app.post_bytes(&[JSON], padded(limit)).await.status, 200);
    for length in [limit + 1, 3 * limit, 20 * limit] {
        assert_eq!(
            app.post_bytes(&[JSON], padded(length)).await.code(),
            (413, "too_large"),
            "{length}"
        );
    }
    let packed = [JSON, ("content-encoding", "gzip")];
    assert_eq!(
        app.post_bytes(&packed, gzip(padded(limit).as_bytes()))
            .await
            .status,
        200
    );
    let bomb = gzip(&vec![b' '; 200 * limit]);
    assert!(bomb.len() < limit);
    assert_eq!(
        app.post_bytes(&packed, bomb).await.code(),
        (413, "too_large")
    );
    assert_eq!(
        app.send(request(
            Method::POST,
            "/v1/users",
            &[JSON],
            padded(limit + 1).into()
        ))
        .await
        .status,
        413
    );
}

#[tokio::test]
async fn gzip_is_the_only_encoding() {
    let app = TestApp::start().await;
    let body = empty_batch().to_string();
    for encoding in ["gzip", "GZIP", "identity"] {
        let bytes = if encoding == "identity" {
            body.clone().into_bytes()
        } else {
            gzip(body.as_bytes())
        };
        assert_eq!(
            app.post_bytes(&[JSON, ("content-encoding", encoding)], bytes)
                .await
                .status,
            200,
            "{encoding}"
        );
    }
    for encoding in ["br", "deflate", "zstd", "gzip, gzip", "x"] {
        let answer = app
            .post_bytes(&[JSON, ("content-encoding", encoding)], body.clone())
            .await;
        assert_eq!(answer.code(), (415, "unsupported_media_type"), "{encoding}");
    }
    let cut = &gzip(body.as_bytes())[..20];
    for broken in [body.as_bytes(), cut, b""] {
        let answer = app
            .post_bytes(&[JSON, ("content-encoding", "gzip")], broken.to_vec())
            .await;
        assert_eq!(answer.code(), (400, "bad_json"));
    }
}
