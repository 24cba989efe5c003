//! `cargo xtask dist`: the app as files that any static server can serve.
//!
//! Everything under `assets/` has a name made from its bytes, taken after the last tool touched them, so it may be
//! cached for ever. `index.html` holds no inline script or style. `sw.js` is one file with the worker's wasm inside: a
//! service worker can then start with no network and is replaced as a whole.

pub mod bindgen;
mod compress;
mod fingerprint;
mod index;
mod site;
pub mod split;
mod style;
mod trunk;
mod worker;

use crate::command::{cargo, run, step};
use crate::house::House;
use crate::setup;
use anyhow::{Context, Result, bail};
use site::{Site, hashed};
use std::path::{Path, PathBuf};

/// How much work goes into the result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// As users get it.
    Ship,
    /// Not optimised and not compressed: for trying a change.
    Quick,
}

impl Quality {
    fn name(self) -> &'static str {
        match self {
            Self::Ship => "ship",
            Self::Quick => "quick",
        }
    }

    /// Cargo's profile, and the folder it builds into.
    fn profile(self) -> (&'static str, &'static str) {
        match self {
            Self::Ship => ("web", "web"),
            Self::Quick => ("dev", "debug"),
        }
    }
}

/// `cargo xtask dist [--quick | --trunk-stage]`.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => dist(house, Quality::Ship),
        ["--quick"] => dist(house, Quality::Quick),
        ["--trunk-stage"] => trunk::stage(house),
        _ => bail!("dist takes --quick or --trunk-stage"),
    }
}

/// Builds `dist/`, unless its inputs are those it was built from.
pub fn dist(house: &House, quality: Quality) -> Result<()> {
    let inputs = fingerprint::inputs(house, quality.name())?;
    if let Some(build) = fingerprint::current(&house.dist(), &inputs) {
        eprintln!("dist is up to date (build {build})");
        return Ok(());
    }
    setup::wasm_target()?;
    let wasm_opt = if quality == Quality::Ship {
        Some(setup::wasm_opt(house)?)
    } else {
        None
    };
    let built = step("page and workers", || compile(house, quality))?;
    let modules = step("glue and wasm-opt", || {
        bindgen::all(house, &built, wasm_opt.as_deref())
    })?;
    let site = step("files", || assemble(house, modules))?;
    step("write and compress", || {
        site.write(&house.dist(), &inputs, quality)
    })
}

/// Compiles page and workers, and answers the folder that they are in. The page as users get it is made to be cut in two.
pub fn compile(house: &House, quality: Quality) -> Result<PathBuf> {
    let (profile, folder) = quality.profile();
    let packages = ["tidemark", "tidemark-exchange", "tidemark-worker"];
    let bins = ["tidemark-page", "tidemark-exchange-worker"];
    let mut build = cargo(house);
    build
        .arg("build")
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .args(bins.iter().flat_map(|bin| ["--bin", bin]))
        .arg("--lib")
        .args(["--target", "wasm32-unknown-unknown", "--profile", profile]);
    if quality == Quality::Ship {
        build.args(["--features", "tidemark/split"]);
    }
    run(&mut build)?;
    Ok(house.target.join("wasm32-unknown-unknown").join(folder))
}

/// Path and digest of each file of a built app, sorted.
pub fn files(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut site = Site::default();
    site.add_folder(folder, &[])?;
    Ok(site
        .digests()
        .map(|(path, digest)| (path.to_owned(), digest))
        .collect())
}

/// Puts the site together: assets first, then what names them, the worker last.
fn assemble(house: &House, modules: bindgen::Modules) -> Result<Site> {
    let bindgen::Modules {
        page,
        rest,
        exchange,
        worker,
    } = modules;
    let mut site = Site::default();
    let exchange = add_exchange(&mut site, exchange);
    if let Some(rest) = rest {
        site.add(&split::name(&rest), rest);
    }
    let wasm = hashed("page", "wasm", &page.wasm);
    let glue = hashed("page", "js", page.glue.as_bytes());
    let boot = index::boot_script(&glue, &wasm, &exchange);
    let boot_name = hashed("boot", "js", boot.as_bytes());
    let css = style::bundle(&house.root.join("style/main.css"))?;
    let css_name = hashed("style", "css", css.as_bytes());
    let names = index::Names {
        boot: &boot_name,
        glue: &glue,
        style: &css_name,
    };
    let html = std::fs::read_to_string(house.root.join("index.html")).context("index.html")?;
    site.add("index.html", index::transform(&html, &names)?.into_bytes());
    site.add(&wasm, page.wasm);
    site.add(&glue, page.glue.into_bytes());
    site.add(&boot_name, boot.into_bytes());
    site.add(&css_name, css.into_bytes());
    site.add_folder(&house.root.join("public"), &["sw.js"])?;
    let shim = std::fs::read_to_string(house.root.join("public/sw.js")).context("public/sw.js")?;
    let wasm = hashed("worker", "wasm", &worker.wasm);
    site.add(&wasm, worker.wasm);
    site.build = worker::build_id(&site, &shim, &worker.glue);
    let script = worker::script(&site, &shim, &worker.glue, &wasm);
    site.add("sw.js", script.into_bytes());
    Ok(site)
}

/// The exchange worker: wasm, glue, and the script that starts it, whose name is answered.
fn add_exchange(site: &mut Site, module: bindgen::Module) -> String {
    let wasm = hashed("exchange", "wasm", &module.wasm);
    let glue = hashed("exchange-glue", "js", module.glue.as_bytes());
    let boot = worker::exchange_script(&glue, &wasm);
    let name = hashed("exchange", "js", boot.as_bytes());
    site.add(&wasm, module.wasm);
    site.add(&glue, module.glue.into_bytes());
    site.add(&name, boot.into_bytes());
    name
}
