//! The door of a server with sign-in: the keys, the hashing of passwords, and how often someone may knock.

use super::limits::Window;
use super::{ApiError, App, Store};
use crate::accounts::{AccountError, KeyRing, Passwords};
use crate::storage::{EmailKey, StorageError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tidemark_protocol::ProblemCode;

/// Failed sign-ins of one client for one address.
const FAILURES_MAX: usize = 10;
/// Failed sign-ins of one client for all addresses.
const FAILURES_OF_CLIENT_MAX: usize = 300;
const FAILURES_SPAN_MS: i64 = 15 * 60_000;
const HOUR_MS: i64 = 3_600_000;

/// What sign-in needs.
pub struct Door {
    pub(super) passwords: Passwords,
    pub(super) keys: KeyRing,
    pub(super) failures: Window<(IpAddr, EmailKey)>,
    pub(super) failures_of_client: Window<IpAddr>,
    pub(super) registrations: Option<Window<IpAddr>>,
}

impl Door {
    /// Puts the parts together; 0 registrations an hour stand for as many as come.
    pub fn new(passwords: Passwords, keys: KeyRing, registrations_per_hour: usize) -> Self {
        let registrations =
            (registrations_per_hour > 0).then(|| Window::new(registrations_per_hour, HOUR_MS));
        Self {
            passwords,
            keys,
            failures: Window::new(FAILURES_MAX, FAILURES_SPAN_MS),
            failures_of_client: Window::new(FAILURES_OF_CLIENT_MAX, FAILURES_SPAN_MS),
            registrations,
        }
    }
}

/// The address at the other end of the connection; whoever accepts connections puts it into each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The client's address, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client(pub IpAddr);

impl<S: Store> FromRequestParts<Arc<App<S>>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App<S>>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(address)| *address);
        let told = app.settings.trusts_proxy.then(|| forwarded_for(parts));
        Ok(Self(told.flatten().unwrap_or(peer)))
    }
}

/// What the proxy in front of us has seen; what stands before it anybody can write.
fn forwarded_for(parts: &Parts) -> Option<IpAddr> {
    let last = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?;
    last.trim().parse().ok()
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        let detail = error.to_string();
        let code = match error {
            AccountError::EmailTaken => ProblemCode::EmailTaken,
            AccountError::WeakPassword => ProblemCode::WeakPassword,
            AccountError::BadCredentials => ProblemCode::BadCredentials,
            AccountError::SignedOut => ProblemCode::Unauthenticated,
            AccountError::UnknownDevice => ProblemCode::NotFound,
            AccountError::Busy => ProblemCode::Overloaded,
            AccountError::Hashing => {
                tracing::error!("a password could not be hashed, or its hash not be read");
                return Self::internal();
            }
            AccountError::Storage(error) => return error.into(),
        };
        let mut problem = Self::new(code, detail);
        if code == ProblemCode::WeakPassword {
            problem.problem.field = Some("password".to_owned());
        }
        problem
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        crate::sync::SyncError::from(error).into()
    }
}
