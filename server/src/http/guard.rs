//! Who may ask at all: other sites, rebound names and outdated clients are sent away before any handler runs.

use super::{ApiError, App, Settings, Store};
use crate::config::PublicUrl;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;
use tidemark_protocol::{PROTOCOL_HEADER, PROTOCOL_VERSION, ProblemCode};

pub(super) async fn guard<S: Store>(
    State(app): State<Arc<App<S>>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match check(&app.settings, &parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => error.into_response(),
    }
}

fn check(settings: &Settings, parts: &Parts) -> Result<(), ApiError> {
    let is_open = settings.door.is_none();
    let is_ours = |host| is_our_host(host, settings.public_url.as_ref());
    if is_open && !host_of(parts).is_some_and(is_ours) {
        let detail = "the Host is neither a loopback name nor the one of --public-url";
        return Err(ApiError::new(ProblemCode::CrossSite, detail));
    }
    // A header of its own no page of another site can add; a cookie its visitors' browsers add by themselves.
    let by_cookie = !parts.headers.contains_key(header::AUTHORIZATION)
        && settings.channel(parts).access(&parts.headers).is_some();
    if (is_open || by_cookie) && !is_safe(&parts.method) && !is_same_site(settings, parts) {
        return Err(cross_site());
    }
    check_protocol(&parts.headers)
}

pub(super) fn cross_site() -> ApiError {
    ApiError::new(
        ProblemCode::CrossSite,
        "the request was made by a page of another site",
    )
}

/// Where the request was meant to go.
pub(super) fn host_of(parts: &Parts) -> Option<&str> {
    let authority = || {
        parts
            .uri
            .authority()
            .map(axum::http::uri::Authority::as_str)
    };
    text(&parts.headers, header::HOST.as_str()).or_else(authority)
}

/// Whether no page of another site has made the request.
pub(super) fn is_same_site(settings: &Settings, parts: &Parts) -> bool {
    let scheme = if settings.is_tls { "https" } else { "http" };
    let ours = host_of(parts).map(|host| format!("{scheme}://{}", host.to_ascii_lowercase()));
    let public = settings.public_url.as_ref().map(PublicUrl::origin);
    is_from(&parts.headers, &[ours.as_deref(), public])
}

fn is_safe(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    )
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A name that a page of another site can't be served under.
fn is_our_host(host: &str, public_url: Option<&PublicUrl>) -> bool {
    let host = host.to_ascii_lowercase();
    public_url.is_some_and(|url| url.authority() == host) || is_loopback(without_port(&host))
}

/// The name or address of a `Host`; empty where what follows it is not a port.
pub(super) fn without_port(host: &str) -> &str {
    let end = match host.strip_prefix('[') {
        Some(_) => host.find(']').map_or(0, |end| end + 1),
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, port) = host.split_at(end);
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    if port.is_empty() || port.strip_prefix(':').is_some_and(is_port) {
        name
    } else {
        ""
    }
}

pub(super) fn is_loopback(name: &str) -> bool {
    let address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

fn is_from(headers: &HeaderMap, ours: &[Option<&str>]) -> bool {
    if headers.contains_key("sec-fetch-site") {
        return matches!(
            text(headers, "sec-fetch-site"),
            Some("same-origin" | "none")
        );
    }
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let origin = text(headers, header::ORIGIN.as_str()).map(str::to_ascii_lowercase);
    origin.is_some_and(|origin| ours.contains(&Some(origin.as_str())))
}

fn check_protocol(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(version) = headers.get(PROTOCOL_HEADER) else {
        return Ok(());
    };
    match version
        .to_str()
        .ok()
        .and_then(|version| version.trim().parse::<u32>().ok())
    {
        Some(version) if version >= PROTOCOL_VERSION => Ok(()),
        Some(_) => Err(ApiError::new(
            ProblemCode::ClientTooOld,
            "this server speaks protocol 1 and later",
        )),
        None => Err(ApiError::new(
            ProblemCode::BadRequest,
            "Tidemark-Protocol must be a number",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_from, is_our_host};
    use crate::config::PublicUrl;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    #[test]
    fn only_loopback_names_and_the_public_one_are_ours() {
        let url = PublicUrl::parse("https://weight.example.org").unwrap();
        let ours = [
            "localhost",
            "localhost:8787",
            "LOCALHOST:1",
            "a.localhost",
            "127.0.0.1:8787",
            "127.9.9.9",
            "[::1]",
            "[::1]:8787",
            "weight.example.org",
            "WEIGHT.example.org",
        ];
        for host in ours {
            assert!(is_our_host(host, Some(&url)), "{host}");
        }
        let foreign = [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:8787",
            "[::2]",
            "[::1",
            "weight.example.org:8443",
            "evillocalhost",
            "localhost:80@evil",
            "0.0.0.0",
            "[::1]evil",
        ];
        for host in foreign {
            assert!(!is_our_host(host, Some(&url)), "{host}");
        }
        assert!(!is_our_host("weight.example.org", None));
    }

    #[test]
    fn fetch_metadata_decides_and_the_origin_only_where_it_is_absent() {
        let url = PublicUrl::parse("https://weight.example.org").unwrap();
        let cases: [(&[(&'static str, &'static str)], bool); 11] = [
            (&[], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://localhost:8787"),
                ],
                false,
            ),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://evil.example"),
                ],
                true,
            ),
            (&[("origin", "http://localhost:8787")], true),
            (&[("origin", "https://weight.example.org")], true),
            (&[("origin", "http://localhost:9999")], false),
            (&[("origin", "null")], false),
        ];
        for (headers, expected) in cases {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| {
                    (
                        HeaderName::from_static(name),
                        HeaderValue::from_static(value),
                    )
                })
                .collect();
            let ours = [Some("http://localhost:8787"), Some(url.origin())];
            assert_eq!(is_from(&headers, &ours), expected, "{headers:?}");
        }
    }
}
