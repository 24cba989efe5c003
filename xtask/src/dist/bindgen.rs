//! From what cargo built to what a browser loads: the JavaScript glue, and the wasm made small.

use crate::command::{run, timed};
use crate::house::House;
use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// A wasm file and the JavaScript that starts it.
pub struct Module {
    /// JavaScript: an ES module for the page, a plain script for the worker.
    pub glue: String,
    /// The wasm, optimised where asked.
    pub wasm: Vec<u8>,
}

/// Makes page and worker, side by side.
pub fn both(house: &House, built: &Path, wasm_opt: Option<&Path>) -> Result<(Module, Module)> {
    let work = house
        .target
        .join("xtask-dist")
        .join(std::process::id().to_string());
    let page = || {
        module(
            &built.join("tidemark-page.wasm"),
            &work.join("page"),
            true,
            wasm_opt,
        )
    };
    let worker = || {
        module(
            &built.join("tidemark_worker.wasm"),
            &work.join("worker"),
            false,
            wasm_opt,
        )
    };
    let (page, worker) = std::thread::scope(|scope| {
        let worker = scope.spawn(worker);
        (
            page(),
            worker
                .join()
                .unwrap_or_else(|_| Err(anyhow!("the worker's glue maker panicked"))),
        )
    });
    fs::remove_dir_all(&work).context("the work folder")?;
    Ok((page.context("page")?, worker.context("worker")?))
}

fn module(input: &Path, work: &Path, page: bool, wasm_opt: Option<&Path>) -> Result<Module> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .out_name("out")
        .typescript(false)
        .omit_default_module_path(true);
    bindgen
        .remove_name_section(wasm_opt.is_some())
        .remove_producers_section(true);
    if page {
        bindgen.web(true)?;
    } else {
        bindgen.no_modules(true)?;
    }
    bindgen.generate(work)?;
    if work.join("snippets").exists() {
        bail!("a crate brings JavaScript files of its own, which dist does not carry");
    }
    let wasm = work.join("out_bg.wasm");
    if let Some(program) = wasm_opt {
        optimise(program, &wasm)?;
    }
    Ok(Module {
        glue: fs::read_to_string(work.join("out.js"))?,
        wasm: fs::read(&wasm)?,
    })
}

fn optimise(program: &Path, wasm: &Path) -> Result<()> {
    let (result, took) = timed(|| {
        run(Command::new("node")
            .arg(program)
            .arg("-Oz")
            .arg(wasm)
            .arg("-o")
            .arg(wasm))
    });
    result?;
    eprintln!("  wasm-opt of one module: {:.1} s", took.as_secs_f64());
    Ok(())
}
