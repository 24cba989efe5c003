//! The way to the server: what is asked, and that whatever answers is handed on unjudged.

use js_sys::{Function, Reflect};
use tidemark_browser::FetchTransport;
use tidemark_browser::timer::within;
use tidemark_engine::{Answer, Request, Transport};
use tidemark_protocol::AccountId;
use tidemark_testkit::samples::{device, entity};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn get(path: &str) -> Request {
    Request {
        method: "GET",
        path: path.to_owned(),
        body: None,
        account: None,
        device: device(),
    }
}

#[wasm_bindgen_test]
async fn an_answer_of_another_server_is_handed_on() {
    // The server of the tests is not ours and knows no such page.
    let answer = FetchTransport::new().call(&get("/v1/server")).await;
    let answer = answer.expect("something answers");
    assert_eq!((answer.status, answer.protocol), (404, None));
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_unreachable() {
    // Nobody listens on the discard port, and browsers refuse to ask there.
    let nowhere = Request {
        method: "POST",
        body: Some("{}".to_owned()),
        ..get("http://127.0.0.1:9/v1/metrics/batch")
    };
    let unreachable = FetchTransport::new().call(&nowhere).await;
    let reason = unreachable.expect_err("nobody answers").0;
    assert!(!reason.is_empty());
}

/// A stand-in for the browser's `fetch`, until dropped.
struct StandIn(Function);

impl StandIn {
    /// `body` sees the request as `asked` and returns the answer.
    fn new(body: &str) -> Self {
        let put = Function::new_with_args(
            "body",
            "const original = globalThis.fetch;
             const answer = new Function('asked', body);
             globalThis.fetch = async (asked) => { globalThis.asked = asked; return answer(asked); };
             return () => { globalThis.fetch = original; };",
        );
        let undo = put.call1(&JsValue::UNDEFINED, &JsValue::from_str(body));
        Self(undo.unwrap().unchecked_into())
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.0.call0(&JsValue::UNDEFINED).unwrap();
    }
}

/// A JavaScript expression about the last request, as text.
fn asked(expression: &str) -> String {
    let read = Function::new_no_args(&format!("return String({expression});"));
    let text = read.call0(&JsValue::UNDEFINED).unwrap();
    text.as_string().unwrap()
}

#[wasm_bindgen_test]
async fn a_request_says_who_asks_and_is_never_answered_from_a_cache() {
    let stand_in = StandIn::new("return new Response('')");
    let request = Request {
        method: "PATCH",
        body: Some("{\"weight\":78.20}".to_owned()),
        account: Some(AccountId(entity(7).0)),
        ..get("/v1/users/4?x=1")
    };
    FetchTransport::new().call(&request).await.unwrap();
    drop(stand_in);
    let table = [
        ("asked.method", "PATCH"),
        ("new URL(asked.url).pathname", "/v1/users/4"),
        ("new URL(asked.url).searchParams.get('x')", "1"),
        ("asked.headers.get('Tidemark-Protocol')", "1"),
        ("asked.headers.get('Tidemark-Device')", "sample-device"),
        (
            "asked.headers.get('Tidemark-Account')",
            "00000000-0000-0000-0000-000000000007",
        ),
        ("asked.headers.get('Content-Type')", "application/json"),
        ("asked.cache", "no-store"),
        ("asked.credentials", "same-origin"),
    ];
    for (expression, expected) in table {
        assert_eq!(asked(expression), expected, "{expression}");
    }
    let body = Reflect::get(&js_sys::global(), &JsValue::from_str("asked")).unwrap();
    let body: web_sys::Request = body.unchecked_into();
    let text = wasm_bindgen_futures::JsFuture::from(body.text().unwrap()).await;
    assert_eq!(
        text.unwrap().as_string().as_deref(),
        Some("{\"weight\":78.20}")
    );
}

#[wasm_bindgen_test]
async fn before_anybody_signs_in_no_account_is_named() {
    let stand_in = StandIn::new("return new Response('')");
    FetchTransport::new()
        .call(&get("/v1/server"))
        .await
        .unwrap();
    drop(stand_in);
    assert_eq!(asked("asked.headers.get('Tidemark-Account')"), "null");
    assert_eq!(asked("asked.headers.get('Content-Type')"), "null");
}

#[wasm_bindgen_test]
async fn status_headers_and_text_come_back() {
    let stand_in = StandIn::new(
        "return new Response('{\"code\":\"overloaded\"}', { status: 503, headers: {
           'Content-Type': 'application/problem+json', 'Retry-After': '7', 'Tidemark-Protocol': '1' } })",
    );
    let answer = FetchTransport::new().call(&get("/v1/metrics")).await;
    drop(stand_in);
    let expected = Answer {
        status: 503,
        protocol: Some("1".to_owned()),
        content_type: Some("application/problem+json".to_owned()),
        retry_after_s: Some(7),
        body: "{\"code\":\"overloaded\"}".to_owned(),
    };
    assert_eq!(answer, Ok(expected));
}

#[wasm_bindgen_test]
async fn a_date_in_retry_after_is_no_number_of_seconds() {
    let stand_in = StandIn::new(
        "return new Response('', { headers: { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' } })",
    );
    let answer = FetchTransport::new().call(&get("/v1/metrics")).await;
    drop(stand_in);
    assert_eq!(answer.unwrap().retry_after_s, None);
}

#[wasm_bindgen_test]
async fn an_answer_that_is_cut_off_is_none() {
    let stand_in = StandIn::new(
        "return new Response(new ReadableStream({ start(body) {
           body.enqueue(new TextEncoder().encode('{\"results\":[')); body.error(new TypeError('cut')); } }))",
    );
    let answer = FetchTransport::new().call(&get("/v1/metrics")).await;
    drop(stand_in);
    assert!(answer.is_err(), "{answer:?}");
}

#[wasm_bindgen_test]
async fn a_request_that_nobody_waits_for_is_cut_off() {
    let stand_in = StandIn::new("return new Promise(() => {})");
    let transport = FetchTransport::new();
    let request = get("/v1/live");
    assert_eq!(within(5, transport.call(&request)).await, None);
    drop(stand_in);
    assert_eq!(asked("asked.signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn an_answer_that_never_ends_is_given_up_and_cut_off() {
    // A half-open connection: nothing comes at all, or the body stops on its way.
    let table = [
        "return new Promise(() => {})",
        "return new Response(new ReadableStream({ start(body) {
           body.enqueue(new TextEncoder().encode('{\"results\":[')); } }))",
    ];
    for body in table {
        let stand_in = StandIn::new(body);
        let (transport, request) = (FetchTransport::with_deadline(30), get("/v1/metrics"));
        let answer = within(5_000, transport.call(&request)).await;
        let answer = answer.expect("the transport's own deadline comes first");
        drop(stand_in);
        assert!(answer.is_err(), "{body}: {answer:?}");
        assert_eq!(asked("asked.signal.aborted"), "true", "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_parting_request_outlives_its_page() {
    let stand_in = StandIn::new("return new Response('')");
    let request = Request {
        method: "POST",
        body: Some("{\"events\":[]}".to_owned()),
        account: Some(AccountId(entity(7).0)),
        ..get("/v1/metrics/batch")
    };
    FetchTransport::new().send_parting(&request);
    drop(stand_in);
    let table = [
        ("asked.keepalive", "true"),
        ("asked.method", "POST"),
        ("new URL(asked.url).pathname", "/v1/metrics/batch"),
        ("asked.headers.get('Tidemark-Device')", "sample-device"),
        ("asked.headers.get('Content-Type')", "application/json"),
    ];
    for (expression, expected) in table {
        assert_eq!(asked(expression), expected, "{expression}");
    }
}
