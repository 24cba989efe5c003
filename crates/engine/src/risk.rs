//! What would be lost with this device: unsent entries, their age, and whether the browser may clear them.

use tidemark_protocol::Timestamp;

/// Unsent for longer than this, in milliseconds, something is in the way that does not pass by itself.
const LONG_MS: i64 = 86_400_000;
/// So many unsent entries are worth a warning at any age.
const MANY: usize = 20;

/// How much is at risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossRisk {
    /// Nothing is unsent.
    None,
    /// Something is unsent, for a short while or safely kept.
    Low,
    /// Unsent for long, or much of it; the browser has promised to keep it.
    Long,
    /// The same, and the browser may clear it.
    High,
}

/// The risk of so many unsent entries, the oldest of that moment. `is_kept`: whether the browser has promised to keep
/// them; none where it does not say, which is no promise.
pub fn loss_risk(
    unsent: usize,
    oldest: Option<Timestamp>,
    is_kept: Option<bool>,
    now: Timestamp,
) -> LossRisk {
    if unsent == 0 {
        return LossRisk::None;
    }
    let is_old = oldest.is_some_and(|at| now.millis_since(at) >= LONG_MS);
    match is_old || unsent >= MANY {
        false => LossRisk::Low,
        true if is_kept == Some(true) => LossRisk::Long,
        true => LossRisk::High,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_number_and_promise_make_the_risk() {
        const NOW: Timestamp = Timestamp(1_771_582_953_000);
        let (kept, cleared) = (Some(true), Some(false));
        for (unsent, age_ms, is_kept, risk) in [
            (0, LONG_MS, cleared, LossRisk::None),
            (1, 60_000, cleared, LossRisk::Low),
            (1, LONG_MS - 1, None, LossRisk::Low),
            (1, LONG_MS, kept, LossRisk::Long),
            (1, LONG_MS, cleared, LossRisk::High),
            (1, LONG_MS, None, LossRisk::High),
            (MANY, 0, kept, LossRisk::Long),
            (MANY, 0, cleared, LossRisk::High),
        ] {
            let oldest = Some(NOW.plus_millis(-age_ms));
            let found = loss_risk(unsent, oldest, is_kept, NOW);
            assert_eq!(found, risk, "{unsent} for {age_ms} ms, kept: {is_kept:?}");
        }
    }
}
