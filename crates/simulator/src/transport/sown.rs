//! Bugs of the client's network half: which answers it believes, and what it sends.

use crate::bugs::Bug;
use crate::device::Device;
use crate::server::ours;
use crate::world::World;
use serde_json::{Value, json};
use tidemark_engine::{Answer, Request};
use tidemark_protocol::OpId;
use uuid::Uuid;

/// The request as a client with this bug sends it.
pub fn sent(world: &World, device: &Device, request: &Request) -> Request {
    match world.bug {
        Some(Bug::RetryNewId) if request.path == "/v1/metrics/batch" => {
            with_new_ids(world, request)
        }
        Some(Bug::PullByClock) => match request.path.split_once("since=") {
            Some((path, _)) => {
                let since = device.now(world).plus_millis(-1_000).to_rfc3339();
                Request {
                    path: format!("{path}since={since}"),
                    ..request.clone()
                }
            }
            None => request.clone(),
        },
        _ => request.clone(),
    }
}

fn with_new_ids(world: &World, request: &Request) -> Request {
    let body: Option<Value> = request
        .body
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok());
    let Some(mut body) = body else {
        return request.clone();
    };
    for event in body["events"].as_array_mut().into_iter().flatten() {
        let number = u128::from(world.chance.below(u64::MAX));
        event["op_id"] = json!(OpId(Uuid::from_u128(number)).to_string());
    }
    Request {
        body: Some(body.to_string()),
        ..request.clone()
    }
}

/// The answer as a client with this bug takes it.
pub fn received(world: &World, request: &Request, answer: Answer) -> Answer {
    let Some(bug) = world.bug else {
        return answer;
    };
    let is_html = answer.content_type.as_deref() == Some("text/html");
    let is_cut = answer.status == 200 && serde_json::from_str::<Value>(&answer.body).is_err();
    let believed = match bug {
        Bug::PortalTaken => answer.status == 200 && is_html,
        Bug::CutTaken => is_cut && !is_html,
        Bug::DropOn400 => answer.status == 400,
        Bug::DropOn401 => answer.status == 401,
        Bug::DropOn5xx => answer.status >= 500,
        _ => false,
    };
    match (believed, bug) {
        (true, _) => all_done(world, request).unwrap_or(answer),
        (false, Bug::RetryAfterIgnored) => Answer {
            retry_after_s: None,
            ..answer
        },
        (false, Bug::RetryNewId) => with_old_ids(request, answer),
        _ => answer,
    }
}

fn with_old_ids(request: &Request, answer: Answer) -> Answer {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (Some(asked), Some(mut answered)) =
        (request.body.as_deref().and_then(parse), parse(&answer.body))
    else {
        return answer;
    };
    if let (Some(events), Some(results)) = (
        asked["events"].as_array(),
        answered["results"].as_array_mut(),
    ) {
        for (event, result) in events.iter().zip(results) {
            result["op_id"] = event["op_id"].clone();
        }
    }
    Answer {
        body: answered.to_string(),
        ..answer
    }
}

/// An answer that says of every event that it was applied.
fn all_done(world: &World, request: &Request) -> Option<Answer> {
    let body: Value = serde_json::from_str(request.body.as_deref()?).ok()?;
    let result = |event: &Value| json!({ "local_id": event["local_id"], "op_id": event["op_id"], "status": "applied" });
    let results: Vec<Value> = body["events"].as_array()?.iter().map(result).collect();
    let answer = json!({ "results": results, "head": 0, "epoch": world.oracle.borrow().epoch(), "server_time": "2026-02-20T10:22:33.000Z" });
    Some(ours(200, "application/json", answer.to_string()))
}

/// What a client with this bug takes silence for.
pub fn no_answer(world: &World, request: &Request) -> Option<Answer> {
    if world.has(Bug::DropOnTimeout) {
        all_done(world, request)
    } else {
        None
    }
}
