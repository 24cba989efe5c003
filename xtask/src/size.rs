//! `cargo xtask size`: what a device downloads, file by file and crate by crate, written to `docs/SIZE.md`; and the
//! budgets that keep it from growing unseen.

mod report;
mod sections;

use crate::dist::bindgen::{self, Start};
use crate::dist::{self, Quality, split};
use crate::house::House;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

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
pub const LOADS: [Load; 7] = [
    Load {
        what: "page, until its first screen stands: wasm and JavaScript",
        files: &[
            ("assets/page-", ".wasm"),
            ("assets/page-", ".js"),
            ("assets/boot-", ".js"),
        ],
        budget: 390_000,
        goal: None,
    },
    Load {
        what: "page: the rest of its wasm",
        files: &[("assets/rest-", ".wasm")],
        budget: 365_000,
        goal: None,
    },
    Load {
        what: "page, all of it",
        files: &[
            ("assets/page-", ".wasm"),
            ("assets/page-", ".js"),
            ("assets/boot-", ".js"),
            ("assets/rest-", ".wasm"),
        ],
        budget: 755_000,
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

/// The modules of the app: what each is called here, its file before it is optimised, and how the build's begins.
const MODULES: [(&str, &str, &str); 4] = [
    ("page, first", "first.wasm", "assets/page-"),
    ("page, rest", "split_rest.wasm", "assets/rest-"),
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
    let work = house.target.join("xtask-dist/size");
    let plain = plain(house, &work)?;
    let mut modules = Vec::new();
    for ((name, _, start), path) in MODULES.iter().zip(plain) {
        let parts =
            sections::parts(&fs::read(&path)?).with_context(|| path.display().to_string())?;
        let packed = downloaded(&build, &[(*start, ".wasm")])?;
        modules.push(report::Module {
            name,
            parts,
            packed,
        });
    }
    fs::remove_dir_all(&work)?;
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

/// The modules as they are before wasm-opt takes the names away, in their order in [`MODULES`].
fn plain(house: &House, work: &Path) -> Result<Vec<PathBuf>> {
    // Whatever else was built meanwhile: the page as it is cut.
    let built = dist::compile(house, Quality::Ship)?;
    let halves = split::cut(&built.join("tidemark-page.wasm"), &work.join("halves"))?;
    let glued = |input: &Path, name: &str, start: Start| -> Result<PathBuf> {
        let folder = work.join(name);
        fs::create_dir_all(&folder)?;
        let path = folder.join("plain.wasm");
        fs::write(&path, bindgen::module(input, &folder, start, None)?.wasm)?;
        Ok(path)
    };
    let [_, _, (_, worker, _), (_, exchange, _)] = MODULES;
    Ok(vec![
        glued(&halves.first, "page", Start::Half)?,
        halves.rest,
        glued(&built.join(worker), "worker", Start::Script)?,
        glued(&built.join(exchange), "exchange", Start::Module)?,
    ])
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
