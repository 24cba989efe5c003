//! One server per test: a router over a fresh database, and a clock that only the test moves.

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tidemark_protocol::Timestamp;
use tidemark_server::http::Environment;
use tower::ServiceExt;
use uuid::Uuid;

use crate::place::Place;
pub use crate::setup::{CHEAP, Setup};

/// When every test begins: 2026-03-01T12:00:00Z.
pub const START: i64 = 1_772_366_400_000;
/// The life of every test's database.
pub const EPOCH: &str = "0190c0de-0000-7000-8000-0000000000ee";

/// A server and its clock.
pub struct TestApp {
    router: Router,
    clock: Arc<AtomicI64>,
    draws: Arc<AtomicU64>,
    place: Place,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Answer {
    /// The stable code of a problem.
    pub fn code(&self) -> (u16, &str) {
        (
            self.status.as_u16(),
            self.body["code"].as_str().unwrap_or(""),
        )
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// A live stream.
pub struct Live(BodyDataStream);

impl Live {
    /// The data of the next hint.
    pub async fn next_hint(&mut self) -> Value {
        let chunk = self.0.next().await.unwrap().unwrap();
        let text = str::from_utf8(&chunk).unwrap();
        assert!(text.starts_with("event: head\n"), "{text}");
        let data = text.lines().find_map(|line| line.strip_prefix("data: "));
        serde_json::from_str(data.unwrap()).unwrap()
    }

    /// How long the browser shall wait after the stream has ended, as its first event says.
    pub async fn reconnect_ms(&mut self) -> u64 {
        let chunk = self.0.next().await.unwrap().unwrap();
        let text = str::from_utf8(&chunk).unwrap();
        let wait = text.lines().find_map(|line| line.strip_prefix("retry: "));
        wait.unwrap().parse().unwrap()
    }

    /// Whether the stream ends without another hint.
    pub async fn is_over(&mut self) -> bool {
        self.0.next().await.is_none()
    }
}

impl TestApp {
    /// A server without sign-in.
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    /// A server set up in another way.
    pub async fn with(setup: Setup) -> Self {
        let place = Place::fresh().await;
        let (clock, draws) = (
            Arc::new(AtomicI64::new(START)),
            Arc::new(AtomicU64::new(0xf000)),
        );
        Self::over(place, clock, draws, setup).await
    }

    /// The same database and clock under another program.
    pub async fn restart(self, setup: Setup) -> Self {
        Self::over(self.place, self.clock, self.draws, setup).await
    }

    async fn over(
        place: Place,
        clock: Arc<AtomicI64>,
        draws: Arc<AtomicU64>,
        setup: Setup,
    ) -> Self {
        let counter = Arc::clone(&draws);
        let draw = move || u128::from(counter.fetch_add(1, Ordering::SeqCst));
        let (now, fresh_id, fresh_secret) = (Arc::clone(&clock), draw.clone(), draw);
        let environment = Environment {
            now: Box::new(move || Timestamp(now.load(Ordering::SeqCst))),
            fresh_id: Box::new(move || Uuid::from_u128(fresh_id())),
            fresh_secret: Box::new(move || secret(fresh_secret())),
        };
        Self {
            router: place.serve(setup, environment).await,
            clock,
            draws,
            place,
        }
    }

    /// A server whose account has this many users.
    pub async fn with_users(count: usize) -> Self {
        let app = Self::start().await;
        for number in 1..=count {
            let name = format!("User {number}");
            assert_eq!(
                app.post("/v1/users", &json!({"name": name})).await.status,
                201
            );
        }
        app
    }

    /// Lets time pass.
    pub fn wait(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    /// The server's clock as it travels.
    pub fn now(&self) -> String {
        at(self.clock.load(Ordering::SeqCst) - START)
    }

    /// Sends a request as it is, except for the host; checks what every answer must have.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.answer(request, true).await
    }

    /// The same for an answer that may go on for ever: of a live stream only the head is read.
    pub async fn send_head(&self, request: Request<Body>) -> Answer {
        let is_live = request.uri().path() == "/v1/live";
        self.answer(request, !is_live).await
    }

    async fn answer(&self, mut request: Request<Body>, is_read: bool) -> Answer {
        request
            .headers_mut()
            .entry(header::HOST)
            .or_insert("localhost:8787".parse().unwrap());
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = if is_read || parts.status != 200 {
            to_bytes(body, usize::MAX).await.unwrap().to_vec()
        } else {
            Vec::new()
        };
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
            body,
        };
        check_frame(&answer);
        crate::openapi::check(&method, &path, &answer);
        answer
    }

    /// Sends a request without a body.
    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(method, path, headers, Body::empty()))
            .await
    }

    /// Sends JSON.
    pub async fn call_json(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.send(request(
            method,
            path,
            &headers,
            Body::from(body.to_string()),
        ))
        .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[]).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call_json(Method::POST, path, &[], body).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call_json(Method::PATCH, path, &[], body).await
    }

    /// Posts bytes as a batch.
    pub async fn post_bytes(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        self.send(request(
            Method::POST,
            "/v1/metrics/batch",
            headers,
            body.into(),
        ))
        .await
    }

    /// Pushes events of a device; answers the results.
    pub async fn push(&self, device: &str, events: &[Value]) -> Vec<Value> {
        let body = json!({"device_id": device, "events": events});
        let answer = self.post("/v1/metrics/batch", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let results = answer.body["results"].as_array().unwrap().clone();
        assert_eq!(results.len(), events.len());
        results
    }

    /// Pushes one event; answers its result.
    pub async fn push_one(&self, device: &str, event: Value) -> Value {
        self.push(device, &[event]).await.remove(0)
    }

    /// Opens a live stream.
    pub async fn live(&self, path: &str) -> Live {
        self.live_with(path, &[]).await
    }

    /// Opens a live stream with more headers.
    pub async fn live_with(&self, path: &str, headers: &[(&str, &str)]) -> Live {
        let headers = [&[("host", "localhost:8787")], headers].concat();
        let request = request(Method::GET, path, &headers, Body::empty());
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Live(response.into_body().into_data_stream())
    }

    /// A column of the database, as an operator sees it.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        self.place.column(sql).await
    }

    /// Everything in the database, row by row, to show that something changed nothing.
    pub async fn database(&self) -> Vec<String> {
        self.place.everything().await
    }

    /// Everything that an outsider can read, to show that something changed nothing.
    pub async fn everything(&self) -> Value {
        let mut all = Vec::new();
        let since = "1970-01-01T00:00:00Z";
        for path in [
            format!("/v1/metrics?since={since}"),
            format!("/v1/users?since={since}"),
        ] {
            let mut answer = self.get(&path).await.body;
            answer["server_time"] = Value::Null;
            all.push(answer);
        }
        all.push(self.get("/v1/app_model").await.body);
        Value::Array(all)
    }
}

/// A secret that differs in all its bytes.
fn secret(number: u128) -> [u8; 32] {
    let half = Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes());
    let mut secret = [0; 32];
    secret[..16].copy_from_slice(half.as_bytes());
    secret[16..].copy_from_slice(Uuid::new_v5(&half, b"more").as_bytes());
    secret
}

/// A request.
pub fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

/// A moment, in milliseconds after the start, as it travels.
pub fn at(millis: i64) -> String {
    Timestamp(START + millis).to_rfc3339()
}

/// An id by number.
pub fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// An upsert of metric `number` with these fields and frame fields (`op_id`, `base_version`) of `frame`.
pub fn upsert(number: u128, frame: &Value, fields: &Value) -> Value {
    event("UPSERT_METRIC", number, frame, fields)
}

/// A delete of metric `number`.
pub fn delete(number: u128, frame: &Value, fields: &Value) -> Value {
    event("DELETE_METRIC", number, frame, fields)
}

/// The whole row of a new metric: 80 kg, made at the start, for user 1.
pub fn new_metric(number: u128, fields: &Value) -> Value {
    let mut payload = json!({"user_id": 1, "weight": 80, "created_at": at(-1000)});
    merge_fields(&mut payload, fields);
    upsert(number, &json!({"base_version": 0}), &payload)
}

fn event(kind: &str, number: u128, frame: &Value, fields: &Value) -> Value {
    let mut event = json!({"local_id": 1, "type": kind, "payload": {"id": id(number)}});
    merge_fields(&mut event, frame);
    merge_fields(&mut event["payload"], fields);
    event
}

fn merge_fields(target: &mut Value, fields: &Value) {
    for (name, value) in fields.as_object().unwrap() {
        target[name] = value.clone();
    }
}

/// What stands on every answer, whatever was asked.
fn check_frame(answer: &Answer) {
    assert_eq!(answer.header("tidemark-protocol"), Some("1"));
    assert!(
        answer
            .header("x-request-id")
            .is_some_and(|id| !id.is_empty())
    );
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(
        !answer.status.is_server_error(),
        "{} {}",
        answer.status,
        answer.body
    );
    if answer.status.is_client_error() {
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(answer.body["status"], answer.status.as_u16());
        assert!(answer.body["code"].is_string() && answer.body["title"].is_string());
        assert_eq!(
            answer.body["instance"].as_str(),
            answer.header("x-request-id")
        );
    }
}
