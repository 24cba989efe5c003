//! The calls under `/v1/metrics`.

use super::{Answer, ApiError, App, Store, body, problem, query};
use crate::sync::{self, Caller};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tidemark_protocol::validate::read_batch;
use tidemark_protocol::{BatchResponse, EntityId, HistoryResponse, PACKED_MEDIA_TYPE, PackedPage};

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
    headers: HeaderMap,
    uri: Uri,
) -> Answer<Response> {
    let request = query::pull_request(&uri)?;
    let page = sync::pull_metrics(&app.storage, &caller, &request).await?;
    let mut answer = if accepts_columns(&headers) {
        let kind = HeaderValue::from_static(PACKED_MEDIA_TYPE);
        let mut answer = Json(PackedPage::of(page)).into_response();
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        answer
    } else {
        Json(page).into_response()
    };
    let by_accept = HeaderValue::from_static("accept");
    answer.headers_mut().append(VARY, by_accept);
    Ok(answer)
}

/// Whether the caller names the form in columns among those it accepts. Others get rows, as everybody always may.
fn accepts_columns(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter();
    let accepted = accepted.filter_map(|kinds| kinds.to_str().ok());
    let mut kinds = accepted.flat_map(|kinds| kinds.split(','));
    kinds.any(|kind| kind.trim() == PACKED_MEDIA_TYPE)
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
