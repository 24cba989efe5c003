//! Who may ask at all: other sites, rebound names and outdated clients are sent away before any handler runs.

use super::{ApiError, App};
use crate::config::{Auth, PublicUrl};
use crate::storage::Storage;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;
use tidemark_protocol::{PROTOCOL_HEADER, PROTOCOL_VERSION, ProblemCode};

pub(super) async fn guard<S: Storage>(
    State(app): State<Arc<App<S>>>,
    request: Request,
    next: Next,
) -> Response {
    match check(app.auth, app.public_url.as_ref(), &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(auth: Auth, public_url: Option<&PublicUrl>, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    let host = text(headers, header::HOST.as_str()).or_else(|| {
        request
            .uri()
            .authority()
            .map(axum::http::uri::Authority::as_str)
    });
    if auth == Auth::Off {
        if !host.is_some_and(|host| is_our_host(host, public_url)) {
            let detail = "the Host is neither a loopback name nor the one of --public-url";
            return Err(ApiError::new(ProblemCode::CrossSite, detail));
        }
        if !is_safe(request.method()) && !is_same_site(headers, host, public_url) {
            return Err(ApiError::new(
                ProblemCode::CrossSite,
                "the request was made by a page of another site",
            ));
        }
    }
    check_protocol(headers)
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
fn without_port(host: &str) -> &str {
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

fn is_loopback(name: &str) -> bool {
    let address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

fn is_same_site(headers: &HeaderMap, host: Option<&str>, public_url: Option<&PublicUrl>) -> bool {
    if headers.contains_key("sec-fetch-site") {
        return matches!(
            text(headers, "sec-fetch-site"),
            Some("same-origin" | "none")
        );
    }
    if !headers.contains_key(header::ORIGIN) {
        return true;
    }
    let Some(origin) = text(headers, header::ORIGIN.as_str()).map(str::to_ascii_lowercase) else {
        return false;
    };
    let is_host =
        host.is_some_and(|host| origin.strip_prefix("http://") == Some(&host.to_ascii_lowercase()));
    is_host || public_url.is_some_and(|url| url.origin() == origin)
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
    use super::{is_our_host, is_same_site};
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
            assert_eq!(
                is_same_site(&headers, Some("localhost:8787"), Some(&url)),
                expected,
                "{headers:?}"
            );
        }
    }
}
