//! The way to the server: `fetch`, in a page and in a service worker.
//!
//! Hands on whatever answered. Must not judge it: whether it is our server's is decided in the engine.

use crate::js::{scope, set};
use crate::timer::within;
use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::Object;
use std::str::FromStr;
use tidemark_engine::{Answer, Request, Transport, Unreachable};
use tidemark_protocol::{
    ACCOUNT_HEADER, DEVICE_HEADER, PACKED_MEDIA_TYPE, PROTOCOL_HEADER, PROTOCOL_VERSION,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials};

/// From the call to the last byte of the answer, in milliseconds.
const ANSWER_MS: u32 = 20_000;

/// Requests by `fetch`. The plan's `RemoteRepository` stands on it.
#[derive(Clone, Copy, Debug)]
pub struct FetchTransport {
    answer_ms: u32,
}

impl Default for FetchTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl FetchTransport {
    /// Requests to the server that the app was loaded from.
    pub fn new() -> Self {
        Self::with_deadline(ANSWER_MS)
    }

    /// The same with another deadline, in milliseconds from the call to the last byte of the answer.
    pub fn with_deadline(answer_ms: u32) -> Self {
        Self { answer_ms }
    }

    /// Sends a request that outlives the page, and asks nobody what became of it. The browser refuses more than 64 KiB,
    /// counted over all such requests.
    pub fn send_parting(self, request: &Request) {
        let Ok(request) = build(request, None) else {
            return; // it stays where it was, as after a failed send
        };
        let options = Object::new();
        set(&options, "keepalive", &JsValue::TRUE);
        let request: web_sys::Request = request.into();
        let request =
            web_sys::Request::new_with_request_and_init(&request, options.unchecked_ref());
        if let Ok(request) = request {
            let answer = scope().fetch(&request);
            spawn_local(async move { drop(JsFuture::from(answer).await) });
        }
    }
}

/// Cuts a request off when dropped; an answered one takes no notice.
struct Cut(AbortController);

impl Drop for Cut {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Transport for FetchTransport {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        let cut = Cut(AbortController::new().map_err(|_| no_answer("no way to cut off"))?);
        let request = build(request, Some(&cut.0.signal()))?;
        let answered = within(self.answer_ms, async {
            read(request.send().await.map_err(reason)?).await
        });
        answered
            .await
            .unwrap_or_else(|| Err(no_answer("it took too long")))
    }
}

fn build(
    request: &Request,
    signal: Option<&AbortSignal>,
) -> Result<gloo_net::http::Request, Unreachable> {
    let method = Method::from_str(request.method).map_err(|_| no_answer("an unknown method"))?;
    let mut builder = RequestBuilder::new(&request.path)
        .method(method)
        .abort_signal(signal)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        // Pages of metrics come in columns where the server has that form.
        .header("Accept", &format!("{PACKED_MEDIA_TYPE}, application/json"))
        .header(PROTOCOL_HEADER, &PROTOCOL_VERSION.to_string())
        .header(DEVICE_HEADER, request.device.as_str());
    if let Some(account) = request.account {
        builder = builder.header(ACCOUNT_HEADER, &account.to_string());
    }
    match &request.body {
        Some(body) => builder
            .header("Content-Type", "application/json")
            .body(body.clone()),
        None => builder.build(),
    }
    .map_err(reason)
}

async fn read(response: Response) -> Result<Answer, Unreachable> {
    let headers = response.headers();
    let retry_after = headers.get("Retry-After");
    Ok(Answer {
        status: response.status(),
        protocol: headers.get(PROTOCOL_HEADER),
        content_type: headers.get("Content-Type"),
        retry_after_s: retry_after.and_then(|seconds| seconds.trim().parse().ok()),
        body: response.text().await.map_err(reason)?,
    })
}

fn reason(error: impl std::fmt::Display) -> Unreachable {
    Unreachable(error.to_string())
}

fn no_answer(reason: &str) -> Unreachable {
    Unreachable(reason.to_owned())
}
