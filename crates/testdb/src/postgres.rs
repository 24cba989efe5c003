//! One PostgreSQL server.

use crate::keeper::{Keeper, Problem, as_server, programs, run, told};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Settings of every server: small, for itself.
const SETTINGS: &str = "\
listen_addresses = ''
max_connections = 300
shared_buffers = 64MB
log_min_messages = fatal
";
/// For servers whose data may be lost with the machine, which is what most tests need.
const CARELESS: &str = "\
fsync = off
synchronous_commit = off
full_page_writes = off
";

/// For a server that speaks TLS.
const TLS: &str = "\
listen_addresses = '127.0.0.1'
ssl = on
";
/// A port that was free may be taken before the server has it.
const PORTS_TRIED: u32 = 5;

/// A server in its folder.
#[derive(Debug)]
pub struct Postgres {
    keeper: Arc<Keeper>,
    folder: PathBuf,
    databases: AtomicU32,
    /// Databases are made one at a time: they are copied, and only one may copy.
    making: Mutex<()>,
}

impl Postgres {
    /// Starts a server that does not wait for the disk.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn careless() -> Result<Self, Problem> {
        Self::start(CARELESS)
    }

    /// Starts a server that keeps what it committed, with more settings, one a line.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn start(settings: &str) -> Result<Self, Problem> {
        let server = Self::initialised()?;
        server.configure(&format!("{SETTINGS}{settings}"))?;
        server.go()?;
        Ok(server)
    }

    /// Starts a careless server that is reached by the name `localhost` over TLS alone, with this certificate and its
    /// key as PEM. Answers its port too.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn over_tls(certificate: &str, key: &str) -> Result<(Self, u16), Problem> {
        let server = Self::initialised()?;
        for (name, text) in [
            ("server.crt", certificate),
            ("server.key", key),
            ("pg_hba.conf", "hostssl all all 127.0.0.1/32 trust\n"),
        ] {
            let path = server.data().join(name);
            write(as_server("tee")?.arg(&path), text)?;
            run(as_server("chmod")?.arg("600").arg(&path))?;
        }
        server.configure(&format!("{SETTINGS}{CARELESS}{TLS}"))?;
        for _ in 0..PORTS_TRIED {
            let port = free_port()?;
            server.configure(&format!("port = {port}\n"))?;
            if server.go().is_ok() {
                return Ok((server, port));
            }
        }
        Err(told("no port is free"))
    }

    fn initialised() -> Result<Self, Problem> {
        let server = Self::new(Arc::new(Keeper::new()?), "first");
        let mut initdb = as_server("initdb")?;
        initdb.args([
            "--auth=trust",
            "--username=tidemark",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        initdb.args(["--no-sync", "--no-instructions", "-D"]);
        run(initdb.arg(server.data()))?;
        Ok(server)
    }

    /// One careless server for all tests of a process, which is lost with it.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| Self::careless().unwrap_or_else(|problem| panic!("{problem}")))
    }

    fn new(keeper: Arc<Keeper>, name: &str) -> Self {
        Self {
            folder: keeper.home.join(name),
            keeper,
            databases: AtomicU32::new(0),
            making: Mutex::new(()),
        }
    }

    pub(crate) fn keeper(&self) -> &Arc<Keeper> {
        &self.keeper
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder of its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.clone()
    }

    /// Adds settings, which hold from the next start.
    fn configure(&self, settings: &str) -> Result<(), Problem> {
        let folder = self.folder.display();
        let settings = format!("{settings}unix_socket_directories = '{folder}'\n");
        let mut tee = as_server("tee")?;
        let tee = tee.arg("-a").arg(self.data().join("postgresql.conf"));
        write(tee, &settings)
    }

    /// Starts it and waits until it answers.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn go(&self) -> Result<(), Problem> {
        let mut start = self.control("start")?;
        start.arg("-w").arg("-l").arg(self.folder.join("log"));
        run(start.stdout(Stdio::null()).stderr(Stdio::null())).map(drop)
    }

    fn control(&self, what: &str) -> Result<Command, Problem> {
        let mut control = as_server("pg_ctl")?;
        control.arg(what).arg("-D").arg(self.data());
        Ok(control)
    }

    /// Kills it and everything it started with SIGKILL, as if the machine's memory were gone.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn kill(&self) -> Result<(), Problem> {
        // All processes of the server are children of the first, whose number stands on the file's first line.
        let script = r#"pid=$(head -n 1 "$0"/postmaster.pid); children=$(cat /proc/$pid/task/$pid/children)
            kill -9 $pid $children; while kill -0 $pid 2>/dev/null; do sleep 0.01; done; rm "$0"/postmaster.pid"#;
        run(as_server("sh")?.arg("-c").arg(script).arg(self.data())).map(drop)
    }

    /// An address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        url_in(&self.socket().display().to_string(), 5432, database)
    }

    /// Where one of PostgreSQL's own programs lies.
    ///
    /// # Errors
    /// If PostgreSQL is not installed.
    pub fn program(&self, name: &str) -> Result<PathBuf, Problem> {
        Ok(programs()?.join(name))
    }

    /// Says something to one of its databases; answers the rows that come back, columns between bars.
    ///
    /// # Errors
    /// In the server's words.
    pub fn say(&self, database: &str, sql: &str) -> Result<String, Problem> {
        let mut psql = as_server("psql")?;
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        psql.args(["-v", "ON_ERROR_STOP=1", "--username=tidemark", "-h"]);
        run(psql.arg(self.socket()).args(["-d", database, "-c", sql]))
    }

    /// Makes a database, a copy of another if one is named, and answers its name.
    ///
    /// # Errors
    /// In the server's words.
    pub fn database(&self, template: Option<&str>) -> Result<String, Problem> {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let template = template.map_or(String::new(), |template| format!(" TEMPLATE {template}"));
        let _one_at_a_time = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        self.say("postgres", &format!("CREATE DATABASE {name}{template}"))?;
        Ok(name)
    }

    /// Starts a copy of this server that follows it and, from then on, is waited for by every commit.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn synchronous_standby(&self) -> Result<Self, Problem> {
        let standby = Self::new(Arc::clone(&self.keeper), "second");
        let mut copy = as_server("pg_basebackup")?;
        copy.args([
            "--write-recovery-conf",
            "--wal-method=stream",
            "--checkpoint=fast",
            "--no-sync",
        ]);
        copy.args(["--username=tidemark", "-h"])
            .arg(self.socket())
            .arg("-D");
        run(copy.arg(standby.data()))?;
        standby.configure("")?;
        standby.go()?;
        self.say(
            "postgres",
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
        )?;
        self.say("postgres", "SELECT pg_reload_conf()")?;
        let is_followed = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        while self.say("postgres", is_followed)? != "1" {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Ok(standby)
    }

    /// Makes a standby the one to write to; it waits for nobody.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn promote(&self) -> Result<(), Problem> {
        run(self.control("promote")?.arg("-w")).map(drop)
    }

    /// An address that can be moved from one server to another: a link to the folder of the socket.
    ///
    /// # Errors
    /// If the link can't be made.
    pub fn movable_address(&self, database: &str) -> Result<String, Problem> {
        let link = self.keeper.home.join("current");
        self.take_address()?;
        Ok(url_in(&link.display().to_string(), 5432, database))
    }

    /// Moves that address to this server.
    ///
    /// # Errors
    /// If the link can't be made.
    pub fn take_address(&self) -> Result<(), Problem> {
        let (fresh, link) = (self.folder.join("link"), self.keeper.home.join("current"));
        symlink(self.socket(), &fresh).map_err(told)?;
        std::fs::rename(fresh, link).map_err(told)
    }
}

/// An address over a socket in a folder.
pub(crate) fn url_in(folder: &str, port: u16, database: &str) -> String {
    format!("postgres://tidemark@localhost:{port}/{database}?host={folder}")
}

/// Gives a program its input.
fn write(program: &mut Command, text: &str) -> Result<(), Problem> {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(told)?;
    if let Some(mut input) = child.stdin.take() {
        std::io::Write::write_all(&mut input, text.as_bytes()).map_err(told)?;
    }
    child.wait().map(drop).map_err(told)
}

fn free_port() -> Result<u16, Problem> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(told)?;
    Ok(listener.local_addr().map_err(told)?.port())
}
