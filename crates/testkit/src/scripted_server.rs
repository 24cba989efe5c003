//! A transport that answers from a script and remembers what it was asked.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use tidemark_engine::{Answer, Request, Transport, Unreachable};

type Reply = Box<dyn FnOnce(&Request) -> Result<Answer, Unreachable>>;

/// A server that answers each call with the next reply of its script, and finds no way when it has none.
#[derive(Clone, Default)]
pub struct ScriptedServer {
    script: Rc<RefCell<VecDeque<Reply>>>,
    asked: Rc<RefCell<Vec<Request>>>,
}

impl fmt::Debug for ScriptedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedServer")
            .field("asked", &self.asked.borrow().len())
            .finish_non_exhaustive()
    }
}

impl ScriptedServer {
    /// Adds a reply.
    pub fn reply(&self, reply: impl FnOnce(&Request) -> Result<Answer, Unreachable> + 'static) {
        self.script.borrow_mut().push_back(Box::new(reply));
    }

    /// Adds a JSON answer of ours.
    pub fn reply_json(&self, body: &serde_json::Value) {
        let answer = json(200, "application/json", body);
        self.reply(move |_| Ok(answer));
    }

    /// Adds a problem of ours.
    pub fn reply_problem(&self, status: u16, code: &str, more: &serde_json::Value) {
        let mut body = serde_json::json!({
            "type": "about:blank", "title": code, "status": status, "code": code,
        });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let answer = json(status, "application/problem+json", &body);
        self.reply(move |_| Ok(answer));
    }

    /// Takes what was asked so far.
    pub fn take_asked(&self) -> Vec<Request> {
        self.asked.take()
    }

    /// How many replies were not asked for.
    pub fn replies_left(&self) -> usize {
        self.script.borrow().len()
    }
}

fn json(status: u16, content_type: &str, body: &serde_json::Value) -> Answer {
    Answer {
        status,
        protocol: Some("1".to_owned()),
        content_type: Some(content_type.to_owned()),
        retry_after_s: None,
        body: body.to_string(),
    }
}

impl Transport for ScriptedServer {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        self.asked.borrow_mut().push(request.clone());
        let reply = self.script.borrow_mut().pop_front();
        reply.map_or_else(
            || Err(Unreachable("no network".to_owned())),
            |reply| reply(request),
        )
    }
}
