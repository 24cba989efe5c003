//! A backup that PostgreSQL's own tools have put in place.

use crate::program::Program;
use crate::setups::plain_database;
use serde_json::{Value, json};
use std::io::Read;
use std::process::Command;
use tidemark_testdb::Postgres;
use uuid::Uuid;

fn write(program: &Program, id: u128) {
    let payload = json!({"id": Uuid::from_u128(id), "user_id": 1, "weight": 80, "created_at": "2026-02-20T10:22:33Z"});
    let event = json!({"local_id": 1, "op_id": Uuid::from_u128(id + 1000), "type": "UPSERT_METRIC", "base_version": 0, "payload": payload});
    let body = json!({"device_id": "phone", "events": [event]}).to_string();
    let (answer, _) = program.insist("POST /v1/metrics/batch", &body);
    assert_eq!(answer["results"][0]["status"], "applied");
}

fn pull(program: &Program, since: &str) -> Value {
    program.insist(&format!("GET /v1/metrics{since}"), "").0
}

#[tokio::test]
async fn after_begin_life_devices_are_told_what_was_lost() {
    let server = Postgres::shared();
    let name = plain_database().await;
    let program = Program::start(&server.url(&name));
    program.make_user();
    write(&program, 1);
    drop(program);
    // What a killed server leaves behind for a moment would be in the way of the copy.
    let end =
        "SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity WHERE datname = '";
    server.say("postgres", &format!("{end}{name}'")).unwrap();
    let backup = server.database(Some(&name)).unwrap();

    let program = Program::start(&server.url(&name));
    write(&program, 2);
    let before = pull(&program, "");
    drop(program);

    let told = Command::new(env!("CARGO_BIN_EXE_tidemark-server"))
        .env_clear()
        .args(["--database", &server.url(&backup), "begin-life"])
        .output()
        .unwrap();
    assert!(told.status.success(), "{told:?}");
    let program = Program::start(&server.url(&backup));
    let after = pull(&program, "");
    assert_ne!(after["epoch"], before["epoch"]);
    assert_eq!(after["metrics"].as_array().unwrap().len(), 1);
    assert!(after["head"].as_u64() > before["head"].as_u64());

    let cursor = before["cursor"].as_str().unwrap();
    let mut answer = String::new();
    let mut stream = program
        .send(&format!("GET /v1/metrics?since={cursor}"), "")
        .unwrap();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 410"), "{head}");
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["code"], "resync_required");
    assert_eq!(
        problem["lost"],
        json!([[before["head"], after["head"]]]),
        "the version of the second row is lost"
    );
}
