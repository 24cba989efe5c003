//! The report as text, and why each crate that costs much is there.

use super::Load;
use super::sections::{DATA, Parts, STANDARD};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A crate that costs less than this many bytes everywhere is not told by its name.
const TOLD_MIN: u64 = 2_000;
/// A crate that costs more has its reason in [`REASONS`].
const REASON_MIN: u64 = 10_000;

/// Why crates of others that cost over [`REASON_MIN`] are there.
const REASONS: [(&str, &str); 9] = [
    (
        STANDARD,
        "texts, lists, maps, sorting, numbers as text; generic code of all other crates is counted here too",
    ),
    (
        "tachys",
        "Leptos' renderer; Leptos is the framework that was asked for",
    ),
    ("leptos", "the framework's components: lists, conditions"),
    (
        "reactive_graph",
        "Leptos' signals: what is shown follows what is stored",
    ),
    (
        "serde_json",
        "the wire is JSON, and an entry's payload is kept as the very bytes that are sent",
    ),
    (
        "serde_core",
        "reads and writes wire types and rows; by hand it would be a parser for each type",
    ),
    (
        "js_sys",
        "typed arrays and objects: rows as IndexedDB keeps them",
    ),
    ("web_sys", "the browser's own calls"),
    ("wasm_bindgen", "every call between Rust and the browser"),
];

/// A wasm module of the app.
pub struct Module {
    /// As it is called in the report.
    pub name: &'static str,
    /// What it is made of, before it is optimised.
    pub parts: Parts,
    /// Its size as it is downloaded.
    pub packed: u64,
}

impl Module {
    /// What a crate costs of the download, if all bytes are packed alike.
    fn cost(&self, part: &str) -> u64 {
        let sum: u64 = self.parts.values().sum();
        let bytes = self.parts.get(part).copied().unwrap_or_default();
        bytes * self.packed / sum.max(1)
    }
}

/// The report in Markdown.
///
/// # Errors
/// If a crate of others costs over [`REASON_MIN`] and nobody wrote down why.
pub fn text(loads: &[(&Load, u64)], modules: &[Module]) -> Result<String> {
    let mut text = String::from(
        "# What is downloaded\n\nMade by `cargo xtask size`. Sizes are kB (1,000 bytes), compressed with brotli as they are sent. \
         `cargo xtask test size` fails\nwhere a budget is exceeded; budgets stand in `xtask/src/size.rs`, a little over what is.\n\n\
         | | kB | budget | goal |\n|---|---:|---:|---:|\n",
    );
    for (load, bytes) in loads {
        let goal = load.goal.map_or_else(String::new, kilobytes);
        let (bytes, budget) = (kilobytes(*bytes), kilobytes(load.budget));
        writeln!(text, "| {} | {bytes} | {budget} | {goal} |", load.what)?;
    }
    text.push_str(
        "\n## By crate\n\nThe wasm by the crate in whose source a function stands: its share of the bytes before wasm-opt, applied to what is \
         downloaded. Generic\ncode counts where it was written, not where it is used.\n\n| |",
    );
    for module in modules {
        write!(text, " {} |", module.name)?;
    }
    text.push_str(" why it is there |\n|---|");
    text.push_str(&"---:|".repeat(modules.len()));
    text.push_str("---|\n");
    for part in told(modules) {
        let why = reason(part, modules)?;
        row(&mut text, part, modules, |module| module.cost(part), why)?;
    }
    let told: BTreeSet<&str> = told(modules).into_iter().collect();
    let rest = |module: &Module| {
        let small = module.parts.keys().filter(|part| !told.contains(&***part));
        small.map(|part| module.cost(part)).sum()
    };
    row(&mut text, "all others", modules, rest, "")?;
    Ok(text)
}

fn row(
    text: &mut String,
    what: &str,
    modules: &[Module],
    cost: impl Fn(&Module) -> u64,
    why: &str,
) -> Result<()> {
    write!(text, "| {} |", what.replace('_', "-"))?;
    for module in modules {
        write!(text, " {} |", kilobytes(cost(module)))?;
    }
    Ok(writeln!(text, " {why} |")?)
}

/// The parts that are told by name, dearest first.
fn told(modules: &[Module]) -> Vec<&str> {
    let all: BTreeSet<&str> = modules
        .iter()
        .flat_map(|module| module.parts.keys().map(String::as_str))
        .collect();
    let mut told: Vec<&str> = all
        .into_iter()
        .filter(|part| dearest(part, modules) >= TOLD_MIN)
        .collect();
    told.sort_by_key(|part| std::cmp::Reverse(dearest(part, modules)));
    told
}

fn dearest(part: &str, modules: &[Module]) -> u64 {
    let costs = modules.iter().map(|module| module.cost(part));
    costs.max().unwrap_or_default()
}

fn reason(part: &str, modules: &[Module]) -> Result<&'static str> {
    let found = REASONS.iter().find(|(name, _)| *name == part);
    match found {
        Some((_, why)) => Ok(why),
        None if part == DATA => Ok("words in three languages, tables, places of panics"),
        None if part.starts_with("tidemark") => Ok("ours"),
        None if dearest(part, modules) < REASON_MIN => Ok(""),
        None => bail!(
            "{part} costs {} bytes; write down why it is worth them (xtask/src/size/report.rs)",
            dearest(part, modules)
        ),
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::{Module, text};

    fn module(part: &str) -> Module {
        let parts = [(part.to_owned(), 300), ("tidemark_engine".to_owned(), 100)];
        Module {
            name: "page",
            parts: parts.into(),
            packed: 40_000,
        }
    }

    #[test]
    fn shares_are_applied_to_the_download_and_a_dear_stranger_needs_a_reason() {
        let told = text(&[], &[module("serde_json")]).unwrap_or_default();
        assert!(
            told.contains("| serde-json | 30.0 | the wire is JSON"),
            "{told}"
        );
        assert!(told.contains("| tidemark-engine | 10.0 | ours |"), "{told}");
        let refused = text(&[], &[module("regex")]).expect_err("nobody said why");
        assert!(
            refused.to_string().contains("regex costs 30000"),
            "{refused}"
        );
    }
}
