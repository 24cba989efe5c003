//! Sets of runs, and what is told about them.

use crate::arguments::Arguments;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tidemark_simulator::{Bug, Fault, FaultCounts, Options, Outcome, run_seed};

/// One seed in so many is played twice: the hashes must be the same.
const REPLAYED_EACH: u64 = 100;
/// Violations that are printed.
const SHOWN_MAX: usize = 10;
/// From this many seeds on a counter that stayed at zero makes a set invalid.
const SEEDS_FOR_ALL_FAULTS: u64 = 2000;

/// Sums over a set.
#[derive(Debug, Default)]
struct Sums {
    runs: u64,
    counts: FaultCounts,
    simulated_ms: i64,
    turns: u64,
    requests: u64,
    writes: u64,
    conflicts: u64,
    replayed: u64,
    drained: Vec<i64>,
    failures: Vec<(u64, String)>,
}

impl Sums {
    fn add(&mut self, outcome: &Outcome) {
        self.runs += 1;
        self.counts.add(&outcome.counts);
        self.simulated_ms += outcome.simulated_ms;
        self.turns += outcome.turns;
        self.requests += outcome.requests;
        self.writes += outcome.writes;
        self.conflicts += outcome.conflicts;
        self.drained.extend(outcome.drained_after_ms);
        if let Some(violation) = &outcome.violation {
            self.failures.push((outcome.seed, violation.clone()));
        }
    }
}

/// Plays the seeds. Answers whether all went well.
pub fn play(arguments: &Arguments) -> bool {
    let sums = Mutex::new(Sums::default());
    let next = AtomicU64::new(0);
    let ((), took) = timed(|| {
        std::thread::scope(|scope| {
            for _ in 0..arguments.jobs {
                scope.spawn(|| work(arguments, &next, &sums));
            }
        });
    });
    let mut sums = sums
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    tell(arguments, &mut sums, took)
}

fn work(arguments: &Arguments, next: &AtomicU64, sums: &Mutex<Sums>) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= arguments.seeds {
            return;
        }
        let seed = arguments.first + index;
        let mut outcome = run_seed(seed, &arguments.options);
        let again = index.is_multiple_of(REPLAYED_EACH);
        if again && run_seed(seed, &arguments.options).hash != outcome.hash {
            outcome
                .violation
                .get_or_insert_with(|| "I11: the same seed took another course".to_owned());
        }
        let mut sums = sums
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        sums.replayed += u64::from(again);
        sums.add(&outcome);
    }
}

fn tell(arguments: &Arguments, sums: &mut Sums, took: Duration) -> bool {
    let seconds = took.as_secs_f64().max(0.001);
    println!(
        "{} seeds in {seconds:.1} s, {:.0} a second",
        sums.runs,
        whole(sums.runs) / seconds
    );
    println!(
        "{:.1} simulated device-world days, {} turns, {} requests, {} acknowledged writes, {} conflicts, {} seeds played twice",
        whole(sums.simulated_ms.unsigned_abs()) / 86_400_000.0,
        sums.turns,
        sums.requests,
        sums.writes,
        sums.conflicts,
        sums.replayed
    );
    sums.drained.sort_unstable();
    if let (Some(middle), Some(last)) = (
        sums.drained.get(sums.drained.len() / 2),
        sums.drained.last(),
    ) {
        println!("outboxes empty after healing: median {middle} ms, at most {last} ms");
    }
    for fault in Fault::ALL {
        println!("{:>12}  {}", sums.counts.of(*fault), fault.text());
    }
    sums.failures.sort_unstable();
    for (seed, violation) in sums.failures.iter().take(SHOWN_MAX) {
        println!("seed {seed}: {violation}\n    {}", arguments.replay(*seed));
    }
    println!(
        "{} of {} seeds broke an invariant",
        sums.failures.len(),
        sums.runs
    );
    sums.failures.is_empty() && is_complete(arguments, sums)
}

/// A set that never met a fault proves nothing about it.
fn is_complete(arguments: &Arguments, sums: &Sums) -> bool {
    let missing = sums.counts.missing();
    let must = arguments.seeds >= SEEDS_FOR_ALL_FAULTS && arguments.options.bug.is_none();
    for fault in missing.iter().filter(|_| must) {
        println!("invalid: no run met the fault \"{}\"", fault.text());
    }
    missing.is_empty() || !must
}

/// Prints everything that happens in a seed.
pub fn show(arguments: &Arguments) -> bool {
    let options = Options {
        keep_trace: true,
        ..arguments.options
    };
    let outcome = run_seed(arguments.first, &options);
    for line in &outcome.lines {
        println!("{line}");
    }
    println!("hash {:016x}, {} turns", outcome.hash, outcome.turns);
    match &outcome.violation {
        Some(violation) => println!("broken: {violation}"),
        None => println!("all invariants hold"),
    }
    outcome.violation.is_none()
}

/// Sows each bug and counts the seeds until it is caught.
pub fn catch_bugs(arguments: &Arguments) -> bool {
    let mut taken = Vec::new();
    let mut escaped = 0;
    for bug in Bug::ALL.iter().copied() {
        let found = catch(arguments, bug);
        if let Some((seeds, violation)) = &found {
            taken.push(*seeds);
            println!(
                "{seeds:>8}  {}: {}\n          {violation}",
                bug.name(),
                bug.text()
            );
        } else {
            escaped += 1;
            println!(" ESCAPED  {}: {}", bug.name(), bug.text());
        }
    }
    taken.sort_unstable();
    let median = taken.get(taken.len() / 2).copied().unwrap_or(0);
    println!(
        "{} of {} bugs caught, median {median} seeds",
        taken.len(),
        taken.len() + escaped
    );
    escaped == 0
}

fn catch(arguments: &Arguments, bug: Bug) -> Option<(u64, String)> {
    let options = Options {
        bug: Some(bug),
        ..arguments.options
    };
    let (next, caught) = (AtomicU64::new(0), AtomicBool::new(false));
    let first = Mutex::new(None::<(u64, String)>);
    std::thread::scope(|scope| {
        for _ in 0..arguments.jobs {
            scope.spawn(|| {
                while !caught.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= arguments.seeds {
                        return;
                    }
                    let seed = arguments.first + index;
                    let caught_by = run_seed(seed, &options).violation;
                    // A seed that fails without the bug too proves nothing about it.
                    let fails_anyway = || run_seed(seed, &arguments.options).violation.is_some();
                    if let Some(violation) = caught_by.filter(|_| !fails_anyway()) {
                        caught.store(true, Ordering::Relaxed);
                        let mut first = first
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner);
                        if first.as_ref().is_none_or(|(known, _)| index + 1 < *known) {
                            *first = Some((index + 1, violation));
                        }
                    }
                }
            });
        }
    });
    first
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn whole(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures the simulator itself; no product code sees this clock"
)]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = std::time::Instant::now();
    let result = work();
    (result, start.elapsed())
}
