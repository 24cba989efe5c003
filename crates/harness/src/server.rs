//! The server as users start it: the built program, a database file, the built app.

use super::process::{Process, free_port};
use super::wait::eventually;
use anyhow::{Context, Result};
use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::net::TcpStream;

/// One server with one database; it can be killed and started again on the same port.
pub struct Server {
    address: SocketAddr,
    folder: PathBuf,
    log: PathBuf,
    web: RefCell<PathBuf>,
    arguments: Vec<String>,
    process: RefCell<Option<Process>>,
}

impl Server {
    /// Starts with an empty database inside `folder`, and without sign-in.
    pub async fn start(folder: &Path, log: &Path) -> Result<Self> {
        Self::start_with(folder, log, &["--auth", "off"]).await
    }

    /// The same with other arguments than that.
    pub async fn start_with(folder: &Path, log: &Path, arguments: &[&str]) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let server = Self {
            address,
            folder: folder.to_path_buf(),
            log: log.to_path_buf(),
            web: RefCell::new(path("TIDEMARK_E2E_WEB", "dist")),
            arguments: arguments.iter().map(|&each| each.to_owned()).collect(),
            process: RefCell::new(None),
        };
        server.start_again().await?;
        Ok(server)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder of the app that it serves.
    pub fn build(&self) -> PathBuf {
        self.web.borrow().clone()
    }

    /// Puts another build of the app in place, as an operator does.
    pub async fn deploy(&self, build: &Path) -> Result<()> {
        self.kill();
        self.web.replace(build.to_path_buf());
        self.start_again().await
    }

    /// Kills it, as a power cut would.
    pub fn kill(&self) {
        self.process.take();
    }

    /// Starts it on the database it had, and waits until it listens.
    pub async fn start_again(&self) -> Result<()> {
        self.launch()?;
        eventually("the server listens", async || {
            Ok(TcpStream::connect(self.address).await.is_ok().then_some(()))
        })
        .await
        .with_context(|| format!("see {}", self.log.display()))
    }

    /// Starts it on the database it had, and does not wait.
    pub fn launch(&self) -> Result<()> {
        let mut command = Command::new(path(
            "TIDEMARK_E2E_SERVER",
            "target/release/tidemark-server",
        ));
        let database = self.folder.join("server.db");
        command
            .args(["--listen", &self.address.to_string()])
            .args(&self.arguments)
            .args(["--database", &format!("sqlite://{}", database.display())])
            .arg("--web")
            .arg(self.build());
        let process = Process::start(&mut command, &self.log)?;
        self.process.replace(Some(process));
        Ok(())
    }
}

/// A path that `cargo xtask test` gives; without it, where the other commands build to.
fn path(variable: &str, default: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::var_os(variable).map_or_else(|| root.join(default), PathBuf::from)
}
