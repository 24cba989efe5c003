//! `GET /v1/live`: a hint whenever the account's change counter moves. No content, only "there is something".

use super::caller::check_account_name;
use super::{Answer, App, query};
use crate::storage::Storage;
use crate::sync::Caller;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tidemark_protocol::{AccountId, Epoch};
use tokio::sync::broadcast::{Receiver, error::RecvError};

const HEARTBEAT: Duration = Duration::from_secs(20);

pub(super) async fn listen<S: Storage>(
    State(app): State<Arc<App<S>>>,
    caller: Caller,
    uri: Uri,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    if let Some(account) = query::parameter(&uri, "account") {
        check_account_name(&account, caller.account)?;
    }
    // Listen first, then look: a change in between is told twice, not missed.
    let receiver = app.hints.subscribe();
    let head = app
        .storage
        .head(caller.account)
        .await
        .map_err(crate::sync::SyncError::from)?;
    let epoch = app.storage.epoch();
    let heads = stream::iter([head]).chain(later_heads(receiver, caller.account));
    let mut stopping = app.stopping.subscribe();
    let stopped = async move { stopping.wait_for(|stopping| *stopping).await.is_ok() };
    let events = heads
        .take_until(Box::pin(stopped))
        .map(move |head| Ok(event(head, &epoch)));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn event(head: u64, epoch: &Epoch) -> Event {
    Event::default()
        .event("head")
        .data(json!({"head": head, "epoch": epoch}).to_string())
}

fn later_heads(
    receiver: Receiver<(AccountId, u64)>,
    account: AccountId,
) -> impl Stream<Item = u64> {
    stream::unfold(receiver, move |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok((changed, head)) if changed == account => return Some((head, receiver)),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    })
}
