//! What it costs to compare: the digests of a history of 10,000 rows over ten years. `cargo bench -p tidemark-protocol`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement reads the clock and prints"
)]

use std::hint::black_box;
use std::time::Instant;
use tidemark_protocol::{EntityId, Timestamp, digest};
use uuid::Uuid;

/// Rows of the history.
const ROWS: u64 = 10_000;
/// Milliseconds between two rows: ten years in all.
const STEP_MS: i64 = 31_557_600;
/// Times that it is measured; the quickest counts.
const ROUNDS: u32 = 20;

fn main() {
    let rows: Vec<_> = (0..ROWS)
        .map(|number| {
            let at = Timestamp(1_455_000_000_000 + STEP_MS * i64::try_from(number).unwrap_or(0));
            let id = EntityId(Uuid::from_u128(u128::from(number) << 64 | 7));
            (at, id, number + 1)
        })
        .collect();
    let quickest = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let months = black_box(digest::by_month(black_box(&rows).iter().copied()));
            (start.elapsed(), months.len())
        })
        .min();
    if let Some((time, months)) = quickest {
        println!("digests of {ROWS} rows in {months} months: {time:?}");
    }
}
