//! `cargo xtask sim`: plays seeds in the simulator, which is built with optimisation: it is many times as fast.

use crate::command::{cargo, run, step};
use crate::house::House;
use anyhow::Result;
use std::process::Command;

/// Builds the simulator and hands the arguments on to it.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    build(house)?;
    run(Command::new(house.simulator()).args(arguments))
}

fn build(house: &House) -> Result<()> {
    step("simulator", || {
        run(cargo(house).args(["build", "--release", "--package", "tidemark-simulator"]))
    })
}
