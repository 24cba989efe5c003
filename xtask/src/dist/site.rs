//! The set of files that makes up the app, and how it comes into its folder.

use super::{Quality, compress};
use crate::setup::hex;
use anyhow::{Context, Result};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The files by path from the root of the site, without a leading slash.
#[derive(Default)]
pub struct Site {
    /// What stands for this set of files: two builds with the same name are the same.
    pub build: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// `assets/name-<hash>.ext`: a name that changes with the bytes.
pub fn hashed(name: &str, extension: &str, bytes: &[u8]) -> String {
    format!(
        "assets/{name}-{}.{extension}",
        hex(&Sha256::digest(bytes)[..8])
    )
}

impl Site {
    /// Adds or replaces a file.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) {
        self.files.insert(path.to_owned(), bytes);
    }

    /// Adds a folder's files under their own names, except those listed.
    pub fn add_folder(&mut self, folder: &Path, except: &[&str]) -> Result<()> {
        for path in walk(folder)? {
            let name = path
                .strip_prefix(folder)?
                .to_string_lossy()
                .replace('\\', "/");
            if !except.contains(&name.as_str()) {
                self.add(&name, fs::read(&path)?);
            }
        }
        Ok(())
    }

    /// Path and SHA-256 (hexadecimal) of each file, sorted by path.
    pub fn digests(&self) -> impl Iterator<Item = (&str, String)> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), hex(&Sha256::digest(bytes))))
    }

    /// Writes the files, with compressed copies beside them, and `build.json`; then takes away what belongs to no file.
    /// The page and the worker's script come last: whoever reads the folder meanwhile never finds a name without its file.
    pub fn write(&self, folder: &Path, inputs: &str, quality: Quality) -> Result<()> {
        let packed = compress::all(&self.files, quality)?;
        let mut all: BTreeMap<&str, &[u8]> = packed
            .iter()
            .map(|(path, bytes)| (path.as_str(), &bytes[..]))
            .collect();
        all.extend(
            self.files
                .iter()
                .map(|(path, bytes)| (path.as_str(), &bytes[..])),
        );
        let brotli = |path: &str| packed.get(&format!("{path}.br")).map(Vec::len);
        let report: Vec<_> = self
            .files
            .iter()
            .map(|(path, bytes)| json!({ "path": path, "bytes": bytes.len(), "brotli": brotli(path) }))
            .collect();
        let report = json!({ "build": self.build, "inputs": inputs, "quality": quality.name(), "files": report });
        let report = serde_json::to_string_pretty(&report)?;
        let is_last = |path: &str| path.starts_with("index.html") || path.starts_with("sw.js");
        for last in [false, true] {
            for (path, bytes) in all.iter().filter(|(path, _)| is_last(path) == last) {
                write_file(&folder.join(path), bytes)?;
            }
        }
        write_file(&folder.join("build.json"), report.as_bytes())?;
        all.insert("build.json", b"");
        remove_strangers(folder, &all)?;
        self.print(brotli);
        Ok(())
    }

    fn print(&self, brotli: impl Fn(&str) -> Option<usize>) {
        eprintln!(
            "  {:<42} {:>9} {:>9}",
            format!("build {}", self.build),
            "raw",
            "brotli"
        );
        let mut sum = (0, 0);
        for (path, bytes) in self.files.iter().filter(|(path, _)| is_code(path)) {
            let small = brotli(path).unwrap_or(bytes.len());
            sum = (sum.0 + bytes.len(), sum.1 + small);
            eprintln!("  {path:<42} {:>9} {small:>9}", bytes.len());
        }
        eprintln!("  {:<42} {:>9} {:>9}", "sum", sum.0, sum.1);
    }
}

fn is_code(path: &str) -> bool {
    ["html", "js", "wasm", "css"]
        .iter()
        .any(|extension| path.ends_with(&format!(".{extension}")))
}

/// All files below a folder, in a fixed order; names that begin with a dot are left out.
pub fn walk(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                &mut open
            } else {
                &mut found
            }
            .push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).with_context(|| path.display().to_string())
}

fn remove_strangers(folder: &Path, ours: &BTreeMap<&str, &[u8]>) -> Result<()> {
    for path in walk(folder)? {
        let name = path
            .strip_prefix(folder)?
            .to_string_lossy()
            .replace('\\', "/");
        if !ours.contains_key(name.as_str()) {
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::hashed;

    #[test]
    fn a_name_changes_with_the_bytes_and_only_with_them() {
        assert_eq!(hashed("page", "js", b"one"), hashed("page", "js", b"one"));
        assert_ne!(hashed("page", "js", b"one"), hashed("page", "js", b"two"));
        assert_eq!(hashed("page", "js", b""), "assets/page-e3b0c44298fc1c14.js");
    }
}
