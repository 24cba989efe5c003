//! Installs what a command needs and the machine lacks, and says so. What is there already is never touched.
//!
//! Tools of our own choice live in the cache folder at pinned versions; browsers and their drivers come from Debian.
//! Debian's `binaryen` must not be used: version 108 puts an export into the wrong table, and the page dies at start.

mod debian;

use crate::command::{cargo, output, run, step, which};
use crate::house::House;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const GECKODRIVER: &str = "0.37.1";
const SCHEMATHESIS: &str = "4.32.5";
const TRUNK: &str = "0.21.14"; // 0.22 needs a newer compiler than this workspace asks for
const CARGO_DENY: &str = "0.20.2";

/// `cargo xtask setup [--trunk] [--deny]`: everything that any command may need.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    let is_known = |flag: &String| ["--trunk", "--deny"].contains(&flag.as_str());
    if !arguments.iter().all(is_known) {
        bail!("setup takes only --trunk and --deny");
    }
    let wants = |flag: &str| arguments.iter().any(|word| word == flag);
    wasm_target()?;
    wasm_opt(house)?;
    browsers(house)?;
    postgres()?;
    if wants("--deny") {
        install_tool(house, "cargo-deny", CARGO_DENY)?;
    }
    if wants("--trunk") {
        install_tool(house, "trunk", TRUNK)?;
        let glue_maker = wasm_program(house, "wasm-bindgen")?; // else Trunk would download one
        fs::copy(glue_maker, house.tool("wasm-bindgen"))?;
        eprintln!("Trunk is in {}", house.cache.join("tools/bin").display());
    }
    eprintln!("everything is in place");
    Ok(())
}

/// The compiler's library for the browser.
pub fn wasm_target() -> Result<()> {
    let folder =
        output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if PathBuf::from(folder.trim()).is_dir() {
        return Ok(());
    }
    step("wasm target (rustup)", || {
        run(Command::new("rustup").args(["target", "add", WASM_TARGET]))
    })
}

/// Path of `wasm-opt`.
pub fn wasm_opt(house: &House) -> Result<PathBuf> {
    from_npm(house, Packages::Needed, "binaryen/bin/wasm-opt")
}

/// Path of axe, which finds barriers on a screen.
pub fn axe(house: &House) -> Result<PathBuf> {
    from_npm(house, Packages::Needed, "axe-core/axe.min.js")
}

/// Path of Lighthouse's program. It brings 200 packages, so nothing else installs it.
pub fn lighthouse(house: &House) -> Result<PathBuf> {
    from_npm(house, Packages::All, "lighthouse/cli/index.js")
}

/// Which packages of `package.json`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packages {
    /// Without the optional ones.
    Needed,
    All,
}

/// Path of a file that npm installs at the version of `package-lock.json`. The folder's name carries the lock file's
/// hash, so a new version is a new folder.
fn from_npm(house: &House, packages: Packages, file: &str) -> Result<PathBuf> {
    let lock = fs::read(house.root.join("package-lock.json")).context("package-lock.json")?;
    let (suffix, omitted) = match packages {
        Packages::Needed => ("", "--omit=optional"),
        Packages::All => ("-all", "--include=optional"),
    };
    let version = hex(&Sha256::digest(&lock)[..6]);
    let folder = house.cache.join(format!("npm-{version}{suffix}"));
    let program = folder.join("node_modules").join(file);
    if which("node").is_none() {
        debian::install(&["nodejs", "npm"])?;
    }
    if program.is_file() {
        return Ok(program);
    }
    if which("npm").is_none() {
        debian::install(&["npm"])?;
    }
    step("packages from npm", || {
        fs::create_dir_all(&folder)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(house.root.join(file), folder.join(file)).context(file)?;
        }
        let mut npm = Command::new("npm");
        npm.args([
            "ci",
            omitted,
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(&folder);
        run(&mut npm)
    })?;
    Ok(program)
}

/// What the server's allocator is built with, beside the C compiler that Rust itself links with.
pub fn make() -> Result<()> {
    if which("make").is_none() {
        debian::install(&["make"])?;
    }
    Ok(())
}

/// Browsers, their drivers, and a display for the one that needs it.
pub fn browsers(house: &House) -> Result<()> {
    let wanted = [
        ("chromium", "chromium"),
        ("chromedriver", "chromium-driver"),
        ("firefox-esr", "firefox-esr"),
        ("WebKitWebDriver", "webkit2gtk-driver"),
        ("Xvfb", "xvfb"),
        ("xauth", "xauth"),
    ];
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(program, _)| which(program).is_none())
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        debian::install(&missing)?;
    }
    if which("geckodriver").is_none() {
        install_tool(house, "geckodriver", GECKODRIVER)?;
    }
    Ok(())
}

/// Path of Schemathesis, which makes requests from an OpenAPI document.
pub fn schemathesis(house: &House) -> Result<PathBuf> {
    let folder = house.cache.join(format!("schemathesis-{SCHEMATHESIS}"));
    let program = folder.join("bin/schemathesis");
    if program.is_file() {
        return Ok(program);
    }
    if which("python3").is_none() || !has_venv() {
        debian::install(&["python3", "python3-venv"])?;
    }
    step("Schemathesis (PyPI)", || {
        run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder))?;
        run(Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet"])
            .arg(format!("schemathesis=={SCHEMATHESIS}")))
    })?;
    Ok(program)
}

/// Debian has Python without the module that makes folders for packages.
fn has_venv() -> bool {
    let asked = Command::new("python3")
        .args(["-c", "import ensurepip"])
        .output();
    asked.is_ok_and(|answer| answer.status.success())
}

/// PostgreSQL's server and a pooler for it; the tests start their own.
pub fn postgres() -> Result<()> {
    let wanted = [
        ("/usr/lib/postgresql", "postgresql"),
        ("/usr/sbin/pgbouncer", "pgbouncer"),
    ];
    let missing = wanted.iter().filter(|(path, _)| !Path::new(path).exists());
    let missing: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(&missing)
}

/// Path of Firefox's driver: the machine's own, else the one in the cache.
pub fn geckodriver(house: &House) -> PathBuf {
    which("geckodriver").unwrap_or_else(|| house.tool("geckodriver"))
}

/// Path of Trunk, where it is installed.
pub fn trunk(house: &House) -> Option<PathBuf> {
    which("trunk").or_else(|| Some(house.tool("trunk")).filter(|path| path.is_file()))
}

/// Path of cargo-deny, where it is installed.
pub fn cargo_deny(house: &House) -> Option<PathBuf> {
    which("cargo-deny").or_else(|| Some(house.tool("cargo-deny")).filter(|path| path.is_file()))
}

/// Builds one of wasm-bindgen's own programs at the app's version, and tells where it is.
pub fn wasm_program(house: &House, name: &str) -> Result<PathBuf> {
    step(&format!("{name} (cargo build)"), || {
        let mut build = cargo(house);
        build.args([
            "build",
            "--quiet",
            "--manifest-path",
            "xtask/Cargo.toml",
            "--package",
            "tidemark-test-runner",
        ]);
        run(build.args(["--bin", name]))
    })?;
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(_) => house.target.clone(),
        None => house.root.join("xtask/target"), // this tool's workspace has its own
    };
    Ok(target.join("debug").join(name))
}

/// `cargo install` into the cache. The tools' own release profiles take minutes for speed that nobody needs here.
fn install_tool(house: &House, name: &str, version: &str) -> Result<()> {
    if house.tool(name).is_file() {
        return Ok(());
    }
    let build = house.cache.join(format!("build-{name}"));
    step(
        &format!("{name} {version} (cargo install; some minutes, once)"),
        || {
            let mut install = cargo(house);
            install.args([
                "install",
                name,
                "--version",
                version,
                "--locked",
                "--quiet",
                "--root",
            ]);
            install
                .arg(house.cache.join("tools"))
                .env("CARGO_TARGET_DIR", &build);
            install
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
            install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
            run(&mut install)
        },
    )?;
    fs::remove_dir_all(&build).context("the tool's build folder")
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // a String takes everything
        text
    })
}
