//! Thousands of broken requests made from a seed: every one is answered with a problem, none changes anything.

use crate::app::{Setup, TestApp, new_metric, request};
use crate::person::PASSWORD;
use axum::body::Body;
use axum::http::Method;
use serde_json::json;

const REQUESTS: usize = 3000;
/// Where people sign in: ten thousand in all.
const REQUESTS_SIGNED_IN: usize = 7000;
const SEED: u64 = 0x5eed_0001;

/// A small generator of numbers (splitmix64): the same seed, the same run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

struct Bad {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

const BATCH: &str = "/v1/metrics/batch";
const JSON: &str = "application/json";
/// A header that changes nothing.
const NO_HEADER: (&str, &str) = ("x-none", "");
const GOOD_BATCH: &str = r#"{"device_id":"a","events":[{"local_id":1,"type":"UPSERT_METRIC","payload":{"user_id":1,"weight":80,"created_at":"2026-02-20T10:22:33Z"}}]}"#;

/// A good batch cut off somewhere, or with a byte that JSON has no use for.
fn broken_json(chance: &mut Chance) -> Vec<u8> {
    let mut body = GOOD_BATCH.as_bytes().to_vec();
    if chance.below(2) == 0 {
        body.truncate(chance.below(body.len()));
    } else {
        let place = chance.below(body.len());
        body[place] = [0x00, 0x01, 0x80, 0xff][chance.below(4)];
    }
    body
}

fn bad_envelope(chance: &mut Chance) -> Vec<u8> {
    let device = chance.pick(&[
        "null",
        "5",
        "\"\"",
        "[]",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "true",
    ]);
    let events = chance.pick(&["null", "{}", "5", "\"\"", "false"]);
    let body = match chance.below(4) {
        0 => format!(r#"{{"device_id":{device},"events":[]}}"#),
        1 => format!(r#"{{"device_id":"a","events":{events}}}"#),
        2 => format!("[{device},{events}]"),
        _ => events.replace("{}", "[]"),
    };
    body.into_bytes()
}

fn bad_user(chance: &mut Chance, method: &Method) -> Vec<u8> {
    let field = chance.pick(&[
        // What a change says of the id does not count.
        if *method == Method::POST {
            "id"
        } else {
            "name"
        },
        "op_id",
        "name",
        "surname",
        "gender",
        "avatar",
        "height",
        "birth_date",
        "updated_at",
    ]);
    let value = chance.pick(&["{}", "[1]", "true", "1e999", "\"\\u0000\"", "-1"]);
    format!(r#"{{"name":"x","{field}":{value}}}"#).into_bytes()
}

fn bad(chance: &mut Chance) -> Bad {
    match chance.below(5) {
        0 => bad_body(chance),
        1 => bad_headers(chance),
        2 => bad_query(chance),
        3 => bad_call(chance),
        _ => bad_method(chance),
    }
}

fn post(path: &str, header: (&'static str, &str), body: Vec<u8>) -> Bad {
    let json = ("content-type", JSON.to_owned());
    let headers = vec![json, (header.0, header.1.to_owned())];
    Bad {
        method: Method::POST,
        path: path.to_owned(),
        headers,
        body,
    }
}

fn bad_body(chance: &mut Chance) -> Bad {
    let body = if chance.below(2) == 0 {
        broken_json(chance)
    } else {
        bad_envelope(chance)
    };
    post(BATCH, NO_HEADER, body)
}

fn bad_headers(chance: &mut Chance) -> Bad {
    let site = chance.pick(&["cross-site", "same-site", "x", ""]);
    let encoding = chance.pick(&["br", "gzip", "deflate", "zstd", "compress", "gzip,br"]);
    let media_type = chance.pick(&[
        "text/plain",
        "",
        "application/xml",
        "multipart/form-data; boundary=x",
        "json",
    ]);
    let account = chance.pick(&["x", "", "0190c0de-0000-7000-8000-0000000000ee"]);
    let bad = [
        ("sec-fetch-site", site),
        ("content-encoding", encoding),
        ("content-type", media_type),
        ("tidemark-account", account),
        ("tidemark-protocol", "0"),
        ("host", "evil.example"),
        ("origin", "null"),
    ];
    let (name, value) = bad[chance.below(bad.len())];
    let mut request = post(BATCH, (name, value), GOOD_BATCH.into());
    if name == "content-type" {
        request.headers.remove(0);
    }
    request
}

fn bad_query(chance: &mut Chance) -> Bad {
    let query = chance.pick(&[
        "since=x",
        "limit=0",
        "limit=1001",
        "limit=-1",
        "since=1.m.5..",
        "since=%ff",
        "since=...",
    ]);
    let feed = chance.pick(&["metrics", "users"]);
    let path = format!("/v1/{feed}?{query}&{}", chance.next());
    Bad {
        method: Method::GET,
        ..post(&path, NO_HEADER, Vec::new())
    }
}

fn bad_call(chance: &mut Chance) -> Bad {
    let (method, path) =
        [(Method::POST, "/v1/users"), (Method::PATCH, "/v1/users/1")][chance.below(2)].clone();
    let body = bad_user(chance, &method);
    Bad {
        method,
        ..post(path, NO_HEADER, body)
    }
}

fn bad_method(chance: &mut Chance) -> Bad {
    let path = chance.pick(&[
        "/v1/metrics",
        "/v1/server",
        "/v1/app_model",
        "/v1/digests",
        "/v1/nope",
        "/livez",
    ]);
    let method = [Method::PUT, Method::DELETE, Method::POST][chance.below(3)].clone();
    Bad {
        method,
        ..post(path, NO_HEADER, GOOD_BATCH.into())
    }
}

#[tokio::test]
async fn every_broken_request_gets_a_problem_and_changes_nothing() {
    let app = TestApp::with_users(1).await;
    app.push_one("a", new_metric(1, &json!({}))).await;
    let before = app.everything().await;
    let mut chance = Chance(SEED);
    for number in 0..REQUESTS {
        let bad = bad(&mut chance);
        let headers: Vec<_> = bad
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let told = format!(
            "seed {SEED:#x}, request {number}: {} {}",
            bad.method, bad.path
        );
        let body = String::from_utf8_lossy(&bad.body).into_owned();
        let answer = app
            .send(request(
                bad.method,
                &bad.path,
                &headers,
                Body::from(bad.body),
            ))
            .await;
        assert!(
            answer.status.is_client_error(),
            "{told} {headers:?} {body}: {}",
            answer.status
        );
    }
    assert_eq!(app.everything().await, before);
}

/// A call under `/v1/auth` that nobody can mean.
fn bad_sign_in(chance: &mut Chance) -> Bad {
    let call = chance.pick(&["register", "login", "recover", "refresh", "logout"]);
    let path = format!("/v1/auth/{call}");
    let email = chance.pick(&[
        "\"\"",
        "\"x\"",
        "5",
        "null",
        "[]",
        "{}",
        "\"a@b@c\"",
        "\"\\u0000@x\"",
        "\"\\ud800@x\"",
    ]);
    let password = chance.pick(&[
        "\"short\"",
        "5",
        "null",
        "[]",
        "\"1234567890\"",
        "\"\\ud800\"",
        "true",
    ]);
    let token = chance.pick(&["\"\"", "\"tmr_\"", "5", "[]", "{}", "\"tmr_AAAA\"", "true"]);
    let body = match chance.below(5) {
        0 => broken_json(chance),
        1 => email.into(),
        _ => format!(
            r#"{{"email":{email},"password":{password},"new_password":{password},"recovery_code":{token},"refresh_token":{token}}}"#
        )
        .into_bytes(),
    };
    post(&path, NO_HEADER, body)
}

/// A sound request with a broken token.
fn bad_token(chance: &mut Chance) -> Bad {
    let token = chance.pick(&[
        "Bearer",
        "Bearer x.y.z",
        "Basic YTpi",
        "Bearer ..",
        "bearer \u{e9}",
        "x",
    ]);
    let path = chance.pick(&[
        "/v1/metrics",
        "/v1/account",
        "/v1/devices",
        "/v1/live",
        "/v1/account/export",
    ]);
    let mut bad = post(path, ("authorization", token), Vec::new());
    bad.method = Method::GET;
    bad
}

#[tokio::test]
async fn the_same_where_people_sign_in() {
    let app = TestApp::with(Setup::guarded()).await;
    let ada = app.register("ada@example.org").await;
    app.post_as(&ada, "/v1/users", &json!({"name": "Ada"}))
        .await;
    let bearer = ada.bearer();
    let before = app.database().await;
    let mut chance = Chance(SEED + 1);
    let mut number = 0;
    while number < REQUESTS_SIGNED_IN {
        let mut bad = match chance.below(4) {
            0 => bad_sign_in(&mut chance),
            1 => bad_token(&mut chance),
            _ => bad(&mut chance),
        };
        let is_sign_in = bad.path.starts_with("/v1/auth/");
        if !is_sign_in && !bad.headers.iter().any(|(name, _)| *name == "authorization") {
            bad.headers.push(("authorization", bearer.clone()));
        }
        // Only a cookie, or no sign-in at all, makes where a request comes from matter.
        let innocent = ["sec-fetch-site", "origin", "host"];
        if bad.headers.iter().any(|(name, _)| innocent.contains(name)) {
            continue;
        }
        number += 1;
        let headers: Vec<_> = bad
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let body = String::from_utf8_lossy(&bad.body).into_owned();
        let told = format!(
            "request {number}: {} {} {headers:?} {body}",
            bad.method, bad.path
        );
        let answer = app
            .send(request(
                bad.method,
                &bad.path,
                &headers,
                Body::from(bad.body),
            ))
            .await;
        assert!(answer.status.is_client_error(), "{told}: {}", answer.status);
        assert!(!answer.body["code"].is_null(), "{told}");
        assert!(
            !String::from_utf8_lossy(&answer.bytes).contains(PASSWORD),
            "{told}"
        );
    }
    assert_eq!(app.database().await, before);
}
