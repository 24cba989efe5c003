//! A server with an opinion of its own: it stands before the real one and refuses some events of a batch.
//!
//! App and server share their rules, so a refusal can't be had from the real one; an older or stricter server has others.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Why an event is refused: the field and a sentence; `None` where it is not.
pub type Rule = fn(payload: &Value) -> Option<(&'static str, &'static str)>;

/// Passes everything on but batches, of which it refuses what the rule does not like. One request for each connection.
pub struct Refusing {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Refusing {
    /// Stands before this server.
    pub async fn start(server: SocketAddr, rule: Rule) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(async move { drop(Box::pin(serve(client, server, rule)).await) });
            }
        });
        Ok(Self { address, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Refusing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut client: TcpStream, server: SocketAddr, rule: Rule) -> Result<()> {
    let (head, body) = request(&mut client).await?;
    let refused = if head.starts_with("POST /v1/metrics/batch ") {
        let batch: Value = serde_json::from_slice(&body)?;
        refusals(&batch, rule)
    } else {
        Vec::new()
    };
    if refused.is_empty() {
        return pass_on(&mut client, server, &head, &body).await;
    }
    let mut batch: Value = serde_json::from_slice(&body)?;
    let all = batch["events"].as_array().cloned().unwrap_or_default();
    let is_refused = |event: &&Value| {
        refused
            .iter()
            .any(|result| result["op_id"] == event["op_id"])
    };
    let (_, good): (Vec<&Value>, Vec<&Value>) = all.iter().partition(is_refused);
    batch["events"] = json!(good);
    let answer = ask(server, &head, &serde_json::to_vec(&batch)?).await?;
    let (answer_head, answer_body) = answer.split_once("\r\n\r\n").context("no head")?;
    let mut answer: Value = serde_json::from_str(answer_body)?;
    answer["results"]
        .as_array_mut()
        .context("no results")?
        .extend(refused);
    let answer = answer.to_string();
    let head = with_length(answer_head, answer.len());
    client
        .write_all(format!("{head}{answer}").as_bytes())
        .await?;
    Ok(client.shutdown().await?)
}

/// Head and body of one request.
async fn request(client: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut part = vec![0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end + 4].to_vec())?;
            let length = header(&head, "content-length").and_then(|text| text.parse().ok());
            let length: usize = length.unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Ok((head, bytes[end + 4..end + 4 + length].to_vec()));
            }
        }
        let read = client.read(&mut part).await?;
        anyhow::ensure!(read > 0, "the request ends early");
        bytes.extend_from_slice(&part[..read]);
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut named = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
    named.next().map(|(_, value)| value.trim())
}

/// The head for a body of this length, and for the last request of its connection. The body is not packed.
fn with_length(head: &str, length: usize) -> String {
    let is_kept = |line: &&str| {
        let name = line
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let gone = [
            "connection",
            "content-length",
            "transfer-encoding",
            "accept-encoding",
        ];
        !line.is_empty() && !gone.contains(&name.as_str())
    };
    let kept: Vec<&str> = head.split("\r\n").filter(is_kept).collect();
    format!(
        "{}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n",
        kept.join("\r\n")
    )
}

/// Passes a request on and its answer back, as it comes.
async fn pass_on(
    client: &mut TcpStream,
    server: SocketAddr,
    head: &str,
    body: &[u8],
) -> Result<()> {
    let mut upstream = TcpStream::connect(server).await?;
    upstream
        .write_all(with_length(head, body.len()).as_bytes())
        .await?;
    upstream.write_all(body).await?;
    tokio::io::copy(&mut upstream, client).await?;
    Ok(client.shutdown().await?)
}

/// The whole answer to a request.
async fn ask(server: SocketAddr, head: &str, body: &[u8]) -> Result<String> {
    let mut upstream = TcpStream::connect(server).await?;
    upstream
        .write_all(with_length(head, body.len()).as_bytes())
        .await?;
    upstream.write_all(body).await?;
    let mut answer = String::new();
    upstream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn refusals(batch: &Value, rule: Rule) -> Vec<Value> {
    let events = batch["events"].as_array().into_iter().flatten();
    let refused = events.filter_map(|event| {
        let (field, detail) = rule(&event["payload"])?;
        let error = json!({ "code": "invalid_field", "field": field, "detail": detail });
        Some(json!({
            "local_id": event["local_id"], "op_id": event["op_id"], "status": "rejected", "error": error,
        }))
    });
    refused.collect()
}
