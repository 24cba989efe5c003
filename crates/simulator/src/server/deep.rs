//! The server at depth "deep": the real router over SQLite, in a folder of its own, or over PostgreSQL.

use super::process::{Place, Process};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tidemark_engine::{Answer, Request};
use tidemark_protocol::{ACCOUNT_HEADER, DEVICE_HEADER, Epoch, PROTOCOL_HEADER, Timestamp};
use tidemark_server::http::{Environment, Settings};
use tidemark_server::storage::Keep;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use uuid::Uuid;

/// Bytes of an answer at most.
const ANSWER_BYTES_MAX: usize = 64 << 20;
const DAY_MS: i64 = 86_400_000;

/// The server.
pub struct DeepServer {
    runtime: Runtime,
    place: Place,
    now: Arc<AtomicI64>,
    ids: Arc<AtomicU64>,
    running: RefCell<Process>,
}

impl std::fmt::Debug for DeepServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a server in {:?}", self.place)
    }
}

/// A server that has just been set up, with nobody's rows. Panics if there is no room for a temporary folder.
impl Default for DeepServer {
    fn default() -> Self {
        Self::over(Place::file())
    }
}

impl DeepServer {
    /// A server over a database that nobody has used.
    pub(super) fn over(place: Place) -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime on this thread starts");
        let (now, ids) = (Arc::<AtomicI64>::default(), Arc::<AtomicU64>::default());
        let running = RefCell::new(start(&runtime, &place, &now, &ids));
        Self {
            runtime,
            place,
            now,
            ids,
            running,
        }
    }

    /// Stops the process and starts it again on the same database.
    pub fn restart(&self) {
        self.stop();
        self.start();
    }

    fn stop(&self) {
        self.running.borrow().inside.close(&self.runtime);
    }

    fn start(&self) {
        let running = start(&self.runtime, &self.place, &self.now, &self.ids);
        self.running.replace(running);
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::Relaxed))
    }

    /// Makes a backup, where that is possible while the server runs. Answers its name.
    pub fn back_up(&self, number: usize) -> String {
        if !self.place.rests_for_backups() {
            return self.place.back_up(&self.runtime, number);
        }
        self.stop();
        let backup = self.place.back_up(&self.runtime, number);
        self.start();
        backup
    }

    /// Stops the process, puts a backup in place and starts again.
    pub fn restore(&self, backup: &str, epoch: &Epoch) {
        self.stop();
        self.place.restore(&self.runtime, backup, epoch, self.now());
        self.start();
    }

    /// Forgets all deletions, as if they were old and no device were active. Answers up to which version.
    pub fn forget_deletions(&self) -> Option<u64> {
        let tomorrow = self.now().plus_millis(DAY_MS);
        let keep = Keep {
            since: tomorrow,
            all_before: tomorrow,
        };
        self.running.borrow().inside.prune(&self.runtime, &keep)
    }

    /// What the server answers, its clock being at `now`.
    pub fn answer(&self, request: &Request, now: Timestamp) -> Answer {
        self.now.store(now.millis(), Ordering::Relaxed);
        let router = self.running.borrow().router.clone();
        self.runtime.block_on(ask(router, request))
    }
}

fn start(runtime: &Runtime, place: &Place, now: &Arc<AtomicI64>, ids: &Arc<AtomicU64>) -> Process {
    let epoch = Epoch(Uuid::from_u128(0xde_0000).to_string());
    let (now, ids) = (Arc::clone(now), Arc::clone(ids));
    let environment = Environment {
        now: Box::new(move || Timestamp(now.load(Ordering::Relaxed))),
        fresh_id: Box::new(move || {
            Uuid::from_u128(0x1d_0000 + u128::from(ids.fetch_add(1, Ordering::Relaxed)))
        }),
        // Nobody signs in.
        fresh_secret: Box::new(|| [0; 32]),
    };
    place.start(runtime, &epoch, Settings::default(), environment)
}

async fn ask(router: Router, request: &Request) -> Answer {
    let response = router
        .oneshot(to_http(request))
        .await
        .unwrap_or_else(|never| match never {});
    of_response(response).await
}

/// The engine's request as the router gets it.
///
/// # Panics
/// If it is not well-formed.
pub fn to_http(request: &Request) -> axum::http::Request<Body> {
    let mut builder = axum::http::Request::builder()
        .method(request.method)
        .uri(&request.path)
        .header(header::HOST, "localhost:8787")
        .header(DEVICE_HEADER, request.device.as_str());
    if let Some(account) = request.account {
        builder = builder.header(ACCOUNT_HEADER, account.to_string());
    }
    if request.body.is_some() {
        builder = builder.header(header::CONTENT_TYPE, "application/json");
    }
    let body = Body::from(request.body.clone().unwrap_or_default());
    builder
        .body(body)
        .expect("the engine's requests are well-formed")
}

/// An answer as the engine gets it.
///
/// # Panics
/// If its body breaks off.
pub async fn of_response(response: axum::http::Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_BYTES_MAX)
        .await
        .expect("the answer's body is whole");
    let text = |name: &str| header_text(&parts.headers, name);
    Answer {
        status: parts.status.as_u16(),
        protocol: text(PROTOCOL_HEADER),
        content_type: text(header::CONTENT_TYPE.as_str()),
        retry_after_s: text(header::RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok()),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}
