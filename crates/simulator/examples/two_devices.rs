//! The engine in another program: two devices of one household, and the real server between them.
//!
//! `cargo run -p tidemark-simulator --example two_devices`
//!
//! A program brings six ports: a store, a way to the server, an opinion of the network, a clock, chance and a lock. Here
//! the store and the lock are the twins in memory, and the way leads into a server of the same process.

use std::cell::Cell;
use std::rc::Rc;
use tidemark_domain::mass::Grams;
use tidemark_engine::ports::Unreachable;
use tidemark_engine::{
    Answer, Clock, Engine, Platform, Reading, Request, StoreError, TickOutcome, Transport, Trigger,
};
use tidemark_protocol::Timestamp;
use tidemark_simulator::DeepServer;
use tidemark_testkit::MemoryStore;
use tidemark_testkit::fakes::{MemoryLock, SeededEntropy, SwitchedNetwork, run};

/// 2026-02-20T10:22:33Z.
const MORNING: Timestamp = Timestamp(1_771_582_953_000);

/// The way to the server; none in a hut without reception.
#[derive(Clone)]
struct Way {
    server: Rc<DeepServer>,
    has_reception: Rc<Cell<bool>>,
}

impl Transport for Way {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        if self.has_reception.get() {
            Ok(self.server.answer(request, MORNING))
        } else {
            Err(Unreachable("no reception".to_owned()))
        }
    }
}

/// A clock that stands, so that the example says the same each time.
struct Morning;

impl Clock for Morning {
    fn now(&self) -> Timestamp {
        MORNING
    }
}

struct Program;

impl Platform for Program {
    type Store = MemoryStore;
    type Transport = Way;
    type Network = SwitchedNetwork;
    type Clock = Morning;
    type Entropy = SeededEntropy;
    type Lock = MemoryLock;
}

fn device(way: &Way, seed: u64) -> Engine<Program> {
    Engine::new(
        MemoryStore::default(),
        way.clone(),
        SwitchedNetwork::new(true),
        Morning,
        SeededEntropy::new(seed),
        MemoryLock::default(),
    )
}

/// Ticks until there is nothing left to do at once. A program would sleep until `next_wake` and tick again.
async fn sync(device: &Engine<Program>, trigger: Trigger) -> TickOutcome {
    loop {
        let report = device.tick(trigger).await;
        if report.outcome != TickOutcome::More {
            return report.outcome;
        }
    }
}

async fn two_devices(way: &Way) -> Result<(), StoreError> {
    let (phone, laptop) = (device(way, 1), device(way, 2));
    let reading = Reading {
        weight: Grams::new(78_200).expect("within the bounds of a weight"),
        height: None,
        note: Some("in the hut".to_owned()),
        created_at: MORNING,
        utc_offset: Some(60),
    };
    let entry = phone.log(None, reading).await?;
    println!("phone: saved {} kg", entry.metric.weight.to_kg());
    println!(
        "phone without reception: {:?}",
        sync(&phone, Trigger::LocalWrite).await
    );
    way.has_reception.set(true);
    println!(
        "phone with reception: {:?}",
        sync(&phone, Trigger::Online).await
    );
    println!("laptop: {:?}", sync(&laptop, Trigger::Start).await);
    let theirs = laptop.history(entry.metric.user_id).await?;
    assert_eq!(theirs.len(), 1, "the entry is on the other device, once");
    assert_eq!(theirs[0].metric.note.as_deref(), Some("in the hut"));
    println!("laptop shows {} kg", theirs[0].metric.weight.to_kg());
    Ok(())
}

fn main() {
    let way = Way {
        server: Rc::new(DeepServer::default()),
        has_reception: Rc::default(),
    };
    run(two_devices(&way)).expect("a store in memory does not fail");
}

#[test]
fn the_example_does_what_it_says() {
    main();
}
