//! `cargo xtask test [part …]`: everything that can be wrong, and at the very end one line with the sum.
//!
//! A part is a gate (fmt, clippy, tidy, trunk: one pass or one failure) or a runner whose tests are counted. All parts run, also
//! after a failure. Each cargo call takes the whole workspace, so that all of them share what was compiled.

mod count;
mod deny;
mod parts;
mod schema;

use crate::command::{seconds, timed};
use crate::house::House;
use crate::setup;
use anyhow::{Result, bail};
pub use count::{Count, tests};
use parts::Part;
pub use parts::stories;
use std::time::Duration;

/// Runs all parts, or those named.
pub fn test(house: &House, names: &[String]) -> Result<()> {
    everything(house, names, false)
}

/// Runs the parts; `with_docs` adds what only `ci` asks for.
pub fn everything(house: &House, names: &[String], with_docs: bool) -> Result<()> {
    let all = parts::all();
    if let Some(unknown) = names
        .iter()
        .find(|name| all.iter().all(|part| part.name != name.as_str()))
    {
        let known: Vec<&str> = all.iter().map(|part| part.name).collect();
        bail!(
            "there is no part `{unknown}`; parts are: {}",
            known.join(" ")
        );
    }
    let is_wanted = |part: &&Part| match names {
        [] => with_docs || part.name != "docs",
        names => names.iter().any(|name| name == part.name),
    };
    setup::make()?;
    let outcomes: Vec<Outcome> = all
        .iter()
        .filter(is_wanted)
        .map(|part| Outcome::of(house, part))
        .collect();
    if report(&outcomes).failed > 0 {
        std::process::exit(1); // the sum stays the last line
    }
    Ok(())
}

struct Outcome {
    name: &'static str,
    count: Count,
    took: Duration,
}

impl Outcome {
    fn of(house: &House, part: &Part) -> Self {
        eprintln!("\n=== {}: {}", part.name, part.about);
        let (result, took) = timed(|| (part.work)(house));
        Self {
            name: part.name,
            count: Count::of(result),
            took,
        }
    }
}

/// Prints once more what failed, then the table, and the sum as the last line.
fn report(outcomes: &[Outcome]) -> Count {
    for Outcome { name, count, .. } in outcomes {
        for reason in &count.reasons {
            println!("\nfailed in {name}:\n{reason}");
        }
    }
    println!(
        "\n{:<16} {:>8} {:>8} {:>10}",
        "part", "passed", "failed", "time"
    );
    let mut sum = Count::default();
    for Outcome { name, count, took } in outcomes {
        println!(
            "{name:<16} {:>8} {:>8} {:>10}",
            count.passed,
            count.failed,
            seconds(*took)
        );
        sum = sum.plus(count.clone());
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    sum
}
