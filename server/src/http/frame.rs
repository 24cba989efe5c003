//! The frame around every answer: the request's id, our own mark, security headers, problem documents, one log line.

use super::{ApiError, App};
use super::{Store, meters};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tidemark_protocol::{PROTOCOL_HEADER, PROTOCOL_VERSION, ProblemCode};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A client's own request id is echoed up to this length.
const REQUEST_ID_MAX: usize = 100;

/// The app has no inline script or style and talks to nobody else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types default; report-to csp";

/// On every answer; one that a handler has set stays.
const HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("reporting-endpoints", "csp=\"/csp-report\""),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), bluetooth=(), browsing-topics=()",
    ),
    ("cache-control", "no-store"),
];
const TRANSPORT_SECURITY: &str = "max-age=63072000; includeSubDomains; preload";

pub(super) async fn frame<S: Store>(
    State(app): State<Arc<App<S>>>,
    request: Request,
    next: Next,
) -> Response {
    let id =
        request_id(request.headers()).unwrap_or_else(|| (app.environment.fresh_id)().to_string());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let begun = meters::stopwatch();
    let mut response = with_problem(next.run(request).await, &id);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(PROTOCOL_HEADER, HeaderValue::from(PROTOCOL_VERSION));
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if app.settings.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(TRANSPORT_SECURITY),
        );
    }
    // The route, never the path: no id and no query reaches the log.
    let (status, route) = (response.status().as_u16(), route.as_deref().unwrap_or("-"));
    let (method, took) = (known(&method), begun.elapsed());
    app.meters.answered(method, route, status, took);
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request_id = id, method, route, status, millis, "answered");
    response
}

/// Anybody can make up a method.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        _ => "other",
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (is_plain && (1..=REQUEST_ID_MAX).contains(&id.len())).then(|| id.to_owned())
}

/// Writes a problem out; an error that some library answered becomes one too.
fn with_problem(mut response: Response, id: &str) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let error = response.extensions_mut().remove::<ApiError>();
    let Some(ApiError { mut problem, .. }) = error.or_else(|| is_error.then(|| foreign(status)))
    else {
        return response;
    };
    problem.instance = Some(id.to_owned());
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    match serde_json::to_vec(&problem) {
        Ok(body) => Response::from_parts(parts, Body::from(body)),
        Err(_) => parts.status.into_response(),
    }
}

fn foreign(status: StatusCode) -> ApiError {
    let code = match status {
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::UnsupportedMediaType,
        _ if status.is_client_error() => ProblemCode::BadRequest,
        _ => ProblemCode::Unknown,
    };
    let mut error = ApiError::new(code, "the request can't be answered");
    error.problem.status = status.as_u16();
    error
}
