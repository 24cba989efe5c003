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
    use super::{
        App, BODY_BYTES_MAX, BODY_PATIENCE, DRAINED_BYTES_MAX, KIB, Room, TURN_PATIENCE,
        WORKING_MAX, read, unpacked,
    };
    use crate::http::{Environment, Settings, router};
    use crate::storage::MemoryStorage;
    use axum::body::{Body, Bytes};
    use axum::extract::Request;
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
    use axum::response::Response;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tidemark_protocol::{Epoch, ProblemCode, Timestamp};
    use tokio::sync::Semaphore;
    use tower::ServiceExt;
    use uuid::Uuid;

    fn app() -> Arc<App<MemoryStorage>> {
        let environment = Environment {
            now: Box::new(|| Timestamp(1_771_582_953_000)),
            fresh_id: Box::new(|| Uuid::from_u128(1)),
            fresh_secret: Box::new(|| [0; 32]),
        };
        let storage = MemoryStorage::new(Epoch("e".to_owned()));
        Arc::new(App::new(storage, Settings::default(), environment))
    }

    async fn ask(app: &Arc<App<MemoryStorage>>, call: &str, body: Body) -> Response {
        let (method, path) = call.split_once(' ').unwrap();
        let builder = Request::builder().method(method).uri(path);
        let builder = builder.header(header::HOST, "localhost");
        let json = builder.header(header::CONTENT_TYPE, "application/json");
        let request = json.body(body).unwrap();
        router(Arc::clone(app)).oneshot(request).await.unwrap()
    }

    /// A body whose last piece comes after so long; one before it comes half way.
    fn slow(takes: Duration) -> Body {
        let pieces = futures_util::stream::iter([r#"{"name""#, r#":"Ada"}"#]);
        Body::from_stream(futures_util::StreamExt::then(
            pieces,
            move |piece| async move {
                tokio::time::sleep(takes / 2).await;
                Ok::<_, std::io::Error>(piece)
            },
        ))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_may_take_a_minute_and_no_longer_however_steadily_it_comes() {
        let app = app();
        for (tenths, status) in [(9, StatusCode::CREATED), (11, StatusCode::BAD_REQUEST)] {
            let takes = BODY_PATIENCE * tenths / 10;
            let response = ask(&app, "POST /v1/users", slow(takes)).await;
            assert_eq!(response.status(), status, "{takes:?}");
            assert_eq!(app.room.turns_left(), WORKING_MAX, "it held no turn");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_gets_no_turn_in_time_is_told_when_to_come_again() {
        let app = app();
        let all = u32::try_from(WORKING_MAX).unwrap();
        let busy = app.room.working.acquire_many(all).await.unwrap();
        let begun = crate::http::meters::stopwatch();
        let response = ask(&app, "GET /v1/users", Body::empty()).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
        assert_eq!(begun.elapsed(), TURN_PATIENCE);
        let alive = ask(&app, "GET /livez", Body::empty()).await;
        assert_eq!(alive.status(), StatusCode::OK, "a busy server is alive");
        let waiting = ask(&app, "GET /v1/users", Body::empty());
        let freeing = async {
            tokio::time::sleep(TURN_PATIENCE / 2).await;
            drop(busy);
        };
        let (served, ()) = tokio::join!(waiting, freeing);
        assert_eq!(served.status(), StatusCode::OK, "a turn came in time");
    }

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

    #[tokio::test]
    async fn a_body_over_the_limit_is_read_on_up_to_a_bound() {
        let bound = DRAINED_BYTES_MAX / BODY_BYTES_MAX;
        for (sent, taken) in [(2, 2), (bound, bound), (4 * bound, bound + 1)] {
            let pieces = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&pieces);
            let pieces_of_body = (0..sent).map(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
                Ok::<_, std::io::Error>(vec![b' '; BODY_BYTES_MAX])
            });
            let body = Body::from_stream(futures_util::stream::iter(pieces_of_body));
            let room = Room::default();
            let code = read(body, &room)
                .await
                .err()
                .map(|error| error.problem.code);
            assert_eq!(code, Some(ProblemCode::TooLarge), "{sent}");
            assert_eq!(pieces.load(Ordering::Relaxed), taken, "of {sent}");
        }
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
