//! How long to wait after a failure: full jitter, so that devices do not come back all at once.

use crate::ports::Entropy;

/// The bound of the first wait, in milliseconds.
pub const BASE_MS: u64 = 1_000;
/// The bound of every later wait, in milliseconds: promise 4 needs it this low.
pub const CAP_MS: u64 = 15_000;
/// The bound while something waits and an attempt did not reach the server although the browser believes in a
/// network, in milliseconds. Such an attempt costs the server nothing, and no event will say when the next one could
/// succeed: the median wait from then on is 0.3 of this.
pub const PROBE_CAP_MS: u64 = 4_000;
/// The shortest wait, in milliseconds, so that a failing server is not asked in a loop.
pub const FLOOR_MS: u64 = 200;

/// A wait in milliseconds after `failures` failures in a row: evenly spread between [`FLOOR_MS`] and a
/// bound that doubles from [`BASE_MS`] to `cap_ms`.
pub fn delay_ms(failures: u32, cap_ms: u64, entropy: &impl Entropy) -> i64 {
    let doubled = BASE_MS.saturating_mul(1_u64.checked_shl(failures).unwrap_or(u64::MAX));
    let bound = doubled.min(cap_ms);
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    let delay = FLOOR_MS + u64::from_le_bytes(bytes) % (bound - FLOOR_MS + 1);
    i64::try_from(delay).unwrap_or(i64::MAX)
}
