//! Everything that takes part in a run, and what its parts share: time, chance, counters, the checker.

use crate::bugs::Bug;
use crate::chance::Chance;
use crate::device::Device;
use crate::executor::{Orders, Pause, Reactor};
use crate::faults::{Fault, FaultCounts};
use crate::ledger::Ledger;
use crate::oracle::Oracle;
use crate::plan::{Options, Plan};
use crate::server::SimServer;
use crate::session::signs_in;
use crate::trace::Trace;
use std::cell::{Cell, RefCell};
use std::fmt::Arguments;
use std::rc::Rc;
use tidemark_protocol::Timestamp;

/// When a run begins, by the true clock: 2026-02-20T10:22:33Z.
pub const BEGINNING: Timestamp = Timestamp(1_771_582_953_000);

/// The world of a run.
#[derive(Debug)]
pub struct World {
    /// Virtual time.
    pub reactor: Reactor,
    /// Orders to the executor.
    pub orders: Orders,
    /// The run's dice.
    pub chance: Chance,
    /// What kind of run it is.
    pub plan: Plan,
    /// Whether people sign in.
    pub signs_in: bool,
    /// A sown bug.
    pub bug: Option<Bug>,
    /// Whether faults happen.
    pub storming: Cell<bool>,
    /// How often each fault was played.
    pub counts: FaultCounts,
    /// What happened.
    pub trace: Trace,
    /// The server.
    pub server: SimServer,
    /// The devices.
    pub devices: RefCell<Vec<Rc<Device>>>,
    /// What devices have promised to their people.
    pub ledger: RefCell<Ledger>,
    /// What the server may and must do.
    pub oracle: RefCell<Oracle>,
    /// The first broken invariant.
    pub violation: RefCell<Option<String>>,
    /// Numbers handed out.
    pub numbers: Cell<usize>,
    /// When the storm ended, in virtual milliseconds.
    pub healed_at_ms: Cell<Option<i64>>,
    /// Requests that reached the server.
    pub requests: Cell<u64>,
    /// Writes acknowledged to people.
    pub writes: Cell<u64>,
}

impl World {
    /// The world of a seed, still empty of devices.
    pub fn new(seed: u64, options: &Options) -> Self {
        let chance = Chance::new(seed);
        let plan = Plan::draw(&chance, options);
        let ledger = Ledger::new(plan.no_lock);
        Self {
            reactor: Reactor::default(),
            orders: Orders::default(),
            server: SimServer::new(options.depth, &chance, options.bug),
            chance,
            plan,
            signs_in: signs_in(seed),
            bug: options.bug,
            storming: Cell::new(true),
            counts: FaultCounts::default(),
            trace: Trace::new(options.keep_trace),
            devices: RefCell::default(),
            ledger: RefCell::new(ledger),
            oracle: RefCell::default(),
            violation: RefCell::default(),
            numbers: Cell::new(1),
            healed_at_ms: Cell::new(None),
            requests: Cell::new(0),
            writes: Cell::new(0),
        }
    }

    /// Waits in virtual time.
    pub fn pause(&self, ms: i64) -> Pause<'_> {
        self.reactor.pause(ms)
    }

    /// True time.
    pub fn true_now(&self) -> Timestamp {
        BEGINNING.plus_millis(self.reactor.now_ms())
    }

    /// Whether a fault of this rate happens now, and if so counts it.
    pub fn strikes(&self, per_mille: u32, fault: Fault) -> bool {
        let strikes = self.storming.get() && self.chance.happens(per_mille);
        if strikes {
            self.note(fault);
        }
        strikes
    }

    /// Counts a fault that is played.
    pub fn note(&self, fault: Fault) {
        self.counts.count(fault);
        self.trace.mix(&[fault as u64]);
        self.trace.line(format_args!(
            "{:>9} fault: {}",
            self.reactor.now_ms(),
            fault.text()
        ));
    }

    /// Adds a line to the trace.
    pub fn say(&self, line: Arguments<'_>) {
        self.trace
            .line(format_args!("{:>9} {line}", self.reactor.now_ms()));
    }

    /// Whether this bug is sown.
    pub fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    /// Notes a broken invariant; the first one counts.
    pub fn violated(&self, what: Arguments<'_>) {
        self.say(format_args!("VIOLATION: {what}"));
        self.violation
            .borrow_mut()
            .get_or_insert_with(|| what.to_string());
    }

    /// Notes a broken invariant if there is one.
    pub fn check(&self, result: Result<(), String>) {
        if let Err(what) = result {
            self.violated(format_args!("{what}"));
        }
    }

    /// A number that nobody else has.
    pub fn next_number(&self) -> usize {
        self.numbers.replace(self.numbers.get() + 1)
    }
}
