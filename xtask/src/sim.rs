//! `cargo xtask sim`: plays seeds in the simulator, which is built as what is shipped: it is many times as fast, and the
//! server in it is the one that other parts build anyway.

use crate::command::{cargo, run, step};
use crate::house::House;
use crate::test::Count;
use anyhow::Result;
use std::process::Command;

/// The fixed budget of the tests: what it is, and the arguments. A minute on two cores.
const BUDGET: [(&str, &[&str]); 4] = [
    ("short seeds", &["--seeds", "5000"]),
    (
        "seeds through the router and SQLite",
        &["--seeds", "300", "--deep"],
    ),
    ("seeds of 30 days", &["--seeds", "40", "--days", "30"]),
    (
        "sown bugs, each to be caught",
        &["--bugs", "--seeds", "5000"],
    ),
];

/// Builds the simulator and hands the arguments on to it.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    build(house)?;
    run(Command::new(house.simulator()).args(arguments))
}

/// Plays the budget; each set counts as one test.
pub fn budget(house: &House) -> Result<Count> {
    build(house)?;
    let mut count = Count::default();
    for (what, arguments) in BUDGET {
        let played = step(
            what,
            || run(Command::new(house.simulator()).args(arguments)),
        );
        count = count.plus(Count::of(played.map(|()| Count::GATE)));
    }
    Ok(count)
}

fn build(house: &House) -> Result<()> {
    step("simulator", || {
        run(cargo(house).args(["build", "--release", "--package", "tidemark-simulator"]))
    })
}
