//! Devices that write as fast as they are answered, and devices that only listen.

use crate::client::Client;
use crate::server::Server;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fmt::Write;
use std::ops::Range;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Live connections that the server opens for one account at most.
const LISTENERS_OF_ACCOUNT_MAX: usize = 32;

/// A signed-in device.
pub struct Device {
    client: Client,
    token: String,
    user: String,
    /// Numbers given to records so far.
    records: u128,
    number: u128,
}

/// What a run has shown.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub events_per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// Devices of these numbers, each of an account of its own.
pub fn register(server: &Server, numbers: Range<usize>) -> Result<Vec<Device>> {
    numbers.map(|number| one(server, number)).collect()
}

fn one(server: &Server, number: usize) -> Result<Device> {
    let body =
        json!({"email": format!("load{number}@example.org"), "password": "correct horse battery"});
    let mut client = Client::connect(&server.address, "")?;
    let answer = client.call("POST /v1/auth/register", &body.to_string())?;
    let answer: Value = serde_json::from_str(&answer)?;
    let token = answer["access_token"]
        .as_str()
        .context("no token")?
        .to_owned();
    let mut client = Client::connect(&server.address, &token)?;
    let user = client.call("POST /v1/users", "{}")?;
    let user = serde_json::from_str::<Value>(&user)?["id"]
        .as_str()
        .context("no user")?
        .to_owned();
    Ok(Device {
        client,
        token,
        user,
        records: 0,
        number: number as u128,
    })
}

impl Device {
    fn batch(&mut self, size: usize) -> String {
        let mut body = r#"{"device_id":"load","events":["#.to_owned();
        for local_id in 1..=size {
            self.records += 1;
            let id = Uuid::from_u128(self.number << 64 | self.records | 7 << 76);
            let op_id = Uuid::from_u128(id.as_u128() | 1 << 120);
            let comma = if local_id == 1 { "" } else { "," };
            let (user, cents) = (&self.user, self.records % 100);
            // A String takes everything.
            let _ = write!(
                body,
                r#"{comma}{{"local_id":{local_id},"op_id":"{op_id}","type":"UPSERT_METRIC","base_version":0,"payload":{{"id":"{id}","user_id":"{user}","weight":78.{cents:02},"note":"after breakfast","created_at":"2026-02-20T10:22:33.{cents:02}Z"}}}}"#
            );
        }
        body + "]}"
    }

    /// Writes until the end; answers how long each batch took.
    #[expect(clippy::disallowed_methods, reason = "a measuring program measures")]
    fn write_until(&mut self, end: Instant, size: usize) -> Result<Vec<Duration>> {
        let mut took = Vec::new();
        while Instant::now() < end {
            let body = self.batch(size);
            let start = Instant::now();
            let answer = self.client.call("POST /v1/metrics/batch", &body)?;
            took.push(start.elapsed());
            let applied = answer.matches(r#""status":"applied""#).count();
            ensure!(applied == size, "of {size} events {applied} were applied");
        }
        Ok(took)
    }
}

/// All devices write batches of a size for so many seconds.
#[expect(clippy::disallowed_methods, reason = "a measuring program measures")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub fn write(devices: &mut [Device], size: usize, seconds: u64) -> Result<Figures> {
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds);
    let took: Result<Vec<Vec<Duration>>> = std::thread::scope(|scope| {
        let work = |device: &'_ mut Device| device.write_until(end, size);
        let running: Vec<_> = devices
            .iter_mut()
            .map(|device| scope.spawn(move || work(device)))
            .collect();
        let joined = running
            .into_iter()
            .map(|thread| thread.join().ok().context("a device panicked")?);
        joined.collect()
    });
    let mut took = took?.concat();
    took.sort_unstable();
    let events = took.len() * size;
    let at = |part: usize| {
        took.get(took.len() * part / 100)
            .map_or(0.0, |took| took.as_secs_f64() * 1000.0)
    };
    Ok(Figures {
        events_per_second: events as f64 / start.elapsed().as_secs_f64(),
        p50_ms: at(50),
        p99_ms: at(99),
    })
}

/// Opens live connections, spread over the devices' accounts, until each is answered.
pub fn listen(server: &Server, devices: &[Device], count: usize) -> Result<Vec<Client>> {
    let accounts = count.div_ceil(LISTENERS_OF_ACCOUNT_MAX);
    let more = register(server, devices.len()..accounts.max(devices.len()))?;
    let tokens: Vec<String> = devices
        .iter()
        .chain(&more)
        .map(|device| device.token.clone())
        .collect();
    drop(more); // with their connections
    let mut open = Vec::new();
    for token in tokens.iter().cycle().take(count) {
        let mut client = Client::connect(&server.address, token)?;
        client.send("GET /v1/live", "")?;
        client
            .head()
            .with_context(|| format!("after {} connections", open.len()))?;
        open.push(client);
    }
    Ok(open)
}
