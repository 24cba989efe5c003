//! A child process that goes with all its own children, however the test ends.

use super::wait::eventually;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// In the environment of every process that was started here: a child that left its parents is found by it.
const MARK: &str = "TIDEMARK_HARNESS_PROCESS";

/// Kills its group when dropped.
pub struct Process {
    child: Child,
    mark: String,
}

impl Process {
    /// Starts the command in a process group of its own, its output in a log file.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        use std::os::unix::process::CommandExt;
        let file = File::options().create(true).append(true).open(log);
        let file = file.with_context(|| log.display().to_string())?;
        let mark = format!("{}-{}", std::process::id(), free_port()?);
        command
            .env(MARK, &mark)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        Ok(Self { child, mark })
    }

    /// Kills it and everything that it has started, directly or not, at one moment; then waits until all are gone.
    pub async fn kill_tree(mut self) -> Result<()> {
        let victims = tree(self.child.id(), &self.mark)?;
        kill(victims.iter().map(u32::to_string));
        self.child.wait()?;
        eventually("all its processes are gone", async || {
            Ok(victims.iter().all(|id| is_gone(*id)).then_some(()))
        })
        .await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        kill([format!("-{}", self.child.id())]);
        let _ = self.child.wait(); // an error only says that it is gone already
    }
}

/// Sends SIGKILL; whoever is gone already is none of its business.
fn kill(ids: impl IntoIterator<Item = String>) {
    let mut command = Command::new("kill");
    command.args(["-KILL", "--"]).args(ids);
    let _ = command.stderr(Stdio::null()).status();
}

/// A process, those that carry its mark, and the descendants of all of them.
fn tree(root: u32, mark: &str) -> Result<BTreeSet<u32>> {
    let mark = format!("{MARK}={mark}");
    let mut found = BTreeSet::from([root]);
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let Ok(id) = entry?.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        if environment
            .split(|byte| *byte == 0)
            .any(|pair| pair == mark.as_bytes())
        {
            found.insert(id);
        }
        if let Some((_, parent)) = state_and_parent(id) {
            parents.push((id, parent));
        }
    }
    loop {
        let before = found.len();
        for (id, parent) in &parents {
            if found.contains(parent) {
                found.insert(*id);
            }
        }
        if found.len() == before {
            return Ok(found);
        }
    }
}

/// A process that nobody has asked about yet still has a number, but runs no more.
fn is_gone(id: u32) -> bool {
    state_and_parent(id).is_none_or(|(state, _)| state == "Z" || state == "X")
}

/// From `/proc/…/stat`: the name, which may contain anything, ends at the last parenthesis.
fn state_and_parent(id: u32) -> Option<(String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut words = rest.split_whitespace();
    let state = words.next()?.to_owned();
    Some((state, words.next()?.parse().ok()?))
}

/// A port that nobody listens on now. Between here and its use another process could take it; the system hands ports out
/// in turn, so that hardly happens, and the user of the port would fail loudly.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}
