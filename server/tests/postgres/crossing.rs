//! Two server processes on one database: what comes in at the one is heard at the other.

use crate::program::Program;
use crate::setups::{plain_database, pooled_url};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use tidemark_testdb::Postgres;

/// Reads until a hint of that change counter or a later one.
fn hear(stream: &mut BufReader<TcpStream>, head: u64) {
    loop {
        let mut line = String::new();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0, "the stream ended");
        let Some(data) = line.strip_prefix("data: ") else {
            continue;
        };
        let hint: serde_json::Value = serde_json::from_str(data).unwrap();
        if hint["head"].as_u64().unwrap() >= head {
            return;
        }
    }
}

fn cross(first: &str, second: &str) {
    let (here, there) = (Program::start(first), Program::start(second));
    let mut ears = BufReader::new(here.send("GET /v1/live", "").unwrap());
    hear(&mut ears, 0);
    there.make_user();
    hear(&mut ears, 1);
    let mut ears = BufReader::new(there.send("GET /v1/live", "").unwrap());
    hear(&mut ears, 1);
    here.insist("PATCH /v1/users/1", r#"{"name":"B","base_version":1}"#);
    hear(&mut ears, 2);
}

#[tokio::test]
async fn hints_cross_between_two_processes_also_where_one_stands_behind_a_pooler() {
    let name = plain_database().await;
    cross(&Postgres::shared().url(&name), &pooled_url(&name));
}
