//! Request bodies: read within a bound before anything is decided, unpacked within a bound, parsed once.

use super::{ApiError, App, Store};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use tidemark_protocol::limits::BODY_BYTES_MAX;
use tidemark_protocol::{ProblemCode, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A body over the limit is read on up to here, so that a client in the middle of sending still gets its answer.
const DRAINED_BYTES_MAX: usize = 16 * BODY_BYTES_MAX;

/// Media types of a JSON body.
pub(super) const JSON: &[&str] = &["application/json"];
/// Media types of a partial update.
pub(super) const MERGE_PATCH: &[&str] = &["application/json", "application/merge-patch+json"];

/// How long a body may take.
const BODY_PATIENCE: Duration = Duration::from_mins(1);
/// KiB of bodies that lie in memory at a time, of all requests together.
const BODIES_KIB_MAX: usize = 64 * 1024;
/// Requests that are worked on at a time.
const WORKING_MAX: usize = 64;
/// How long a request waits for its turn.
const TURN_PATIENCE: Duration = Duration::from_secs(5);
const KIB: usize = 1024;

/// What keeps memory bounded, however many ask.
#[derive(Debug)]
pub(super) struct Room {
    bodies_kib: Arc<Semaphore>,
    working: Semaphore,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            bodies_kib: Arc::new(Semaphore::new(BODIES_KIB_MAX)),
            working: Semaphore::new(WORKING_MAX),
        }
    }
}

impl Room {
    /// Requests that could begin at once.
    pub(super) fn turns_left(&self) -> usize {
        self.working.available_permits()
    }
}

/// Reads the whole body, so that handlers and refusals alike answer a client that has finished sending; then waits for
/// a turn.
pub(super) async fn collect<S: Store>(
    State(app): State<Arc<App<S>>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    // What a slow client has sent so far holds memory, not a turn.
    let reading = tokio::time::timeout(BODY_PATIENCE, read(body, &app.room));
    let (bytes, _held) = match reading.await {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => return error.into_response(),
        Err(_) => return broken("the body came too slowly").into_response(),
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    // Whoever signs in waits for a thread that hashes, which is bounded by itself.
    if request.uri().path().starts_with("/v1/auth/") || request.uri().path() == "/livez" {
        return next.run(request).await;
    }
    let turn = tokio::time::timeout(TURN_PATIENCE, app.room.working.acquire());
    match turn.await {
        Ok(Ok(_turn)) => next.run(request).await,
        Ok(Err(_)) | Err(_) => overloaded().into_response(),
    }
}

/// The bytes, and the room that they take.
async fn read(body: Body, room: &Room) -> Result<(Bytes, Option<OwnedSemaphorePermit>), ApiError> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut held: Option<OwnedSemaphorePermit> = None;
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| broken("the body broke off"))?;
        length += chunk.len();
        if length > DRAINED_BYTES_MAX {
            break;
        }
        if length <= BODY_BYTES_MAX {
            hold(room, &mut held, length.div_ceil(KIB))?;
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > BODY_BYTES_MAX {
        Err(too_large())
    } else {
        Ok((bytes.into(), held))
    }
}

/// Takes as much more room as is needed for so many KiB.
fn hold(room: &Room, held: &mut Option<OwnedSemaphorePermit>, kib: usize) -> Result<(), ApiError> {
    let has = held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
    let more = u32::try_from(kib.saturating_sub(has)).unwrap_or(u32::MAX);
    let more = Arc::clone(&room.bodies_kib).try_acquire_many_owned(more);
    let more = more.map_err(|_| overloaded())?;
    match held {
        Some(held) => held.merge(more),
        None => *held = Some(more),
    }
    Ok(())
}

fn broken(detail: &str) -> ApiError {
    ApiError::new(ProblemCode::BadRequest, detail)
}

fn overloaded() -> ApiError {
    ApiError::new(
        ProblemCode::Overloaded,
        "too many ask at once; nothing was processed",
    )
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

#[cfg(test)]
mod tests {
    use super::{BODY_BYTES_MAX, KIB, Room, read, unpacked};
    use axum::body::{Body, Bytes};
    use axum::http::{HeaderMap, HeaderValue, header};
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;
    use std::sync::Arc;
    use tidemark_protocol::ProblemCode;
    use tokio::sync::Semaphore;

    fn body() -> Body {
        Body::from(vec![b' '; 2 * KIB])
    }

    #[tokio::test]
    async fn bodies_share_their_room_and_give_it_back() {
        let room = Room {
            bodies_kib: Arc::new(Semaphore::new(3)),
            ..Room::default()
        };
        let held = read(body(), &room).await.ok();
        assert!(held.is_some());
        let refused = read(body(), &room).await.err();
        let code = refused.map(|error| error.problem.code);
        assert_eq!(code, Some(ProblemCode::Overloaded));
        assert_eq!(
            room.bodies_kib.available_permits(),
            1,
            "no part of it stays"
        );
        drop(held);
        assert!(read(body(), &room).await.is_ok());
    }

    #[test]
    fn what_is_packed_small_is_not_unpacked_beyond_the_bound() {
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        for (length, fits) in [(BODY_BYTES_MAX, true), (64 * BODY_BYTES_MAX, false)] {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(&vec![b' '; length])
                .expect("memory takes it");
            let packed = gzip.finish().expect("memory takes it");
            let unpacked = unpacked(&headers, Bytes::from(packed), super::JSON);
            let code = unpacked.as_ref().err().map(|error| error.problem.code);
            assert_eq!(code, (!fits).then_some(ProblemCode::TooLarge), "{length}");
        }
    }
}
