//! What an operator types: backup, restore, prune, and what belongs to PostgreSQL alone.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidemark-server"));
    let database = format!("sqlite://{}/tidemark.db", folder.path().display());
    command
        .env_clear()
        .env("TIDEMARK_DATABASE", database)
        .current_dir(folder.path());
    command
}

fn typed(folder: &TempDir, words: &[&str]) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(folder).args(words).output().unwrap();
    let told = [stdout, stderr].concat();
    (status.success(), String::from_utf8(told).unwrap())
}

#[test]
fn a_running_server_is_backed_up_and_only_a_stopped_one_is_replaced() {
    let folder = TempDir::new().unwrap();
    let mut child = command(&folder)
        .args(["--auth", "off", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("listening") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0);
    }
    let (is_well, told) = typed(&folder, &["backup", "--to", "backup.db"]);
    assert!(is_well, "{told}");
    let (is_well, told) = typed(&folder, &["restore", "--from", "backup.db"]);
    assert!(!is_well && told.contains("stop the server first"), "{told}");
    child.kill().unwrap();
    child.wait().unwrap();
    let (is_well, told) = typed(&folder, &["restore", "--from", "backup.db"]);
    assert!(is_well && told.contains("tidemark.db.replaced-"), "{told}");
    let (is_well, told) = typed(&folder, &["prune"]);
    assert!(is_well && told.contains("0 deletions"), "{told}");
}

#[test]
fn nothing_is_made_where_there_is_nothing_to_do_it_to() {
    let folder = TempDir::new().unwrap();
    for words in [
        &["backup", "--to", "b.db"][..],
        &["restore", "--from", "b.db"],
        &["prune"],
    ] {
        let (is_well, told) = typed(&folder, words);
        assert!(
            !is_well && told.contains("no database of this server"),
            "{words:?}: {told}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_belongs_to_another_kind_of_database_is_said_and_left_undone() {
    let folder = TempDir::new().unwrap();
    let (is_well, told) = typed(&folder, &["begin-life"]);
    assert!(!is_well && told.contains("`restore`"), "{told}");
    let elsewhere = [
        "--database",
        "postgres://nobody@127.0.0.1:1/none",
        "backup",
        "--to",
        "b.db",
    ];
    let (is_well, told) = typed(&folder, &elsewhere);
    assert!(!is_well && told.contains("`begin-life`"), "{told}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
