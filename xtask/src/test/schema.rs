//! Schemathesis against a running server: thousands of requests made from the OpenAPI document. Every answer must be one that
//! the document knows.

use super::Count;
use crate::command::run;
use crate::house::House;
use crate::{run as run_command, setup};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// What it looks at in an answer. Whether a request should have been refused the HTTP suite knows better.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// The same requests in every run.
const SEED: &str = "1";
/// Requests of chance for each operation, beside those that go through every bound.
const EXAMPLES: &str = "25";

/// Runs it; the whole run counts as one.
pub fn attack(house: &House) -> Result<Count> {
    let schemathesis = setup::schemathesis(house)?;
    run_command::build_server(house)?;
    let server = Server::start(house)?;
    run(Command::new(schemathesis)
        .arg("run")
        .arg(format!("http://{}/v1/openapi.json", server.address))
        .args([
            "--checks",
            CHECKS,
            "--seed",
            SEED,
            "--max-examples",
            EXAMPLES,
        ])
        // A live stream never ends.
        .args(["--exclude-path", "/v1/live", "--warnings", "off"])
        .current_dir(&server.folder))?;
    Ok(Count::GATE)
}

/// A server without sign-in over a fresh database; ends with this value.
struct Server {
    child: Child,
    address: String,
    folder: std::path::PathBuf,
}

impl Server {
    fn start(house: &House) -> Result<Self> {
        let folder = house.target.join("schema");
        if folder.is_dir() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let database = format!("sqlite://{}", folder.join("tidemark.db").display());
        let mut child = Command::new(house.server())
            .args(["--auth", "off", "--listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .stderr(Stdio::piped())
            .spawn()
            .context("the server does not start")?;
        let log = child.stderr.take().context("the server has no log")?;
        let mut log = BufReader::new(log);
        let mut line = String::new();
        log.read_line(&mut line)?;
        // Its log must be read, or it would wait for us.
        std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(address) = said["address"].as_str() else {
            let _ = child.kill();
            bail!("the server does not listen: {line}");
        };
        let address = address.to_owned();
        Ok(Self {
            child,
            address,
            folder,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
