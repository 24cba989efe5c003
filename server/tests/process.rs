//! The program itself: flags, log, an orderly end.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use tempfile::TempDir;

/// A running server and its log.
struct Server {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
    folder: TempDir,
}

impl Server {
    /// Starts without sign-in on a free port and waits until it listens.
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut child = command(&folder)
            .args(["--auth", "off", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["message"], "listening");
        let address = line["address"].as_str().unwrap().to_owned();
        Self {
            child,
            log,
            address,
            folder,
        }
    }

    /// Sends a request; the stream answers it.
    fn send(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    /// Sends a request; answers all of the answer.
    fn call(&self, head: &str, body: &str) -> String {
        let mut answer = String::new();
        self.send(head, body).read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to stop; answers whether it ended well, and the rest of its log.
    fn stop(mut self) -> (bool, String, TempDir) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(told.success());
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().success(), log, self.folder)
    }
}

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidemark-server"));
    let database = format!("sqlite://{}/made/tidemark.db", folder.path().display());
    command.env_clear().env("TIDEMARK_DATABASE", database);
    command
}

#[test]
fn it_stops_when_told_even_while_somebody_listens_and_leaves_one_whole_file() {
    let server = Server::start();
    let mut stream = BufReader::new(server.send("GET /v1/live", ""));
    let mut line = String::new();
    while !line.starts_with("event: head") {
        line.clear();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0);
    }
    let (is_well, log, folder) = server.stop();
    assert!(is_well, "{log}");
    assert!(log.contains("stopped"), "{log}");
    let files = std::fs::read_dir(folder.path().join("made")).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["tidemark.db"], "the write-ahead log is folded in");
}

#[test]
fn no_health_value_no_text_and_no_query_reaches_the_log() {
    let server = Server::start();
    let user = server.call("POST /v1/users", r#"{"name":"CANARY-name"}"#);
    assert!(user.starts_with("HTTP/1.1 201"), "{user}");
    for weight in ["177.77", "7777.77", r#""CANARY-type""#] {
        let batch = format!(
            r#"{{"device_id":"CANARY-device","events":[{{"local_id":1,"type":"UPSERT_METRIC","payload":
            {{"user_id":1,"weight":{weight},"note":"CANARY-note","created_at":"2026-02-20T10:22:33Z"}}}}]}}"#
        );
        let answer = server.call("POST /v1/metrics/batch", &batch);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    server.call("GET /v1/metrics?since=CANARY-query", "");
    server.call("GET /v1/users/CANARY-path", "");
    server.call("POST /v1/metrics/batch", "CANARY-body");
    let (is_well, log, _) = server.stop();
    assert!(is_well);
    assert!(log.lines().count() > 7, "every request has its line");
    assert!(!log.contains("CANARY") && !log.contains("77.77"), "{log}");
}

#[test]
fn it_refuses_to_show_everything_to_the_network_by_accident() {
    let folder = TempDir::new().unwrap();
    let output = command(&folder)
        .args(["--auth", "off", "--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("--allow-open-network"), "{told}");
}

#[test]
fn a_database_that_is_not_ours_to_open_is_told_and_not_touched() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("text.db");
    std::fs::write(&file, "not a database, but some text that is long enough").unwrap();
    let output = command(&folder)
        .args(["--auth", "off", "--listen", "127.0.0.1:0", "--database"])
        .arg(format!("sqlite://{}", file.display()))
        .output()
        .unwrap();
    assert!(!output.status.success());
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(kept, "not a database, but some text that is long enough");
}

#[test]
fn help_names_every_flag_and_its_variable() {
    let folder = TempDir::new().unwrap();
    let output = command(&folder).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for flag in [
        "listen",
        "database",
        "auth",
        "web",
        "public-url",
        "allow-open-network",
    ] {
        let variable = format!("TIDEMARK_{}", flag.to_uppercase().replace('-', "_"));
        assert!(help.contains(&format!("--{flag}")), "{flag}");
        assert!(help.contains(&variable), "{variable}");
    }
}
