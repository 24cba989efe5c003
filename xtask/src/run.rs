//! `cargo xtask run`: the app and its server on <http://localhost:8787>, from a fresh clone.

use crate::command::{cargo, run as execute, step};
use crate::dist::{self, Quality};
use crate::house::House;
use crate::setup;
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;
use std::process::Command;

const LISTEN: &str = "127.0.0.1:8787";

/// Builds what changed and becomes the server. Later arguments win over ours, so all are handed on.
pub fn run(house: &House, arguments: &[String]) -> Result<()> {
    dist::dist(house, Quality::Ship)?;
    build_server(house)?;
    std::fs::create_dir_all(house.root.join("data"))?;
    let mut server = Command::new(house.server());
    server
        .current_dir(&house.root)
        .args(defaults(arguments))
        .args(arguments);
    if defaults(arguments).contains(&LISTEN) {
        eprintln!("Tidemark is at http://localhost:8787 (Ctrl+C ends it)");
    }
    Err(server.exec()).context("cannot start the server")
}

/// Builds the server as it is shipped.
pub fn build_server(house: &House) -> Result<()> {
    setup::make()?;
    step("server", || {
        execute(cargo(house).args(["build", "--release", "--package", "tidemark-server"]))
    })
}

/// Our defaults, without those that the caller set: a flag may stand only once.
fn defaults(arguments: &[String]) -> Vec<&'static str> {
    let ours = [
        ("--listen", LISTEN),
        ("--database", "sqlite://data/tidemark.db"),
        ("--auth", "off"),
        ("--web", "dist"),
    ];
    let set = |flag: &str| {
        arguments
            .iter()
            .any(|word| word == flag || word.starts_with(&format!("{flag}=")))
    };
    ours.iter()
        .filter(|(flag, _)| !set(flag))
        .flat_map(|(flag, value)| [*flag, *value])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::defaults;

    #[test]
    fn a_flag_that_is_given_replaces_our_default() {
        let given = [
            "--auth=required".to_owned(),
            "--listen".to_owned(),
            "127.0.0.1:9000".to_owned(),
        ];
        assert_eq!(
            defaults(&given),
            ["--database", "sqlite://data/tidemark.db", "--web", "dist"]
        );
    }
}
