//! A run: a seed's storm, its healing, and the verdict.

use crate::checks;
use crate::device::Device;
use crate::executor::{Executor, HomeId};
use crate::faults::{Fault, FaultCounts};
use crate::household;
use crate::plan::Options;
use crate::storm;
use crate::world::World;
use std::cell::Cell;
use std::rc::Rc;

/// The outbox is empty within this much of healing, in milliseconds (promise 4).
const DRAIN_MS_MAX: i64 = 30_000;
/// Every device shows everything within this much more: an idle page looks every minute.
const LEVEL_MS_MAX: i64 = 200_000;
/// A wish of a server, or the pause after one resync that follows another, and a clock's set-back that is not told from
/// none, in milliseconds.
const WISH_MS_MAX: i64 = 68_000;
/// What an entry may take longer that was written before the first contact, or that goes to a server of tiny batches and
/// pages, in milliseconds: each may be a request of its own.
const HOARDED_MS_MAX: i64 = 400;
/// Batches and pages of up to so many rows are tiny.
const TINY_MAX: usize = 6;
/// Turns of a run at most: beyond that something runs in circles.
const TURNS_MAX: u64 = 3_000_000;

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// The broken invariant, if one broke.
    pub violation: Option<String>,
    /// The trace's hash.
    pub hash: u64,
    /// The trace, if it was kept.
    pub lines: Vec<String>,
    /// Faults played.
    pub counts: FaultCounts,
    /// Virtual milliseconds.
    pub simulated_ms: i64,
    /// Turns given.
    pub turns: u64,
    /// Requests that reached the server.
    pub requests: u64,
    /// Writes acknowledged.
    pub writes: u64,
    /// Conflicts decided.
    pub conflicts: u64,
    /// Milliseconds from healing to the last empty outbox.
    pub drained_after_ms: Option<i64>,
}

/// Plays a seed.
pub fn run_seed(seed: u64, options: &Options) -> Outcome {
    let world = Rc::new(World::new(seed, options));
    let mut executor = Executor::default();
    let turns = Cell::new(0);
    let storm_home = HomeId(usize::MAX - 1);
    world.orders.spawn(
        storm_home,
        Rc::new(Cell::new(0)),
        storm::rage(Rc::clone(&world)),
    );
    let stop = |home: Option<HomeId>| {
        turns.set(turns.get() + 1);
        world.trace.mix(&[
            home.map_or(0, |home| home.0 as u64),
            world.reactor.now_ms().unsigned_abs(),
        ]);
        world.violation.borrow().is_some()
            || turns.get() > TURNS_MAX
            || world.healed_at_ms.get().is_some()
    };
    executor.run(
        &world.reactor,
        &world.orders,
        &world.chance,
        i64::MAX / 2,
        stop,
    );
    let drained_after_ms = if world.violation.borrow().is_none() {
        heal(&world, &mut executor, &turns)
    } else {
        None
    };
    drop(executor);
    let mut outcome = outcome(seed, &world, turns.get(), drained_after_ms);
    dismantle(&world);
    if world.signs_in && outcome.violation.is_none() {
        household::play(seed, options, &mut outcome);
    }
    outcome
}

fn heal(world: &Rc<World>, executor: &mut Executor, turns: &Cell<u64>) -> Option<i64> {
    let healed = world.reactor.now_ms();
    let devices = world.devices.borrow().clone();
    let backlog = devices.iter().map(|device| backlog(world, device)).max();
    let backlog = backlog.unwrap_or(0).max(i64::from(world.plan.hoard)) * HOARDED_MS_MAX;
    let limit = || quiet_until_ms(world, &devices).max(healed) + backlog + DRAIN_MS_MAX;
    let mut step = |end: i64, done: &dyn Fn() -> bool| {
        let stop = |home: Option<HomeId>| {
            turns.set(turns.get() + 1);
            world.trace.mix(&[
                home.map_or(0, |home| home.0 as u64),
                world.reactor.now_ms().unsigned_abs(),
            ]);
            world.violation.borrow().is_some()
                || turns.get() > TURNS_MAX
                || (turns.get().is_multiple_of(16) && done())
        };
        executor.run(&world.reactor, &world.orders, &world.chance, end, stop);
    };
    let drained = || devices.iter().all(|device| checks::is_drained(device));
    step(limit(), &drained);
    if !drained() {
        // A server that asked for one resync after another since is left alone for a while.
        step(limit(), &drained);
    }
    let drained = world.reactor.now_ms() - healed;
    for device in &devices {
        let store = device.store.borrow().clone();
        let checked = store.look(|inside| crate::ledger::check_drained(device.index, inside));
        world.check(checked.map_err(|what| format!("{what}, {drained} ms after healing")));
    }
    if world.violation.borrow().is_some() {
        return None;
    }
    let level = || {
        devices
            .iter()
            .all(|device| checks::is_drained(device) && checks::is_level(world, device))
    };
    step(world.reactor.now_ms() + LEVEL_MS_MAX, &level);
    if turns.get() > TURNS_MAX {
        world.violated(format_args!("I9: {TURNS_MAX} turns and no end"));
    }
    world.check(checks::check_end(world));
    Some(drained)
}

/// Rows to send and to pull, where each may be a request of its own.
fn backlog(world: &World, device: &Device) -> i64 {
    let server = &world.server;
    if server.events_max.min(server.page_rows_max) > TINY_MAX {
        return 0;
    }
    let store = device.store.borrow().clone();
    let waiting = store.look(|inside| {
        let rows = inside.pages.values().flat_map(|page| &page.rows);
        inside.outbox.len() + rows.filter(|row| row.unsent).count()
    });
    let there = world.oracle.borrow().rows().count();
    i64::try_from(waiting + there).unwrap_or(0)
}

/// The virtual moment up to which some device leaves the server alone because it asked for that, also where that is over
/// by now. A clock that was set back by less than a minute since makes it that much later.
fn quiet_until_ms(world: &World, devices: &[Rc<Device>]) -> i64 {
    let ends = devices.iter().flat_map(|device| {
        let store = device.store.borrow().clone();
        let not_before = store.look(|inside| inside.state.and_then(|state| state.not_before));
        let ahead = not_before.map(|until| until.millis_since(device.now(world)));
        let wish = ahead.filter(|ahead| *ahead <= WISH_MS_MAX);
        let wish = wish.map(|ahead| world.reactor.now_ms() + ahead);
        wish.into_iter().chain(asleep_until_ms(device))
    });
    ends.max().unwrap_or(i64::MIN)
}

/// When the first of a device's homes wakes, where all of them sleep because the server asked for that: a clock that
/// jumps wakes nobody.
fn asleep_until_ms(device: &Device) -> Option<i64> {
    let homes = device.homes.borrow();
    let ends = homes.iter().map(|home| home.asked_sleep_until_ms.get());
    ends.min()
}

fn outcome(seed: u64, world: &World, turns: u64, drained_after_ms: Option<i64>) -> Outcome {
    let counts = FaultCounts::default();
    counts.add(&world.counts);
    for _ in 0..world.ledger.borrow().packings {
        counts.count(Fault::Packed);
    }
    Outcome {
        seed,
        violation: world.violation.borrow().clone(),
        hash: world.trace.hash(),
        lines: world.trace.take_lines(),
        counts,
        simulated_ms: world.reactor.now_ms(),
        turns,
        requests: world.requests.get(),
        writes: world.writes.get(),
        conflicts: world.oracle.borrow().conflicts,
        drained_after_ms,
    }
}

/// Takes the world apart: its parts hold each other.
fn dismantle(world: &World) {
    for device in world.devices.take() {
        device.homes.borrow_mut().clear();
    }
    Executor::default().run(
        &world.reactor,
        &world.orders,
        &world.chance,
        i64::MIN,
        |_| true,
    );
}
