//! Chance of a run: one stream from the seed, so that the same seed plays the same run.

use tidemark_testkit::SeededEntropy;

/// The dice of a run.
#[derive(Clone, Debug)]
pub struct Chance(SeededEntropy);

impl Chance {
    /// Dice from a seed.
    pub fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x7469_6465_6d61_726b,
        ))
    }

    /// A stream of its own for one device's entropy.
    pub fn fork(&self) -> SeededEntropy {
        SeededEntropy::new(self.0.next_u64())
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.below(bound) }
    }

    /// An index below `len`; 0 for an empty list.
    pub fn index(&self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// Whether something that happens in `per_mille` of a thousand cases happens now.
    pub fn happens(&self, per_mille: u32) -> bool {
        per_mille > 0 && self.below(1000) < u64::from(per_mille)
    }

    /// One of these; `None` of nothing.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.index(from.len()))
    }
}
