//! The server's calls in typed form: the plan's `RemoteRepository`, on top of the transport.
//!
//! An answer counts only if it says that it is ours (protocol header and JSON) and can be read whole.

use crate::ports::{Answer, Request, Transport};
use crate::retry::CallError;
use serde::de::DeserializeOwned;
use tidemark_protocol::{
    AccountId, AccountInfo, AppModel, BatchResponse, Cursor, DeviceId, EntityId, MetricsPage,
    PROTOCOL_VERSION, Problem, ServerInfo, User, UsersPage, limits,
};

const BATCH_PATH: &str = "/v1/metrics/batch";

/// The server, as one account and device see it.
#[derive(Debug)]
pub struct Remote<'a, T> {
    /// The way there.
    pub transport: &'a T,
    /// Who asks; `None` before the first sign-in.
    pub account: Option<AccountId>,
    /// Which device asks.
    pub device: &'a DeviceId,
}

impl<T: Transport> Remote<'_, T> {
    /// Who the server is.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn server(&self) -> Result<ServerInfo, CallError> {
        self.get("/v1/server".to_owned()).await
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn account(&self) -> Result<AccountInfo, CallError> {
        self.get("/v1/account".to_owned()).await
    }

    /// Sends a batch.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn push(&self, body: String) -> Result<BatchResponse, CallError> {
        self.send("POST", BATCH_PATH.to_owned(), Some(body)).await
    }

    /// The request that sends a batch, for somebody who can't wait for the answer.
    pub fn batch_request(&self, body: String) -> Request {
        self.request("POST", BATCH_PATH.to_owned(), Some(body))
    }

    /// Pulls a page of metrics.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn metrics(&self, since: Option<&Cursor>) -> Result<MetricsPage, CallError> {
        self.get(feed_path("/v1/metrics", since)).await
    }

    /// Pulls a page of users.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn users(&self, since: Option<&Cursor>) -> Result<UsersPage, CallError> {
        self.get(feed_path("/v1/users", since)).await
    }

    /// Creates a person.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn create_user(&self, body: String) -> Result<User, CallError> {
        self.send("POST", "/v1/users".to_owned(), Some(body)).await
    }

    /// Changes a person.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn patch_user(&self, id: EntityId, body: String) -> Result<User, CallError> {
        self.send("PATCH", format!("/v1/users/{id}"), Some(body))
            .await
    }

    /// The app model.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn app_model(&self) -> Result<AppModel, CallError> {
        self.get("/v1/app_model".to_owned()).await
    }

    /// Changes the app model.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn patch_app_model(&self, body: String) -> Result<AppModel, CallError> {
        self.send("PATCH", "/v1/app_model".to_owned(), Some(body))
            .await
    }

    async fn get<R: DeserializeOwned>(&self, path: String) -> Result<R, CallError> {
        self.send("GET", path, None).await
    }

    async fn send<R: DeserializeOwned>(
        &self,
        method: &'static str,
        path: String,
        body: Option<String>,
    ) -> Result<R, CallError> {
        let request = self.request(method, path, body);
        let answer = self
            .transport
            .call(&request)
            .await
            .map_err(CallError::Unreachable)?;
        read(&answer)
    }

    fn request(&self, method: &'static str, path: String, body: Option<String>) -> Request {
        Request {
            method,
            path,
            body,
            account: self.account,
            device: self.device.clone(),
        }
    }
}

fn feed_path(path: &str, since: Option<&Cursor>) -> String {
    let limit = limits::PAGE_ROWS_MAX;
    match since {
        // A cursor is made of characters that need no escaping, or it is not one of ours.
        Some(cursor) => format!("{path}?since={}&limit={limit}", cursor.0),
        None => format!("{path}?limit={limit}"),
    }
}

/// Reads an answer: a value of ours, a well-formed refusal of ours, or something else.
///
/// # Errors
/// Says which of the latter two it was.
pub fn read<R: DeserializeOwned>(answer: &Answer) -> Result<R, CallError> {
    let retry_after_s = answer.retry_after_s;
    let not_ours = || CallError::NotOurs {
        status: answer.status,
        retry_after_s,
    };
    let protocol = answer.protocol.as_deref().map(str::parse::<u32>);
    if !matches!(protocol, Some(Ok(version)) if version >= PROTOCOL_VERSION) {
        return Err(not_ours());
    }
    let media_type = answer.content_type.as_deref().unwrap_or_default();
    let is = |name: &str| {
        media_type
            .split(';')
            .next()
            .is_some_and(|kind| kind.trim() == name)
    };
    if (200..300).contains(&answer.status) && is("application/json") {
        return serde_json::from_str(&answer.body).map_err(|_| not_ours());
    }
    if (400..600).contains(&answer.status) && is("application/problem+json") {
        let problem: Problem = serde_json::from_str(&answer.body).map_err(|_| not_ours())?;
        return Err(CallError::Refused {
            problem: Box::new(problem),
            retry_after_s,
        });
    }
    Err(not_ours())
}
