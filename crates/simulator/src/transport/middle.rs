//! Who else answers or changes an answer: portals, proxies, a busy server, a server of another version.

use crate::faults::Fault;
use crate::plan::Rates;
use crate::server::{ours, problem};
use crate::world::World;
use serde_json::{Value, json};
use tidemark_engine::{Answer, Request};
use tidemark_protocol::{MetricsPage, PACKED_MEDIA_TYPE, PackedPage, ProblemCode};
use tidemark_server::http::ApiError;

/// The longest `Retry-After` that is played, in seconds.
const RETRY_AFTER_S_MAX: i64 = 8;

/// An answer that is not the server's own, if one comes in its place.
pub fn instead(world: &World, rates: &Rates) -> Option<Answer> {
    if world.storming.get() && world.chance.happens(rates.middle_box) {
        return Some(stranger(world));
    }
    if world.storming.get() && world.chance.happens(rates.not_now) {
        return Some(not_now(world));
    }
    None
}

fn stranger(world: &World) -> Answer {
    let page = "<!doctype html><title>Welcome</title><p>Accept our terms.".to_owned();
    let html = |status| Answer {
        status,
        content_type: Some("text/html".to_owned()),
        body: page.clone(),
        ..Answer::default()
    };
    match world.chance.below(3) {
        0 => {
            world.note(Fault::CaptivePortal);
            html(200)
        }
        1 => {
            world.note(Fault::BadGateway);
            html([502, 504][world.chance.index(2)])
        }
        _ => {
            world.note(Fault::StrangeRefusal);
            html([400, 401, 403, 404, 413][world.chance.index(5)])
        }
    }
}

fn not_now(world: &World) -> Answer {
    let wish = u32::try_from(world.chance.between(1, RETRY_AFTER_S_MAX)).ok();
    let refuse = |code: ProblemCode, retry_after_s| Answer {
        retry_after_s,
        ..problem(&ApiError::new(code, "not now").problem)
    };
    match world.chance.below(4) {
        0 => {
            world.note(Fault::TooMany);
            refuse(ProblemCode::RateLimited, wish)
        }
        1 => {
            world.note(Fault::Overloaded);
            refuse(ProblemCode::Overloaded, wish)
        }
        2 => {
            world.note(Fault::SignedOut);
            refuse(ProblemCode::TokenExpired, None)
        }
        _ => {
            world.note(Fault::UnknownCode);
            let body = json!({
                "type": "about:blank", "title": "New", "status": 418, "code": "brand_new_code", "hint": {"deep": [1, 2]},
            });
            ours(418, "application/problem+json", body.to_string())
        }
    }
}

/// What happens to an answer on its way.
pub fn on_the_way_back(world: &World, rates: &Rates, answer: Answer) -> Answer {
    if world.strikes(rates.cut_body, Fault::CutBody) {
        let mut end = world.chance.index(answer.body.len());
        while !answer.body.is_char_boundary(end) {
            end -= 1;
        }
        return Answer {
            body: answer.body[..end].to_owned(),
            ..answer
        };
    }
    if world.strikes(rates.versions, Fault::UnknownField) {
        return newer(answer);
    }
    answer
}

/// The answer as a newer server would word it.
fn newer(answer: Answer) -> Answer {
    let Ok(mut body) = serde_json::from_str::<Value>(&answer.body) else {
        return answer;
    };
    add_fields(&mut body);
    Answer {
        body: body.to_string(),
        ..answer
    }
}

fn add_fields(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(add_fields),
        Value::Object(fields) => {
            fields.values_mut().for_each(add_fields);
            fields.insert(
                "a_field_of_tomorrow".to_owned(),
                json!({ "deep": [1, "two", null] }),
            );
        }
        _ => {}
    }
}

/// The request as a newer client would word it: more in the envelope. Payloads stay, since they are what is hashed.
pub fn newer_request(request: Request) -> Request {
    let body: Option<Value> = request
        .body
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok());
    let Some(Value::Object(mut fields)) = body.filter(|_| request.path == "/v1/metrics/batch")
    else {
        return request;
    };
    fields.insert("a_field_of_tomorrow".to_owned(), json!([1, 2, 3]));
    for event in fields
        .get_mut("events")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        event["mood"] = json!("bright");
    }
    Request {
        body: Some(Value::Object(fields).to_string()),
        ..request
    }
}

/// A page of metrics as the server gives it to who accepts columns; any other answer as it is.
pub(super) fn in_columns(answer: Answer) -> Answer {
    let page = serde_json::from_str::<MetricsPage>(&answer.body);
    match page.map(|page| serde_json::to_string(&PackedPage::of(page))) {
        Ok(Ok(body)) => Answer {
            body,
            content_type: Some(PACKED_MEDIA_TYPE.to_owned()),
            ..answer
        },
        _ => answer,
    }
}
