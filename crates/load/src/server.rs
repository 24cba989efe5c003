//! The server under load.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running server; dropped, it is killed.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts one that demands a sign-in and sets no bounds, and waits until it listens.
    pub fn start(program: &Path, folder: &Path, database: &str) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--requests-per-minute", "0"])
            .args(["--max-connections", "100000"])
            .args([
                "--registrations-per-hour",
                "1000000",
                "--database",
                database,
            ])
            .env("TIDEMARK_LOG", "tidemark_server=info")
            .env("TIDEMARK_KEYS", folder.join("keys.json"))
            .stderr(Stdio::piped())
            .spawn()
            .context("the server can't be started")?;
        let mut log = BufReader::new(child.stderr.take().context("no log")?);
        let mut address = None;
        while address.is_none() {
            let mut line = String::new();
            ensure!(log.read_line(&mut line)? > 0, "the server ended");
            let line: Value = serde_json::from_str(&line)?;
            address = line["address"].as_str().map(str::to_owned);
        }
        // A log that nobody reads would stop its writer.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let address = address.context("no address")?;
        Ok(Self { child, address })
    }

    /// Memory that it holds, in megabytes.
    pub fn memory_mb(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        Ok(kilobytes.context("no VmRSS")?.parse::<u64>()? / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
