//! Connections: bounded in number and in time, over TLS with HTTP/2, finished in order.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use axum::routing::get;
use axum::{Extension, Router};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::{Request, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tidemark_server::http::Peer;
use tidemark_server::serve::{Bounds, Tls, TlsError, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const SHORT: Duration = Duration::from_millis(100);
const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<bool>,
}

/// Serves the peer's address at `/`, and something that waits for `gate` at `/slow`.
async fn start(bounds: Bounds, tls: Option<Arc<Tls>>, gate: oneshot::Receiver<()>) -> Running {
    let gate = Arc::new(std::sync::Mutex::new(Some(gate)));
    let slow = move || async move {
        let gate = gate.lock().unwrap().take();
        gate.unwrap().await.unwrap();
        "done"
    };
    let router = Router::new()
        .route(
            "/",
            get(|Extension(Peer(ip)): Extension<Peer>| async move { ip.to_string() }),
        )
        .route("/slow", get(slow));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async { stopped.await.unwrap() };
    let ended = tokio::spawn(serve(listener, router, tls, bounds, stopped));
    Running {
        address,
        stop,
        ended,
    }
}

fn open_gate() -> oneshot::Receiver<()> {
    oneshot::channel().1
}

/// Reads until the server closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn a_head_that_does_not_come_and_an_idle_connection_are_cut_off() {
    let bounds = Bounds {
        head: SHORT,
        ..Bounds::default()
    };
    let running = start(bounds, None, open_gate()).await;
    for sent in [&b""[..], b"GET / HTTP/1.1\r\nHost: ", GET] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        let answer = rest(&mut stream).await;
        assert_eq!(answer.ends_with("127.0.0.1"), sent == GET, "{answer}");
    }
}

#[tokio::test]
async fn a_head_beyond_its_bound_is_refused() {
    let running = start(Bounds::default(), None, open_gate()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let head = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let answer = rest(&mut stream).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
}

#[tokio::test]
async fn one_connection_more_than_there_is_room_for_waits_its_turn() {
    let bounds = Bounds {
        connections: 1,
        ..Bounds::default()
    };
    let running = start(bounds, None, open_gate()).await;
    let mut first = TcpStream::connect(running.address).await.unwrap();
    first.write_all(GET).await.unwrap();
    let mut buffer = [0; 1024];
    assert!(first.read(&mut buffer).await.unwrap() > 0);
    let mut second = TcpStream::connect(running.address).await.unwrap();
    second.write_all(GET).await.unwrap();
    let early = tokio::time::timeout(SHORT, second.read(&mut buffer)).await;
    assert!(early.is_err(), "the second was answered beside the first");
    drop(first);
    assert!(second.read(&mut buffer).await.unwrap() > 0);
}

#[tokio::test]
async fn what_is_in_progress_is_finished_and_what_is_idle_is_closed() {
    let (open, gate) = oneshot::channel();
    let running = start(Bounds::default(), None, gate).await;
    let mut idle = TcpStream::connect(running.address).await.unwrap();
    idle.write_all(GET).await.unwrap();
    let mut buffer = [0; 1024];
    assert!(idle.read(&mut buffer).await.unwrap() > 0);
    let mut busy = TcpStream::connect(running.address).await.unwrap();
    let slow = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
    busy.write_all(slow).await.unwrap();
    // The handler has the request when the gate's other end is gone from its place; the idle one answers meanwhile.
    idle.write_all(GET).await.unwrap();
    assert!(idle.read(&mut buffer).await.unwrap() > 0);
    running.stop.send(()).unwrap();
    assert_eq!(rest(&mut idle).await, "");
    open.send(()).unwrap();
    assert!(rest(&mut busy).await.ends_with("done"));
    assert!(running.ended.await.unwrap());
    assert!(TcpStream::connect(running.address).await.is_err());
}

#[tokio::test]
async fn what_takes_too_long_at_the_end_is_cut_off_and_said_so() {
    let (_open, gate) = oneshot::channel();
    let bounds = Bounds {
        stop: SHORT,
        ..Bounds::default()
    };
    let running = start(bounds, None, gate).await;
    let mut busy = TcpStream::connect(running.address).await.unwrap();
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut other = TcpStream::connect(running.address).await.unwrap();
    other.write_all(GET).await.unwrap();
    let mut buffer = [0; 1024];
    assert!(other.read(&mut buffer).await.unwrap() > 0);
    running.stop.send(()).unwrap();
    assert!(!running.ended.await.unwrap());
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    _folder: TempDir,
}

impl Files {
    fn new() -> (Self, CertificateDer<'static>) {
        let folder = TempDir::new().unwrap();
        let files = Self {
            certificate: folder.path().join("cert.pem"),
            key: folder.path().join("key.pem"),
            _folder: folder,
        };
        let certificate = files.renew();
        (files, certificate)
    }

    fn renew(&self) -> CertificateDer<'static> {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&self.certificate, cert.pem()).unwrap();
        std::fs::write(&self.key, signing_key.serialize_pem()).unwrap();
        cert.der().clone()
    }
}

/// Connects over TLS.
async fn connect(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    protocol: &[u8],
) -> std::io::Result<TokioIo<TlsStream<TcpStream>>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    Ok(TokioIo::new(stream))
}

fn request() -> Request<Empty<Bytes>> {
    let request = Request::get("https://localhost/").header("host", "localhost");
    request.body(Empty::new()).unwrap()
}

/// Asks over TLS and tells which HTTP it was.
async fn ask(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    protocol: &[u8],
) -> std::io::Result<(Version, StatusCode)> {
    let io = connect(address, trusted, protocol).await?;
    let answer = if protocol == b"h2" {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
                .await
                .unwrap();
        tokio::spawn(connection);
        sender.send_request(request()).await.unwrap()
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request()).await.unwrap()
    };
    let (version, status) = (answer.version(), answer.status());
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "127.0.0.1");
    Ok((version, status))
}

#[tokio::test]
async fn over_one_connection_of_http_2_only_so_many_requests_go_at_a_time() {
    let (files, certificate) = Files::new();
    let tls = Arc::new(Tls::open(&files.certificate, &files.key).unwrap());
    let running = start(Bounds::default(), Some(tls), open_gate()).await;
    let io = connect(running.address, &certificate, b"h2").await.unwrap();
    let (mut sender, mut connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .unwrap();
    tokio::select! {
        ended = &mut connection => panic!("{ended:?}"),
        answer = sender.send_request(request()) => assert_eq!(answer.unwrap().status(), StatusCode::OK),
    }
    // What the server has told; it refuses whatever comes beyond it.
    assert_eq!(connection.current_max_send_streams(), 64);
}

#[tokio::test]
async fn over_tls_both_versions_of_http_are_spoken_and_a_renewed_certificate_is_taken_up() {
    let (files, certificate) = Files::new();
    let tls = Arc::new(Tls::open(&files.certificate, &files.key).unwrap());
    let running = start(Bounds::default(), Some(Arc::clone(&tls)), open_gate()).await;
    for (protocol, version) in [
        (&b"h2"[..], Version::HTTP_2),
        (b"http/1.1", Version::HTTP_11),
    ] {
        let answer = ask(running.address, &certificate, protocol).await;
        assert_eq!(answer.unwrap(), (version, StatusCode::OK));
    }
    let renewed = files.renew();
    assert!(ask(running.address, &renewed, b"h2").await.is_err());
    tls.reload().unwrap();
    assert!(ask(running.address, &renewed, b"h2").await.is_ok());
    std::fs::write(&files.key, "no key").unwrap();
    assert!(matches!(tls.reload(), Err(TlsError::File(..))));
    assert!(ask(running.address, &renewed, b"h2").await.is_ok());
}

#[tokio::test]
async fn whoever_never_shakes_hands_is_cut_off() {
    let (files, _) = Files::new();
    let tls = Arc::new(Tls::open(&files.certificate, &files.key).unwrap());
    let bounds = Bounds {
        handshake: SHORT,
        ..Bounds::default()
    };
    let running = start(bounds, Some(tls), open_gate()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
}
