//! The program itself: flags, log, an orderly end.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long is waited for what must not come.
const SHORT: Duration = Duration::from_millis(100);

/// A running server and its log.
struct Server {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
    metrics: String,
    folder: TempDir,
}

impl Server {
    /// Starts without sign-in on free ports and waits until it listens.
    fn start() -> Self {
        Self::start_with(&["--auth", "off"], "info")
    }

    fn start_with(arguments: &[&str], log_level: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let mut child = command(&folder)
            .args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"])
            .args(arguments)
            .env("TIDEMARK_LOG", log_level)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut address_of = |message: &str| loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended");
            let line: serde_json::Value = serde_json::from_str(&line).unwrap();
            if line["message"] == message {
                break line["address"].as_str().unwrap().to_owned();
            }
        };
        let (address, metrics) = (address_of("listening"), address_of("metrics"));
        Self {
            child,
            log,
            address,
            metrics,
            folder,
        }
    }

    /// What Prometheus would read.
    fn metrics(&self) -> String {
        let mut stream = TcpStream::connect(&self.metrics).unwrap();
        let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
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

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let told = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status()
            .unwrap();
        assert!(told.success());
    }

    /// Reads the log up to a message.
    fn await_line(&mut self, message: &str) {
        let mut line = String::new();
        while !line.contains(message) {
            line.clear();
            assert_ne!(self.log.read_line(&mut line).unwrap(), 0, "it ended");
        }
    }

    /// Asks it to stop; answers whether it ended well, and the rest of its log.
    fn stop(mut self) -> (bool, String, TempDir) {
        self.signal("TERM");
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

/// Pushes canaries of every kind; answers what was answered to those that are wrong.
fn push_canaries(server: &Server) -> String {
    let user = server.call("POST /v1/users", r#"{"name":"CANARY-name"}"#);
    assert!(user.starts_with("HTTP/1.1 201"), "{user}");
    let push = |weight: &str, created_at: &str| {
        let batch = format!(
            r#"{{"device_id":"CANARY-device","events":[{{"local_id":1,"type":"UPSERT_METRIC","payload":
            {{"user_id":1,"weight":{weight},"note":"CANARY-7f3a","created_at":"{created_at}"}}}}]}}"#
        );
        let answer = server.call("POST /v1/metrics/batch", &batch);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer
    };
    push("177.77", "2026-02-20T10:22:33Z");
    let mut refused = push("777.77", "2026-02-20T10:22:33Z");
    refused += &push(r#""CANARY-type""#, "2026-02-20T10:22:33Z");
    refused += &push("177.77", "CANARY-time");
    refused += &server.call("GET /v1/metrics?since=CANARY-query", "");
    refused += &server.call("GET /v1/users/CANARY-path", "");
    refused += &server.call("POST /v1/users", r#"{"height":777.77,"gender":"CANARY"}"#);
    refused += &server.call("POST /v1/metrics/batch", "CANARY-body");
    refused
}

#[test]
fn no_health_value_no_text_and_no_query_reaches_the_log_a_metric_or_an_error() {
    let server = Server::start_with(&["--auth", "off"], "trace");
    let refused = push_canaries(&server);
    let metrics = server.metrics();
    assert!(
        metrics.contains("tidemark_push_events_total{outcome=\"applied\"} 1"),
        "{metrics}"
    );
    assert!(
        metrics.contains("tidemark_push_events_total{outcome=\"rejected\"} 3"),
        "{metrics}"
    );
    let (is_well, log, _) = server.stop();
    assert!(is_well);
    assert!(log.lines().count() > 12, "every request has its line");
    for told in [&refused, &metrics, &log] {
        assert!(
            !told.contains("CANARY") && !told.contains("77.77"),
            "{told}"
        );
    }
}

#[test]
fn no_address_no_password_and_no_token_reaches_the_log_or_a_metric() {
    let server = Server::start_with(&["--auth", "required"], "trace");
    let body =
        r#"{"email":"CANARY@example.org","password":"CANARY and a horse","device_name":"CANARY"}"#;
    let answer = server.call("POST /v1/auth/register", body);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let body_of = |answer: &str| -> serde_json::Value {
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap()
    };
    let signed_in = body_of(&answer);
    let secret = |name: &str| signed_in[name].as_str().unwrap().to_owned();
    let refresh = format!(r#"{{"refresh_token":"{}"}}"#, secret("refresh_token"));
    let refreshed = server.call("POST /v1/auth/refresh", &refresh);
    assert!(refreshed.starts_with("HTTP/1.1 200"), "{refreshed}");
    let wrong = server.call("POST /v1/auth/login", &body.replace("horse", "mule"));
    assert!(wrong.starts_with("HTTP/1.1 401"), "{wrong}");
    let (metrics, (is_well, log, folder)) = (server.metrics(), server.stop());
    assert!(is_well);
    let keys = std::fs::read_to_string(folder.path().join("made/tidemark.keys")).unwrap();
    let key = keys.split_whitespace().nth(1).unwrap();
    let secrets = [
        "CANARY".to_owned(),
        secret("access_token"),
        secret("refresh_token"),
        secret("recovery_code"),
        body_of(&refreshed)["refresh_token"]
            .as_str()
            .unwrap()
            .to_owned(),
        key.to_owned(),
    ];
    for secret in &secrets {
        for told in [&metrics, &log, &wrong] {
            assert!(!told.contains(secret.as_str()), "{secret} in {told}");
        }
    }
}

#[test]
fn a_renewed_certificate_is_read_at_a_signal_and_a_bad_one_is_left() {
    let folder = TempDir::new().unwrap();
    let (certificate, key) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    let renew = || {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&certificate, cert.pem()).unwrap();
        std::fs::write(&key, signing_key.serialize_pem()).unwrap();
    };
    renew();
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let files = ["--tls-cert", certificate, "--tls-key", key];
    let arguments = [&["--auth", "off"], &files[..]].concat();
    let mut server = Server::start_with(&arguments, "info");
    renew();
    server.signal("HUP");
    server.await_line("the certificate was read again");
    std::fs::write(key, "no key").unwrap();
    server.signal("HUP");
    server.await_line("the certificate stays as it was");
    assert!(server.stop().0);
}

#[test]
fn only_so_many_read_metrics_at_a_time() {
    const AT_A_TIME: usize = 8;
    let server = Server::start();
    let connect = || {
        let mut stream = TcpStream::connect(&server.metrics).unwrap();
        let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(request).unwrap();
        stream
    };
    let is_answered =
        |stream: &mut TcpStream| stream.read(&mut [0; 100]).is_ok_and(|read| read > 0);
    let mut kept: Vec<_> = (0..AT_A_TIME).map(|_| connect()).collect();
    assert!(kept.iter_mut().all(is_answered));
    let mut another = connect();
    another.set_read_timeout(Some(SHORT)).unwrap();
    assert!(
        !is_answered(&mut another),
        "it was answered beside the others"
    );
    another.set_read_timeout(None).unwrap();
    kept.pop();
    assert!(is_answered(&mut another));
    assert!(server.stop().0);
}

#[test]
fn of_one_message_of_a_browser_only_so_many_reports_are_logged() {
    let server = Server::start();
    let report = r#"{"type":"csp-violation","body":{"effectiveDirective":"script-src"}}"#;
    let message = format!("[{}]", [report; 30].join(","));
    let answer = server.call("POST /csp-report", &message);
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    let (_, log, _) = server.stop();
    assert_eq!(log.matches("breaking its policy").count(), 10, "{log}");
}

#[test]
fn keys_are_rotated_from_the_command_line() {
    let folder = TempDir::new().unwrap();
    let rotate = || {
        assert!(
            command(&folder)
                .arg("rotate-keys")
                .status()
                .unwrap()
                .success()
        );
        std::fs::read_to_string(folder.path().join("made/tidemark.keys")).unwrap()
    };
    let (first, second) = (rotate(), rotate());
    assert_eq!(first.lines().count(), 1);
    assert_eq!(second.lines().nth(1), first.lines().next());
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
        "keys",
        "registrations-per-hour",
        "requests-per-minute",
        "trust-proxy",
        "tls-cert",
        "tls-key",
        "max-connections",
        "metrics-listen",
    ] {
        let variable = format!("TIDEMARK_{}", flag.to_uppercase().replace('-', "_"));
        assert!(help.contains(&format!("--{flag}")), "{flag}");
        assert!(help.contains(&variable), "{variable}");
    }
}
