//! Whether `dist/` is still what its inputs make: a hash of everything that goes in.

use super::site::walk;
use crate::command::output;
use crate::house::House;
use crate::setup::hex;
use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::Command;

const FOLDERS: [&str; 5] = ["src", "style", "public", "crates", "xtask/src"];
const NOT_IN_THE_APP: [&str; 2] = ["crates/simulator", "crates/testkit"];
const FILES: [&str; 6] = [
    "index.html",
    "build.rs",
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "xtask/Cargo.lock",
];

/// The hash of all inputs: sources, locks, this tool, the compiler, the quality asked for.
pub fn inputs(house: &House, quality: &str) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(quality);
    hash.update(output(
        Command::new("rustc").arg("-vV").current_dir(&house.root),
    )?);
    let mut paths = Vec::new();
    for folder in FOLDERS {
        paths.extend(walk(&house.root.join(folder))?);
    }
    for folder in NOT_IN_THE_APP {
        let folder = house.root.join(folder);
        paths.retain(|path| !path.starts_with(&folder));
    }
    paths.extend(
        FILES
            .iter()
            .map(|file| house.root.join(file))
            .filter(|path| path.is_file()),
    );
    for path in paths {
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        let name = path
            .strip_prefix(&house.root)?
            .to_string_lossy()
            .into_owned();
        hash.update(name.len().to_le_bytes());
        hash.update(name);
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    }
    Ok(hex(&hash.finalize()))
}

/// The build id of `dist/` if it was made from these inputs and all its files are there, at their length.
pub fn current(dist: &Path, inputs: &str) -> Option<String> {
    let report: Value = serde_json::from_slice(&fs::read(dist.join("build.json")).ok()?).ok()?;
    let whole = report["files"].as_array()?.iter().all(|file| {
        let length = file["path"]
            .as_str()
            .and_then(|path| dist.join(path).metadata().ok())
            .map(|data| data.len());
        length.is_some() && length == file["bytes"].as_u64()
    });
    (whole && report["inputs"] == inputs).then(|| report["build"].as_str().map(str::to_owned))?
}
