//! `cargo xtask bench [--harness DIR [its arguments]]`: the real store and engine as a peer of a benchmark of local-first
//! stacks in a browser, and, where the harness is given, its run.
//!
//! The folder that it makes holds what the harness asks for: `peer.json`, `server.mjs`, and `built/` with `client.js`.

use crate::command::{cargo, run, step};
use crate::dist::bindgen::{self, Start};
use crate::house::House;
use crate::{run as run_command, setup};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files of the peer that are taken as they are, and where they go.
const FILES: [(&str, &str); 3] = [
    ("peer.json", "peer.json"),
    ("server.mjs", "server.mjs"),
    ("client.js", "built/client.js"),
];

/// Makes the peer; with a harness, runs it with the peer added and the rest of the arguments.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    let (harness, rest) = match arguments {
        [] => (None, arguments),
        [flag, folder, rest @ ..] if flag == "--harness" => (Some(Path::new(folder)), rest),
        _ => bail!("bench takes --harness, a folder, and the harness's own arguments"),
    };
    let peer = make(house)?;
    let Some(harness) = harness else {
        println!("the peer is in {}", peer.display());
        return Ok(());
    };
    run(Command::new("node")
        .arg(harness.join("run.mjs"))
        .arg("--add")
        .arg(&peer)
        .args(rest)
        .env("TIDEMARK_BENCH_SERVER", house.server()))
}

fn make(house: &House) -> Result<PathBuf> {
    setup::wasm_target()?;
    let wasm_opt = setup::wasm_opt(house)?;
    run_command::build_server(house)?;
    let target = ["--target", "wasm32-unknown-unknown", "--profile", "web"];
    step("the peer's wasm", || {
        let package = ["build", "--package", "tidemark-bench"];
        run(cargo(house).args(package).args(target))
    })?;
    let folder = house.target.join("bench").join("tidemark");
    let built = folder.join("built");
    fs::create_dir_all(&built).context("the peer's folder")?;
    let wasm = house
        .target
        .join("wasm32-unknown-unknown/web/tidemark_bench.wasm");
    let kept = house.target.join("xtask-dist/optimised-bench");
    let work = house.target.join("bench/work");
    let module = bindgen::module(&wasm, &work, Start::Module, Some((&wasm_opt, kept)))?;
    fs::write(built.join("bench.js"), module.glue)?;
    fs::write(built.join("bench_bg.wasm"), module.wasm)?;
    for (from, to) in FILES {
        let from = house.root.join("crates/bench/peer").join(from);
        fs::copy(&from, folder.join(to)).with_context(|| from.display().to_string())?;
    }
    Ok(folder)
}
