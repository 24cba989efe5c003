//! The built app from a folder: the shell for its routes, hashed files for ever, everything else asked for again.

use super::{ApiError, App, Store, problem};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Addresses of screens: all are the same shell.
const ROUTES: [&str; 10] = [
    "/",
    "/history",
    "/sync",
    "/settings",
    "/account",
    "/data",
    "/report",
    "/goal",
    "/about",
    "/welcome",
];
/// Files here carry a hash of their bytes in their name.
const HASHED: &str = "/assets/";
/// Compressed twins, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

pub(super) async fn serve<S: Store>(
    State(app): State<Arc<App<S>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = if ROUTES.contains(&uri.path()) {
        "/index.html"
    } else {
        uri.path()
    };
    let file = app
        .settings
        .web
        .as_deref()
        .and_then(|folder| file_of(folder, path))
        .ok_or_else(problem::not_found)?;
    let found = open(&file, &headers).await.ok_or_else(problem::not_found)?;
    if method != Method::GET && method != Method::HEAD {
        let mut refused = problem::method_not_allowed().await.into_response();
        refused
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Ok(refused);
    }
    Ok(answer(path, found, &headers))
}

/// The file that a path names, if it names one plainly.
fn file_of(folder: &Path, path: &str) -> Option<PathBuf> {
    let is_plain = |segment: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(known)
    };
    let segments: Vec<_> = path.strip_prefix('/')?.split('/').collect();
    segments
        .iter()
        .all(|segment| is_plain(segment))
        .then(|| folder.join(segments.join("/")))
}

struct Found {
    bytes: Vec<u8>,
    encoding: Option<&'static str>,
}

/// The file, or the twin of it that the client unpacks.
async fn open(file: &Path, headers: &HeaderMap) -> Option<Found> {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    for (encoding, extension) in ENCODINGS {
        if !accepts(accepted, encoding) {
            continue;
        }
        let twin = PathBuf::from(format!("{}.{extension}", file.display()));
        if let Ok(bytes) = tokio::fs::read(twin).await {
            return Some(Found {
                bytes,
                encoding: Some(encoding),
            });
        }
    }
    let bytes = tokio::fs::read(file).await.ok()?;
    Some(Found {
        bytes,
        encoding: None,
    })
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        is_named
            && !parts.any(|weight| {
                weight
                    .strip_prefix("q=")
                    .is_some_and(|q| q.parse() == Ok(0.0_f32))
            })
    })
}

fn answer(path: &str, found: Found, headers: &HeaderMap) -> Response {
    let is_hashed = path.starts_with(HASHED);
    let tag = format!(
        "\"{}\"",
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &found.bytes).simple()
    );
    let asked = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let is_known = asked
        .split(',')
        .any(|known| known.trim().trim_start_matches("W/") == tag);
    let caching = if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(found.bytes).into_response()
    };
    let sent = response.headers_mut();
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    sent.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    sent.extend(
        HeaderValue::from_str(&tag)
            .ok()
            .map(|tag| (header::ETAG, tag)),
    );
    if !is_known {
        sent.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type(path)),
        );
        sent.extend(
            found
                .encoding
                .map(|encoding| (header::CONTENT_ENCODING, HeaderValue::from_static(encoding))),
        );
    }
    response
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, file_of};
    use std::path::{Path, PathBuf};

    #[test]
    fn no_path_leaves_the_folder() {
        let folder = Path::new("dist");
        assert_eq!(
            file_of(folder, "/assets/a-1.js"),
            Some(PathBuf::from("dist/assets/a-1.js"))
        );
        let refused = [
            "",
            "a",
            "//etc/passwd",
            "/../a",
            "/a/../b",
            "/.git/config",
            "/a/./b",
            "/a%2f..",
            "/a\\b",
            "/a/",
        ];
        for path in refused {
            assert_eq!(file_of(folder, path), None, "{path}");
        }
    }

    #[test]
    fn an_encoding_is_used_only_where_the_client_takes_it() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(accepts("GZIP", "gzip"));
        assert!(!accepts("br;q=0", "br"));
        assert!(!accepts("gzip;q=0.000, br", "gzip"));
        assert!(!accepts("", "br"));
        assert!(!accepts("brotli", "br"));
    }
}
