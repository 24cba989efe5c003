//! `GET /v1/live`: a hint whenever the account's change counter moves. No content, only "there is something".

use super::caller::{check_account_name, too_often};
use super::hints::Listener;
use super::limits::Wait;
use super::{Answer, App, Store, query};
use crate::accounts::{self, Grant};
use crate::sync::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tidemark_protocol::{Epoch, Timestamp};
use uuid::Uuid;

const HEARTBEAT: Duration = Duration::from_secs(20);
/// A browser whose connection ended comes back after this at the earliest.
const RECONNECT_MIN: Duration = Duration::from_secs(1);
/// And within so many milliseconds more.
const RECONNECT_SPREAD_MS: u64 = 6_000;
/// Seconds after which an account that has too many connections open may try again.
const CONNECTION_RETRY_S: u64 = 60;
/// So long before its token is over a stream closes.
const CLOSES_BEFORE_MS: i64 = 5_000;

pub(super) async fn listen<S: Store>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    grant: Option<Extension<Grant>>,
    uri: Uri,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    if let Some(account) = query::parameter(&uri, "account") {
        check_account_name(&account, caller.account)?;
    }
    // Listen first, then look: a change in between is not missed.
    let listener = app.hints.listen(caller.account).ok_or_else(too_many)?;
    let head = app
        .storage
        .head(caller.account)
        .await
        .map_err(crate::sync::SyncError::from)?;
    let epoch = app.storage.epoch();
    app.hints.tell_news(caller.account, head);
    let reconnect = reconnect_after((app.environment.fresh_id)());
    let grant = grant.map(|Extension(grant)| grant);
    let mut stopping = app.stopping.subscribe();
    let over = sleep_until_over(grant.as_ref(), caller.now);
    let ended = async move {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = over => {}
        }
    };
    let events = heads(listener)
        // In a box: thousands of connections wait, and few ask.
        .take_while(move |_| Box::pin(is_signed_in(Arc::clone(&app), grant)))
        .take_until(Box::pin(ended))
        .enumerate()
        .map(move |(number, head)| {
            let event = event(head, &epoch);
            Ok(if number == 0 {
                event.retry(reconnect)
            } else {
                event
            })
        });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn too_many() -> super::ApiError {
    too_often(
        Wait(CONNECTION_RETRY_S),
        "this account has too many live connections open",
    )
}

/// When a browser comes back after its connection ended: each at another moment, for a restart ends them all at once.
fn reconnect_after(chance: Uuid) -> Duration {
    let spread = chance.as_u128() % u128::from(RECONNECT_SPREAD_MS);
    RECONNECT_MIN + Duration::from_millis(u64::try_from(spread).unwrap_or(0))
}

/// Waits until shortly before the access token is over, so that nobody listens without one.
fn sleep_until_over(
    grant: Option<&Grant>,
    now: Timestamp,
) -> impl Future<Output = ()> + Send + use<> {
    let left = grant.map(|grant| grant.expires_at.millis_since(now) - CLOSES_BEFORE_MS);
    let left = left.map(|left| Duration::from_millis(u64::try_from(left).unwrap_or(0)));
    async move {
        match left {
            Some(Duration::ZERO) => {}
            Some(left) => tokio::time::sleep(left).await,
            None => std::future::pending().await,
        }
    }
}

/// Whether the session lives: a device that was signed out hears nothing more.
async fn is_signed_in<S: Store>(app: Arc<App<S>>, grant: Option<Grant>) -> bool {
    match grant {
        Some(grant) => accounts::check(&app.storage, grant.account, grant.session)
            .await
            .is_ok(),
        None => true,
    }
}

fn event(head: u64, epoch: &Epoch) -> Event {
    Event::default()
        .event("head")
        .data(json!({"head": head, "epoch": epoch}).to_string())
}

fn heads(listener: Listener) -> impl Stream<Item = u64> {
    stream::unfold(listener, async |mut listener| {
        listener.next().await.map(|head| (head, listener))
    })
}
