//! Errors as problem documents. An error travels as an extension of an empty response until the frame, which knows the
//! request's id, writes it out.

use super::cookies::Channel;
use crate::storage::StorageError;
use crate::sync::SyncError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tidemark_protocol::validate::BadEnvelope;
use tidemark_protocol::{Problem, ProblemCode};

/// When a server that has too much to do is worth asking again.
const OVERLOADED_SECONDS: u64 = 5;

/// An answer that is not what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// The body.
    pub problem: Box<Problem>,
    /// When it is worth asking again, in seconds.
    retry_after_s: Option<u64>,
    /// Whose cookies are to go.
    clears: Option<Channel>,
}

impl ApiError {
    /// A problem of a kind, with what it means here.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let problem = Box::new(Problem {
            kind: format!("urn:tidemark:problem:{}", code.as_str()),
            title: title(code).to_owned(),
            status: code.status(),
            detail: Some(detail.into()),
            code,
            field: None,
            reason: None,
            lost: None,
            instance: None,
        });
        let retry_after_s = (problem.status == 503).then_some(OVERLOADED_SECONDS);
        Self {
            problem,
            retry_after_s,
            clears: None,
        }
    }

    /// The same, worth asking again after so many seconds.
    pub(super) fn after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The same, with the cookies of a session that is over taken away.
    pub(super) fn clearing(mut self, clears: Option<Channel>) -> Self {
        self.clears = clears;
        self
    }

    /// An error inside the server; what it is stands in the log only.
    pub(super) fn internal() -> Self {
        Self::new(
            ProblemCode::Overloaded,
            "the server can't do this now; nothing was processed",
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(channel) = self.clears {
            channel.clear(headers);
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn title(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::BadJson => "The body is not JSON",
        ProblemCode::BadRequest => "The request can't be understood",
        ProblemCode::BadCursor => "The cursor is not one of this account and feed",
        ProblemCode::Unauthenticated => "Sign in first",
        ProblemCode::TokenExpired => "The access token is over",
        ProblemCode::BadCredentials => "Address or password is wrong",
        ProblemCode::CrossSite => "The request came from another site",
        ProblemCode::WrongAccount => "Another account is signed in",
        ProblemCode::Forbidden => "Not allowed",
        ProblemCode::NotFound => "Not found",
        ProblemCode::MethodNotAllowed => "The path does not know this method",
        ProblemCode::EmailTaken => "The address has an account already",
        ProblemCode::OpReuse => "The operation's id came before with another body",
        ProblemCode::ResyncRequired => "Pull from the start",
        ProblemCode::AccountErased => "The account is gone",
        ProblemCode::TooLarge => "Over a limit",
        ProblemCode::UnsupportedMediaType => "The media type or encoding is not taken",
        ProblemCode::InvalidField => "A field is wrong",
        ProblemCode::WeakPassword => "The password is too weak",
        ProblemCode::ClientTooOld => "The client must be updated",
        ProblemCode::RateLimited => "Too many requests",
        ProblemCode::Overloaded => "Not now",
        ProblemCode::Unknown => "The server failed",
    }
}

/// For a path that knows other methods.
pub(super) async fn method_not_allowed() -> ApiError {
    ApiError::new(
        ProblemCode::MethodNotAllowed,
        "the header Allow names the methods of this path",
    )
}

/// For a path that is not there.
pub(super) fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "there is nothing at this path")
}

pub(super) fn of_envelope(error: BadEnvelope) -> ApiError {
    let code = match error {
        BadEnvelope::Json => ProblemCode::BadJson,
        BadEnvelope::TooManyEvents => ProblemCode::TooLarge,
        BadEnvelope::NotAnObject | BadEnvelope::Device | BadEnvelope::Events => {
            ProblemCode::BadRequest
        }
    };
    ApiError::new(code, error.to_string())
}

pub(super) fn of_sync(error: SyncError) -> ApiError {
    let detail = error.to_string();
    match error {
        SyncError::NotFound => ApiError::new(ProblemCode::NotFound, detail),
        SyncError::OpReuse => ApiError::new(ProblemCode::OpReuse, detail),
        SyncError::BadCursor => ApiError::new(ProblemCode::BadCursor, detail),
        SyncError::Invalid(rejection) => {
            let mut error = ApiError::new(ProblemCode::InvalidField, rejection.detail);
            error.problem.field = rejection.field;
            error
        }
        SyncError::ResyncRequired { reason, lost } => {
            let mut error = ApiError::new(ProblemCode::ResyncRequired, detail);
            error.problem.reason = Some(reason);
            error.problem.lost = lost;
            error
        }
        SyncError::Storage(StorageError::Erased) => {
            ApiError::new(ProblemCode::AccountErased, "this account was erased")
        }
        SyncError::Storage(StorageError::Unsettled(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a commit was cut off");
            let detail =
                "the database went away: whether this took effect shows when it is sent again";
            ApiError::new(ProblemCode::Overloaded, detail)
        }
        SyncError::Storage(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a storage operation failed"
            );
            ApiError::internal()
        }
    }
}
