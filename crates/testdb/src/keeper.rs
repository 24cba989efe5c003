//! The folder, and a shell that outlives us by just as long as it takes to stop what runs in it and remove it.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

/// What went wrong, in words for whoever reads a failed test.
#[derive(Debug)]
pub struct Problem(pub String);

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

/// Its input ends when we end, even by SIGKILL; then it cleans up.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
home=$(mktemp -d /tmp/tidemark-pg.XXXXXX) || exit 1
chmod 755 "$home"
echo "$home"
read -r _
for pid in $(cat "$home"/*/bouncer.pid 2>/dev/null); do kill -9 "$pid"; done
for data in "$home"/*/data; do pg_ctl -D "$data" -m immediate stop; done
rm -rf "$home"
"#;

/// A folder in which servers run; dropped, they end and it is removed.
#[derive(Debug)]
pub struct Keeper {
    /// The folder.
    pub home: PathBuf,
    child: Mutex<Child>,
}

impl Keeper {
    /// Makes the folder.
    ///
    /// # Errors
    /// If PostgreSQL is not installed, or nothing can be started.
    pub fn new() -> Result<Self, Problem> {
        let mut shell = as_server("sh")?;
        shell
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = shell.spawn().map_err(told)?;
        let output = child.stdout.take().ok_or_else(|| told("no output"))?;
        let mut home = String::new();
        BufReader::new(output).read_line(&mut home).map_err(told)?;
        if home.trim().is_empty() {
            return Err(told("no folder can be made in /tmp"));
        }
        Ok(Self {
            home: PathBuf::from(home.trim()),
            child: Mutex::new(child),
        })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if let Ok(child) = self.child.get_mut() {
            drop(child.stdin.take());
            // Nothing is left to do about a shell that can't be waited for.
            let _ = child.wait();
        }
    }
}

/// A problem in a program's own words.
pub(crate) fn told(error: impl std::fmt::Display) -> Problem {
    Problem(error.to_string())
}

/// A program, run as a user who may own a database: root may not, so then it is `postgres`.
pub(crate) fn as_server(program: &str) -> Result<Command, Problem> {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--",
        ]);
        command.arg(program);
        command
    } else {
        Command::new(program)
    };
    let path = std::env::var("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env(
            "PATH",
            format!("{}:{path}:/usr/sbin", programs()?.display()),
        )
        .current_dir("/tmp");
    Ok(command)
}

/// Debian keeps the server's programs off the path, one folder for each version: the newest.
pub(crate) fn programs() -> Result<PathBuf, Problem> {
    let versions = Path::new("/usr/lib/postgresql").read_dir().map_err(|_| {
        told("PostgreSQL is not installed: cargo xtask setup, or apt-get install postgresql pgbouncer")
    })?;
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path()));
    let newest = folders.max_by_key(version);
    newest
        .map(|folder| folder.join("bin"))
        .ok_or_else(|| told("no version of PostgreSQL"))
}

/// Runs a program to its end; answers what it printed.
pub(crate) fn run(command: &mut Command) -> Result<String, Problem> {
    let output = command.stdin(Stdio::null()).output().map_err(told)?;
    let printed = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(printed(&output.stdout));
    }
    let (out, error) = (printed(&output.stdout), printed(&output.stderr));
    Err(Problem(format!("{command:?}: {out} {error}")))
}
