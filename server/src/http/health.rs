//! Who the server is and how it is.

use super::{Answer, ApiError, App, Store};
use crate::VERSION;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use std::sync::Arc;
use tidemark_protocol::limits::{BATCH_EVENTS_MAX, BODY_BYTES_MAX, PAGE_ROWS_MAX};
use tidemark_protocol::{PROTOCOL_VERSION, ProblemCode, ServerInfo, ServerLimits};

pub(super) async fn server<S: Store>(State(app): State<Arc<App<S>>>) -> Json<ServerInfo> {
    Json(ServerInfo {
        protocol: PROTOCOL_VERSION,
        version: VERSION.to_owned(),
        auth: app.settings.auth(),
        epoch: app.storage.epoch(),
        limits: ServerLimits {
            max_events: BATCH_EVENTS_MAX,
            max_body_bytes: BODY_BYTES_MAX,
            max_page: PAGE_ROWS_MAX,
        },
        server_time: (app.environment.now)(),
    })
}

/// The process runs.
pub(super) async fn live() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// The database takes writes, and the server is not about to stop; the schema was brought up to date before the first
/// request.
pub(super) async fn ready<S: Store>(State(app): State<Arc<App<S>>>) -> Answer<Json<Value>> {
    if *app.stopping.borrow() {
        return Err(ApiError::new(
            ProblemCode::Overloaded,
            "the server is stopping",
        ));
    }
    match app.storage.probe().await {
        Ok(()) => Ok(Json(
            json!({"status": "ok", "database": "ok", "migrations": "ok"}),
        )),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the database takes no writes"
            );
            Err(ApiError::new(
                ProblemCode::Overloaded,
                "the database takes no writes",
            ))
        }
    }
}

pub(super) async fn version() -> Json<Value> {
    Json(json!({"version": VERSION, "protocol": PROTOCOL_VERSION}))
}
