//! Who asks: the account, the device and the time of a call.

use super::{ApiError, App};
use crate::config::Auth;
use crate::storage::Storage;
use crate::sync::{BUILT_IN_ACCOUNT, Caller};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::sync::Arc;
use tidemark_protocol::{ACCOUNT_HEADER, AccountId, DEVICE_HEADER, DeviceId, ProblemCode};

impl<S: Storage> FromRequestParts<Arc<App<S>>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App<S>>) -> Result<Self, ApiError> {
        if app.auth == Auth::Required {
            return Err(ApiError::new(
                ProblemCode::Unauthenticated,
                "this server needs a sign-in",
            ));
        }
        let account = BUILT_IN_ACCOUNT;
        check_account(&parts.headers, account)?;
        Ok(Self {
            account,
            device: device(&parts.headers)?,
            now: (app.environment.now)(),
        })
    }
}

/// Refuses what was written for another account.
fn check_account(headers: &HeaderMap, account: AccountId) -> Result<(), ApiError> {
    match headers.get(ACCOUNT_HEADER) {
        None => Ok(()),
        Some(sent) => check_account_name(sent.to_str().unwrap_or(""), account),
    }
}

/// The same for an account named elsewhere than in the header.
pub(super) fn check_account_name(sent: &str, account: AccountId) -> Result<(), ApiError> {
    if AccountId::parse(sent) == Some(account) {
        return Ok(());
    }
    Err(ApiError::new(
        ProblemCode::WrongAccount,
        "this was written for another account; nothing was done",
    ))
}

fn device(headers: &HeaderMap) -> Result<Option<DeviceId>, ApiError> {
    let Some(sent) = headers.get(DEVICE_HEADER) else {
        return Ok(None);
    };
    let device = str::from_utf8(sent.as_bytes())
        .ok()
        .and_then(DeviceId::parse);
    let wrong = || {
        ApiError::new(
            ProblemCode::BadRequest,
            "Tidemark-Device must have 1 to 100 characters",
        )
    };
    device.map(Some).ok_or_else(wrong)
}
