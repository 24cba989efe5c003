//! Chance of a life: what is written and when it is killed comes from the seed. What the killed program was just doing
//! does not: the machine's own timing is part of the test.

use std::time::Duration;
use tidemark_testkit::SeededEntropy;
use uuid::Uuid;

/// Dice from a seed.
#[derive(Clone, Debug)]
pub struct Chance(SeededEntropy);

impl Chance {
    /// Dice from a seed.
    pub fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A stream of its own.
    pub fn fork(&self) -> Self {
        Self::new(self.0.next_u64())
    }

    /// A number below `bound`, which must not be 0.
    pub fn below(&self, bound: usize) -> usize {
        usize::try_from(self.0.below(bound as u64)).unwrap_or(0)
    }

    /// Whether something that happens once in `times` happens now.
    pub fn one_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these, which must not be none.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// A time up to `max`, in steps of microseconds.
    pub fn duration(&self, max: Duration) -> Duration {
        let micros = u64::try_from(max.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.0.below(micros + 1))
    }

    /// An id.
    pub fn uuid(&self) -> Uuid {
        Uuid::from_u64_pair(self.0.next_u64(), self.0.next_u64())
    }
}
