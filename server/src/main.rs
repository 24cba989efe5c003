//! The composition root: flags, log, database, router, listening, and an orderly end.

use anyhow::Context;
use clap::Parser;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tidemark_protocol::{Epoch, Timestamp};
use tidemark_server::accounts::{PasswordCost, Passwords, keys};
use tidemark_server::config::{Auth, Command, Config};
use tidemark_server::http::{App, Door, Environment, Settings, Store, metrics_router, router};
use tidemark_server::operate::Operation;
use tidemark_server::serve::{self, Bounds, Tls};
use tidemark_server::storage::{
    Keep, PostgresStorage, SqliteStorage, Upkeep, is_postgres, path_of,
};
use tikv_jemallocator::Jemalloc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

/// Live connections lie close together, and what a password's hash took is given back at once.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

const DAY: Duration = Duration::from_hours(24);
/// Connections of those who read metrics.
const METRICS_CONNECTIONS_MAX: usize = 8;
/// Passwords that are hashed at a time: 128 MiB at most.
const HASHES_AT_A_TIME: usize = 2;

fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    config.check()?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime can't start")?;
    match &config.command {
        Some(Command::RotateKeys) => {
            keys::rotate(&config.keys_path(), fresh_secret()).context("the keys stay as they are")
        }
        Some(Command::Database(operation)) => runtime.block_on(operate(&config, operation)),
        None => {
            start_log();
            runtime.block_on(serve(config))
        }
    }
}

async fn operate(config: &Config, operation: &Operation) -> anyhow::Result<()> {
    let fresh_epoch = Epoch(fresh_id().to_string());
    let told = operation.run(&config.database, &fresh_epoch, now());
    println!("{}", told.await?);
    Ok(())
}

fn start_log() {
    let filter = EnvFilter::try_from_env("TIDEMARK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let fresh_epoch = Epoch(fresh_id().to_string());
    if is_postgres(&config.database) {
        let storage = PostgresStorage::open(&config.database, &fresh_epoch).await;
        return serve_from(storage.context("the database can't be used")?, config).await;
    }
    let storage = SqliteStorage::open(path_of(&config.database)?, &fresh_epoch).await;
    serve_from(storage.context("the database can't be opened")?, config).await
}

async fn serve_from<S: Store + Upkeep>(storage: S, config: Config) -> anyhow::Result<()> {
    let environment = Environment {
        now: Box::new(now),
        fresh_id: Box::new(fresh_id),
        fresh_secret: Box::new(fresh_secret),
    };
    if let Some(web) = config
        .web
        .as_ref()
        .filter(|web| !web.join("index.html").is_file())
    {
        tracing::warn!(web = %web.display(), "the folder of the app has no index.html");
    }
    let (settings, tls) = (settings(&config)?, tls(&config)?);
    let app = Arc::new(App::new(storage, settings, environment));
    if let Some(tls) = &tls {
        reload_when_told(Arc::clone(tls))?;
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .context("the address can't be listened on")?;
    let address = listener.local_addr()?;
    tracing::info!(%address, auth = ?config.auth, "listening");
    let stopping = Arc::clone(&app);
    let stop = async move {
        told_to_stop().await;
        tracing::info!("stopping: no new connections, waiting for those in progress");
        stopping.stop();
    };
    if let Some(address) = config.metrics_listen {
        serve_metrics(address, Arc::clone(&app)).await?;
    }
    let router = router(Arc::clone(&app));
    let bounds = Bounds {
        connections: config.max_connections,
        ..Bounds::default()
    };
    let serving = serve::serve(listener, router, tls, bounds, stop);
    tokio::select! {
        is_whole = serving => if !is_whole {
            tracing::warn!("requests in progress were cut off");
        },
        () = prune_daily(&app.storage) => {}
        () = app.follow_others() => {}
    }
    app.storage.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// What the flags mean for the handlers.
fn settings(config: &Config) -> anyhow::Result<Settings> {
    let door = match config.auth {
        Auth::Off => None,
        Auth::Required => {
            let keys = keys::open(&config.keys_path(), fresh_secret())
                .context("the keys can't be opened")?
                .lasting(config.access_seconds);
            let passwords = Passwords::new(PasswordCost::SERVER, HASHES_AT_A_TIME)
                .map_err(|error| anyhow::anyhow!("passwords can't be hashed: {error}"))?;
            Some(Door::new(passwords, keys, config.registrations_per_hour))
        }
    };
    Ok(Settings {
        door,
        public_url: config.public_url.clone(),
        web: config.web.clone(),
        is_tls: config.tls_cert.is_some(),
        trusts_proxy: config.trust_proxy,
        requests_per_minute: config.requests_per_minute,
    })
}

/// Forgets old deletions each day, as long as the server runs.
async fn prune_daily(storage: &impl Upkeep) {
    loop {
        match storage.prune(&Keep::at(now())).await {
            Ok(0) => {}
            Ok(deletions) => tracing::info!(deletions, "old deletions forgotten"),
            Err(error) => tracing::warn!(%error, "old deletions are kept for another day"),
        }
        tokio::time::sleep(DAY).await;
    }
}

/// Certificate and key, if the server is to speak TLS itself.
fn tls(config: &Config) -> anyhow::Result<Option<Arc<Tls>>> {
    let (Some(certificate), Some(key)) = (&config.tls_cert, &config.tls_key) else {
        return Ok(None);
    };
    let tls = Tls::open(certificate, key).context("there can be no TLS")?;
    Ok(Some(Arc::new(tls)))
}

/// Lets Prometheus read on a listener of its own, until the program ends.
async fn serve_metrics<S: Store>(address: SocketAddr, app: Arc<App<S>>) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address)
        .await
        .context("the address for metrics can't be listened on")?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "metrics");
    let bounds = Bounds {
        connections: METRICS_CONNECTIONS_MAX,
        ..Bounds::default()
    };
    let router = metrics_router(app);
    tokio::spawn(serve::serve(
        listener,
        router,
        None,
        bounds,
        std::future::pending(),
    ));
    Ok(())
}

/// Reads a renewed certificate at each SIGHUP. Called before anybody can know that the server runs: a signal that is not
/// listened for would end it.
fn reload_when_told(tls: Arc<Tls>) -> anyhow::Result<()> {
    let mut told = signal(SignalKind::hangup()).context("signals can't be listened for")?;
    tokio::spawn(async move {
        while told.recv().await.is_some() {
            match tls.reload() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the certificate stays as it was"
                ),
            }
        }
    });
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
async fn told_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::error!("signals can't be listened for; the server can only be killed");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge where the clock comes in"
)]
fn now() -> Timestamp {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

#[expect(clippy::disallowed_methods, reason = "the edge where chance comes in")]
fn fresh_id() -> Uuid {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[expect(clippy::disallowed_methods, reason = "the edge where chance comes in")]
fn fresh_secret() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}
