//! Someone who has signed in, and what they ask.

use crate::app::{Answer, Live, TestApp, request};
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";

/// A device with its tokens.
#[derive(Clone, Debug)]
pub struct Person {
    pub account: String,
    pub device: String,
    pub access: String,
    pub refresh: String,
    pub recovery_code: Option<String>,
}

impl Person {
    /// Reads the answer to a sign-in.
    pub fn of(answer: &Answer) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let body = &answer.body;
        Self {
            account: text(&body["account"]["id"]),
            device: text(&body["device_id"]),
            access: text(&body["access_token"]),
            refresh: text(&body["refresh_token"]),
            recovery_code: body["recovery_code"].as_str().map(str::to_owned),
        }
    }

    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.access)
    }

    pub fn cookie(&self) -> String {
        format!(
            "tidemark={}; tidemark-refresh={}",
            self.access, self.refresh
        )
    }
}

pub fn credentials(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

impl TestApp {
    /// Registers an address with the usual password.
    pub async fn register(&self, email: &str) -> Person {
        let answer = self
            .post("/v1/auth/register", &credentials(email, PASSWORD))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        Person::of(&answer)
    }

    /// Signs an address in with the usual password.
    pub async fn login(&self, email: &str) -> Person {
        let answer = self
            .post("/v1/auth/login", &credentials(email, PASSWORD))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        Person::of(&answer)
    }

    /// Asks with a Bearer token.
    pub async fn call_as(&self, who: &Person, method: Method, path: &str) -> Answer {
        let bearer = who.bearer();
        self.call(method, path, &[("authorization", &bearer)]).await
    }

    pub async fn get_as(&self, who: &Person, path: &str) -> Answer {
        self.call_as(who, Method::GET, path).await
    }

    /// Sends JSON with a Bearer token.
    pub async fn post_as(&self, who: &Person, path: &str, body: &Value) -> Answer {
        let bearer = who.bearer();
        self.call_json(Method::POST, path, &[("authorization", &bearer)], body)
            .await
    }

    /// Listens with a Bearer token.
    pub async fn live_as(&self, who: &Person, path: &str) -> Live {
        let bearer = who.bearer();
        self.live_with(path, &[("authorization", &bearer)]).await
    }

    /// Refreshes with a token in the body.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/v1/auth/refresh", &json!({"refresh_token": token}))
            .await
    }

    /// Posts nothing at all.
    pub async fn post_empty(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::POST, path, headers, Body::empty()))
            .await
    }
}

/// The cookies that an answer sets, each as written.
pub fn cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.get_all("set-cookie").iter();
    set.map(|cookie| cookie.to_str().unwrap().to_owned())
        .collect()
}
