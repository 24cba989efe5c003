//! `cargo xtask tidy`: rules of the house that neither the compiler nor clippy knows.

mod dependencies;
mod length;
mod promises;
mod purity;
mod text;
mod words;

use crate::command::{output, step};
use crate::house::House;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// Runs all checks and lists every finding, not only the first.
pub fn command(house: &House) -> Result<()> {
    step("tidy", || {
        let files = Files::list(house)?;
        let mut findings = length::check(&files)?;
        findings.extend(text::check(&files));
        findings.extend(dependencies::check(&files));
        findings.extend(promises::check(&files));
        findings.extend(purity::check(house)?);
        findings.extend(words::check(&files)?);
        for finding in &findings {
            eprintln!("  {finding}");
        }
        match findings.len() {
            0 => Ok(()),
            count => bail!("{count} findings"),
        }
    })
}

/// The files of the repository: those git knows and those it will be asked to take.
struct Files {
    root: PathBuf,
    names: Vec<String>,
}

impl Files {
    fn list(house: &House) -> Result<Self> {
        let mut git = Command::new("git");
        git.args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(&house.root);
        let listed = output(&mut git)?;
        let names = listed
            .lines()
            .filter(|name| house.root.join(name).is_file())
            .map(str::to_owned)
            .collect();
        Ok(Self {
            root: house.root.clone(),
            names,
        })
    }

    /// Name and text of each file with one of the endings; what is not text is left out.
    fn texts(&self, endings: &[&str]) -> impl Iterator<Item = (&str, String)> {
        let wanted = |name: &&String| endings.iter().any(|ending| name.ends_with(ending));
        self.names
            .iter()
            .filter(wanted)
            .map(String::as_str)
            .filter_map(|name| {
                let text = std::fs::read_to_string(self.root.join(name)).ok()?;
                Some((name, text))
            })
    }
}
