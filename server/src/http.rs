//! HTTP: routes, the frame around every answer, and nothing of the rules.

mod account;
mod app_model;
mod auth;
mod body;
mod caller;
mod cookies;
mod door;
mod frame;
mod guard;
mod health;
mod hints;
mod limits;
mod live;
mod meters;
mod metrics;
mod openapi;
mod problem;
mod query;
mod reports;
mod routes;
mod users;
mod web;

pub use door::{Door, Peer};
pub use meters::metrics_router;
pub use openapi::document as openapi_document;
pub use problem::ApiError;
pub use routes::Route;

use self::cookies::Channel;
use self::limits::Pace;
use self::routes::Routes;
use crate::config::PublicUrl;
use crate::storage::{Accounts, Storage};
use crate::sync::{Caller, SyncError};
use axum::Router;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use hints::Hints;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tidemark_protocol::{AccountId, AuthMode, Timestamp};
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

/// Accounts that are exported at a time.
const EXPORTS_MAX: usize = 2;

/// Where time and chance come from.
pub struct Environment {
    /// The server's time.
    pub now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// A UUID that nobody else has.
    pub fresh_id: Box<dyn Fn() -> Uuid + Send + Sync>,
    /// 256 random bits.
    pub fresh_secret: Box<dyn Fn() -> [u8; 32] + Send + Sync>,
}

/// What the handlers need of a storage.
pub trait Store: Storage + Accounts {}

impl<S: Storage + Accounts> Store for S {}

/// What the operator decides. By default nobody signs in, only the API is served, and nothing is bounded.
#[derive(Default)]
pub struct Settings {
    /// How people sign in; `None` where they don't.
    pub door: Option<Door>,
    /// Where browsers reach the server, if the operator said.
    pub public_url: Option<PublicUrl>,
    /// Folder of the built app.
    pub web: Option<PathBuf>,
    /// Whether connections come over TLS to this process itself.
    pub is_tls: bool,
    /// Whether a proxy in front tells the client's address in `X-Forwarded-For`.
    pub trusts_proxy: bool,
    /// Requests of one signed-in account a minute; 0 for as many as come.
    pub requests_per_minute: u32,
}

impl Settings {
    fn auth(&self) -> AuthMode {
        match self.door {
            Some(_) => AuthMode::Required,
            None => AuthMode::Off,
        }
    }

    fn is_https(&self) -> bool {
        self.is_tls || self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// How cookies travel: over plain HTTP to a loopback name without `Secure`, else with it.
    fn channel(&self, parts: &Parts) -> Channel {
        let host = guard::host_of(parts).unwrap_or("").to_ascii_lowercase();
        if !self.is_https() && guard::is_loopback(guard::without_port(&host)) {
            Channel::PlainLoopback
        } else {
            Channel::Tls
        }
    }
}

/// What the handlers share.
pub struct App<S> {
    /// Where rows live.
    pub storage: S,
    settings: Settings,
    environment: Environment,
    hints: Hints,
    stopping: watch::Sender<bool>,
    pace: Pace<AccountId>,
    client_pace: Pace<IpAddr>,
    exports: Semaphore,
    room: body::Room,
    meters: meters::Meters,
}

impl<S: Store> App<S> {
    /// Puts the parts together.
    pub fn new(storage: S, settings: Settings, environment: Environment) -> Self {
        let (stopping, _) = watch::channel(false);
        Self {
            storage,
            pace: Pace::new(settings.requests_per_minute),
            client_pace: Pace::new(settings.requests_per_minute),
            settings,
            environment,
            hints: Hints::default(),
            stopping,
            exports: Semaphore::new(EXPORTS_MAX),
            room: body::Room::default(),
            meters: meters::Meters::default(),
        }
    }

    fn channel(&self, parts: &Parts) -> Channel {
        self.settings.channel(parts)
    }

    /// Ends the answers that would go on for ever.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Tells the account's listeners that its change counter has moved.
    fn hint(&self, caller: &Caller, head: u64) {
        self.hints.tell(caller.account, head);
    }
}

/// All routes, framed and guarded.
pub fn router<S: Store>(app: Arc<App<S>>) -> Router {
    Routes::all()
        .router
        .fallback(web::serve::<S>)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard::<S>))
        .layer(from_fn_with_state(Arc::clone(&app), body::collect::<S>))
        .layer(from_fn_with_state(Arc::clone(&app), frame::frame::<S>))
        .with_state(app)
}

/// Every route that a server has, the app's files left out.
pub fn listed_routes<S: Store>() -> Vec<Route> {
    Routes::<S>::all().listed
}

/// A handler's answer.
type Answer<T> = Result<T, ApiError>;

impl From<SyncError> for ApiError {
    fn from(error: SyncError) -> Self {
        problem::of_sync(error)
    }
}
