//! Packages from Debian, as root or through sudo.

use crate::command::{output, run, step, which};
use anyhow::{Result, bail};
use std::process::Command;

/// Installs the packages. Called only with what is missing.
///
/// Without Debian, or without the right to install, it says which packages to install by hand.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if which("apt-get").is_none() {
        bail!("missing, and no apt-get to install them with: {list} (the names are Debian's)");
    }
    let root = output(Command::new("id").arg("-u"))?.trim() == "0";
    if !root && which("sudo").is_none() {
        bail!(
            "missing: {list}. Install them as root: apt-get install --no-install-recommends {list}"
        );
    }
    step(&format!("Debian packages: {list}"), || {
        run(apt(root).args(["update", "-qq"]))?;
        run(apt(root)
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages))
    })
}

fn apt(root: bool) -> Command {
    let mut command = if root {
        Command::new("env")
    } else {
        Command::new("sudo")
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}
