//! The calls on `/v1/app_model`.

use super::{Answer, App, Store, body};
use crate::sync::{self, Caller};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use std::sync::Arc;
use tidemark_protocol::AppModel;

pub(super) async fn read<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
) -> Answer<Json<AppModel>> {
    Ok(Json(sync::get_app_model(&app.storage, &caller).await?))
}

pub(super) async fn patch<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Json<AppModel>> {
    let fields = body::object(&headers, bytes, body::MERGE_PATCH)?;
    let model = sync::patch_app_model(&app.storage, &caller, &fields).await?;
    app.hint(&caller, model.version);
    Ok(Json(model))
}
