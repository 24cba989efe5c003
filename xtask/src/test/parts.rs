//! The parts of `cargo xtask test`, cheap ones first.

use super::count::{self, Count};
use super::{deny, schema};
use crate::command::{cargo, output, run, step};
use crate::dist::{self, Quality};
use crate::house::House;
use crate::{fuzz, kill, run as run_command, setup, sim, size, tidy};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
const DENY: [&str; 3] = ["--", "--deny", "warnings"];
const XTASK: [&str; 2] = ["--manifest-path", "xtask/Cargo.toml"];
const FUZZ: [&str; 2] = ["--manifest-path", "fuzz/Cargo.toml"];
const BROWSER_SUITES: [&str; 2] = ["page", "service_worker"];

/// One line of the table.
pub struct Part {
    /// As it is called on the command line.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Does it.
    pub work: fn(&House) -> Result<Count>,
}

/// All parts, in the order they run.
pub fn all() -> Vec<Part> {
    let part = |name, about, work| Part { name, about, work };
    vec![
        part("fmt", "formatting", fmt),
        part("tidy", "rules of the house", |house| {
            tidy::command(house).map(|()| Count::GATE)
        }),
        part("deny", "what we build on", deny::deny),
        part("clippy", "lints, native", clippy),
        part("clippy-wasm", "lints, in the browser", clippy_wasm),
        part("xtask", "this tool's own tests", xtask),
        part("native", "unit tests and suites without a browser", native),
        part("doctest", "examples in the documentation", doctest),
        part("http", "the server over HTTP", http),
        part("postgres", "the same over PostgreSQL", postgres),
        part("sim", "many devices, faults, sown bugs", sim::budget),
        part(
            "chromium",
            "adapters in Chromium, page and service worker",
            chromium,
        ),
        part(
            "firefox",
            "adapters in Firefox, page and service worker",
            firefox,
        ),
        part(
            "webkit",
            "adapters in WebKitGTK, page and service worker",
            webkit,
        ),
        part("size", "downloads within their budgets", budgets),
        part("e2e", "stories in browsers against a server process", e2e),
        part(
            "schema",
            "requests made from the OpenAPI document",
            schema::attack,
        ),
        part("fuzz", "no bytes from outside cause a panic", fuzz::short),
        part("kill", "what was saved outlives a SIGKILL", kill::few),
        part("trunk", "trunk build gives the same app", trunk),
        part("docs", "documentation without warnings", docs),
    ]
}

fn fmt(house: &House) -> Result<Count> {
    run(cargo(house).args(["fmt", "--all", "--check"]))?;
    run(cargo(house)
        .arg("fmt")
        .args(XTASK)
        .args(["--all", "--check"]))?;
    run(cargo(house).arg("fmt").args(FUZZ).arg("--check"))?;
    Ok(Count::GATE)
}

fn clippy(house: &House) -> Result<Count> {
    run(cargo(house)
        .args(["clippy", "--keep-going", "--workspace", "--all-targets"])
        .args(DENY))?;
    run(cargo(house)
        .arg("clippy")
        .args(XTASK)
        .args(["--workspace", "--all-targets"])
        .args(DENY))?;
    fuzz::clippy(house)?;
    Ok(Count::GATE)
}

fn clippy_wasm(house: &House) -> Result<Count> {
    setup::wasm_target()?;
    let mut command = cargo(house);
    command.args(["clippy", "--keep-going"]).args(WASM);
    for package in [
        "tidemark",
        "tidemark-bench",
        "tidemark-browser",
        "tidemark-exchange",
        "tidemark-worker",
        "tidemark-testkit",
        "tidemark-tests",
    ] {
        command.args(["--package", package]);
    }
    command
        .args(["--lib", "--bins"])
        .args(BROWSER_SUITES.iter().flat_map(|suite| ["--test", suite]));
    run(command.args(DENY))?;
    Ok(Count::GATE)
}

fn xtask(house: &House) -> Result<Count> {
    count::tests(
        cargo(house)
            .arg("test")
            .args(XTASK)
            .args(["--package", "xtask"]),
    )
}

/// All but the suites that have a part of their own; a new suite is found, not listed.
fn native(house: &House) -> Result<Count> {
    let metadata = output(cargo(house).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    let targets = packages
        .iter()
        .filter_map(|package| package["targets"].as_array())
        .flatten();
    let suites: Vec<&str> = targets
        .filter(|target| target["kind"][0] == "test")
        .filter_map(|target| target["name"].as_str())
        .filter(|name| {
            !["http", "e2e", "postgres"].contains(name) && !BROWSER_SUITES.contains(name)
        })
        .collect();
    let mut command = test(house);
    command
        .args(["--lib", "--bins", "--examples"])
        .args(suites.iter().flat_map(|suite| ["--test", suite]));
    count::tests(&mut command)
}

fn doctest(house: &House) -> Result<Count> {
    count::tests(test(house).arg("--doc"))
}

fn http(house: &House) -> Result<Count> {
    count::tests(test(house).args(["--test", "http"]))
}

/// The HTTP suite is the same one; a variable says over which database.
fn postgres(house: &House) -> Result<Count> {
    setup::postgres()?;
    let mut command = test(house);
    command.args(["--test", "postgres", "--test", "http"]);
    count::tests(command.env("TIDEMARK_TEST_DATABASE", "postgres"))
}

fn test(house: &House) -> Command {
    let mut command = cargo(house);
    command.args(["test", "--workspace", "--no-fail-fast"]);
    command
}

fn chromium(house: &House) -> Result<Count> {
    let command = cargo(house);
    in_browser(house, command, "CHROMEDRIVER", Path::new("chromedriver"))
}

fn firefox(house: &House) -> Result<Count> {
    let command = cargo(house);
    in_browser(house, command, "GECKODRIVER", &setup::geckodriver(house))
}

/// The runner speaks to WebKit through its slot for Safari. WebKit needs a display, which Xvfb pretends to be.
///
/// WebKitGTK 2.50's optimizing compiler for wasm is left out: once in some ten runs of these suites, which are long and not
/// optimized, what it had compiled read a stored time wrongly or reached beyond the memory, in code without `unsafe` and
/// at another place each time. The stories run with it.
fn webkit(house: &House) -> Result<Count> {
    let inner = cargo(house);
    let mut command = Command::new("xvfb-run");
    command
        .arg("--auto-servernum")
        .arg(inner.get_program())
        .env("JSC_useOMGJIT", "0")
        .current_dir(&house.root);
    in_browser(house, command, "SAFARIDRIVER", Path::new("WebKitWebDriver"))
}

fn in_browser(house: &House, mut command: Command, variable: &str, driver: &Path) -> Result<Count> {
    setup::wasm_target()?;
    setup::browsers(house)?;
    let runner = setup::wasm_program(house, "tidemark-test-runner")?;
    for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER"] {
        command.env_remove(other); // the runner takes the first that it finds
    }
    command.env(variable, found(driver)?);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    // Seconds for a whole suite: the runner's own 20 are too few for a busy machine.
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    command.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    command
        .args(["test", "--no-fail-fast", "--package", "tidemark-tests"])
        .args(WASM);
    command.args(BROWSER_SUITES.iter().flat_map(|suite| ["--test", suite]));
    count::tests(&mut command)
}

fn found(program: &Path) -> Result<PathBuf> {
    if program.is_absolute() {
        return Ok(program.to_path_buf());
    }
    crate::command::which(&program.to_string_lossy())
        .with_context(|| format!("no {}", program.display()))
}

fn budgets(house: &House) -> Result<Count> {
    size::budgets(house).map(|()| Count::GATE)
}

fn e2e(house: &House) -> Result<Count> {
    count::tests(&mut stories(house)?)
}

/// Builds what the stories need, and the call that runs them.
pub fn stories(house: &House) -> Result<Command> {
    setup::browsers(house)?;
    dist::dist(house, Quality::Ship)?;
    run_command::build_server(house)?;
    let mut command = test(house);
    command
        .args(["--test", "e2e"])
        .env("RUST_LIB_BACKTRACE", "0"); // an error's own words say more
    command
        .env("TIDEMARK_E2E_SERVER", house.server())
        .env("TIDEMARK_E2E_WEB", house.dist());
    command.env("TIDEMARK_E2E_GECKODRIVER", setup::geckodriver(house));
    command.env("TIDEMARK_E2E_AXE", setup::axe(house)?);
    command.env("TIDEMARK_E2E_ARTIFACTS", house.target.join("e2e"));
    Ok(command)
}

/// Where Trunk is not installed there is nothing to compare, and nobody has to wait for its long compile.
fn trunk(house: &House) -> Result<Count> {
    let Some(trunk) = setup::trunk(house) else {
        eprintln!("Trunk is not installed (cargo xtask setup --trunk)");
        return Ok(Count::default());
    };
    dist::dist(house, Quality::Ship)?;
    let out = house.target.join("trunk-dist");
    let tools = setup::wasm_program(house, "wasm-bindgen")?;
    let mut path = std::ffi::OsString::from(tools.parent().context("a program lies in a folder")?);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut build = Command::new(trunk);
    build
        .args([
            "build",
            "--release",
            "--offline",
            "--skip-version-check",
            "--dist",
        ])
        .arg(&out);
    build.current_dir(&house.root).env("PATH", path);
    build.env_remove("NO_COLOR"); // Trunk 0.21 takes no other value for it than true and false
    step("trunk build", || run(&mut build))?;
    let (ours, theirs) = (dist::files(&house.dist())?, dist::files(&out)?);
    if ours != theirs {
        bail!(
            "trunk build and xtask dist differ: {}",
            difference(&ours, &theirs)
        );
    }
    Ok(Count::GATE)
}

fn difference(ours: &[(String, String)], theirs: &[(String, String)]) -> String {
    let only = |left: &[(String, String)], right: &[(String, String)]| {
        let names: Vec<&str> = left
            .iter()
            .filter(|file| !right.contains(file))
            .map(|(name, _)| name.as_str())
            .collect();
        names.join(" ")
    };
    format!(
        "only dist has {}; only Trunk has {}",
        only(ours, theirs),
        only(theirs, ours)
    )
}

fn docs(house: &House) -> Result<Count> {
    let mut command = cargo(house);
    command
        .args([
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ])
        .env("RUSTDOCFLAGS", "-D warnings");
    run(&mut command)?;
    Ok(Count::GATE)
}
