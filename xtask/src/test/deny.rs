//! The crates that we build on, against `deny.toml`: licences, sources, bans; and known weaknesses where their list can be had.

use super::count::Count;
use crate::command::run;
use crate::house::House;
use crate::setup;
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// Folders with a lock file of their own.
const WORKSPACES: [&str; 3] = [".", "xtask", "fuzz"];
/// Where the list of known weaknesses is kept up.
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

/// Checks each workspace. Where the tool is not installed nobody has to wait for its long compile, as with Trunk.
pub fn deny(house: &House) -> Result<Count> {
    let Some(tool) = setup::cargo_deny(house) else {
        eprintln!("cargo-deny is not installed (cargo xtask setup --deny)");
        return Ok(Count::default());
    };
    let mut checks = vec!["bans", "licenses", "sources"];
    if has_advisories() {
        checks.push("advisories");
    } else {
        eprintln!(
            "{ADVISORIES} can't be reached: known weaknesses are left for a machine that can"
        );
    }
    for workspace in WORKSPACES {
        check(&tool, &house.root.join(workspace), &checks)?;
    }
    Ok(Count::GATE)
}

fn has_advisories() -> bool {
    let asked = Command::new("git")
        .args(["ls-remote", "--quiet", ADVISORIES, "HEAD"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .output();
    asked.is_ok_and(|answer| answer.status.success())
}

fn check(tool: &Path, workspace: &Path, checks: &[&str]) -> Result<()> {
    run(Command::new(tool)
        .args(["--log-level", "error", "check", "--hide-inclusion-graph"])
        .args(checks)
        .current_dir(workspace))
}
