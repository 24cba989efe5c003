//! Other builds of the app, made from the one under test: the same program in files of other names, and the way out.

use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Stands in the name of each hashed file of the next build.
pub const NEXT: &str = "next";
const SCRIPT: &str = "sw.js";

/// A build after the one in `from`: as after a change, its page names other files, and the worker knows their digests.
pub fn next_build(from: &Path, to: &Path) -> Result<PathBuf> {
    let old = plain_files(from, from)?;
    let renamed: Vec<(String, String)> = old
        .iter()
        .filter_map(|name| name.strip_prefix("assets/"))
        .filter_map(|name| Some((name.to_owned(), next_name(name)?)))
        .collect();
    for name in &old {
        let bytes = fs::read(from.join(name))?;
        let new_bytes = match String::from_utf8(bytes) {
            Ok(text) => rename_in(&text, &renamed).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        put(&to.join(rename_in(name, &renamed)), &new_bytes)?;
    }
    stamp(to)?;
    Ok(to.to_path_buf())
}

/// The build in `from` with the worker that gives everything back.
pub fn way_out(from: &Path, to: &Path) -> Result<PathBuf> {
    for name in plain_files(from, from)? {
        put(&to.join(&name), &fs::read(from.join(&name))?)?;
    }
    fs::copy(from.join("sw-off.js"), to.join(SCRIPT))?;
    Ok(to.to_path_buf())
}

/// The build in `from`, of which the files whose names begin so are missing.
pub fn build_without(from: &Path, start: &str, to: &Path) -> Result<PathBuf> {
    for name in plain_files(from, from)? {
        if !name.starts_with(start) {
            put(&to.join(&name), &fs::read(from.join(&name))?)?;
        }
    }
    Ok(to.to_path_buf())
}

/// `page-0123….js` becomes `page-next….js`.
fn next_name(name: &str) -> Option<String> {
    let (stem, hash) = name.split_once('-')?;
    Some(format!("{stem}-{NEXT}{}", hash.get(NEXT.len()..)?))
}

fn rename_in(text: &str, renamed: &[(String, String)]) -> String {
    renamed
        .iter()
        .fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
}

/// Writes the digests of the files as they are now into the worker's script, and another name for the build.
fn stamp(build: &Path) -> Result<()> {
    let path = build.join(SCRIPT);
    let script = fs::read_to_string(&path)?;
    let (before, rest) = script.split_once("const BUILD = ").context("no BUILD")?;
    let (json, after) = rest.split_once(";\n").context("BUILD has no end")?;
    let mut known: Value = serde_json::from_str(json)?;
    known["id"] = Value::from(NEXT);
    let files = known["files"].as_array_mut().context("no files")?;
    for file in files {
        let address = file[0].as_str().context("a file without an address")?;
        let name = if address == "/" {
            "index.html"
        } else {
            &address[1..]
        };
        let mut digest = String::new();
        for byte in Sha256::digest(fs::read(build.join(name))?) {
            write!(digest, "{byte:02x}")?;
        }
        file[1] = Value::from(digest);
    }
    fs::write(&path, format!("{before}const BUILD = {known};\n{after}"))?;
    Ok(())
}

/// The files below `folder`, without compressed twins, as paths from `root`.
fn plain_files(root: &Path, folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let is_twin = path
            .extension()
            .is_some_and(|end| end == "br" || end == "gz");
        if path.is_dir() {
            found.extend(plain_files(root, &path)?);
        } else if !is_twin {
            found.push(path.strip_prefix(root)?.display().to_string());
        }
    }
    Ok(found)
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
    Ok(fs::write(path, bytes)?)
}
