//! A small model of the server: enough of the protocol to drive the engine, and faults on demand.
//!
//! It merges in order of arrival; the merge rule has tests of its own.

mod data;
mod looks;
mod people;
mod words;

pub use data::Data;
pub use words::{good, html, problem};

use data::{Batch, Event};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;
use tidemark_engine::{Answer, Request, Transport, Unreachable};
use tidemark_protocol::{
    AccountId, AuthMode, DeviceId, DeviceInfo, EntityId, HistoryResponse, Metric, Timestamp, User,
    UserPatch,
};
use tidemark_testkit::samples;
use words::problem_with;

/// The path of a batch, for faults.
pub const BATCH: &str = "POST /v1/metrics/batch";

/// What goes wrong with a call.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing goes wrong with this one.
    Pass,
    /// The request does not arrive.
    NoAnswer,
    /// The request arrives and takes effect, its answer does not come back.
    LostReply,
    /// Something answers in its place.
    Instead(Answer),
}

/// What becomes of every event of a record.
#[derive(Clone, Copy, Debug)]
pub enum Verdict {
    /// Refused with this code.
    Reject(&'static str),
    /// Refused without a reason.
    RejectDumbly,
    /// Not now.
    Retry(Option<u32>),
    /// Left out of the results.
    Unlisted,
    /// The whole batch fails as long as the record is in it.
    Breaks(u16),
}

/// The model and its switches.
pub struct State {
    pub data: Data,
    pub auth: AuthMode,
    pub version: String,
    pub epoch: u32,
    pub now: Timestamp,
    pub lost: Vec<(u64, u64)>,
    /// Cursors below this are too old.
    pub horizon: u64,
    pub page_rows: usize,
    pub max_events: usize,
    pub backoff_s: u32,
    pub shuffles_results: bool,
    pub verdicts: HashMap<EntityId, Verdict>,
    pub asked: Vec<Request>,
    /// What it lists as devices.
    pub devices: Vec<DeviceInfo>,
    /// What it tells of a metric's past.
    pub past: HashMap<EntityId, HistoryResponse>,
    /// Metrics of which every event is told to be in conflict.
    pub contested: HashSet<EntityId>,
    /// Who is said to have changed what is changed; none: the sample device.
    pub writer: Option<DeviceId>,
    /// What stands in spite of an event of a contested metric.
    pub stands: Option<Metric>,
    faults: VecDeque<(String, Fault)>,
    standing: Option<(String, Fault)>,
}

/// A handle on the server.
#[derive(Clone)]
pub struct Server(Rc<RefCell<State>>);

/// The server's only account.
pub fn account() -> AccountId {
    AccountId(uuid::Uuid::from_u128(0xacc0))
}

impl Default for Server {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(State {
            data: Data::default(),
            auth: AuthMode::Off,
            version: "1.0.0".to_owned(),
            epoch: 1,
            now: samples::NOON,
            lost: Vec::new(),
            horizon: 0,
            page_rows: 1000,
            max_events: 500,
            backoff_s: 0,
            shuffles_results: false,
            verdicts: HashMap::new(),
            asked: Vec::new(),
            devices: Vec::new(),
            past: HashMap::new(),
            contested: HashSet::new(),
            writer: None,
            stands: None,
            faults: VecDeque::new(),
            standing: None,
        })))
    }
}

impl Server {
    /// Reads or changes the server.
    pub fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.borrow_mut())
    }

    /// Lets the next call whose method and path begin so go wrong.
    pub fn next(&self, route: &str, fault: Fault) {
        self.with(|state| state.faults.push_back((route.to_owned(), fault)));
    }

    /// Lets every such call go wrong from now on; `None` mends it.
    pub fn always(&self, fault: Option<(&str, Fault)>) {
        let fault = fault.map(|(route, fault)| (route.to_owned(), fault));
        self.with(|state| state.standing = fault);
    }

    /// Takes the bodies of the batches that were asked for so far, and forgets all other calls.
    pub fn take_batches(&self) -> Vec<Value> {
        let asked = self.take_asked();
        let batches = asked.iter().filter(|(route, _)| route.starts_with(BATCH));
        batches.map(|(_, body)| body.clone()).collect()
    }

    /// Takes method, path and body of the calls that were asked for so far, but for those that only look.
    pub fn take_asked(&self) -> Vec<(String, Value)> {
        let asked = self.with(|state| std::mem::take(&mut state.asked));
        asked
            .into_iter()
            .filter(|request| !looks::is_look(&request.path))
            .map(|request| {
                let body = request.body.unwrap_or_default();
                let body = serde_json::from_str(&body).unwrap_or(Value::Null);
                (format!("{} {}", request.method, request.path), body)
            })
            .collect()
    }

    /// A row of the server's.
    pub fn metric(&self, id: EntityId) -> Option<Metric> {
        self.with(|state| state.data.metrics.get(&id).cloned())
    }

    /// How many metrics live on the server.
    pub fn living(&self) -> usize {
        self.with(|state| {
            let rows = state.data.metrics.values();
            rows.filter(|row| row.deleted_at.is_none()).count()
        })
    }

    /// Another device changes or creates a row.
    pub fn put(&self, row: &Metric) -> u64 {
        self.with(|state| {
            state.data.head += 1;
            let version = state.data.head;
            let row = Metric {
                version,
                updated_by: Some(samples::device()),
                user_number: 1,
                ..row.clone()
            };
            state.data.metrics.insert(row.id, row);
            version
        })
    }

    /// Another device deletes a row.
    pub fn delete(&self, id: EntityId) {
        let row = self.metric(id).expect("a row to delete");
        self.put(&Metric {
            deleted_at: Some(samples::NOON),
            ..row
        });
    }

    /// Another device makes a person.
    pub fn add_user(&self, id: EntityId, patch: &UserPatch) -> User {
        self.with(|state| state.data.create_user(id, patch))
    }

    /// Goes back to a backup: a new epoch, and versions that were never used.
    pub fn restore(&self, backup: Data) {
        self.with(|state| {
            state.lost = vec![(backup.head + 1, state.data.head)];
            let head = state.data.head + (1 << 32);
            state.data = Data { head, ..backup };
            state.epoch += 1;
        });
    }
}

impl Transport for Server {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        self.with(|state| {
            state.asked.push(request.clone());
            let route = format!("{} {}", request.method, request.path);
            let fault = state.fault_for(&route);
            match fault {
                Some(Fault::NoAnswer) => Err(Unreachable("told so".to_owned())),
                Some(Fault::Instead(answer)) => Ok(answer),
                Some(Fault::LostReply) => {
                    state.answer(&route, request);
                    Err(Unreachable("cut off".to_owned()))
                }
                Some(Fault::Pass) | None => Ok(state.answer(&route, request)),
            }
        })
    }
}

impl State {
    fn fault_for(&mut self, route: &str) -> Option<Fault> {
        if let Some((standing, fault)) = &self.standing
            && route.starts_with(standing.as_str())
        {
            return Some(fault.clone());
        }
        let place = self
            .faults
            .iter()
            .position(|(prefix, _)| route.starts_with(prefix.as_str()))?;
        self.faults.remove(place).map(|(_, fault)| fault)
    }

    fn answer(&mut self, route: &str, request: &Request) -> Answer {
        if request.account.is_some_and(|asking| asking != account()) {
            return problem(403, "wrong_account");
        }
        let body = request.body.as_deref().unwrap_or("{}");
        let (path, query) = route.split_once('?').unwrap_or((route, ""));
        match path {
            "GET /v1/server" => good(&json!({
                "protocol": 1, "version": self.version, "auth": self.auth, "epoch": self.epoch_name(),
                "limits": {"max_events": self.max_events, "max_body_bytes": 1_048_576, "max_page": 1000},
                "server_time": self.now,
            })),
            "GET /v1/account" => good(&json!({"id": account(), "email": null})),
            "GET /v1/app_model" => good(&self.data.model),
            "GET /v1/digests" => self.digests(query),
            "GET /v1/devices" => good(&json!({"devices": self.devices})),
            "GET /v1/metrics" => self.feed("metrics", query),
            "GET /v1/users" => self.feed("users", query),
            BATCH => self.batch(body),
            "POST /v1/users" => self.create_user(body),
            "PATCH /v1/app_model" => self.patch_app_model(body),
            _ => match path.strip_prefix("PATCH /v1/users/") {
                Some(id) => self.patch_user(EntityId::parse(id).unwrap(), body),
                None => self.past_of(path),
            },
        }
    }

    fn epoch_name(&self) -> String {
        format!("e{}", self.epoch)
    }

    fn feed(&self, feed: &str, query: &str) -> Answer {
        let since = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("since="));
        let after = match since.map(|cursor| self.read_cursor(feed, cursor)) {
            Some(Err(answer)) => return answer,
            Some(Ok(version)) => Some(version),
            None => None,
        };
        let rows: Vec<(u64, bool, Value)> = if feed == "metrics" {
            let rows = self.data.metrics.values();
            rows.map(|row| (row.version, row.deleted_at.is_some(), json!(row)))
                .collect()
        } else {
            let rows = self.data.users.values();
            rows.map(|row| (row.version, false, json!(row))).collect()
        };
        let mut rows: Vec<_> = rows
            .into_iter()
            .filter(|(version, is_deleted, _)| match after {
                Some(after) => *version > after,
                None => !is_deleted,
            })
            .collect();
        rows.sort_by_key(|(version, ..)| *version);
        let has_more = rows.len() > self.page_rows;
        rows.truncate(self.page_rows);
        let next = if has_more {
            rows.last().map_or(0, |(version, ..)| *version)
        } else {
            self.data.head
        };
        let rows: Vec<Value> = rows.into_iter().map(|(.., row)| row).collect();
        let cursor = format!("{feed}.{}.{next}", self.epoch_name());
        good(&json!({
            feed: rows, "cursor": cursor, "has_more": has_more, "head": self.data.head,
            "epoch": self.epoch_name(), "server_time": self.now,
        }))
    }

    fn read_cursor(&self, feed: &str, cursor: &str) -> Result<u64, Answer> {
        let parts: Vec<&str> = cursor.split('.').collect();
        let [name, epoch, version] = parts[..] else {
            return Err(problem(400, "bad_cursor"));
        };
        let version: u64 = version.parse().unwrap();
        if name != feed {
            return Err(problem(400, "bad_cursor"));
        }
        if epoch != self.epoch_name() {
            let more = json!({"reason": "epoch", "lost": self.lost});
            return Err(problem_with(410, "resync_required", more));
        }
        if version < self.horizon {
            let more = json!({"reason": "horizon"});
            return Err(problem_with(410, "resync_required", more));
        }
        Ok(version)
    }

    fn batch(&mut self, body: &str) -> Answer {
        let batch: Batch = serde_json::from_str(body).unwrap();
        if batch.events.len() > self.max_events {
            return problem(413, "too_large");
        }
        for event in &batch.events {
            if let Some(Verdict::Breaks(status)) = self.verdicts.get(&event.record()) {
                return match status {
                    400 => problem(400, "bad_json"),
                    413 => problem(413, "too_large"),
                    other => html(*other),
                };
            }
        }
        let mut held = HashSet::new();
        let mut results = Vec::new();
        for event in &batch.events {
            let result = if held.contains(&event.record()) {
                Some(event.result("retry", json!({"retry_after_s": 1})))
            } else {
                self.event(event)
            };
            if let Some(result) = result {
                if matches!(result["status"].as_str(), Some("rejected" | "retry")) {
                    held.insert(event.record());
                }
                results.push(result);
            }
        }
        if self.shuffles_results {
            results.reverse();
        }
        good(&json!({
            "results": results, "head": self.data.head, "epoch": self.epoch_name(),
            "server_time": self.now, "backoff_s": self.backoff_s,
        }))
    }

    fn event(&mut self, event: &Event) -> Option<Value> {
        match self.verdicts.get(&event.record()) {
            Some(Verdict::Reject(code)) => return Some(event.rejected(code)),
            Some(Verdict::RejectDumbly) => return Some(event.result("rejected", json!({}))),
            Some(Verdict::Retry(after)) => {
                return Some(event.result("retry", json!({"retry_after_s": after})));
            }
            Some(Verdict::Unlisted) => return None,
            Some(Verdict::Breaks(_)) | None => {}
        }
        let mut result = self.data.event(event);
        if self.contested.contains(&event.record()) {
            self.contest(event.record(), &mut result);
        }
        Some(result)
    }
}
