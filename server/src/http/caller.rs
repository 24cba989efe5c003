//! Who asks: the account, the device and the time of a call.

use super::cookies::Channel;
use super::door::Door;
use super::limits::Wait;
use super::{ApiError, App, Store};
use crate::accounts::{self, AccountError, BadToken, Grant};
use crate::storage::StorageError;
use crate::sync::{BUILT_IN_ACCOUNT, Caller};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::sync::Arc;
use tidemark_protocol::{
    ACCOUNT_HEADER, AccountId, DEVICE_HEADER, DeviceId, ProblemCode, Timestamp,
};

/// Where a token was found. A page of another site makes a browser send its cookies, but can't make it send a header.
pub(super) enum Carrier<'a> {
    Bearer(&'a str),
    Cookie(&'a str),
    /// Neither, or a header that is no bearer's.
    None,
}

/// The carrier of a request's access token; a header goes before the cookie, even a bad one.
pub(super) fn carrier(headers: &HeaderMap, channel: Channel) -> Carrier<'_> {
    match headers.get(header::AUTHORIZATION) {
        Some(sent) => bearer(sent.as_bytes()).map_or(Carrier::None, Carrier::Bearer),
        None => channel
            .access(headers)
            .map_or(Carrier::None, Carrier::Cookie),
    }
}

fn bearer(sent: &[u8]) -> Option<&str> {
    let (scheme, token) = str::from_utf8(sent).ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("Bearer")
        .then(|| token.trim_matches(' '))
}

impl<S: Store> FromRequestParts<Arc<App<S>>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App<S>>) -> Result<Self, ApiError> {
        let now = (app.environment.now)();
        let (account, session_device) = match &app.settings.door {
            None => {
                check_account(&parts.headers, BUILT_IN_ACCOUNT)?;
                (BUILT_IN_ACCOUNT, None)
            }
            Some(door) => {
                let (grant, device) = signed_in(app, door, parts, now).await?;
                parts.extensions.insert(grant);
                (grant.account, Some(device))
            }
        };
        if app.settings.door.is_some() {
            app.pace
                .take(account, now)
                .map_err(|wait| too_often(wait, "this account asks too often"))?;
        }
        let device = device(&parts.headers)?.or(session_device);
        Ok(Self {
            account,
            device,
            now,
        })
    }
}

/// Whom the request's access token lets in, if its session still lives.
async fn signed_in<S: Store>(
    app: &App<S>,
    door: &Door,
    parts: &Parts,
    now: Timestamp,
) -> Result<(Grant, DeviceId), ApiError> {
    let channel = app.channel(parts);
    let (token, clears) = match carrier(&parts.headers, channel) {
        Carrier::Bearer(token) => (token, None),
        Carrier::Cookie(token) => (token, Some(channel)),
        Carrier::None => return Err(unauthenticated("this server needs a sign-in")),
    };
    let (grant, is_over) = match door.keys.read(token, now) {
        Ok(grant) => (grant, false),
        Err(BadToken::Expired(grant)) => (grant, true),
        Err(BadToken::Foreign) => {
            return Err(unauthenticated("this is no access token of this server"));
        }
    };
    // First: that this account was erased must not be taken for the end of the one that is named.
    check_account(&parts.headers, grant.account)?;
    match accounts::check(&app.storage, grant.account, grant.session).await {
        Ok(_) if is_over => Err(ApiError::new(
            ProblemCode::TokenExpired,
            "the access token is over; refresh it",
        )),
        Ok(device) => Ok((grant, device)),
        Err(error @ (AccountError::SignedOut | AccountError::Storage(StorageError::Erased))) => {
            Err(ApiError::from(error).clearing(clears))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn unauthenticated(detail: &str) -> ApiError {
    ApiError::new(ProblemCode::Unauthenticated, detail)
}

pub(super) fn too_often(Wait(seconds): Wait, detail: &str) -> ApiError {
    ApiError::new(ProblemCode::RateLimited, detail).after(seconds)
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

/// The device that the header names.
pub(super) fn device(headers: &HeaderMap) -> Result<Option<DeviceId>, ApiError> {
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
