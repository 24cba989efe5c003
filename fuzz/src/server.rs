//! The server's own functions over its storage in memory, and a device's way to them.

use serde::Serialize;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::rc::Rc;
use tidemark_engine::{Answer, Request, Transport, Unreachable};
use tidemark_protocol::validate::{BatchRequest, read_batch};
use tidemark_protocol::{
    AccountInfo, AuthMode, BatchResponse, EntityId, Epoch, MetricsPage, PROTOCOL_VERSION,
    ServerInfo, ServerLimits, Timestamp, limits,
};
use tidemark_server::storage::MemoryStorage;
use tidemark_server::sync::{self, BUILT_IN_ACCOUNT, Caller, PullRequest, SyncError};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;
use uuid::Uuid;

/// The life of the server's database.
pub const EPOCH: &str = "0190c0de-0000-7000-8000-0000000000ee";

/// A server whose account has one person, number 1.
pub struct Server {
    /// Its rows.
    pub storage: MemoryStorage,
}

impl Server {
    /// A fresh one.
    pub fn new() -> Self {
        let server = Self {
            storage: MemoryStorage::new(Epoch(EPOCH.to_owned())),
        };
        let body = object(&format!(r#"{{"id":"{}","name":"A"}}"#, samples::person()));
        run(sync::create_user(
            &server.storage,
            &caller(),
            &body,
            EntityId(Uuid::nil()),
        ))
        .expect("a person can be made");
        server
    }

    /// Pushes a batch, a while after the samples' noon.
    pub fn push(&self, request: &BatchRequest) -> BatchResponse {
        run(sync::push(&self.storage, &caller(), request)).expect("memory does not fail")
    }

    /// Pulls metrics.
    pub fn pull(&self, since: Option<String>, limit: usize) -> Result<MetricsPage, SyncError> {
        run(sync::pull_metrics(
            &self.storage,
            &caller(),
            &PullRequest { since, limit },
        ))
    }

    /// The answer to a device's call, without the parts of the API that a first sync does not need.
    fn answer(&self, request: &Request) -> Option<String> {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let body = request.body.as_deref().unwrap_or_default();
        let (storage, caller) = (&self.storage, &caller());
        match (request.method, path) {
            ("GET", "/v1/server") => json(&info()),
            ("GET", "/v1/account") => json(&AccountInfo {
                id: BUILT_IN_ACCOUNT,
                email: None,
            }),
            ("GET", "/v1/app_model") => json(&run(sync::get_app_model(storage, caller)).ok()?),
            ("GET", "/v1/metrics") => {
                json(&run(sync::pull_metrics(storage, caller, &pull(query))).ok()?)
            }
            ("GET", "/v1/users") => {
                json(&run(sync::pull_users(storage, caller, &pull(query))).ok()?)
            }
            ("POST", "/v1/metrics/batch") => json(&self.push(&read_batch(body.as_bytes()).ok()?)),
            ("POST", "/v1/users") => {
                let fresh = EntityId(Uuid::from_u128(7));
                json(
                    &run(sync::create_user(storage, caller, &object(body), fresh))
                        .ok()?
                        .user,
                )
            }
            _ => None,
        }
    }
}

/// Who calls, and when.
pub fn caller() -> Caller {
    let now = samples::NOON.plus_millis(86_400_000);
    Caller {
        account: BUILT_IN_ACCOUNT,
        device: Some(samples::device()),
        now,
    }
}

/// The way to a server that lies about one path.
#[derive(Clone)]
pub struct Liar {
    server: Rc<Server>,
    path: Rc<str>,
    answers: Rc<RefCell<Vec<Answer>>>,
}

impl Liar {
    /// Calls whose path begins with `path` are answered with these, the last one first, and in truth again after them.
    pub fn new(path: &str, answers: Vec<Answer>) -> Self {
        Self {
            server: Rc::new(Server::new()),
            path: path.into(),
            answers: Rc::new(RefCell::new(answers)),
        }
    }

    /// Whether the server, in truth, holds this row.
    pub fn has(&self, id: EntityId) -> bool {
        let page = self.server.pull(None, limits::PAGE_ROWS_MAX);
        page.is_ok_and(|page| page.metrics.iter().any(|row| row.id == id))
    }
}

impl Transport for Liar {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        if request.path.split('?').next() == Some(&*self.path)
            && let Some(lie) = self.answers.borrow_mut().pop()
        {
            return Ok(lie);
        }
        let body = self
            .server
            .answer(request)
            .ok_or_else(|| Unreachable("cut".to_owned()))?;
        Ok(ours(body))
    }
}

/// An answer as our server gives it.
pub fn ours(body: String) -> Answer {
    Answer {
        status: 200,
        protocol: Some(PROTOCOL_VERSION.to_string()),
        content_type: Some("application/json".to_owned()),
        retry_after_s: None,
        body,
    }
}

fn info() -> ServerInfo {
    ServerInfo {
        protocol: PROTOCOL_VERSION,
        version: tidemark_server::VERSION.to_owned(),
        auth: AuthMode::Off,
        epoch: Epoch(EPOCH.to_owned()),
        limits: ServerLimits {
            max_events: limits::BATCH_EVENTS_MAX,
            max_body_bytes: limits::BODY_BYTES_MAX,
            max_page: limits::PAGE_ROWS_MAX,
        },
        server_time: Timestamp(caller().now.millis()),
    }
}

fn pull(query: &str) -> PullRequest {
    let parameter = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    PullRequest {
        since: parameter("since").map(str::to_owned),
        limit: limits::PAGE_ROWS_MAX,
    }
}

fn object(body: &str) -> Map<String, Value> {
    serde_json::from_str(body).unwrap_or_default()
}

fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}
