//! What comes back from a server, or from whoever answers in its place, as the engine reads it.

use crate::server::{Liar, ours};
use tidemark_domain::mass::Grams;
use tidemark_engine::{Answer, Clock, Engine, Platform, Reading, Trigger};
use tidemark_testkit::fakes::run as now;
use tidemark_testkit::{
    MemoryLock, MemoryStore, SeededEntropy, SwitchedNetwork, VirtualClock, samples,
};

/// The calls of a sync that can be answered with anything.
const PATHS: [&str; 6] = [
    "/v1/metrics",
    "/v1/metrics/batch",
    "/v1/users",
    "/v1/server",
    "/v1/account",
    "/v1/app_model",
];

struct Device;

impl Platform for Device {
    type Store = MemoryStore;
    type Transport = Liar;
    type Network = SwitchedNetwork;
    type Clock = VirtualClock;
    type Entropy = SeededEntropy;
    type Lock = MemoryLock;
}

/// Whatever an answer says: nothing panics, there is a next wake-up, everything can still be shown, and what no batch was
/// answered for stays in the outbox.
pub fn run(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else {
        return;
    };
    let path = PATHS[usize::from(*choice) % PATHS.len()];
    let lies: Vec<Answer> = rest
        .split(|byte| *byte == 0)
        .map(|body| answer(*choice, body))
        .collect();
    let lies_left = lies.len();
    let liar = Liar::new(path, lies);
    let clock = VirtualClock::at(samples::NOON);
    let engine: Engine<Device> = Engine::new(
        MemoryStore::default(),
        liar.clone(),
        SwitchedNetwork::new(true),
        clock.clone(),
        SeededEntropy::new(1),
        MemoryLock::default(),
    );
    let weight = Grams::new(70_000).expect("in range");
    let reading = Reading {
        weight,
        height: None,
        note: None,
        created_at: clock.now(),
        utc_offset: None,
    };
    let logged = now(engine.log(None, reading))
        .expect("memory does not fail")
        .metric
        .id;
    for _ in 0..lies_left + 3 {
        let report = now(engine.tick(Trigger::Manual));
        assert!(report.next_wake.millis() > 0, "there is a next wake-up");
        let waits = now(engine.outbox())
            .expect("memory does not fail")
            .iter()
            .any(|entry| entry.entity_id == logged);
        assert!(
            waits || path == "/v1/metrics/batch" || liar.has(logged),
            "an entry is gone that nobody answered for"
        );
        show(&engine);
        clock.advance(20_000);
    }
}

/// All that the screens read.
fn show(engine: &Engine<Device>) {
    let profile = now(engine.profile()).expect("memory does not fail");
    for person in &profile.people {
        let entries = now(engine.history(person.user.id)).expect("what was stored can be read");
        assert!(
            entries
                .iter()
                .all(|entry| entry.metric.user_id == person.user.id)
        );
    }
    now(engine.overview()).expect("memory does not fail");
    now(engine.sync_log(50)).expect("memory does not fail");
}

/// The highest bits of the choice make an answer that is not ours at first sight.
fn answer(choice: u8, body: &[u8]) -> Answer {
    let mut answer = ours(String::from_utf8_lossy(body).into_owned());
    let problem = || Some("application/problem+json".to_owned());
    match choice >> 5 {
        1 => answer.status = 409,
        2 => answer.status = 503,
        3 => answer.protocol = None,
        4 => answer.content_type = problem(),
        5 => {
            answer.status = 410;
            answer.content_type = problem();
        }
        6 => {
            answer.status = 400;
            answer.content_type = problem();
        }
        _ => {}
    }
    answer
}
