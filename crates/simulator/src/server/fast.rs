//! The server at depth "fast": its own functions over its storage in memory, with the shape of HTTP around them.

use super::storage::SimStorage;
use crate::bugs::Bug;
use crate::chance::Chance;
use serde::Serialize;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::rc::Rc;
use tidemark_engine::{Answer, Request};
use tidemark_protocol::validate::read_batch;
use tidemark_protocol::{
    AccountInfo, AuthMode, EntityId, Epoch, Problem, ProblemCode, ServerInfo, ServerLimits,
    Timestamp, UserRef, limits,
};
use tidemark_server::http::ApiError;
use tidemark_server::storage::Storage;
use tidemark_server::sync::{self, BUILT_IN_ACCOUNT, Caller, PullRequest};
use tidemark_testkit::fakes::run;

/// Seconds that our server asks to wait when it can't.
const RETRY_AFTER_S: u32 = 5;

/// A copy of the server's database.
#[derive(Clone, Debug)]
pub struct Backup(Rc<SimStorage>);

/// The server.
#[derive(Debug)]
pub struct FastServer {
    storage: RefCell<SimStorage>,
    bug: Option<Bug>,
}

impl FastServer {
    pub fn new(epoch: Epoch, bug: Option<Bug>) -> Self {
        Self {
            storage: RefCell::new(SimStorage::new(epoch, bug)),
            bug,
        }
    }

    pub fn backup(&self) -> Backup {
        Backup(Rc::new(self.storage.borrow().copy()))
    }

    pub fn epoch(&self) -> Epoch {
        self.storage.borrow().epoch()
    }

    pub fn restore(&self, backup: &Backup, epoch: Epoch, life: u64) {
        let restored = backup.0.restored(epoch, life, self.bug);
        self.storage.replace(restored);
    }

    pub fn forget_deletions(&self, chance: &Chance) -> Option<u64> {
        self.storage.borrow().forget_deletions(chance)
    }

    pub fn answer(&self, request: &Request, now: Timestamp, is_full: bool, dies: bool) -> Answer {
        let storage = self.storage.borrow();
        storage.set_trouble(is_full, dies);
        let caller = Caller {
            account: BUILT_IN_ACCOUNT,
            device: Some(request.device.clone()),
            now,
        };
        if request
            .account
            .is_some_and(|account| account != BUILT_IN_ACCOUNT)
        {
            return problem(&ApiError::new(ProblemCode::WrongAccount, "another account").problem);
        }
        match call(&storage, &caller, request) {
            Ok((status, body)) => ours(status, "application/json", body),
            Err(error) => problem(&error.problem),
        }
    }
}

fn call(
    storage: &SimStorage,
    caller: &Caller,
    request: &Request,
) -> Result<(u16, String), ApiError> {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let body = request.body.as_deref().unwrap_or_default();
    match (request.method, &segments[..]) {
        ("POST", ["v1", "users"]) | ("PATCH", _) => change(storage, caller, request, &segments),
        ("GET", ["v1", "server"]) => Ok((200, json(&info(storage, caller)))),
        ("GET", ["v1", "account"]) => Ok((
            200,
            json(&AccountInfo {
                id: caller.account,
                email: None,
            }),
        )),
        ("POST", ["v1", "metrics", "batch"]) => {
            let bad = |_| ApiError::new(ProblemCode::BadJson, "the body does not parse");
            let batch = read_batch(body.as_bytes()).map_err(bad)?;
            Ok((200, json(&run(sync::push(storage, caller, &batch))?)))
        }
        ("GET", ["v1", "metrics"]) => Ok((
            200,
            json(&run(sync::pull_metrics(storage, caller, &pull(query)))?),
        )),
        ("GET", ["v1", "users"]) => Ok((
            200,
            json(&run(sync::pull_users(storage, caller, &pull(query)))?),
        )),
        ("GET", ["v1", "app_model"]) => {
            Ok((200, json(&run(sync::get_app_model(storage, caller))?)))
        }
        _ => Err(ApiError::new(
            ProblemCode::NotFound,
            "there is nothing at this path",
        )),
    }
}

/// The calls that change a person or the app model.
fn change(
    storage: &SimStorage,
    caller: &Caller,
    request: &Request,
    segments: &[&str],
) -> Result<(u16, String), ApiError> {
    let body = request.body.as_deref().unwrap_or_default();
    match (request.method, segments) {
        ("POST", ["v1", "users"]) => {
            let fresh = EntityId(uuid::Uuid::from_u128(7));
            let created = run(sync::create_user(storage, caller, &object(body)?, fresh))?;
            Ok((if created.is_new { 201 } else { 200 }, json(&created.user)))
        }
        ("PATCH", ["v1", "users", name]) => {
            let name = UserRef::parse(name)
                .ok_or_else(|| ApiError::new(ProblemCode::NotFound, "no such user"))?;
            Ok((
                200,
                json(&run(sync::patch_user(
                    storage,
                    caller,
                    name,
                    &object(body)?,
                ))?),
            ))
        }
        ("PATCH", ["v1", "app_model"]) => Ok((
            200,
            json(&run(sync::patch_app_model(
                storage,
                caller,
                &object(body)?,
            ))?),
        )),
        _ => Err(ApiError::new(
            ProblemCode::NotFound,
            "there is nothing at this path",
        )),
    }
}

fn info(storage: &SimStorage, caller: &Caller) -> ServerInfo {
    ServerInfo {
        protocol: tidemark_protocol::PROTOCOL_VERSION,
        version: tidemark_server::VERSION.to_owned(),
        auth: AuthMode::Off,
        epoch: storage.epoch(),
        limits: ServerLimits {
            max_events: limits::BATCH_EVENTS_MAX,
            max_body_bytes: limits::BODY_BYTES_MAX,
            max_page: limits::PAGE_ROWS_MAX,
        },
        server_time: caller.now,
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
        limit: parameter("limit")
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(limits::PAGE_ROWS_DEFAULT),
    }
}

fn object(body: &str) -> Result<Map<String, Value>, ApiError> {
    serde_json::from_str(body)
        .map_err(|_| ApiError::new(ProblemCode::BadJson, "the body does not parse"))
}

fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("answers hold only text and finite numbers")
}

/// An answer of our server.
pub fn ours(status: u16, content_type: &str, body: String) -> Answer {
    Answer {
        status,
        protocol: Some(tidemark_protocol::PROTOCOL_VERSION.to_string()),
        content_type: Some(content_type.to_owned()),
        retry_after_s: (status == 503).then_some(RETRY_AFTER_S),
        body,
    }
}

/// A problem of our server.
pub fn problem(problem: &Problem) -> Answer {
    ours(problem.status, "application/problem+json", json(problem))
}
