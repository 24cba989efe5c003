//! `cargo xtask sim`: plays seeds in the simulator, which is built with optimisation: it is many times as fast.

use crate::command::{cargo, run, step};
use crate::house::House;
use anyhow::Result;
use std::process::Command;

/// Seeds that every test run plays, at both depths and long ones; about a minute.
const BUDGET: [&[&str]; 3] = [
    &["--seeds", "4000"],
    &["--seeds", "100", "--deep"],
    &["--seeds", "20", "--days", "30"],
];

/// Builds the simulator and hands the arguments on to it.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    build(house)?;
    run(Command::new(house.simulator()).args(arguments))
}

/// The budget of a test run.
pub fn budget(house: &House) -> Result<()> {
    BUDGET.iter().try_for_each(|words| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        command(house, &words)
    })
}

fn build(house: &House) -> Result<()> {
    step("simulator", || {
        run(cargo(house).args(["build", "--release", "--package", "tidemark-simulator"]))
    })
}
