//! `cargo xtask load`: how many events a server takes in a second, how long a batch waits, what many listeners cost, and
//! what the same database takes without a server before it, all in one run on one machine.

mod client;
mod devices;
mod limit;
mod server;

use anyhow::Result;
use clap::Parser;
use server::Server;
use std::path::PathBuf;
use tempfile::TempDir;
use tidemark_testdb::Postgres;

/// Events in a batch.
const BATCHES: [usize; 3] = [1, 50, 500];

/// What to do.
#[derive(Debug, Parser)]
struct Arguments {
    /// The server's program.
    #[arg(long)]
    server: PathBuf,
    /// Seconds for each figure.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Devices that write at once, each of an account of its own.
    #[arg(long, default_value_t = 8)]
    devices: usize,
    /// Live connections that are opened.
    #[arg(long, default_value_t = 10_000)]
    live: usize,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = TempDir::new()?;
    let file = folder.path().join("tidemark.db");
    println!("SQLite");
    let address = format!("sqlite://{}", file.display());
    let reached = drive(&arguments, &folder, &address)?;
    tell_limit(
        "rows inserted by the driver alone",
        limit::sqlite(&file, arguments.seconds)?,
        reached,
    );

    println!("PostgreSQL");
    let postgres = Postgres::start("")?;
    let address = postgres.url("postgres");
    let reached = drive(&arguments, &folder, &address)?;
    let inserted = limit::postgres(&address, arguments.devices, arguments.seconds)?;
    tell_limit("rows inserted by the driver alone", inserted, reached);
    let inserted = limit::pgbench(&postgres, arguments.devices, arguments.seconds)?;
    tell_limit("rows inserted by pgbench", inserted, reached);
    Ok(())
}

/// Measures a server on a database; answers the events a second of the largest batches.
fn drive(arguments: &Arguments, folder: &TempDir, database: &str) -> Result<f64> {
    let server = Server::start(&arguments.server, folder.path(), database)?;
    let mut devices = devices::register(&server, 0..arguments.devices)?;
    let mut reached = 0.0;
    for size in BATCHES {
        let figures = devices::write(&mut devices, size, arguments.seconds)?;
        println!(
            "  batches of {size:>3}: {:>7.0} events/s, p50 {:>6.1} ms, p99 {:>6.1} ms",
            figures.events_per_second, figures.p50_ms, figures.p99_ms
        );
        reached = figures.events_per_second;
    }
    let before = server.memory_mb()?;
    let open = devices::listen(&server, &devices, arguments.live)?;
    let (listeners, after) = (open.len(), server.memory_mb()?);
    println!("  memory: {before} MB, with {listeners} live connections {after} MB");
    Ok(reached)
}

fn tell_limit(what: &str, limit: f64, reached: f64) {
    println!(
        "  {what}: {limit:.0} events/s; the server reaches {:.2} of it",
        reached / limit
    );
}
