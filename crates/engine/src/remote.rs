//! The server's calls in typed form: the plan's `RemoteRepository`, on top of the transport.
//!
//! An answer counts only if it says that it is ours (protocol header and JSON) and can be read whole.

mod account;
mod partly;

pub use account::farewell;

use crate::ports::{Answer, Request, Transport};
use crate::retry::CallError;
use partly::Partly;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use tidemark_protocol::{
    AccountId, AccountInfo, AppModel, BatchResponse, Cursor, DeviceId, DigestsResponse, EntityId,
    HistoryResponse, MetricsPage, PACKED_MEDIA_TYPE, PROTOCOL_VERSION, Problem, ServerInfo, User,
    UsersPage, limits,
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
    /// Set when an answer held something that this version can't read, and so left it out.
    pub left_out: &'a Cell<bool>,
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

    /// The digests of a person's living rows.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn digests(&self, user: EntityId) -> Result<DigestsResponse, CallError> {
        self.get(format!("/v1/digests?user_id={user}")).await
    }

    /// What was replaced in a metric.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn entry_history(&self, metric: EntityId) -> Result<HistoryResponse, CallError> {
        self.get(format!("/v1/metrics/{metric}/history")).await
    }

    /// Sends a batch.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn push(&self, body: String) -> Result<BatchResponse, CallError> {
        let path = BATCH_PATH.to_owned();
        self.send("POST", path, Some(body), partly::batch).await
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
        let path = feed_path("/v1/metrics", since);
        let answer = self.ask("GET", path, None).await?;
        let found = if is_of_type(&answer, PACKED_MEDIA_TYPE) {
            read_with(&answer, partly::packed_metrics)
        } else {
            read_with(&answer, partly::metrics)
        };
        Ok(self.noted(found?))
    }

    /// Pulls a page of users.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn users(&self, since: Option<&Cursor>) -> Result<UsersPage, CallError> {
        let path = feed_path("/v1/users", since);
        self.send("GET", path, None, partly::users).await
    }

    /// Creates a person.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn create_user(&self, body: String) -> Result<User, CallError> {
        let path = "/v1/users".to_owned();
        self.send("POST", path, Some(body), partly::user).await
    }

    /// Changes a person.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn patch_user(&self, id: EntityId, body: String) -> Result<User, CallError> {
        let path = format!("/v1/users/{id}");
        self.send("PATCH", path, Some(body), partly::user).await
    }

    /// The app model.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn app_model(&self) -> Result<AppModel, CallError> {
        let path = "/v1/app_model".to_owned();
        self.send("GET", path, None, partly::app_model).await
    }

    /// Changes the app model.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn patch_app_model(&self, body: String) -> Result<AppModel, CallError> {
        let path = "/v1/app_model".to_owned();
        self.send("PATCH", path, Some(body), partly::app_model)
            .await
    }

    async fn get<R: DeserializeOwned>(&self, path: String) -> Result<R, CallError> {
        let whole = |body: &str| {
            let value = serde_json::from_str(body)?;
            Ok(Partly {
                value,
                is_whole: true,
            })
        };
        self.send("GET", path, None, whole).await
    }

    async fn send<R>(
        &self,
        method: &'static str,
        path: String,
        body: Option<String>,
        read: impl Fn(&str) -> serde_json::Result<Partly<R>>,
    ) -> Result<R, CallError> {
        // Only the last step depends on what comes: the rest is compiled once for all calls.
        let answer = self.ask(method, path, body).await?;
        Ok(self.noted(read_with(&answer, read)?))
    }

    fn noted<R>(&self, found: Partly<R>) -> R {
        if !found.is_whole {
            self.left_out.set(true);
        }
        found.value
    }

    async fn ask(
        &self,
        method: &'static str,
        path: String,
        body: Option<String>,
    ) -> Result<Answer, CallError> {
        let request = self.request(method, path, body);
        let answer = self.transport.call(&request).await;
        answer.map_err(CallError::Unreachable)
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
    read_with(answer, |body| serde_json::from_str(body))
}

fn read_with<R>(
    answer: &Answer,
    read: impl Fn(&str) -> serde_json::Result<R>,
) -> Result<R, CallError> {
    let body = good_body(answer)?;
    read(body).map_err(|_| not_ours(answer))
}

fn not_ours(answer: &Answer) -> CallError {
    CallError::NotOurs {
        status: answer.status,
        retry_after_s: answer.retry_after_s,
    }
}

fn is_of_type(answer: &Answer, name: &str) -> bool {
    let media_type = answer.content_type.as_deref().unwrap_or_default();
    let mut parts = media_type.split(';');
    parts.next().is_some_and(|kind| kind.trim() == name)
}

/// The body of an answer that says it is ours and good.
fn good_body(answer: &Answer) -> Result<&str, CallError> {
    let protocol = answer.protocol.as_deref().map(str::parse::<u32>);
    if !matches!(protocol, Some(Ok(version)) if version >= PROTOCOL_VERSION) {
        return Err(not_ours(answer));
    }
    let is = |name: &str| is_of_type(answer, name);
    if (200..300).contains(&answer.status) && (is("application/json") || is(PACKED_MEDIA_TYPE)) {
        return Ok(&answer.body);
    }
    if (400..600).contains(&answer.status) && is("application/problem+json") {
        let problem: Problem = serde_json::from_str(&answer.body).map_err(|_| not_ours(answer))?;
        return Err(CallError::Refused {
            problem: Box::new(problem),
            retry_after_s: answer.retry_after_s,
        });
    }
    Err(not_ours(answer))
}
