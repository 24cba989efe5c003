//! A sync client that keeps no state: one call, one connection, the whole answer or none.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tidemark_protocol::limits::PAGE_ROWS_MAX;
use tidemark_protocol::{BatchResponse, DigestsResponse, Metric, MetricsPage};

/// What came of a call.
pub enum Answer<T> {
    /// The server's whole answer.
    Whole(T),
    /// No answer, or a part of one: the server died.
    Cut,
}

/// Calls one server.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    /// A client of the server at this address.
    pub fn new(address: SocketAddr) -> Result<Self> {
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self {
            http,
            base: format!("http://{address}"),
        })
    }

    /// Makes the person whose weights are logged; answers their id.
    pub async fn make_user(&self) -> Result<String> {
        let body = json!({ "name": "Kill" }).to_string();
        let (status, text) = self.call(Method::POST, "/v1/users", body).await?;
        ensure!(status == StatusCode::CREATED, "{status}: {text}");
        let user: Value = serde_json::from_str(&text)?;
        let id = user["id"].as_str().context("a user has an id")?;
        Ok(id.to_owned())
    }

    /// Sends a batch.
    ///
    /// # Errors
    /// A whole answer that is none: a server may die, but must not stammer.
    pub async fn push(&self, body: &str) -> Result<Answer<BatchResponse>> {
        let call = self.call(Method::POST, "/v1/metrics/batch", body.to_owned());
        let Ok((status, text)) = call.await else {
            return Ok(Answer::Cut);
        };
        ensure!(
            status == StatusCode::OK,
            "a batch was answered {status}: {text}"
        );
        let response = serde_json::from_str(&text).with_context(|| text.clone())?;
        Ok(Answer::Whole(response))
    }

    /// All living rows, and the account's change counter in the last page's snapshot.
    pub async fn pull_all(&self) -> Result<(Vec<Metric>, u64)> {
        let (mut rows, mut since) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/metrics?limit={PAGE_ROWS_MAX}&since={since}");
            let page: MetricsPage = self.get(&path).await?;
            rows.extend(page.metrics);
            if !page.has_more {
                return Ok((rows, page.head));
            }
            since = page.cursor.0;
        }
    }

    /// The digests of a user's months.
    pub async fn digests(&self, user: &str) -> Result<DigestsResponse> {
        self.get(&format!("/v1/digests?user_id={user}")).await
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T> {
        let (status, text) = self.call(Method::GET, path, String::new()).await?;
        ensure!(
            status == StatusCode::OK,
            "{path} was answered {status}: {text}"
        );
        serde_json::from_str(&text).with_context(|| text.clone())
    }

    async fn call(&self, method: Method, path: &str, body: String) -> Result<(StatusCode, String)> {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .body(body);
        let response = request.send().await?;
        Ok((response.status(), response.text().await?))
    }
}
