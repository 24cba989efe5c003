//! `cargo xtask measure`: what engine, merge rule, domain, wire and server cost, each beside a baseline of the same run.
//!
//! `crates/measures` measures; here its medians are read and put into proportion.

use crate::command::{cargo, run, step};
use crate::house::House;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How the name of a group's baseline begins.
const BASELINE: &str = "baseline: ";

/// Medians in nanoseconds, by group and by what was measured.
type Medians = BTreeMap<String, BTreeMap<String, f64>>;

/// Measures, and prints a table for each group.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("measure takes no arguments");
    }
    let folder = house.target.join("criterion");
    if folder.exists() {
        fs::remove_dir_all(&folder)?; // what is not measured any more
    }
    step("measurements", || {
        run(cargo(house).args(["bench", "--package", "tidemark-measures"]))
    })?;
    let mut medians = Medians::new();
    collect(&folder, &mut medians)?;
    for (group, medians) in &medians {
        print(group, medians)?;
    }
    Ok(())
}

/// Reads what was left in a folder and the folders in it.
fn collect(folder: &Path, medians: &mut Medians) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name == "new") {
            let (name, estimates) = (
                read(&path.join("benchmark.json"))?,
                read(&path.join("estimates.json"))?,
            );
            let word = |key: &str| {
                name[key]
                    .as_str()
                    .map(str::to_owned)
                    .with_context(|| format!("no {key}"))
            };
            let median = estimates["median"]["point_estimate"]
                .as_f64()
                .context("no median")?;
            let group = medians.entry(word("group_id")?).or_default();
            group.insert(word("function_id")?, median);
        } else if path.is_dir() {
            collect(&path, medians)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

fn print(group: &str, medians: &BTreeMap<String, f64>) -> Result<()> {
    let baseline = medians.iter().find(|(name, _)| name.starts_with(BASELINE));
    let (_, baseline) = baseline.with_context(|| format!("{group} has no baseline"))?;
    println!("\n{group}");
    for (name, median) in medians {
        println!(
            "  {:>11.3} µs {:>8.2} ×  {name}",
            median / 1000.0,
            median / baseline
        );
    }
    Ok(())
}
