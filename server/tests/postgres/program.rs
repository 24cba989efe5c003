//! The server as a process on a database, and a client that does not give up.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use uuid::Uuid;

/// Attempts at one request, and the pause between them: a minute.
const ATTEMPTS: u32 = 600;
const PAUSE: Duration = Duration::from_millis(100);
/// A stream that is silent for so long is broken.
const SILENCE: Duration = Duration::from_secs(30);

/// A running server without sign-in; dropped, it is killed.
pub struct Program {
    child: Child,
    address: String,
}

impl Program {
    /// Starts one on a free port and waits until it listens.
    pub fn start(database: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tidemark-server"))
            .env_clear()
            .args([
                "--auth",
                "off",
                "--listen",
                "127.0.0.1:0",
                "--database",
                database,
            ])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let lines = log
            .by_ref()
            .lines()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let mut said = lines.inspect(|line| println!("{line}"));
        let listening = said.find(|line| line["message"] == "listening").unwrap();
        let address = listening["address"].as_str().unwrap().to_owned();
        drop(said);
        // A log that nobody reads would stop its writer.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, address }
    }

    /// Sends a request; the stream answers it.
    pub fn send(&self, head: &str, body: &str) -> std::io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(SILENCE))?;
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        Ok(stream)
    }

    /// The answer to a request, if it is one of success.
    fn try_call(&self, head: &str, body: &str) -> Option<Value> {
        let mut answer = String::new();
        let mut stream = self.send(head, body).ok()?;
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        head.starts_with("HTTP/1.1 2")
            .then(|| serde_json::from_str(body).ok())?
    }

    /// Sends the same request until it is answered with success; answers the answer and how often it was sent.
    pub fn insist(&self, head: &str, body: &str) -> (Value, u32) {
        for attempt in 1..=ATTEMPTS {
            if let Some(answer) = self.try_call(head, body) {
                return (answer, attempt);
            }
            std::thread::sleep(PAUSE);
        }
        panic!("{head} was never answered");
    }

    /// Makes user 1.
    pub fn make_user(&self) {
        let body = json!({"id": Uuid::from_u128(1), "name": "Ada"}).to_string();
        assert_eq!(self.insist("POST /v1/users", &body).0["number"], 1);
    }

    /// All metrics' ids, and the change counter.
    pub fn everything(&self) -> (Vec<String>, u64) {
        let (mut ids, mut since) = (Vec::new(), "1970-01-01T00:00:00Z".to_owned());
        loop {
            let (page, _) = self.insist(&format!("GET /v1/metrics?limit=500&since={since}"), "");
            let rows = page["metrics"].as_array().unwrap().iter();
            ids.extend(rows.map(|row| row["id"].as_str().unwrap().to_owned()));
            page["cursor"].as_str().unwrap().clone_into(&mut since);
            if page["has_more"] == false {
                return (ids, page["head"].as_u64().unwrap());
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
