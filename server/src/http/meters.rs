//! What Prometheus reads: how much, how fast, how it ended. Labels are names of our own, routes among them; never an id, an
//! address or a value.

use super::{App, Store};
use crate::sync::BUILT_IN_ACCOUNT;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tidemark_protocol::{BatchResponse, EventStatus, Timestamp};
use tokio::time::Instant;

/// Seconds, as OpenTelemetry has them for HTTP.
const SECONDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];
/// Seconds from an edit to its arrival: at once, within the promise of 30 seconds, an hour, a day, weeks offline.
const LAG_SECONDS: [f64; 9] = [
    1.0,
    2.0,
    5.0,
    30.0,
    300.0,
    3_600.0,
    86_400.0,
    604_800.0,
    2_592_000.0,
];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// All meters of a server.
pub(super) struct Meters {
    registry: Registry,
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    events: Family<Outcome, Counter>,
    lag: Histogram,
    read: Gauge<f64, AtomicU64>,
    write: Gauge<f64, AtomicU64>,
    turns: Gauge,
}

impl Default for Meters {
    fn default() -> Self {
        let mut meters = Self {
            registry: Registry::with_prefix("tidemark"),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            events: Family::default(),
            lag: Histogram::new(LAG_SECONDS),
            read: Gauge::default(),
            write: Gauge::default(),
            turns: Gauge::default(),
        };
        meters.register();
        meters
    }
}

impl Meters {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("http_requests", "Requests answered", self.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "From head to answer",
            Unit::Seconds,
            self.durations.clone(),
        );
        registry.register(
            "push_events",
            "Pushed events by outcome",
            self.events.clone(),
        );
        registry.register_with_unit(
            "sync_lag",
            "From an edit on a device to its arrival",
            Unit::Seconds,
            self.lag.clone(),
        );
        registry.register_with_unit(
            "database_read",
            "One read, connection included, when this was asked",
            Unit::Seconds,
            self.read.clone(),
        );
        registry.register_with_unit(
            "database_write",
            "One write, lock and connection included, when this was asked",
            Unit::Seconds,
            self.write.clone(),
        );
        registry.register(
            "free_turns",
            "Requests that could begin at once",
            self.turns.clone(),
        );
    }

    /// A request was answered.
    pub(super) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        let of_route = Route {
            route: route.clone(),
        };
        let seconds = took.as_secs_f64();
        self.durations.get_or_create(&of_route).observe(seconds);
        let request = Request {
            method: method.to_owned(),
            route,
            status,
        };
        self.requests.get_or_create(&request).inc();
    }

    /// A batch was taken.
    pub(super) fn pushed(&self, response: &BatchResponse, now: Timestamp) {
        for result in &response.results {
            let outcome = match result.status {
                EventStatus::Applied => "applied",
                EventStatus::Merged => "merged",
                EventStatus::Superseded => "superseded",
                EventStatus::Duplicate => "duplicate",
                EventStatus::Rejected => "rejected",
                EventStatus::Retry => "retry",
            };
            self.events.get_or_create(&Outcome { outcome }).inc();
            let is_new = matches!(result.status, EventStatus::Applied | EventStatus::Merged);
            if let Some(metric) = result.metric.as_ref().filter(|_| is_new) {
                let millis = now.millis_since(metric.updated_at).max(0);
                let millis = u64::try_from(millis).unwrap_or(0);
                self.lag
                    .observe(Duration::from_millis(millis).as_secs_f64());
            }
        }
    }
}

/// A measurement of the machine itself.
#[expect(
    clippy::disallowed_methods,
    reason = "how long something took, not when"
)]
pub(super) fn stopwatch() -> Instant {
    Instant::now()
}

/// `GET /metrics`, meant for a listener of its own that only the operator reaches.
pub fn metrics_router<S: Store>(app: Arc<App<S>>) -> Router {
    Router::new()
        .route("/metrics", get(read::<S>))
        .with_state(app)
}

async fn read<S: Store>(State(app): State<Arc<App<S>>>) -> Response {
    let meters = &app.meters;
    let begun = stopwatch();
    let read = app.storage.head(BUILT_IN_ACCOUNT).await.is_ok();
    let read_took = begun.elapsed().as_secs_f64();
    let begun = stopwatch();
    let written = app.storage.probe().await.is_ok();
    let write_took = begun.elapsed().as_secs_f64();
    meters.read.set(if read { read_took } else { f64::NAN });
    meters
        .write
        .set(if written { write_took } else { f64::NAN });
    let turns = i64::try_from(app.room.turns_left()).unwrap_or(i64::MAX);
    meters.turns.set(turns);
    let mut text = String::new();
    if encode(&mut text, &meters.registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
