//! The calls under `/v1/users`.

use super::{Answer, ApiError, App, Store, body, problem, query};
use crate::sync::{self, Caller};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use std::sync::Arc;
use tidemark_protocol::{EntityId, User, UserRef, UsersPage};

pub(super) async fn pull<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    uri: Uri,
) -> Answer<Json<UsersPage>> {
    let request = query::pull_request(&uri)?;
    Ok(Json(
        sync::pull_users(&app.storage, &caller, &request).await?,
    ))
}

pub(super) async fn create<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<(StatusCode, Json<User>)> {
    let fields = body::object(&headers, bytes, body::JSON)?;
    let fresh_id = EntityId((app.environment.fresh_id)());
    let created = sync::create_user(&app.storage, &caller, &fields, fresh_id).await?;
    app.hint(&caller, created.user.version);
    let status = if created.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(created.user)))
}

pub(super) async fn read<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
) -> Answer<Json<User>> {
    Ok(Json(
        sync::get_user(&app.storage, &caller, user_name(name)?).await?,
    ))
}

pub(super) async fn patch<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Json<User>> {
    let name = user_name(name)?;
    let fields = body::object(&headers, bytes, body::MERGE_PATCH)?;
    let user = sync::patch_user(&app.storage, &caller, name, &fields).await?;
    app.hint(&caller, user.version);
    Ok(Json(user))
}

/// A path segment that names no user at all is a row that is not there.
fn user_name(name: Result<Path<String>, PathRejection>) -> Result<UserRef, ApiError> {
    name.ok()
        .and_then(|Path(name)| UserRef::parse(&name))
        .ok_or_else(problem::not_found)
}
