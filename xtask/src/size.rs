//! `cargo xtask size`: what a device downloads, file by file and crate by crate, written to `docs/SIZE.md`; and the
//! budgets that keep it from growing unseen.

mod report;
mod sections;

use crate::dist::{self, Quality, bindgen};
use crate::house::House;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;

/// Something that is downloaded: the files of the build that belong to it, and how large they may be.
pub struct Load {
    /// What it is.
    pub what: &'static str,
    /// How the names of its files begin, and how they end.
    pub files: &'static [(&'static str, &'static str)],
    /// Bytes, compressed with brotli, that all of it may take: a little over what it takes today.
    pub budget: u64,
    /// Where it shall get.
    pub goal: Option<u64>,
}

/// Everything that is code.
pub const LOADS: [Load; 5] = [
    Load {
        what: "page: wasm and JavaScript",
        files: &[
            ("assets/page-", ".wasm"),
            ("assets/page-", ".js"),
            ("assets/boot-", ".js"),
        ],
        budget: 690_000,
        goal: Some(300_000),
    },
    Load {
        what: "service worker: wasm",
        files: &[("assets/worker-", ".wasm")],
        budget: 265_000,
        goal: Some(150_000),
    },
    Load {
        what: "service worker: script",
        files: &[("sw.js", "")],
        budget: 12_000,
        goal: None,
    },
    Load {
        what: "exchange worker, with its screen",
        files: &[("assets/exchange-", "")],
        budget: 290_000,
        goal: None,
    },
    Load {
        what: "style",
        files: &[("assets/style-", ".css")],
        budget: 10_000,
        goal: None,
    },
];

/// The modules of the app: what each is called here, cargo's file of it, and how the build's begins.
const MODULES: [(&str, &str, &str); 3] = [
    ("page", "tidemark-page.wasm", "assets/page-"),
    ("service worker", "tidemark_worker.wasm", "assets/worker-"),
    (
        "exchange worker",
        "tidemark-exchange-worker.wasm",
        "assets/exchange-",
    ),
];

/// Writes the report and checks the budgets.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("size takes no arguments");
    }
    dist::dist(house, Quality::Ship)?;
    let build = build(house)?;
    let mut modules = Vec::new();
    for (name, file, start) in MODULES {
        let parts = parts(house, file).with_context(|| file.to_owned())?;
        let packed = downloaded(&build, &[(start, ".wasm")])?;
        modules.push(report::Module {
            name,
            parts,
            packed,
        });
    }
    let loads = loads(&build)?;
    let text = report::text(&loads, &modules)?;
    fs::write(house.root.join("docs/SIZE.md"), &text).context("docs/SIZE.md")?;
    print!("{text}");
    check(&loads)
}

/// Builds the app and checks the budgets.
pub fn budgets(house: &House) -> Result<()> {
    dist::dist(house, Quality::Ship)?;
    check(&loads(&build(house)?)?)
}

fn check(loads: &[(&Load, u64)]) -> Result<()> {
    let over: Vec<String> = loads
        .iter()
        .filter(|(load, bytes)| *bytes > load.budget)
        .map(|(load, bytes)| format!("{}: {bytes} bytes, {} allowed", load.what, load.budget))
        .collect();
    if !over.is_empty() {
        bail!(
            "more to download than the budget in xtask/src/size.rs allows: {}",
            over.join("; ")
        );
    }
    Ok(())
}

fn build(house: &House) -> Result<Value> {
    let path = house.dist().join("build.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

fn loads(build: &Value) -> Result<Vec<(&'static Load, u64)>> {
    LOADS
        .iter()
        .map(|load| Ok((load, downloaded(build, load.files)?)))
        .collect()
}

/// The compressed bytes of all files whose names begin and end in one of these ways.
fn downloaded(build: &Value, names: &[(&str, &str)]) -> Result<u64> {
    let files = build["files"]
        .as_array()
        .context("build.json has no files")?;
    let mut sum = 0;
    for (start, end) in names {
        let of_name = files.iter().filter(|file| {
            let path = file["path"].as_str().unwrap_or_default();
            path.starts_with(start) && path.ends_with(end)
        });
        let bytes: Vec<u64> = of_name.filter_map(|file| file["brotli"].as_u64()).collect();
        if bytes.is_empty() {
            bail!("no file {start}…{end} in the build");
        }
        sum += bytes.iter().sum::<u64>();
    }
    Ok(sum)
}

/// What a module is made of, as it is before wasm-opt takes the names away.
fn parts(house: &House, file: &str) -> Result<sections::Parts> {
    let built = house.target.join("wasm32-unknown-unknown/web").join(file);
    let work = house.target.join("xtask-dist/size");
    let module = bindgen::module(&built, &work, true, None)?;
    fs::remove_dir_all(&work)?;
    sections::parts(&module.wasm)
}

#[cfg(test)]
mod tests {
    use super::{LOADS, Load, check, downloaded};
    use serde_json::json;

    #[test]
    fn the_files_of_a_load_are_summed_and_a_missing_one_is_said() {
        let build = json!({ "files": [
            { "path": "assets/page-1.wasm", "brotli": 100 },
            { "path": "assets/page-1.js", "brotli": 10 },
            { "path": "assets/worker-1.wasm", "brotli": 1 },
        ] });
        let page = [("assets/page-", ".wasm"), ("assets/page-", ".js")];
        assert_eq!(downloaded(&build, &page).ok(), Some(110));
        assert!(downloaded(&build, &[("assets/boot-", ".js")]).is_err());
    }

    #[test]
    fn a_byte_over_the_budget_is_one_too_many() {
        let load = Load {
            budget: 10,
            ..LOADS[0]
        };
        assert!(check(&[(&load, 10)]).is_ok());
        assert!(check(&[(&load, 11)]).is_err());
    }
}
