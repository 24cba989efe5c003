//! `cargo xtask kill`: kills servers and browsers for real, and looks for what is lost.

use crate::command::{cargo, run, step};
use crate::dist::{self, Quality};
use crate::house::House;
use crate::test::Count;
use crate::{run as run_command, setup, test};
use anyhow::Result;
use std::process::Command;

/// Kills in every run of the tests. A browser takes seconds for each.
const FEW: [(&str, &str); 4] = [
    ("server", "40"),
    ("chromium", "3"),
    ("firefox", "3"),
    ("webkit", "3"),
];

/// Builds what is needed and hands the arguments on.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    build(house)?;
    run(program(house).args(arguments))
}

/// A few kills of each.
pub fn few(house: &House) -> Result<Count> {
    build(house)?;
    let mut sum = Count::default();
    for (victim, times) in FEW {
        let mut program = program(house);
        program.args(["--engine", victim, "--times", times]);
        sum = sum.plus(test::tests(&mut program)?);
    }
    Ok(sum)
}

fn build(house: &House) -> Result<()> {
    setup::browsers(house)?;
    dist::dist(house, Quality::Ship)?;
    run_command::build_server(house)?;
    step("what kills", || {
        run(cargo(house).args(["build", "--workspace", "--bin", "tidemark-kill"]))
    })
}

fn program(house: &House) -> Command {
    let mut program = Command::new(house.target.join("debug").join("tidemark-kill"));
    program
        .env("RUST_LIB_BACKTRACE", "0") // an error's own words say more
        .env("TIDEMARK_E2E_SERVER", house.server())
        .env("TIDEMARK_E2E_WEB", house.dist())
        .env("TIDEMARK_E2E_GECKODRIVER", setup::geckodriver(house));
    program
}
