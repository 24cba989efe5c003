//! Request bodies: read within a bound before anything is decided, unpacked within a bound, parsed once.

use super::ApiError;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use std::io::Read;
use tidemark_protocol::limits::BODY_BYTES_MAX;
use tidemark_protocol::{ProblemCode, json};

/// A body over the limit is read on up to here, so that a client in the middle of sending still gets its answer.
const DRAINED_BYTES_MAX: usize = 16 * BODY_BYTES_MAX;

/// Media types of a JSON body.
pub(super) const JSON: &[&str] = &["application/json"];
/// Media types of a partial update.
pub(super) const MERGE_PATCH: &[&str] = &["application/json", "application/merge-patch+json"];

/// Reads the whole body, so that handlers and refusals alike answer a client that has finished sending.
pub(super) async fn collect(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match read(body).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(error) => error.into_response(),
    }
}

async fn read(body: Body) -> Result<Bytes, ApiError> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        let chunk =
            chunk.map_err(|_| ApiError::new(ProblemCode::BadRequest, "the body broke off"))?;
        length += chunk.len();
        if length > DRAINED_BYTES_MAX {
            break;
        }
        if length <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > BODY_BYTES_MAX {
        Err(too_large())
    } else {
        Ok(bytes.into())
    }
}

fn too_large() -> ApiError {
    ApiError::new(
        ProblemCode::TooLarge,
        format!("a body has at most {BODY_BYTES_MAX} bytes, also when unpacked"),
    )
}

/// The body as bytes of JSON, whatever it was packed in.
pub(super) fn unpacked(
    headers: &HeaderMap,
    body: Bytes,
    media_types: &[&str],
) -> Result<Bytes, ApiError> {
    let media_type = essence(headers);
    if !media_types
        .iter()
        .any(|known| media_type.eq_ignore_ascii_case(known))
    {
        let detail = format!("the body must be {}", media_types.join(" or "));
        return Err(ApiError::new(ProblemCode::UnsupportedMediaType, detail));
    }
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    match (
        encodings.next().map(HeaderValue::as_bytes),
        encodings.next(),
    ) {
        (None, None) => Ok(body),
        (Some(encoding), None) if encoding.eq_ignore_ascii_case(b"identity") => Ok(body),
        (Some(encoding), None) if encoding.eq_ignore_ascii_case(b"gzip") => gunzip(&body),
        _ => Err(ApiError::new(
            ProblemCode::UnsupportedMediaType,
            "the only content encoding taken is gzip",
        )),
    }
}

/// The body of a call other than the batch: an object.
pub(super) fn object(
    headers: &HeaderMap,
    body: Bytes,
    media_types: &[&str],
) -> Result<Map<String, Value>, ApiError> {
    let bytes = unpacked(headers, body, media_types)?;
    match json::parse(&bytes)
        .map_err(|error| ApiError::new(ProblemCode::BadJson, error.to_string()))?
    {
        Value::Object(fields) => Ok(fields),
        _ => Err(ApiError::new(
            ProblemCode::BadRequest,
            "the body must be an object",
        )),
    }
}

/// The media type without its parameters.
fn essence(headers: &HeaderMap) -> &str {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    media_type.split(';').next().unwrap_or("").trim()
}

fn gunzip(body: &[u8]) -> Result<Bytes, ApiError> {
    let mut bytes = Vec::new();
    let bound = BODY_BYTES_MAX as u64 + 1;
    let unpacked = MultiGzDecoder::new(body)
        .take(bound)
        .read_to_end(&mut bytes);
    unpacked.map_err(|_| ApiError::new(ProblemCode::BadJson, "the body is not gzip"))?;
    if bytes.len() > BODY_BYTES_MAX {
        Err(too_large())
    } else {
        Ok(bytes.into())
    }
}
