//! Errors as problem documents. An error travels as an extension of an empty response until the frame, which knows the
//! request's id, writes it out.

use crate::storage::StorageError;
use crate::sync::SyncError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tidemark_protocol::validate::BadEnvelope;
use tidemark_protocol::{Problem, ProblemCode};

/// An answer that is not what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError(pub Box<Problem>);

impl ApiError {
    /// A problem of a kind, with what it means here.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem {
            kind: format!("urn:tidemark:problem:{}", code.as_str()),
            title: title(code).to_owned(),
            status: code.status(),
            detail: Some(detail.into()),
            code,
            field: None,
            reason: None,
            lost: None,
            instance: None,
        }))
    }

    /// An error inside the server; what it is stands in the log only.
    fn internal() -> Self {
        Self::new(
            ProblemCode::Overloaded,
            "the server can't do this now; nothing was processed",
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
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
            error.0.field = rejection.field;
            error
        }
        SyncError::ResyncRequired { reason, lost } => {
            let mut error = ApiError::new(ProblemCode::ResyncRequired, detail);
            error.0.reason = Some(reason);
            error.0.lost = lost;
            error
        }
        SyncError::Storage(StorageError::Erased) => {
            ApiError::new(ProblemCode::AccountErased, "this account was erased")
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
