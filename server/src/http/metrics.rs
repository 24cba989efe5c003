//! The calls under `/v1/metrics`.

use super::{Answer, ApiError, App, Store, body, problem, query};
use crate::sync::{self, Caller};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use std::sync::Arc;
use tidemark_protocol::validate::read_batch;
use tidemark_protocol::{BatchResponse, EntityId, HistoryResponse, MetricsPage};

pub(super) async fn batch<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Json<BatchResponse>> {
    let bytes = body::unpacked(&headers, bytes, body::JSON)?;
    let request = read_batch(&bytes).map_err(problem::of_envelope)?;
    let response = sync::push(&app.storage, &caller, &request).await?;
    app.meters.pushed(&response, caller.now);
    app.hint(&caller, response.head);
    Ok(Json(response))
}

pub(super) async fn pull<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    uri: Uri,
) -> Answer<Json<MetricsPage>> {
    let request = query::pull_request(&uri)?;
    Ok(Json(
        sync::pull_metrics(&app.storage, &caller, &request).await?,
    ))
}

pub(super) async fn history<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    id: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Answer<Json<HistoryResponse>> {
    let id = id
        .ok()
        .and_then(|Path(id)| EntityId::parse(&id))
        .ok_or_else(|| -> ApiError { problem::not_found() })?;
    Ok(Json(sync::history(&app.storage, &caller, id).await?))
}
