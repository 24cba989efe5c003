//! `cargo xtask lighthouse [ROUTE ...]`: what Lighthouse says of every screen, on its mobile profile, in Chromium.
//!
//! Performance is measured as on a slow phone: a machine that is busy with something else makes it worse than it is.

use crate::command::{run, which};
use crate::dist::{self, Quality};
use crate::house::House;
use crate::{run as run_command, setup};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const ROUTES: [&str; 10] = [
    "/",
    "/history",
    "/sync",
    "/settings",
    "/goal",
    "/account",
    "/data",
    "/report",
    "/about",
    "/welcome",
];
/// What is looked at, and the percentage to reach.
const GOALS: [(&str, f64); 3] = [
    ("accessibility", 100.0),
    ("best-practices", 100.0),
    ("performance", 95.0),
];
const LISTEN: &str = "127.0.0.1:8798";
/// How often the server is asked whether it is there, and how long between two questions.
const TRIES_MAX: u32 = 400;
const PAUSE: Duration = Duration::from_millis(50);

/// A server that ends with the command.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds what is shipped, serves it with nothing stored, and prints a line for each screen.
pub fn command(house: &House, arguments: &[String]) -> Result<()> {
    setup::browsers(house)?;
    let program = setup::lighthouse(house)?;
    dist::dist(house, Quality::Ship)?;
    run_command::build_server(house)?;
    let folder = house.target.join("lighthouse");
    std::fs::create_dir_all(&folder)?;
    let _server = serve(house, &folder)?;
    let named: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let routes = if named.is_empty() {
        &ROUTES
    } else {
        &named[..]
    };
    println!("{:10} accessibility  best practices  performance", "screen");
    let mut missed = Vec::new();
    for route in routes {
        let found = look(&program, &folder, route).with_context(|| format!("at {route}"))?;
        let [access, practices, performance] = found;
        println!("{route:10} {access:13.0}  {practices:14.0}  {performance:11.0}");
        let goals = GOALS.iter().zip(found);
        missed.extend(
            goals
                .filter(|((_, goal), found)| found < goal)
                .map(|((name, _), _)| format!("{route}: {name}")),
        );
    }
    if !missed.is_empty() {
        bail!("not reached: {}", missed.join(", "));
    }
    Ok(())
}

fn serve(house: &House, folder: &Path) -> Result<Server> {
    let database = folder.join("tidemark.db");
    if database.exists() {
        std::fs::remove_file(&database)?;
    }
    let mut server = Command::new(house.server());
    server
        .args(["--listen", LISTEN, "--auth", "off", "--web"])
        .arg(house.dist())
        .arg("--database")
        .arg(format!("sqlite://{}", database.display()))
        .stderr(Stdio::null());
    let server = Server(server.spawn().context("the server")?);
    for _ in 0..TRIES_MAX {
        if TcpStream::connect(LISTEN).is_ok() {
            return Ok(server);
        }
        std::thread::sleep(PAUSE);
    }
    bail!("the server does not answer")
}

/// Percentages of one screen, in the order of the goals. The whole report lies in `folder`.
fn look(program: &Path, folder: &Path, route: &str) -> Result<[f64; 3]> {
    let name = if route == "/" { "/home" } else { route };
    let report = folder.join(format!("{}.json", name[1..].replace('/', "-")));
    let mut lighthouse = Command::new("node");
    lighthouse
        .arg(program)
        .arg(format!(
            "http://{}{route}",
            LISTEN.replace("127.0.0.1", "localhost")
        ))
        .args(["--quiet", "--output", "json", "--output-path"])
        .arg(&report)
        .arg(format!(
            "--only-categories={}",
            GOALS.map(|(name, _)| name).join(",")
        ))
        // A container's root may start no sandbox; the pages are our own.
        .arg("--chrome-flags=--headless=new --no-sandbox")
        .env("CHROME_PATH", which("chromium").context("no chromium")?);
    run(&mut lighthouse)?;
    let report: Value = serde_json::from_slice(&std::fs::read(&report)?)?;
    let mut found = [0.0; 3];
    for (found, (name, _)) in found.iter_mut().zip(GOALS) {
        let score = report["categories"][name]["score"].as_f64();
        *found = 100.0 * score.with_context(|| format!("no score for {name}"))?;
    }
    Ok(found)
}
