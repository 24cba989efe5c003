//! Seeds over a real PostgreSQL, which the test starts: devices, faults, restarts, restores, households with accounts.

use std::ops::Range;
use tidemark_simulator::{Depth, Options, run_seed};

/// Three of these have a household.
const SEEDS: Range<u64> = 1..25;
/// Seeds side by side.
const THREADS: u64 = 2;

#[test]
fn seeds_over_postgres_keep_every_invariant_and_take_the_same_course_as_over_sqlite() {
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for seed in SEEDS.filter(|seed| seed % THREADS == thread) {
                    check(seed);
                }
            });
        }
    });
}

fn check(seed: u64) {
    let over = |depth| {
        let options = Options {
            depth,
            ..Options::default()
        };
        run_seed(seed, &options)
    };
    let (postgres, sqlite) = (over(Depth::Postgres), over(Depth::Deep));
    assert_eq!(postgres.violation, None, "seed {seed}");
    assert_eq!(
        postgres.hash, sqlite.hash,
        "seed {seed} took another course"
    );
}
