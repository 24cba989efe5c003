//! Every route in one list: what the router serves is what tests and the OpenAPI document can go through.

use super::{App, Store, account, app_model, auth, health, live, metrics, openapi, reports, users};
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};
use std::sync::Arc;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

/// Answers from this size on are packed for clients that take gzip.
const PACKED_FROM_BYTES: u64 = 1024;

/// A method and a path, its variable parts in braces.
pub type Route = (Method, &'static str);

/// Routes and their names.
pub(super) struct Routes<S> {
    pub router: Router<Arc<App<S>>>,
    pub listed: Vec<Route>,
}

impl<S: Store> Routes<S> {
    fn new() -> Self {
        Self {
            router: Router::new(),
            listed: Vec::new(),
        }
    }

    fn add<H, T>(mut self, method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App<S>>>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("a method of HTTP itself");
        self.router = self.router.route(path, on(filter, handler));
        self.listed.push((method, path));
        self
    }

    fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.listed.extend(other.listed);
        self
    }

    /// Everything but the app's files.
    pub(super) fn all() -> Self {
        let mut data = Self::data();
        let packing = CompressionLayer::new().compress_when(SizeAbove::new(PACKED_FROM_BYTES));
        data.router = data.router.layer(packing);
        // What holds a token is not packed: its length would tell about it. Nor are live hints: each must go at once.
        data.merge(Self::sign_in()).merge(Self::operations())
    }

    fn data() -> Self {
        Self::new()
            .add(Method::POST, "/v1/metrics/batch", metrics::batch::<S>)
            .add(Method::GET, "/v1/metrics", metrics::pull::<S>)
            .add(
                Method::GET,
                "/v1/metrics/{id}/history",
                metrics::history::<S>,
            )
            .add(Method::GET, "/v1/users", users::pull::<S>)
            .add(Method::POST, "/v1/users", users::create::<S>)
            .add(Method::GET, "/v1/users/{id}", users::read::<S>)
            .add(Method::PATCH, "/v1/users/{id}", users::patch::<S>)
            .add(Method::GET, "/v1/app_model", app_model::read::<S>)
            .add(Method::PATCH, "/v1/app_model", app_model::patch::<S>)
            .add(Method::GET, "/v1/digests", account::digests::<S>)
            .add(Method::GET, "/v1/devices", account::devices::<S>)
            .add(
                Method::DELETE,
                "/v1/devices/{id}",
                account::sign_out_device::<S>,
            )
            .add(Method::GET, "/v1/account", account::read::<S>)
            .add(Method::DELETE, "/v1/account", account::erase::<S>)
            .add(Method::GET, "/v1/account/export", account::export::<S>)
            .add(Method::GET, "/v1/openapi.json", openapi::read::<S>)
    }

    fn sign_in() -> Self {
        Self::new()
            .add(Method::POST, "/v1/auth/register", auth::register::<S>)
            .add(Method::POST, "/v1/auth/login", auth::login::<S>)
            .add(Method::POST, "/v1/auth/recover", auth::recover::<S>)
            .add(Method::POST, "/v1/auth/refresh", auth::refresh::<S>)
            .add(Method::POST, "/v1/auth/logout", auth::logout::<S>)
    }

    fn operations() -> Self {
        Self::new()
            .add(Method::GET, "/v1/server", health::server::<S>)
            .add(Method::GET, "/v1/live", live::listen::<S>)
            .add(Method::GET, "/livez", health::live)
            .add(Method::GET, "/readyz", health::ready::<S>)
            .add(Method::GET, "/version", health::version)
            .add(Method::POST, "/csp-report", reports::take::<S>)
    }
}
