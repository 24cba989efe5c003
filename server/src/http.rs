//! HTTP: routes, the frame around every answer, and nothing of the rules.

mod account;
mod app_model;
mod body;
mod caller;
mod frame;
mod guard;
mod health;
mod live;
mod metrics;
mod problem;
mod query;
mod users;
mod web;

pub use problem::ApiError;

use crate::config::{Auth, PublicUrl};
use crate::storage::Storage;
use crate::sync::{Caller, SyncError};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use std::path::PathBuf;
use std::sync::Arc;
use tidemark_protocol::{AccountId, Timestamp};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// Live hints that may wait for a slow listener; what it misses is harmless.
const HINTS_MAX: usize = 256;

/// Where time and chance come from.
pub struct Environment {
    /// The server's time.
    pub now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// A UUID that nobody else has.
    pub fresh_id: Box<dyn Fn() -> Uuid + Send + Sync>,
}

/// What the handlers share.
pub struct App<S> {
    /// Where rows live.
    pub storage: S,
    /// Whether people sign in.
    pub auth: Auth,
    /// Where browsers reach the server, if the operator said.
    pub public_url: Option<PublicUrl>,
    /// Folder of the built app.
    pub web: Option<PathBuf>,
    /// Time and chance.
    pub environment: Environment,
    hints: broadcast::Sender<(AccountId, u64)>,
    stopping: watch::Sender<bool>,
}

impl<S: Storage> App<S> {
    /// Puts the parts together.
    pub fn new(
        storage: S,
        auth: Auth,
        public_url: Option<PublicUrl>,
        web: Option<PathBuf>,
        environment: Environment,
    ) -> Self {
        let (hints, _) = broadcast::channel(HINTS_MAX);
        let (stopping, _) = watch::channel(false);
        Self {
            storage,
            auth,
            public_url,
            web,
            environment,
            hints,
            stopping,
        }
    }

    /// Ends the answers that would go on for ever.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Tells the account's listeners that its change counter has moved.
    fn hint(&self, caller: &Caller, head: u64) {
        // Without listeners there is nobody to tell.
        let _ = self.hints.send((caller.account, head));
    }
}

/// All routes, framed and guarded.
pub fn router<S: Storage>(app: Arc<App<S>>) -> Router {
    Router::new()
        .route("/v1/server", get(health::server::<S>))
        .route("/v1/metrics/batch", post(metrics::batch::<S>))
        .route("/v1/metrics", get(metrics::pull::<S>))
        .route("/v1/metrics/{id}/history", get(metrics::history::<S>))
        .route("/v1/users", get(users::pull::<S>).post(users::create::<S>))
        .route(
            "/v1/users/{id}",
            get(users::read::<S>).patch(users::patch::<S>),
        )
        .route(
            "/v1/app_model",
            get(app_model::read::<S>).patch(app_model::patch::<S>),
        )
        .route("/v1/digests", get(account::digests::<S>))
        .route("/v1/devices", get(account::devices::<S>))
        .route(
            "/v1/devices/{id}",
            axum::routing::delete(account::refuse::<S>),
        )
        .route(
            "/v1/account",
            get(account::read::<S>).delete(account::refuse::<S>),
        )
        .route("/v1/live", get(live::listen::<S>))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready::<S>))
        .route("/version", get(health::version))
        .fallback(web::serve::<S>)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard::<S>))
        .layer(from_fn(body::collect))
        .layer(from_fn_with_state(Arc::clone(&app), frame::frame::<S>))
        .with_state(app)
}

/// A handler's answer.
type Answer<T> = Result<T, ApiError>;

impl From<SyncError> for ApiError {
    fn from(error: SyncError) -> Self {
        problem::of_sync(error)
    }
}
