//! The real router with sign-in, over a storage in memory or PostgreSQL, and an operator's look at what it holds.

use crate::plan::Depth;
use crate::server::{Place, Process, of_response, to_http};
use axum::http::{HeaderMap, HeaderValue, header};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tidemark_engine::{Answer, Request};
use tidemark_protocol::{AccountId, Epoch, Metric, limits};
use tidemark_server::accounts::{KeyRing, PasswordCost, Passwords, SigningKey};
use tidemark_server::http::{Door, Environment, Settings};
use tidemark_server::storage::MemoryStorage;
use tidemark_server::sync::{Caller, PullRequest};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use uuid::Uuid;

/// The least that argon2 takes: what is at stake here is not the hash.
const COST: PasswordCost = PasswordCost {
    memory_kib: 8,
    passes: 1,
};
/// Seconds that an access token lasts.
const ACCESS_SECONDS: i64 = 600;

/// The cookies of a device's browser: name, value and path.
#[derive(Clone, Debug, Default)]
pub struct Jar(BTreeMap<String, (String, String)>);

impl Jar {
    fn sent_to(&self, path: &str) -> String {
        let fitting = self.0.iter().filter(|(_, (_, of))| path.starts_with(of));
        let pairs: Vec<String> = fitting
            .map(|(name, (value, _))| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// Keeps what an answer sets.
    fn keep(&mut self, headers: &HeaderMap) {
        let set = headers.get_all(header::SET_COOKIE).iter();
        for cookie in set.filter_map(|value| value.to_str().ok()) {
            let mut parts = cookie.split("; ");
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let path = parts.find_map(|part| part.strip_prefix("Path="));
            if value.is_empty() || cookie.contains("Max-Age=0") {
                self.0.remove(name);
            } else {
                let path = path.unwrap_or("/").to_owned();
                self.0.insert(name.to_owned(), (value.to_owned(), path));
            }
        }
    }
}

/// The server.
pub struct HouseServer {
    runtime: Runtime,
    process: Process,
    now: Arc<AtomicI64>,
}

impl std::fmt::Debug for HouseServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HouseServer").finish_non_exhaustive()
    }
}

impl HouseServer {
    /// An empty server, whose clock is `now`.
    pub fn new(now: Arc<AtomicI64>, depth: Depth) -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime on this thread starts");
        let ids = AtomicU64::new(0);
        let secrets = AtomicU64::new(0);
        let clock = Arc::clone(&now);
        let environment = Environment {
            now: Box::new(move || tidemark_protocol::Timestamp(clock.load(Ordering::Relaxed))),
            fresh_id: Box::new(move || {
                Uuid::from_u128(0x1d_0000 + u128::from(ids.fetch_add(1, Ordering::Relaxed)))
            }),
            fresh_secret: Box::new(move || {
                let mut secret = [7; 32];
                let number = secrets.fetch_add(1, Ordering::Relaxed);
                secret[..8].copy_from_slice(&number.to_le_bytes());
                secret
            }),
        };
        let settings = Settings {
            door: Some(door()),
            ..Settings::default()
        };
        let epoch = Epoch(Uuid::from_u128(0xac_0000).to_string());
        let process = if depth == Depth::Postgres {
            Place::postgres().start(&runtime, &epoch, settings, environment)
        } else {
            Process::over(MemoryStorage::new(epoch), settings, environment)
        };
        Self {
            runtime,
            process,
            now,
        }
    }

    /// Answers a request of a browser with these cookies, and tells which it has then.
    pub fn answer(&self, request: &Request, jar: &Jar) -> (Answer, Jar) {
        let cookies = jar.sent_to(&request.path);
        let cookies = cookies.parse().expect("cookies fit into a header");
        let mut request = to_http(request);
        let headers = request.headers_mut();
        headers.insert(header::COOKIE, cookies);
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        let mut jar = jar.clone();
        let answer = self.runtime.block_on(async {
            let router = self.process.router.clone();
            let response = router
                .oneshot(request)
                .await
                .unwrap_or_else(|never| match never {});
            jar.keep(response.headers());
            of_response(response).await
        });
        (answer, jar)
    }

    /// All rows of an account that live; `None` of an account that is no more.
    pub fn rows(&self, account: AccountId) -> Option<Vec<Metric>> {
        let caller = Caller {
            account,
            device: None,
            now: tidemark_protocol::Timestamp(self.now.load(Ordering::Relaxed)),
        };
        let mut rows = Vec::new();
        let mut since = None;
        loop {
            let limit = limits::PAGE_ROWS_MAX;
            let request = PullRequest { since, limit };
            let inside = &self.process.inside;
            let page = inside.pull(&self.runtime, &caller, &request)?;
            rows.extend(
                page.metrics
                    .into_iter()
                    .filter(|row| row.deleted_at.is_none()),
            );
            if !page.has_more {
                return Some(rows);
            }
            since = Some(page.cursor.0);
        }
    }
}

fn door() -> Door {
    let key = SigningKey {
        name: "key".to_owned(),
        secret: [3; 32],
    };
    let keys = KeyRing::new(vec![key]).expect("one key is enough");
    let passwords = Passwords::new(COST, 1).expect("the cost is argon2's least");
    Door::new(passwords, keys.lasting(ACCESS_SECONDS), 0)
}
