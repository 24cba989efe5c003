//! The account itself: who it is, its devices, its digests.

use super::{Answer, ApiError, App, query};
use crate::storage::Storage;
use crate::sync::{self, Caller, DevicesResponse};
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use std::sync::Arc;
use tidemark_protocol::{AccountInfo, DigestsResponse, ProblemCode, UserRef};

pub(super) async fn read<S: Storage>(
    State(_): State<Arc<App<S>>>,
    caller: Caller,
) -> Json<AccountInfo> {
    Json(AccountInfo {
        id: caller.account,
        email: None,
    })
}

pub(super) async fn devices<S: Storage>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
) -> Answer<Json<DevicesResponse>> {
    Ok(Json(sync::devices(&app.storage, &caller).await?))
}

/// The built-in account and its devices can't be deleted: nobody signed in.
pub(super) async fn refuse<S: Storage>(State(_): State<Arc<App<S>>>, _: Caller) -> ApiError {
    ApiError::new(
        ProblemCode::Forbidden,
        "without sign-in neither the account nor a device can be deleted",
    )
}

pub(super) async fn digests<S: Storage>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    uri: Uri,
) -> Answer<Json<DigestsResponse>> {
    let needed = || ApiError::new(ProblemCode::BadRequest, "user_id is needed");
    let name = query::parameter(&uri, "user_id").ok_or_else(needed)?;
    let user = UserRef::parse(&name).ok_or_else(super::problem::not_found)?;
    Ok(Json(sync::digests(&app.storage, &caller, user).await?))
}
