//! Query strings.

use super::ApiError;
use crate::sync::PullRequest;
use axum::http::Uri;
use tidemark_protocol::ProblemCode;
use tidemark_protocol::limits::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX};

/// A parameter; empty counts as absent, of several the first counts.
pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or("").as_bytes());
    let mut values = pairs
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned());
    values.next().filter(|value| !value.is_empty())
}

/// `since` and `limit` of a pull.
pub(super) fn pull_request(uri: &Uri) -> Result<PullRequest, ApiError> {
    let limit = match parameter(uri, "limit") {
        None => PAGE_ROWS_DEFAULT,
        Some(limit) => limit
            .parse()
            .ok()
            .filter(|limit| (1..=PAGE_ROWS_MAX).contains(limit))
            .ok_or_else(bad_limit)?,
    };
    Ok(PullRequest {
        since: parameter(uri, "since"),
        limit,
    })
}

fn bad_limit() -> ApiError {
    ApiError::new(
        ProblemCode::BadRequest,
        format!("limit must be an integer from 1 to {PAGE_ROWS_MAX}"),
    )
}
