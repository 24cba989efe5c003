//! Answers, the model's own and others'.

use serde::Serialize;
use serde_json::{Value, json};
use tidemark_engine::Answer;

/// An answer that is not the server's.
pub fn html(status: u16) -> Answer {
    Answer {
        status,
        protocol: None,
        content_type: Some("text/html".to_owned()),
        retry_after_s: None,
        body: "<html>Welcome</html>".to_owned(),
    }
}

/// A problem of the server's own.
pub fn problem(status: u16, code: &str) -> Answer {
    problem_with(status, code, json!({}))
}

pub fn problem_with(status: u16, code: &str, more: Value) -> Answer {
    let mut body = json!({"type": "about:blank", "title": code, "status": status, "code": code});
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    ours(status, "application/problem+json", &body)
}

pub fn ours(status: u16, media_type: &str, body: &impl Serialize) -> Answer {
    Answer {
        status,
        protocol: Some("1".to_owned()),
        content_type: Some(media_type.to_owned()),
        retry_after_s: None,
        body: serde_json::to_string(body).unwrap(),
    }
}

pub fn good(body: &impl Serialize) -> Answer {
    ours(200, "application/json", body)
}
