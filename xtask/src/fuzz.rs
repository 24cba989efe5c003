//! `cargo xtask fuzz`: libFuzzer over all that reads what others wrote, on the stable compiler.
//!
//! What guides libFuzzer is coverage that the compiler counts. `cargo fuzz` and the flag `-Z sanitizer` want nightly; the
//! pass that counts coverage is part of the stable compiler and is asked for here by name.

use crate::command::{cargo, output, run, step, timed};
use crate::house::House;
use crate::test::Count;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const USAGE: &str = "\
cargo xtask fuzz [TARGET] [--minutes N]

All targets for a minute each, or one; what was found new stays in the build folder.";

/// Seconds for each target in every run of the tests.
const SHORT_S: u64 = 8;
/// A body that the server takes has 1 MiB; almost all that can go wrong goes wrong in less.
const INPUT_BYTES_MAX: u32 = 64 * 1024;
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];
const MANIFEST: [&str; 2] = ["--manifest-path", "fuzz/Cargo.toml"];

/// Fuzzes for minutes.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    let (mut wanted, mut minutes) = (None, 1);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--minutes" => {
                let number = words.next().context("--minutes needs a number")?;
                minutes = number.parse().context("--minutes needs a number")?;
            }
            "--help" => {
                println!("{USAGE}");
                return Ok(());
            }
            target => wanted = Some(target.to_owned()),
        }
    }
    let targets = targets(house)?;
    let chosen: Vec<&String> = targets
        .iter()
        .filter(|target| wanted.as_ref().is_none_or(|wanted| wanted == *target))
        .collect();
    if chosen.is_empty() {
        bail!("targets are: {}\n{USAGE}", targets.join(" "));
    }
    let program = build(house)?;
    for target in chosen {
        fuzz(house, &program, target, 60 * minutes)?;
    }
    Ok(())
}

/// The corpus of every target and a few seconds more.
pub fn short(house: &House) -> Result<Count> {
    let program = build(house)?;
    let mut count = Count::default();
    for target in targets(house)? {
        let outcome = fuzz(house, &program, &target, SHORT_S);
        count = count.plus(Count::of(outcome.map(|()| Count::GATE)));
    }
    Ok(count)
}

/// The lints of the targets, with the flags of the build, so that what is compiled is shared.
pub fn clippy(house: &House) -> Result<()> {
    run(with_coverage(house, "clippy")?.args(["--", "--deny", "warnings"]))
}

/// Each target has a folder with its corpus.
fn targets(house: &House) -> Result<Vec<String>> {
    let folders = fs::read_dir(house.root.join("fuzz/corpus"))?;
    let mut names = folders
        .map(|folder| Ok(folder?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn build(house: &House) -> Result<PathBuf> {
    step("fuzz targets", || run(&mut with_coverage(house, "build")?))?;
    let program = folder(house).join(host()?).join("release/tidemark-fuzz");
    Ok(program)
}

/// The target is named although it is this machine: only then do the flags spare build scripts and macros.
fn with_coverage(house: &House, what: &str) -> Result<Command> {
    let mut command = cargo(house);
    command
        .arg(what)
        .args(MANIFEST)
        .args(["--release", "--target", &host()?])
        .env("RUSTFLAGS", COVERAGE.join(" "))
        .env("CARGO_TARGET_DIR", folder(house));
    Ok(command)
}

fn host() -> Result<String> {
    let tuple = output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    Ok(tuple.trim().to_owned())
}

fn folder(house: &House) -> PathBuf {
    house.target.join("fuzz")
}

/// Plays the corpus of the repository, then goes on from there. What is new is kept beside the build.
fn fuzz(house: &House, program: &PathBuf, target: &str, seconds: u64) -> Result<()> {
    let found = folder(house).join("corpus").join(target);
    let failures = folder(house).join("failures");
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&failures)?;
    let mut fuzzer = Command::new(program);
    fuzzer
        .env("TIDEMARK_FUZZ_TARGET", target)
        .arg(found)
        .arg(house.root.join("fuzz/corpus").join(target));
    if target == "import" {
        fuzzer.arg(house.root.join("crates/formats/tests/fixtures"));
    }
    fuzzer
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={INPUT_BYTES_MAX}"))
        .arg(format!("-artifact_prefix={}/{target}-", failures.display()))
        .args([
            "-timeout=60",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            "-verbosity=0",
        ]);
    let (result, took) = timed(|| run(&mut fuzzer));
    eprintln!("  {target}: {:.0} s", took.as_secs_f64());
    result.with_context(|| format!("{target} failed; the input lies in {}", failures.display()))
}
