//! `cargo xtask load`: what the server takes, beside what its databases take.

use crate::command::{cargo, run, step};
use crate::house::House;
use crate::{run as run_command, setup};
use anyhow::Result;
use std::process::Command;

/// Builds server and driver with optimisation, and hands the arguments on.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    setup::postgres()?;
    run_command::build_server(house)?;
    step("the driver", || {
        run(cargo(house).args(["build", "--release", "--package", "tidemark-load"]))
    })?;
    let mut load = Command::new(house.target.join("release").join("tidemark-load"));
    run(load.arg("--server").arg(house.server()).args(arguments))
}
