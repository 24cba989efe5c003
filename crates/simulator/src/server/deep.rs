//! The server at depth "deep": the real router over SQLite, in a folder of its own.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tempfile::TempDir;
use tidemark_engine::{Answer, Request};
use tidemark_protocol::{ACCOUNT_HEADER, DEVICE_HEADER, Epoch, PROTOCOL_HEADER, Timestamp};
use tidemark_server::http::{App, Environment, Settings, router};
use tidemark_server::storage::{Keep, SqliteStorage, Storage, Upkeep, back_up, restore};
use tidemark_server::sync::BUILT_IN_ACCOUNT;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use uuid::Uuid;

/// Bytes of an answer at most.
const ANSWER_BYTES_MAX: usize = 64 << 20;
const DATABASE: &str = "tidemark.db";
const DAY_MS: i64 = 86_400_000;

/// The server.
pub struct DeepServer {
    runtime: Runtime,
    folder: TempDir,
    now: Arc<AtomicI64>,
    ids: Arc<AtomicU64>,
    running: RefCell<Running>,
}

/// One life of the process.
struct Running {
    router: Router,
    app: Arc<App<SqliteStorage>>,
}

impl std::fmt::Debug for DeepServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a server in {}", self.folder.path().display())
    }
}

/// A server that has just been set up, with nobody's rows. Panics if there is no room for a temporary folder.
impl Default for DeepServer {
    fn default() -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime on this thread starts");
        let folder = TempDir::new().expect("a temporary folder can be made");
        let (now, ids) = (Arc::<AtomicI64>::default(), Arc::<AtomicU64>::default());
        let running = RefCell::new(start(&runtime, &folder, &now, &ids));
        Self {
            runtime,
            folder,
            now,
            ids,
            running,
        }
    }
}

impl DeepServer {
    /// Stops the process and starts it again on the same file.
    pub fn restart(&self) {
        self.runtime
            .block_on(self.running.borrow().app.storage.close());
        let running = start(&self.runtime, &self.folder, &self.now, &self.ids);
        self.running.replace(running);
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::Relaxed))
    }

    /// Writes a backup beside the database, while the server runs.
    pub fn back_up(&self, number: usize) -> PathBuf {
        let to = self.folder.path().join(format!("backup-{number}.db"));
        self.runtime
            .block_on(back_up(&self.database(), &to))
            .expect("a running database can be backed up");
        to
    }

    /// Stops the process, puts a backup in place and starts again.
    pub fn restore(&self, backup: &Path, epoch: &Epoch) {
        self.runtime
            .block_on(self.running.borrow().app.storage.close());
        self.runtime
            .block_on(restore(backup, &self.database(), epoch, self.now()))
            .expect("a backup can be put in place");
        let running = start(&self.runtime, &self.folder, &self.now, &self.ids);
        self.running.replace(running);
    }

    /// Forgets all deletions, as if they were old and no device were active. Answers up to which version.
    pub fn forget_deletions(&self) -> Option<u64> {
        let app = Arc::clone(&self.running.borrow().app);
        let tomorrow = self.now().plus_millis(DAY_MS);
        let keep = Keep {
            since: tomorrow,
            all_before: tomorrow,
        };
        self.runtime.block_on(async {
            app.storage.prune(&keep).await.ok()?;
            app.storage.head(BUILT_IN_ACCOUNT).await.ok()
        })
    }

    /// What the server answers, its clock being at `now`.
    pub fn answer(&self, request: &Request, now: Timestamp) -> Answer {
        self.now.store(now.millis(), Ordering::Relaxed);
        let router = self.running.borrow().router.clone();
        self.runtime.block_on(ask(router, request))
    }
}

fn start(
    runtime: &Runtime,
    folder: &TempDir,
    now: &Arc<AtomicI64>,
    ids: &Arc<AtomicU64>,
) -> Running {
    let epoch = Epoch(Uuid::from_u128(0xde_0000).to_string());
    let path = folder.path().join(DATABASE);
    let storage = runtime
        .block_on(SqliteStorage::open(&path, &epoch))
        .expect("the database opens");
    let (now, ids) = (Arc::clone(now), Arc::clone(ids));
    let environment = Environment {
        now: Box::new(move || Timestamp(now.load(Ordering::Relaxed))),
        fresh_id: Box::new(move || {
            Uuid::from_u128(0x1d_0000 + u128::from(ids.fetch_add(1, Ordering::Relaxed)))
        }),
        // Nobody signs in.
        fresh_secret: Box::new(|| [0; 32]),
    };
    let app = Arc::new(App::new(storage, Settings::default(), environment));
    Running {
        router: router(Arc::clone(&app)),
        app,
    }
}

async fn ask(router: Router, request: &Request) -> Answer {
    let mut builder = axum::http::Request::builder()
        .method(request.method)
        .uri(&request.path)
        .header(header::HOST, "localhost:8787")
        .header(DEVICE_HEADER, request.device.as_str());
    if let Some(account) = request.account {
        builder = builder.header(ACCOUNT_HEADER, account.to_string());
    }
    if request.body.is_some() {
        builder = builder.header(header::CONTENT_TYPE, "application/json");
    }
    let body = Body::from(request.body.clone().unwrap_or_default());
    let request = builder
        .body(body)
        .expect("the engine's requests are well-formed");
    let response = router
        .oneshot(request)
        .await
        .unwrap_or_else(|never| match never {});
    of_response(response).await
}

/// An answer as the engine gets it.
///
/// # Panics
/// If its body breaks off.
pub async fn of_response(response: axum::http::Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_BYTES_MAX)
        .await
        .expect("the answer's body is whole");
    let text = |name: &str| header_text(&parts.headers, name);
    Answer {
        status: parts.status.as_u16(),
        protocol: text(PROTOCOL_HEADER),
        content_type: text(header::CONTENT_TYPE.as_str()),
        retry_after_s: text(header::RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok()),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}
