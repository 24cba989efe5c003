//! From what cargo built to what a browser loads: the JavaScript glue, and the wasm made small.

use super::split;
use crate::command::{run, seconds, timed};
use crate::house::House;
use crate::setup::hex;
use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// A wasm file and the JavaScript that starts it.
pub struct Module {
    /// JavaScript: an ES module for page and exchange worker, a plain script for the service worker.
    pub glue: String,
    /// The wasm, optimised where asked.
    pub wasm: Vec<u8>,
}

/// How a wasm is started.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// By an ES module.
    Module,
    /// By a plain script.
    Script,
    /// By an ES module, and it gives another wasm its memory and its tables.
    Half,
}

/// What the app is made of.
pub struct Modules {
    /// The page, or the first half of it.
    pub page: Module,
    /// The wasm of its other half, where it was cut.
    pub rest: Option<Vec<u8>>,
    /// The worker that reads and writes files, loaded when its screen opens.
    pub exchange: Module,
    /// The service worker.
    pub worker: Module,
}

/// Makes all three, side by side.
pub fn all(house: &House, built: &Path, wasm_opt: Option<&Path>) -> Result<Modules> {
    let folder = house.target.join("xtask-dist");
    let work = folder.join(std::process::id().to_string());
    let optimiser = |name: &str| {
        let kept = folder.join(format!("optimised-{name}"));
        wasm_opt.map(|program| (program, kept))
    };
    let make = |name: &str, input: &str, start: Start| {
        let (input, work) = (built.join(input), work.join(name));
        module(&input, &work, start, optimiser(name)).context(name.to_owned())
    };
    let page = || -> Result<(Module, Option<Vec<u8>>)> {
        let Some(of_rest) = optimiser("rest") else {
            return Ok((make("page", "tidemark-page.wasm", Start::Module)?, None));
        };
        let halves = split::cut(&built.join("tidemark-page.wasm"), &work.join("halves"))?;
        let kept = optimiser("page");
        let mut first = module(&halves.first, &work.join("page"), Start::Half, kept)?;
        optimise(of_rest.0, &halves.rest, &of_rest.1)?;
        let rest = fs::read(&halves.rest)?;
        first.glue = halves.glue(&first.glue, &rest)?;
        Ok((first, Some(rest)))
    };
    let modules = std::thread::scope(|scope| {
        let worker = scope.spawn(|| make("worker", "tidemark_worker.wasm", Start::Script));
        let exchange =
            scope.spawn(|| make("exchange", "tidemark-exchange-worker.wasm", Start::Module));
        let page = page().context("page");
        let joined = |thread: std::thread::ScopedJoinHandle<'_, Result<Module>>| {
            thread
                .join()
                .unwrap_or_else(|_| Err(anyhow!("a worker's glue maker panicked")))
        };
        (page, joined(exchange), joined(worker))
    });
    fs::remove_dir_all(&work).context("the work folder")?;
    let (page, rest) = modules.0?;
    Ok(Modules {
        page,
        rest,
        exchange: modules.1?,
        worker: modules.2?,
    })
}

/// Makes one module of `input`, working in the folder `work`. `optimiser` is wasm-opt, and the folder that keeps its last
/// result.
pub fn module(
    input: &Path,
    work: &Path,
    start: Start,
    optimiser: Option<(&Path, PathBuf)>,
) -> Result<Module> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .out_name("out")
        .typescript(false)
        .omit_default_module_path(true);
    bindgen
        .remove_name_section(optimiser.is_some())
        .remove_producers_section(true);
    if start == Start::Script {
        bindgen.no_modules(true)?;
    } else {
        bindgen.web(true)?;
    }
    bindgen.keep_lld_exports(start == Start::Half);
    bindgen.generate(work)?;
    if work.join("snippets").exists() {
        bail!("a crate brings JavaScript files of its own, which dist does not carry");
    }
    let wasm = work.join("out_bg.wasm");
    if let Some((program, kept)) = optimiser {
        optimise(program, &wasm, &kept)?;
    }
    Ok(Module {
        glue: fs::read_to_string(work.join("out.js"))?,
        wasm: fs::read(&wasm)?,
    })
}

/// Runs wasm-opt, or takes what it made last time of the same input: it is the slowest step of a small change.
fn optimise(program: &Path, wasm: &Path, kept: &Path) -> Result<()> {
    let mut hash = Sha256::new();
    hash.update(program.to_string_lossy().as_bytes()); // its folder carries the version
    hash.update(fs::read(wasm)?);
    let result = kept.join(format!("{}.wasm", hex(&hash.finalize())));
    if !result.is_file() {
        let _ = fs::remove_dir_all(kept); // of the build before, if there was one
        fs::create_dir_all(kept)?;
        let part = kept.join("part");
        let mut command = Command::new("node");
        let (done, took) = timed(|| {
            run(command
                .arg(program)
                .args(["-Oz", "--strip-debug", "--strip-producers"])
                .arg(wasm)
                .arg("-o")
                .arg(&part))
        });
        done?;
        fs::rename(&part, &result)?;
        let name = kept.file_name().unwrap_or_default().to_string_lossy();
        eprintln!("  wasm-opt, {name}: {}", seconds(took));
    }
    fs::copy(&result, wasm)?;
    Ok(())
}
