//! pgbouncer in transaction mode: a client gets another connection for every transaction.

use crate::keeper::{Keeper, Problem, as_server, run, told};
use crate::postgres::{Postgres, url_in};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

const PORT: u16 = 6432;

/// A pooler before a server.
#[derive(Debug)]
pub struct Bouncer {
    folder: PathBuf,
    _keeper: Arc<Keeper>,
}

impl Bouncer {
    /// Starts one with fewer connections to a database than its clients have to it.
    ///
    /// # Errors
    /// In the words of the program that failed.
    pub fn before(server: &Postgres) -> Result<Self, Problem> {
        let folder = server.keeper().home.join("bouncer");
        let (dir, host) = (folder.display(), server.socket());
        let settings = format!(
            "[databases]\n* = host={} port=5432 user=tidemark\n[pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\n\
             unix_socket_dir = {dir}\nauth_type = any\npidfile = {dir}/bouncer.pid\nlogfile = {dir}/log\n\
             pool_mode = transaction\nserver_idle_timeout = 5\ndefault_pool_size = 3\nmax_client_conn = 300\nmax_db_connections = 3\n",
            host.display()
        );
        let script = r#"mkdir "$0" && cat > "$0/ini""#;
        let mut write = as_server("sh")?;
        write
            .arg("-c")
            .arg(script)
            .arg(&folder)
            .stdin(Stdio::piped());
        let mut child = write.spawn().map_err(told)?;
        if let Some(mut input) = child.stdin.take() {
            std::io::Write::write_all(&mut input, settings.as_bytes()).map_err(told)?;
        }
        child.wait().map_err(told)?;
        let mut start = as_server("pgbouncer")?;
        run(start.args(["-q", "-d"]).arg(folder.join("ini")))?;
        Ok(Self {
            folder,
            _keeper: Arc::clone(server.keeper()),
        })
    }

    /// An address of one of the server's databases through the pooler.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.display().to_string();
        format!(
            "{}&statement-cache-capacity=0",
            url_in(&folder, PORT, database)
        )
    }
}
