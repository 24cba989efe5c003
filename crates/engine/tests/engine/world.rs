//! A device of the tests: an engine over the twins, and short ways to use it.

use crate::server::Server;
use std::cell::Cell;
use tidemark_domain::mass::Grams;
use tidemark_engine::outbox::OutboxEntry;
use tidemark_engine::state::SyncState;
use tidemark_engine::view::Entry;
use tidemark_engine::{Clock, Engine, Platform, Reading, Store, TickOutcome, TickReport, Trigger};
use tidemark_protocol::{EntityId, MetricPatch, Timestamp, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::{
    MemoryLock, SeededEntropy, ShakyStore, SwitchedNetwork, VirtualClock, samples,
};

/// Ports of the tests.
pub struct Bench;

impl Platform for Bench {
    type Store = ShakyStore;
    type Transport = Server;
    type Network = SwitchedNetwork;
    type Clock = VirtualClock;
    type Entropy = SeededEntropy;
    type Lock = MemoryLock;
}

/// A device: one context of it, unless it is opened again.
pub struct Device {
    pub engine: Engine<Bench>,
    pub store: ShakyStore,
    pub server: Server,
    pub clock: VirtualClock,
    /// How many readings were logged, so that each has a moment of its own.
    logged: Cell<i64>,
}

/// A weight in whole grams.
pub fn grams(grams: u32) -> Grams {
    Grams::new(grams).unwrap()
}

/// A patch that sets the weight.
pub fn weight(to: u32) -> MetricPatch {
    MetricPatch {
        weight: Some(grams(to)),
        ..MetricPatch::default()
    }
}

impl Device {
    /// A new device of this server, whose chance is seeded with `seed`.
    pub fn new(server: &Server, seed: u64) -> Self {
        let clock = VirtualClock::at(samples::NOON);
        Self::over(ShakyStore::default(), server, clock, seed)
    }

    fn over(store: ShakyStore, server: &Server, clock: VirtualClock, seed: u64) -> Self {
        let engine = Engine::new(
            store.clone(),
            server.clone(),
            SwitchedNetwork::new(true),
            clock.clone(),
            SeededEntropy::new(seed),
            MemoryLock::default(),
        );
        Self {
            engine,
            store,
            server: server.clone(),
            clock,
            logged: Cell::new(0),
        }
    }

    /// Another context of the same device: a second tab, the worker, or the app after a restart.
    pub fn again(&self, seed: u64) -> Self {
        Self::over(self.store.clone(), &self.server, self.clock.clone(), seed)
    }

    /// A device that has synced with this server and knows the account's one person.
    pub fn synced(server: &Server, seed: u64) -> Self {
        if server.with(|state| state.data.users.is_empty()) {
            server.add_user(samples::person(), &UserPatch::default());
        }
        let device = Self::new(server, seed);
        assert_eq!(device.tick().outcome, TickOutcome::Done);
        server.take_asked();
        device
    }

    /// Logs a reading of the active person at the clock's time, a little later than the last one.
    pub fn log(&self, weight: u32) -> EntityId {
        self.logged.set(self.logged.get() + 1);
        let reading = Reading {
            weight: grams(weight),
            height: None,
            note: None,
            created_at: self.clock.now().plus_millis(self.logged.get()),
            utc_offset: Some(180),
        };
        run(self.engine.log(None, reading)).unwrap().metric.id
    }

    /// Syncs once, whatever failed before.
    pub fn tick(&self) -> TickReport {
        run(self.engine.tick(Trigger::Manual))
    }

    /// Syncs once, as the timer does.
    pub fn tick_by_timer(&self) -> TickReport {
        run(self.engine.tick(Trigger::Interval))
    }

    /// Moves the clock to the next wake-up and syncs.
    pub fn wake(&self, report: &TickReport) -> TickReport {
        self.clock.set(report.next_wake.max(self.clock.now()));
        self.tick_by_timer()
    }

    /// Syncs until nothing is left to do at once.
    pub fn sync(&self) {
        for _ in 0..50 {
            let report = self.tick();
            if report.outcome == TickOutcome::Done {
                return;
            }
            assert_eq!(report.outcome, TickOutcome::More);
        }
        panic!("no end of syncing");
    }

    /// What is shown of the active person, newest first.
    pub fn shown(&self) -> Vec<Entry> {
        let profile = run(self.engine.profile()).unwrap();
        let Some(person) = profile.active() else {
            return Vec::new();
        };
        run(self.engine.history(person.user.id)).unwrap()
    }

    /// What is shown of one record.
    pub fn entry(&self, id: EntityId) -> Entry {
        let found = self.shown().into_iter().find(|entry| entry.metric.id == id);
        found.expect("the record is shown")
    }

    /// Grams and status of what is shown, newest first.
    pub fn rows(&self) -> Vec<(u32, &'static str)> {
        let shown = self.shown();
        let rows = shown.iter();
        rows.map(|entry| (entry.metric.weight.get(), entry.status.as_str()))
            .collect()
    }

    /// Sets the weight of a record.
    pub fn edit(&self, id: EntityId, to: u32) {
        run(self.engine.edit(&self.entry(id), weight(to))).unwrap();
    }

    /// The outbox.
    pub fn outbox(&self) -> Vec<OutboxEntry> {
        run(self.store.outbox()).unwrap()
    }

    /// The sync state.
    pub fn state(&self) -> SyncState {
        run(self.engine.state()).unwrap()
    }
}

/// The code of a failure.
pub fn failure_code(report: &TickReport) -> &str {
    match &report.outcome {
        TickOutcome::Failed(failure) => &failure.error.code,
        other => panic!("no failure but {other:?}"),
    }
}

/// Milliseconds from now to the next wake-up.
pub fn wait_ms(device: &Device, report: &TickReport) -> i64 {
    let now: Timestamp = device.clock.now();
    report.next_wake.millis_since(now)
}
