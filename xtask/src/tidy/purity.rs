//! `domain`, `protocol` and `engine` reach no I/O, no clock and no chance: no crate below them could give it to them.
//!
//! `clippy.toml` forbids the calls that the standard library and the remaining crates offer.

use crate::command::{cargo, output};
use crate::house::House;
use anyhow::Result;
use std::collections::BTreeSet;

const PURE: [&str; 4] = [
    "tidemark-domain",
    "tidemark-formats",
    "tidemark-protocol",
    "tidemark-engine",
];

/// Crates that do I/O, tell the time or roll dice. A trailing `*` stands for any ending.
const FORBIDDEN: [&str; 26] = [
    "web-sys",
    "js-sys",
    "wasm-bindgen*",
    "gloo*",
    "idb",
    "rexie",
    "indexed*",
    "leptos*",
    "tokio*",
    "async-std",
    "smol",
    "mio",
    "socket2",
    "hyper*",
    "axum*",
    "tower*",
    "reqwest",
    "ureq",
    "sqlx*",
    "rusqlite",
    "libsqlite3-sys",
    "getrandom",
    "rand*",
    "fastrand",
    "iana-time-zone",
    "instant",
];

/// Features that open a door in a crate which is otherwise fine.
const FORBIDDEN_FEATURES: [(&str, &[&str]); 2] = [
    ("chrono", &["clock", "now", "wasmbind"]),
    ("uuid", &["v1", "v4", "v6", "v7", "rng", "js", "fast-rng"]),
];

/// Walks the normal dependencies of the pure crates, on all platforms, with the features they themselves ask for.
pub fn check(house: &House) -> Result<Vec<String>> {
    let mut findings = BTreeSet::new();
    for package in PURE {
        let mut tree = cargo(house);
        tree.args([
            "tree",
            "--quiet",
            "--package",
            package,
            "--edges",
            "normal",
            "--target",
            "all",
        ]);
        tree.args(["--prefix", "none", "--format", "{p}|{f}"]);
        for line in output(&mut tree)?.lines() {
            findings.extend(
                finding(line).map(|what| format!("{package} must be pure, but depends on {what}")),
            );
        }
    }
    Ok(findings.into_iter().collect())
}

/// `name v1.2.3|feature,feature` → what is wrong with it.
fn finding(line: &str) -> Option<String> {
    let (name, features) = line.split_once('|')?;
    let name = name.split(' ').next()?;
    let is_forbidden = FORBIDDEN.iter().any(|rule| match rule.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *rule,
    });
    if is_forbidden {
        return Some(name.to_owned());
    }
    let (_, doors) = FORBIDDEN_FEATURES
        .iter()
        .find(|(owner, _)| *owner == name)?;
    let open = features
        .split(',')
        .find(|feature| doors.contains(feature))?;
    Some(format!("{name} with `{open}`"))
}

#[cfg(test)]
mod tests {
    use super::finding;

    #[test]
    fn io_clock_and_chance_are_found_and_plain_crates_are_not() {
        let cases = [
            ("serde v1.0.0|derive,std", None),
            ("rand_core v0.9.0|", Some("rand_core")),
            ("tokio v1.0.0|rt", Some("tokio")),
            ("chrono v0.4.45|std", None),
            ("chrono v0.4.45|clock,std", Some("chrono with `clock`")),
            ("uuid v1.0.0|std,v5", None),
            ("uuid v1.0.0|std,v7", Some("uuid with `v7`")),
            ("tidemark-domain v0.1.0 (somewhere)|", None),
        ];
        for (line, expected) in cases {
            assert_eq!(finding(line).as_deref(), expected, "{line}");
        }
    }
}
