//! Bugs of the server that show in how it reads a request or words an answer.

use crate::bugs::Bug;
use crate::oracle::POISON;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tidemark_engine::{Answer, Request};
use tidemark_protocol::Timestamp;

/// A base that lies above every version, so that every edit looks causally newer.
const BASE_OF_THE_BLIND: u64 = 1 << 52;
/// A server that distrusts clocks refuses edits that are off by more, in milliseconds.
const DISTRUST_MS: i64 = 86_400_000;

/// The request as a server with this bug reads it.
pub fn request(bug: Option<Bug>, request: &Request, now: Timestamp) -> Request {
    let is_batch = request.path == "/v1/metrics/batch";
    let Some((bug, true)) = bug.map(|bug| (bug, is_batch && changes_events(bug))) else {
        return request.clone();
    };
    let body: Option<Value> = request
        .body
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok());
    let Some(mut body) = body else {
        return request.clone();
    };
    for event in body["events"].as_array_mut().into_iter().flatten() {
        change_event(bug, event, now);
    }
    if bug == Bug::BatchStopsAtRejection {
        stop_at_rejection(&mut body);
    }
    Request {
        body: Some(body.to_string()),
        ..request.clone()
    }
}

fn changes_events(bug: Bug) -> bool {
    matches!(
        bug,
        Bug::WallClockWins
            | Bug::DeleteWins
            | Bug::LastRowWins
            | Bug::AbsentAsNull
            | Bug::SkewRefused
            | Bug::BatchStopsAtRejection
    )
}

fn change_event(bug: Bug, event: &mut Value, now: Timestamp) {
    let deletes = event["type"] == "DELETE_METRIC";
    match bug {
        Bug::WallClockWins => event["base_version"] = Value::Null,
        Bug::DeleteWins if deletes => event["base_version"] = json!(BASE_OF_THE_BLIND),
        Bug::LastRowWins if !deletes => event["base_version"] = json!(BASE_OF_THE_BLIND),
        Bug::AbsentAsNull if !deletes && event["payload"]["weight"].is_null() => {
            if let Some(payload) = event["payload"].as_object_mut() {
                payload.entry("note").or_insert(Value::Null);
                payload.entry("height").or_insert(Value::Null);
            }
        }
        Bug::SkewRefused => {
            let at = event["payload"]["updated_at"]
                .as_str()
                .and_then(Timestamp::parse);
            if at.is_some_and(|at| at.millis_since(now).abs() > DISTRUST_MS) {
                event["payload"]["weight"] = json!(0);
            }
        }
        _ => {}
    }
}

fn stop_at_rejection(body: &mut Value) {
    let Some(events) = body["events"].as_array_mut() else {
        return;
    };
    let refused = events
        .iter()
        .position(|event| event["payload"].to_string().contains(POISON));
    if let Some(refused) = refused {
        events.truncate(refused + 1);
    }
}

/// Refused operations and what was said of them.
pub type Refused = BTreeMap<String, Value>;

/// What was refused once stays refused.
fn remembered(answer: Answer, refused: &mut Refused) -> Answer {
    let Ok(mut body) = serde_json::from_str::<Value>(&answer.body) else {
        return answer;
    };
    for result in body["results"].as_array_mut().into_iter().flatten() {
        let op = result["op_id"].as_str().unwrap_or_default().to_owned();
        if let Some(before) = refused.get(&op) {
            *result = before.clone();
        } else if result["status"] == "rejected" {
            refused.insert(op, result.clone());
        }
    }
    Answer {
        body: body.to_string(),
        ..answer
    }
}

/// The answer as a server with this bug words it.
pub fn answer(
    bug: Option<Bug>,
    request: &Request,
    answer: Answer,
    refused: &mut Refused,
) -> Answer {
    match bug {
        Some(Bug::RestoreHidesLost) if answer.status == 410 => without_lost(answer),
        Some(Bug::RejectionRemembered) if answer.status == 200 => remembered(answer, refused),
        Some(Bug::BatchStopsAtRejection) if answer.status == 200 => all_applied(request, answer),
        _ => answer,
    }
}

fn without_lost(answer: Answer) -> Answer {
    let Ok(Value::Object(mut problem)) = serde_json::from_str(&answer.body) else {
        return answer;
    };
    problem.remove("lost");
    Answer {
        body: Value::Object(problem).to_string(),
        ..answer
    }
}

/// Reports every event that was not processed as applied.
fn all_applied(request: &Request, answer: Answer) -> Answer {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (Some(asked), Some(mut answered)) =
        (request.body.as_deref().and_then(parse), parse(&answer.body))
    else {
        return answer;
    };
    let (Some(events), Some(results)) = (
        asked["events"].as_array(),
        answered["results"].as_array_mut(),
    ) else {
        return answer;
    };
    for event in events.iter().skip(results.len()) {
        results.push(
            json!({ "local_id": event["local_id"], "op_id": event["op_id"], "status": "applied" }),
        );
    }
    Answer {
        body: answered.to_string(),
        ..answer
    }
}
