//! The calls under `/v1/auth`. Without sign-in there are none.

use super::caller::{self, Carrier, carrier, too_often, unauthenticated};
use super::cookies::Channel;
use super::door::{Client, Door};
use super::{Answer, ApiError, App, Store, body, guard, problem};
use crate::accounts::{
    self, AccountError, BadToken, Draws, EmailAddress, OnDevice, Password, Recovery, RecoveryCode,
    RefreshToken, SignIn, SignedIn,
};
use crate::storage::SessionId;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use std::net::IpAddr;
use std::sync::Arc;
use tidemark_protocol::limits::NAME_CHARS_MAX;
use tidemark_protocol::{
    AccountId, AccountInfo, ProblemCode, RefreshResponse, SignInResponse, Timestamp,
};

type Fields = Map<String, Value>;

impl<S: Store> App<S> {
    fn door(&self) -> Result<&Door, ApiError> {
        self.settings.door.as_ref().ok_or_else(problem::not_found)
    }

    fn draws(&self) -> Draws {
        Draws::new(&self.environment.fresh_id, &self.environment.fresh_secret)
    }

    fn access_token(
        &self,
        door: &Door,
        account: AccountId,
        session: SessionId,
        now: Timestamp,
    ) -> String {
        door.keys
            .sign(account, session, (self.environment.fresh_id)(), now)
    }
}

pub(super) async fn register<S: Store>(
    State(app): State<Arc<App<S>>>,
    Client(client): Client,
    parts: Parts,
    bytes: Bytes,
) -> Answer<Response> {
    let (door, now) = (app.door()?, (app.environment.now)());
    let fields = body::object(&parts.headers, bytes, body::JSON)?;
    let request = sign_in(&fields, &parts.headers)?;
    if let Some(registrations) = &door.registrations {
        registrations
            .take(client, now)
            .map_err(|wait| too_often(wait, "too many new accounts from here"))?;
    }
    let made = accounts::register(&app.storage, &door.passwords, request, app.draws(), now).await?;
    Ok(welcome(&app, door, &parts, StatusCode::CREATED, &made))
}

pub(super) async fn login<S: Store>(
    State(app): State<Arc<App<S>>>,
    Client(client): Client,
    parts: Parts,
    bytes: Bytes,
) -> Answer<Response> {
    let (door, now) = (app.door()?, (app.environment.now)());
    let fields = body::object(&parts.headers, bytes, body::JSON)?;
    let request = sign_in(&fields, &parts.headers)?;
    let email = request.email.clone();
    let tried = accounts::login(&app.storage, &door.passwords, request, app.draws(), now);
    let signed_in = knock(door, client, &email, now, tried).await?;
    Ok(welcome(&app, door, &parts, StatusCode::OK, &signed_in))
}

pub(super) async fn recover<S: Store>(
    State(app): State<Arc<App<S>>>,
    Client(client): Client,
    parts: Parts,
    bytes: Bytes,
) -> Answer<Response> {
    let (door, now) = (app.door()?, (app.environment.now)());
    let fields = body::object(&parts.headers, bytes, body::JSON)?;
    let request = Recovery {
        email: email(&fields)?,
        code: RecoveryCode::parse(text(&fields, "recovery_code")?),
        new_password: password(&fields, "new_password")?,
        on: on_device(&fields, &parts.headers)?,
    };
    let email = request.email.clone();
    let tried = accounts::recover(&app.storage, &door.passwords, request, app.draws(), now);
    let signed_in = knock(door, client, &email, now, tried).await?;
    Ok(welcome(&app, door, &parts, StatusCode::OK, &signed_in))
}

/// Counts failures, and lets nobody try who had too many.
async fn knock(
    door: &Door,
    client: IpAddr,
    email: &EmailAddress,
    now: Timestamp,
    tried: impl Future<Output = Result<SignedIn, AccountError>>,
) -> Answer<SignedIn> {
    let key = (client, email.key());
    let tell = |wait| {
        too_often(
            wait,
            "too many failed sign-ins; wait, or recover the account later",
        )
    };
    // Counted before it is known, or many at once would all be let through.
    door.failures_of_client.take(client, now).map_err(tell)?;
    door.failures.take(key, now).map_err(tell)?;
    let result = tried.await;
    if !matches!(result, Err(AccountError::BadCredentials)) {
        door.failures_of_client.give_back(&client);
        door.failures.give_back(&key);
    }
    if result.is_ok() {
        door.failures.forget(&key);
    }
    Ok(result?)
}

/// The answer to someone who has signed in, with both cookies.
fn welcome<S: Store>(
    app: &App<S>,
    door: &Door,
    parts: &Parts,
    status: StatusCode,
    signed_in: &SignedIn,
) -> Response {
    let (account, refresh) = (signed_in.account, &signed_in.refresh);
    let access_token = app.access_token(door, account, refresh.session, signed_in.at);
    let body = SignInResponse {
        account: AccountInfo {
            id: account,
            email: Some(signed_in.email.clone()),
        },
        device_id: signed_in.device.clone(),
        access_token: access_token.clone(),
        expires_in: door.keys.access_seconds(),
        refresh_token: refresh.to_text(),
        recovery_code: signed_in.recovery_code.as_ref().map(RecoveryCode::to_text),
    };
    let mut response = (status, Json(body)).into_response();
    give_cookies(app, parts, &mut response, &access_token, refresh);
    response
}

/// A page of another site can't sign a browser in.
fn give_cookies<S: Store>(
    app: &App<S>,
    parts: &Parts,
    response: &mut Response,
    access_token: &str,
    refresh: &RefreshToken,
) {
    if guard::is_same_site(&app.settings, parts) {
        let channel = app.channel(parts);
        channel.set(response.headers_mut(), access_token, refresh);
    }
}

pub(super) async fn refresh<S: Store>(
    State(app): State<Arc<App<S>>>,
    Client(client): Client,
    parts: Parts,
    bytes: Bytes,
) -> Answer<Response> {
    let (door, now) = (app.door()?, (app.environment.now)());
    app.client_pace
        .take(client, now)
        .map_err(|wait| too_often(wait, "too many refreshes from here"))?;
    let (token, clears) = refresh_token(&app, &parts, bytes)?;
    let refused = || unauthenticated("sign in again; nothing is lost").clearing(clears);
    let token = token
        .as_deref()
        .and_then(RefreshToken::parse)
        .ok_or_else(refused)?;
    let refreshed = accounts::refresh(&app.storage, &token, now).await;
    let successor = refreshed.map_err(|error| {
        let is_over = !matches!(error, AccountError::Busy | AccountError::Hashing);
        ApiError::from(error).clearing(clears.filter(|_| is_over))
    })?;
    let access_token = app.access_token(door, successor.account, successor.session, now);
    let body = RefreshResponse {
        access_token: access_token.clone(),
        expires_in: door.keys.access_seconds(),
        refresh_token: successor.to_text(),
    };
    let mut response = Json(body).into_response();
    give_cookies(&app, &parts, &mut response, &access_token, &successor);
    Ok(response)
}

/// The refresh token of the body, else of the cookie, and whether the cookies are to go if it is bad.
fn refresh_token<S: Store>(
    app: &App<S>,
    parts: &Parts,
    bytes: Bytes,
) -> Answer<(Option<String>, Option<Channel>)> {
    if !bytes.is_empty() {
        let fields = body::object(&parts.headers, bytes, body::JSON)?;
        match fields.get("refresh_token") {
            None | Some(Value::Null) => {}
            Some(Value::String(token)) => return Ok((Some(token.clone()), None)),
            Some(_) => return Err(invalid("refresh_token", "must be a text")),
        }
    }
    let channel = app.channel(parts);
    let token = channel.refresh(&parts.headers).map(str::to_owned);
    if token.is_some() && !guard::is_same_site(&app.settings, parts) {
        return Err(guard::cross_site());
    }
    let clears = token.is_some().then_some(channel);
    Ok((token, clears))
}

/// Ends the session of whatever token came, an access token that is over included.
pub(super) async fn logout<S: Store>(
    State(app): State<Arc<App<S>>>,
    parts: Parts,
    bytes: Bytes,
) -> Answer<Response> {
    let (door, now) = (app.door()?, (app.environment.now)());
    let channel = app.channel(&parts);
    let named = match carrier(&parts.headers, channel) {
        Carrier::Bearer(token) | Carrier::Cookie(token) => match door.keys.read(token, now) {
            Ok(grant) | Err(BadToken::Expired(grant)) => Some((grant.account, grant.session)),
            Err(BadToken::Foreign) => None,
        },
        Carrier::None => None,
    };
    let clears = guard::is_same_site(&app.settings, &parts).then_some(channel);
    let by_access = match named {
        Some((account, session)) => accounts::check(&app.storage, account, session)
            .await
            .map(|_| named),
        None => Ok(None),
    };
    let ended = match by_access {
        Ok(Some((account, session))) => accounts::sign_out(&app.storage, account, session).await,
        Ok(None) => {
            let (token, _) = refresh_token(&app, &parts, bytes)?;
            let token = token.as_deref().and_then(RefreshToken::parse);
            let token =
                token.ok_or_else(|| unauthenticated("nobody is signed in").clearing(clears))?;
            match accounts::refresh(&app.storage, &token, now).await {
                Ok(token) => accounts::sign_out(&app.storage, token.account, token.session).await,
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    ended.map_err(|error| ApiError::from(error).clearing(clears))?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(channel) = clears {
        channel.clear(response.headers_mut());
    }
    Ok(response)
}

fn sign_in(fields: &Fields, headers: &HeaderMap) -> Answer<SignIn> {
    Ok(SignIn {
        email: email(fields)?,
        password: password(fields, "password")?,
        on: on_device(fields, headers)?,
    })
}

fn email(fields: &Fields) -> Answer<EmailAddress> {
    let wrong = || invalid("email", "must be an address as in name@example.org");
    EmailAddress::parse(text(fields, "email")?).ok_or_else(wrong)
}

fn password(fields: &Fields, name: &str) -> Answer<Password> {
    let wrong = || invalid(name, "is longer than 1024 bytes");
    Password::new(text(fields, name)?).ok_or_else(wrong)
}

/// The device that signs in; one that names itself keeps its id.
fn on_device(fields: &Fields, headers: &HeaderMap) -> Answer<OnDevice> {
    let name = match fields.get("device_name") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
        Some(_) => return Err(invalid("device_name", "must be a text")),
    };
    let fits = |name: &String| {
        name.chars().count() <= NAME_CHARS_MAX && !name.chars().any(char::is_control)
    };
    if !name.as_ref().is_none_or(fits) {
        return Err(invalid(
            "device_name",
            "has at most 100 characters and no controls",
        ));
    }
    let id = caller::device(headers)?;
    Ok(OnDevice { id, name })
}

fn text<'a>(fields: &'a Fields, name: &str) -> Answer<&'a str> {
    let value = fields.get(name).and_then(Value::as_str);
    value.ok_or_else(|| invalid(name, "is needed, as a text"))
}

fn invalid(field: &str, what: &str) -> ApiError {
    let mut error = ApiError::new(ProblemCode::InvalidField, format!("{field} {what}"));
    error.problem.field = Some(field.to_owned());
    error
}
