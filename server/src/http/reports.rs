//! What browsers report: a page of ours that broke its own content security policy, which means a bug or an attack.

use super::caller::too_often;
use super::door::Client;
use super::{Answer, App, Store};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use std::sync::Arc;

/// Reports of one message that are looked at.
const REPORTS_MAX: usize = 10;
/// The name of a directive has about 20 characters.
const DIRECTIVE_BYTES_MAX: usize = 40;

pub(super) async fn take<S: Store>(
    State(app): State<Arc<App<S>>>,
    Client(client): Client,
    bytes: Bytes,
) -> Answer<StatusCode> {
    app.client_pace
        .take(client, (app.environment.now)())
        .map_err(|wait| too_often(wait, "too many reports from here"))?;
    let message: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let reports = message.as_array().into_iter().flatten();
    for report in reports.take(REPORTS_MAX) {
        // Nothing else of it is logged: anybody can write anything here, and a sample may hold what was typed.
        let directive = report["body"]["effectiveDirective"].as_str().unwrap_or("");
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        if directive.len() <= DIRECTIVE_BYTES_MAX && directive.bytes().all(is_name) {
            tracing::warn!(directive, "a page was kept from breaking its policy");
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
