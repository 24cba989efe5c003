//! Connections: accepted up to a number, over TLS or plain, cut off where the other end is too slow, and finished in order
//! when the server stops. Must not know any route.

mod patience;
mod tls;

pub use tls::{Tls, TlsError};

use crate::http::Peer;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use patience::Patient;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// How many connections there are at a time, and how long each may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Connections at a time; the next waits in the system's queue.
    pub connections: usize,
    /// How long a request's head may take, and a connection stay without a request.
    pub head: Duration,
    /// How long a TLS handshake may take.
    pub handshake: Duration,
    /// How long a client may leave an answer unread.
    pub write: Duration,
    /// How long a stopping server waits for requests in progress.
    pub stop: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head: Duration::from_secs(30),
            handshake: Duration::from_secs(10),
            write: Duration::from_secs(30),
            stop: Duration::from_secs(10),
        }
    }
}

/// How long to wait when the system has no room for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Requests at a time over one HTTP/2 connection.
const STREAMS_MAX: u32 = 64;
/// A connection that says nothing is asked so often whether it lives.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// Serves until `stop`, then finishes what is in progress. Answers whether everything was finished.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<Arc<Tls>>,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) -> bool {
    let room = Arc::new(Semaphore::new(bounds.connections));
    let graceful = GracefulShutdown::new();
    let accepting = accept_all(&listener, &room, |stream, peer, permit| {
        let (router, tls, watcher) = (router.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            if let Err(error) = connection(stream, peer, router, tls, watcher, bounds).await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop(permit);
        });
    });
    tokio::select! {
        () = accepting => {}
        () = stop => {}
    }
    drop(listener);
    tokio::time::timeout(bounds.stop, graceful.shutdown())
        .await
        .is_ok()
}

/// Hands over connection after connection. Where there are too many, the next waits in the system's queue.
async fn accept_all(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
    mut take: impl FnMut(TcpStream, Peer, tokio::sync::OwnedSemaphorePermit),
) {
    loop {
        let Ok(permit) = Arc::clone(room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, address)) => take(stream, Peer(address.ip()), permit),
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted now");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    tls: Option<Arc<Tls>>,
    watcher: Watcher,
    bounds: Bounds,
) -> io::Result<()> {
    // An answer is small and waited for: no delay to fill a packet.
    stream.set_nodelay(true)?;
    let stream = Patient::new(stream, bounds.write);
    match tls {
        None => http_1(TokioIo::new(stream), peer, router, watcher, bounds.head).await,
        // Apart: what only TLS needs would make the task of every plain connection three times as large.
        Some(tls) => Box::pin(encrypted(stream, peer, router, tls, watcher, bounds)).await,
    }
}

async fn encrypted(
    stream: Patient<TcpStream>,
    peer: Peer,
    router: Router,
    tls: Arc<Tls>,
    watcher: Watcher,
    bounds: Bounds,
) -> io::Result<()> {
    let handshake = tokio::time::timeout(bounds.handshake, tls.accept(stream));
    let stream = handshake.await.map_err(|_| io::ErrorKind::TimedOut)??;
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        http_2(TokioIo::new(stream), peer, router, watcher).await
    } else {
        http_1(TokioIo::new(stream), peer, router, watcher, bounds.head).await
    }
}

async fn http_1(
    io: impl Read + Write + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    watcher: Watcher,
    patience: Duration,
) -> io::Result<()> {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD_BYTES_MAX);
    let answer = service_fn(move |request| answer(request, peer, router.clone()));
    let served = watcher.watch(builder.serve_connection(io, answer)).await;
    served.map_err(io::Error::other)
}

async fn http_2(
    io: impl Read + Write + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    watcher: Watcher,
) -> io::Result<()> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_INTERVAL)
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(16 * 1024);
    let answer = service_fn(move |request| answer(request, peer, router.clone()));
    let served = watcher.watch(builder.serve_connection(io, answer)).await;
    served.map_err(io::Error::other)
}

async fn answer(
    mut request: Request<Incoming>,
    peer: Peer,
    router: Router,
) -> Result<axum::response::Response, std::convert::Infallible> {
    request.extensions_mut().insert(peer);
    router.oneshot(request.map(Body::new)).await
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Peer, Tls, Watcher, connection};
    use axum::Router;
    use std::sync::Arc;
    use tokio::net::TcpStream;

    type Serving<T> = fn(TcpStream, Peer, Router, Option<Arc<Tls>>, Watcher, Bounds) -> T;

    /// Bytes of what the function makes.
    fn size_of_made<T>(_: Serving<T>) -> usize {
        size_of::<T>()
    }

    #[test]
    fn ten_thousand_plain_connections_need_little_room_for_their_tasks() {
        let size = size_of_made(connection);
        assert!(size <= 2 * 1024, "{size} bytes");
    }
}
