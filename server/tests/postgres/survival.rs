//! The database refuses, is shared by a pooler, dies and comes back, or is replaced, while devices write: whatever was
//! acknowledged is there, everything is there once, and the server needs no help.

use crate::program::Program;
use crate::setups::{plain_database, pooled_url, refusing_database};
use crate::suite::epoch;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tidemark_server::storage::{PostgresStorage, Storage};
use tidemark_testdb::Postgres;
use uuid::Uuid;

const DEVICES: u64 = 4;
const EVENTS: u64 = 5;
const LOOKS_EVERY: Duration = Duration::from_millis(5);

/// What the devices did.
#[derive(Debug, Default)]
struct Deeds {
    acknowledged: AtomicU64,
    sent_again: AtomicU64,
    told_as_duplicates: AtomicU64,
}

fn id(device: u64, batch: u64, event: u64) -> Uuid {
    Uuid::from_u128(u128::from(device << 40 | batch << 8 | event) | 1 << 90)
}

fn batch(device: u64, batch: u64) -> Value {
    let event = |event| {
        let id = id(device, batch, event);
        let payload =
            json!({"id": id, "user_id": 1, "weight": 80, "created_at": "2026-02-20T10:22:33Z"});
        let op_id = Uuid::from_u128(id.as_u128() | 1 << 91);
        json!({"local_id": event + 1, "op_id": op_id, "type": "UPSERT_METRIC", "base_version": 0, "payload": payload})
    };
    let events: Vec<Value> = (0..EVENTS).map(event).collect();
    json!({"device_id": format!("device-{device}"), "events": events})
}

fn write(program: &Program, device: u64, number: u64, deeds: &Deeds) {
    let body = batch(device, number).to_string();
    let (answer, attempts) = program.insist("POST /v1/metrics/batch", &body);
    let results = answer["results"].as_array().unwrap();
    for result in results {
        let status = result["status"].as_str().unwrap();
        assert!(["applied", "duplicate"].contains(&status), "{result}");
        let again = u64::from(status == "duplicate");
        deeds.told_as_duplicates.fetch_add(again, Ordering::SeqCst);
    }
    deeds.acknowledged.fetch_add(EVENTS, Ordering::SeqCst);
    deeds
        .sent_again
        .fetch_add(u64::from(attempts - 1), Ordering::SeqCst);
}

/// Devices write while `trouble` happens, at least `batches` each and until it is over.
fn live_through(program: &Program, batches: u64, trouble: impl FnOnce(&Deeds)) {
    program.make_user();
    let deeds = Deeds::default();
    let is_over = AtomicBool::new(false);
    let work = |device| {
        let mut number = 0;
        while number < batches || !is_over.load(Ordering::SeqCst) {
            write(program, device, number, &deeds);
            number += 1;
        }
        number
    };
    let written: Vec<u64> = std::thread::scope(|scope| {
        let work = &work;
        let devices: Vec<_> = (0..DEVICES)
            .map(|device| scope.spawn(move || work(device)))
            .collect();
        trouble(&deeds);
        is_over.store(true, Ordering::SeqCst);
        devices
            .into_iter()
            .map(|device| device.join().unwrap())
            .collect()
    });
    let all = (0..DEVICES).zip(written).flat_map(|(device, batches)| {
        (0..batches).flat_map(move |batch| (0..EVENTS).map(move |event| id(device, batch, event)))
    });
    let expected: BTreeSet<String> = all.map(|id| id.to_string()).collect();
    let (ids, head) = program.everything();
    let found: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(found, expected, "{deeds:?}");
    assert_eq!(ids.len(), expected.len(), "each once");
    assert_eq!(
        head,
        1 + expected.len() as u64,
        "each took effect once: {deeds:?}"
    );
    println!("{deeds:?}");
}

/// Waits until so many more events were acknowledged: so the trouble comes amid work, however fast that is.
fn after(deeds: &Deeds, events: u64) {
    let goal = deeds.acknowledged.load(Ordering::SeqCst) + events;
    while deeds.acknowledged.load(Ordering::SeqCst) < goal {
        std::thread::sleep(LOOKS_EVERY);
    }
}

#[tokio::test]
async fn refused_statements_and_commits_are_tried_again_unnoticed() {
    let name = refusing_database().await;
    let program = Program::start(&Postgres::shared().url(&name));
    live_through(&program, 15, |_| {});
    let counted =
        "SELECT (SELECT last_value FROM statements) / 17, (SELECT last_value FROM commits) / 3";
    let refused = Postgres::shared().say(&name, counted).unwrap();
    let refused: Vec<u64> = refused
        .split('|')
        .map(|count| count.parse().unwrap())
        .collect();
    assert!(
        refused[0] > 10 && refused[1] > 10,
        "refused were {refused:?}"
    );
}

#[tokio::test]
async fn behind_a_pooler_devices_share_three_connections() {
    let program = Program::start(&pooled_url(&plain_database().await));
    live_through(&program, 15, |_| {});
}

#[tokio::test]
async fn a_database_that_dies_and_comes_back_has_everything_acknowledged_once() {
    let server = Postgres::start("").unwrap();
    let program = Program::start(&server.url("postgres"));
    live_through(&program, 1, |deeds| {
        for _ in 0..3 {
            after(deeds, 60);
            server.kill().unwrap();
            server.go().unwrap();
        }
        after(deeds, 60);
    });
}

#[tokio::test]
async fn a_synchronous_standby_takes_over_with_everything_acknowledged() {
    let server = Postgres::start("").unwrap();
    let program = Program::start(&server.movable_address("postgres").unwrap());
    let standby = server.synchronous_standby().unwrap();
    live_through(&program, 1, |deeds| {
        after(deeds, 100);
        server.kill().unwrap();
        standby.promote().unwrap();
        standby.take_address().unwrap();
        after(deeds, 100);
    });
}

#[tokio::test]
async fn servers_that_start_together_on_an_empty_database_make_its_schema_once() {
    let url = Postgres::shared().url(&Postgres::shared().database(None).unwrap());
    let openings = (0..6).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { PostgresStorage::open(&url, &epoch()).await })
    });
    for opening in openings.collect::<Vec<_>>() {
        let storage = opening.await.unwrap().unwrap();
        storage.probe().await.unwrap();
    }
}
