//! Every route against every attack. A route that is missing from the table fails the test, so a new one can't be forgotten.

use crate::app::{Answer, Setup, TestApp, new_metric, request};
use crate::person::Person;
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tidemark_server::http::listed_routes;
use tidemark_server::storage::MemoryStorage;

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Anyone; a token makes no difference.
    Open,
    /// Whoever is signed in.
    SignedIn,
    /// The calls that make, renew and end a session look at tokens in their own way.
    Session,
}

/// A route, a request of an honest client, and who may make it. `{user}` and `{metric}` and `{device}` are Ada's.
struct Row(Method, &'static str, &'static str, Value, Kind);

/// Routes for whoever is signed in, and the path of a request where it is not the route's own.
const SIGNED_IN: [(&str, &str); 16] = [
    ("POST /v1/metrics/batch", ""),
    ("GET /v1/metrics", ""),
    (
        "GET /v1/metrics/{id}/history",
        "/v1/metrics/{metric}/history",
    ),
    ("GET /v1/users", ""),
    ("POST /v1/users", ""),
    ("GET /v1/users/{id}", "/v1/users/{user}"),
    ("PATCH /v1/users/{id}", "/v1/users/{user}"),
    ("GET /v1/app_model", ""),
    ("PATCH /v1/app_model", ""),
    ("GET /v1/digests", "/v1/digests?user_id={user}"),
    ("GET /v1/devices", ""),
    ("DELETE /v1/devices/{id}", "/v1/devices/{device}"),
    ("GET /v1/account", ""),
    ("DELETE /v1/account", ""),
    ("GET /v1/account/export", ""),
    ("GET /v1/live", ""),
];
const SESSION: [(&str, &str); 5] = [
    ("POST /v1/auth/register", ""),
    ("POST /v1/auth/login", ""),
    ("POST /v1/auth/recover", ""),
    ("POST /v1/auth/refresh", ""),
    ("POST /v1/auth/logout", ""),
];
const OPEN: [(&str, &str); 6] = [
    ("GET /v1/server", ""),
    ("GET /v1/openapi.json", ""),
    ("GET /livez", ""),
    ("GET /readyz", ""),
    ("GET /version", ""),
    ("POST /csp-report", ""),
];

/// The body of a request; null for none.
fn body_of(route: &str) -> Value {
    match route {
        "POST /v1/metrics/batch" => {
            json!({"device_id": "x", "events": [new_metric(1, &json!({"note": "hers"}))]})
        }
        "POST /v1/users" | "PATCH /v1/users/{id}" => json!({"name": "Eve"}),
        "PATCH /v1/app_model" => json!({"theme": "dark"}),
        "POST /v1/auth/login" => {
            json!({"email": "eve@example.org", "password": "not the password"})
        }
        "POST /v1/auth/logout" => Value::Null,
        "POST /csp-report" => json!([]),
        route if route.starts_with("POST ") => json!({}),
        _ => Value::Null,
    }
}

fn table() -> Vec<Row> {
    let row = |kind: Kind| {
        move |(route, path): &(&'static str, &'static str)| {
            let (method, own) = route.split_once(' ').unwrap();
            let path = if path.is_empty() { own } else { path };
            Row(method.parse().unwrap(), own, path, body_of(route), kind)
        }
    };
    let signed_in = SIGNED_IN.iter().map(row(Kind::SignedIn));
    let session = SESSION.iter().map(row(Kind::Session));
    let open = OPEN.iter().map(row(Kind::Open));
    signed_in.chain(session).chain(open).collect()
}

/// What an attack is called, the headers it comes with, and what it gets.
type Attack<'a> = (&'a str, &'a [(&'a str, &'a str)], (u16, &'a str));

/// Ada with a row of every kind, and Eve, who attacks.
struct World {
    app: TestApp,
    ada: Person,
    eve: Person,
    user: String,
    metric: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::with(Setup::guarded()).await;
        let (ada, eve) = (
            app.register("ada@example.org").await,
            app.register("eve@example.org").await,
        );
        let user = app
            .post_as(&ada, "/v1/users", &json!({"name": "Ada"}))
            .await
            .body;
        let body = json!({"device_id": "a", "events": [new_metric(1, &json!({"note": "mine"}))]});
        let pushed = app.post_as(&ada, "/v1/metrics/batch", &body).await.body;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            user: text(&user["id"]),
            metric: text(&pushed["results"][0]["server_id"]),
            app,
            ada,
            eve,
        }
    }

    async fn ask(&self, row: &Row, headers: &[(&str, &str)]) -> Answer {
        let path = row.2.replace("{user}", &self.user);
        let path = path.replace("{metric}", &self.metric);
        let path = path.replace("{device}", &self.ada.device);
        let (headers, body) = match &row.3 {
            Value::Null => (headers.to_vec(), Body::empty()),
            body => {
                let json = ("content-type", "application/json");
                ([&[json], headers].concat(), Body::from(body.to_string()))
            }
        };
        self.app
            .send_head(request(row.0.clone(), &path, &headers, body))
            .await
    }
}

#[test]
fn the_table_has_every_route_and_no_other() {
    let listed = listed_routes::<MemoryStorage>();
    let listed: BTreeSet<_> = listed
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let rows = table();
    let rows: BTreeSet<_> = rows
        .iter()
        .map(|row| format!("{} {}", row.0, row.1))
        .collect();
    assert_eq!(rows, listed);
}

#[tokio::test]
async fn without_a_living_session_no_route_gives_or_takes_anything() {
    let world = World::new().await;
    let app = &world.app;
    let gone = app.login("ada@example.org").await;
    let path = format!("/v1/devices/{}", gone.device);
    app.call_as(&world.ada, Method::DELETE, &path).await;
    let erased = app.register("bob@example.org").await;
    app.call_as(&erased, Method::DELETE, "/v1/account").await;
    let old = world.ada.bearer();
    app.wait(600_000);
    let fresh = app.login("eve@example.org").await;
    let (gone, erased, fresh) = (gone.bearer(), erased.bearer(), fresh.bearer());
    let forged = format!("{}A", &fresh[..fresh.len() - 1]);
    let cookie = format!("tidemark={}", &old[7..]);
    let attacks: [Attack; 9] = [
        ("no token", &[], (401, "unauthenticated")),
        (
            "an empty token",
            &[("authorization", "Bearer ")],
            (401, "unauthenticated"),
        ),
        (
            "a password",
            &[("authorization", "Basic YTpi")],
            (401, "unauthenticated"),
        ),
        (
            "a token that is over",
            &[("authorization", &old)],
            (401, "token_expired"),
        ),
        (
            "a cookie that is over",
            &[("cookie", &cookie)],
            (401, "token_expired"),
        ),
        (
            "a forged seal",
            &[("authorization", &forged)],
            (401, "unauthenticated"),
        ),
        (
            "a signed-out device's token",
            &[("authorization", &gone)],
            (401, "unauthenticated"),
        ),
        (
            "an erased account's token",
            &[("authorization", &erased)],
            (410, "account_erased"),
        ),
        (
            "a token under another account's name",
            &[
                ("authorization", &fresh),
                ("tidemark-account", &world.ada.account),
            ],
            (403, "wrong_account"),
        ),
    ];
    let before = app.database().await;
    for row in table().iter().filter(|row| row.4 == Kind::SignedIn) {
        for (attack, headers, expected) in &attacks {
            let answer = world.ask(row, headers).await;
            assert_eq!(answer.code(), *expected, "{attack} on {} {}", row.0, row.1);
        }
    }
    assert_eq!(app.database().await, before);
}

#[tokio::test]
async fn open_routes_answer_the_same_whatever_token_comes() {
    let world = World::new().await;
    let before = world.app.database().await;
    let bearer = world.ada.bearer();
    for row in table().iter().filter(|row| row.4 == Kind::Open) {
        let cases: [&[(&str, &str)]; 3] = [
            &[],
            &[("authorization", &bearer)],
            &[("authorization", "Bearer x")],
        ];
        for headers in cases {
            let answer = world.ask(row, headers).await;
            assert!(answer.status.is_success(), "{} {}", row.0, row.1);
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            for own in [&world.ada.account, &world.user, "ada@example.org", "mine"] {
                assert!(!text.contains(own), "{} {}", row.0, row.1);
            }
        }
    }
    let sessions = |row: &&Row| row.4 == Kind::Session;
    for row in table().iter().filter(sessions) {
        let answer = world.ask(row, &[]).await;
        assert!(
            matches!(answer.status.as_u16(), 401 | 422),
            "{} {}",
            row.0,
            row.1
        );
    }
    assert_eq!(world.app.database().await, before);
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_by_cookie() {
    let world = World::new().await;
    let before = world.app.database().await;
    let cookie = world.ada.cookie();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ] {
        let headers = [("cookie", cookie.as_str()), (name, value)];
        for row in table().iter().filter(|row| row.0 != Method::GET) {
            let answer = world.ask(row, &headers).await;
            assert_eq!(answer.code(), (403, "cross_site"), "{} {}", row.0, row.1);
        }
    }
    assert_eq!(world.app.database().await, before);
}

#[tokio::test]
async fn another_accounts_names_lead_nowhere() {
    let world = World::new().await;
    let (app, eve, ada) = (&world.app, &world.eve, &world.ada);
    let op = "0190c0de-0000-7000-8000-00000000aaaa";
    let hers = json!({"device_id": "a", "events": [
        {"local_id": 2, "type": "UPSERT_METRIC", "op_id": op, "payload": {"id": world.metric, "user_id": world.user, "note": "op"}},
    ]});
    app.post_as(ada, "/v1/metrics/batch", &hers).await;
    let of_ada = async || {
        let mut all = Vec::new();
        for path in [
            "/v1/metrics",
            "/v1/users",
            "/v1/app_model",
            "/v1/devices",
            "/v1/account",
        ] {
            let mut body = app.get_as(ada, path).await.body;
            body["server_time"] = Value::Null;
            all.push(body);
        }
        all
    };
    let before = of_ada().await;
    let bearer = eve.bearer();
    let headers = [("authorization", bearer.as_str())];
    // By path: what is Ada's is not there.
    for row in table().iter().filter(|row| {
        row.2.contains("{user}") || row.2.contains("{metric}") || row.2.contains("{device}")
    }) {
        let answer = world.ask(row, &headers).await;
        assert_eq!(answer.code(), (404, "not_found"), "{} {}", row.0, row.1);
    }
    // By body: her user is unknown, her metric's id is free, her operation was never seen.
    let cases = [
        (
            json!({"user_id": world.user, "weight": 80, "created_at": "2026-02-20T10:22:33Z"}),
            "rejected",
        ),
        (
            json!({"id": world.metric, "user_id": 1, "note": "stolen"}),
            "rejected",
        ),
    ];
    app.post_as(eve, "/v1/users", &json!({"name": "Eve"})).await;
    for (payload, status) in cases {
        let event =
            json!({"local_id": 1, "type": "UPSERT_METRIC", "op_id": op, "payload": payload});
        let body = json!({"device_id": "a", "events": [event]});
        let answer = app.post_as(eve, "/v1/metrics/batch", &body).await.body;
        assert_eq!(answer["results"][0]["status"], status, "{payload}");
        assert!(!answer.to_string().contains("mine"), "{answer}");
    }
    let delete = json!({"device_id": "a", "events": [
        {"local_id": 1, "type": "DELETE_METRIC", "payload": {"id": world.metric, "user_id": 1}}]});
    let answer = app.post_as(eve, "/v1/metrics/batch", &delete).await.body;
    assert_eq!(answer["results"][0]["metric"], Value::Null);
    // By cursor.
    for path in ["/v1/metrics", "/v1/users"] {
        let cursor = app.get_as(ada, path).await.body["cursor"].clone();
        let path = format!("{path}?since={}", cursor.as_str().unwrap());
        assert_eq!(app.get_as(eve, &path).await.code(), (400, "bad_cursor"));
    }
    let refreshed = app.refresh(&eve.refresh).await.body;
    assert_ne!(refreshed["access_token"], json!(ada.access));
    assert_eq!(of_ada().await, before);
}
