//! The account itself: who it is, its devices, its digests, everything of it, and its end.

use super::{Answer, ApiError, App, Store, problem, query};
use crate::accounts;
use crate::storage::Everything;
use crate::sync::{self, Caller};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use tidemark_protocol::{
    AccountInfo, AppModel, DeviceId, DeviceInfo, DevicesResponse, DigestsResponse, Epoch, Metric,
    ProblemCode, Timestamp, User, UserRef,
};

/// The answer to `GET /v1/account/export`.
#[derive(Serialize)]
struct Export {
    account: AccountInfo,
    exported_at: Timestamp,
    epoch: Epoch,
    users: Vec<User>,
    metrics: Vec<Metric>,
    app_model: Option<AppModel>,
    history: Vec<Value>,
    devices: Vec<DeviceInfo>,
}

pub(super) async fn read<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
) -> Answer<Json<AccountInfo>> {
    Ok(Json(info(&app, &caller).await?))
}

async fn info<S: Store>(app: &App<S>, caller: &Caller) -> Answer<AccountInfo> {
    let row = match app.settings.door {
        Some(_) => app.storage.account(caller.account).await?.row,
        None => None,
    };
    Ok(AccountInfo {
        id: caller.account,
        email: row.map(|row| row.email),
    })
}

pub(super) async fn export<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
) -> Answer<Response> {
    // A whole account in memory: few at a time.
    let _turn = app
        .exports
        .acquire()
        .await
        .map_err(|_| ApiError::internal())?;
    let account = info(&app, &caller).await?;
    let Everything {
        users,
        metrics,
        app_model,
        history,
        devices,
    } = app.storage.everything(caller.account).await?;
    let entries = history.into_iter().map(|(metric, entry)| {
        let mut value = json!(entry);
        value["metric_id"] = json!(metric);
        value
    });
    let export = Export {
        account,
        exported_at: caller.now,
        epoch: app.storage.epoch(),
        users,
        metrics,
        app_model,
        history: entries.collect(),
        devices: devices.into_iter().map(DeviceInfo::from).collect(),
    };
    let mut response = Json(export).into_response();
    let name = HeaderValue::from_static("attachment; filename=\"tidemark-account.json\"");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

pub(super) async fn erase<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    parts: Parts,
) -> Answer<Response> {
    refuse_without_sign_in(&app)?;
    accounts::erase(&app.storage, caller.account, caller.now).await?;
    app.hint(&caller, 0);
    Ok(signed_out(&app, &parts))
}

pub(super) async fn devices<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
) -> Answer<Json<DevicesResponse>> {
    Ok(Json(sync::devices(&app.storage, &caller).await?))
}

pub(super) async fn sign_out_device<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    named: Result<Path<String>, PathRejection>,
    parts: Parts,
) -> Answer<Response> {
    refuse_without_sign_in(&app)?;
    let device = named.ok().and_then(|Path(name)| DeviceId::parse(&name));
    let device = device.ok_or_else(problem::not_found)?;
    accounts::sign_out_device(&app.storage, caller.account, &device).await?;
    app.hint(&caller, 0);
    let grant = parts.extensions.get::<accounts::Grant>();
    let own = match grant {
        Some(grant) => accounts::check(&app.storage, grant.account, grant.session).await,
        None => Ok(device),
    };
    match own {
        Ok(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(_) => Ok(signed_out(&app, &parts)),
    }
}

/// Done, and this browser's cookies with it.
fn signed_out<S: Store>(app: &App<S>, parts: &Parts) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let channel = app.channel(parts);
    if channel.access(&parts.headers).is_some() {
        channel.clear(response.headers_mut());
    }
    response
}

/// The built-in account and its devices can't be deleted: nobody signed in.
fn refuse_without_sign_in<S: Store>(app: &App<S>) -> Answer<()> {
    match app.settings.door {
        Some(_) => Ok(()),
        None => Err(ApiError::new(
            ProblemCode::Forbidden,
            "without sign-in neither the account nor a device can be deleted",
        )),
    }
}

pub(super) async fn digests<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    uri: Uri,
) -> Answer<Json<DigestsResponse>> {
    let needed = || ApiError::new(ProblemCode::BadRequest, "user_id is needed");
    let name = query::parameter(&uri, "user_id").ok_or_else(needed)?;
    let user = UserRef::parse(&name).ok_or_else(problem::not_found)?;
    Ok(Json(sync::digests(&app.storage, &caller, user).await?))
}

#[cfg(test)]
mod tests {
    use crate::http::{App, EXPORTS_MAX, Environment, Settings, router};
    use crate::storage::MemoryStorage;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::{StatusCode, header};
    use std::sync::Arc;
    use std::time::Duration;
    use tidemark_protocol::{Epoch, Timestamp};
    use tower::ServiceExt;
    use uuid::Uuid;

    #[tokio::test(start_paused = true)]
    async fn only_so_many_accounts_are_exported_at_a_time_and_the_next_waits() {
        let environment = Environment {
            now: Box::new(|| Timestamp(1_771_582_953_000)),
            fresh_id: Box::new(|| Uuid::from_u128(1)),
            fresh_secret: Box::new(|| [0; 32]),
        };
        let storage = MemoryStorage::new(Epoch("e".to_owned()));
        let app = Arc::new(App::new(storage, Settings::default(), environment));
        let export = || {
            let request = Request::get("/v1/account/export").header(header::HOST, "localhost");
            router(Arc::clone(&app)).oneshot(request.body(Body::empty()).unwrap())
        };
        let all = u32::try_from(EXPORTS_MAX).unwrap();
        let mut running = app.exports.acquire_many(all).await.unwrap();
        let early = tokio::time::timeout(Duration::from_hours(1), export()).await;
        assert!(early.is_err(), "it was exported beside the others");
        drop(running.split(1));
        assert_eq!(export().await.unwrap().status(), StatusCode::OK);
    }
}
