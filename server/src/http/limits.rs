//! Who asks too often: counters per key with a bound on how many keys are remembered. Time is an argument.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tidemark_protocol::Timestamp;

/// Keys that are remembered at a time; beyond it the one that was quiet for longest is forgotten.
const KEYS_MAX: usize = 20_000;

/// So many seconds until it is worth asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait(pub u64);

/// At most so many in any span of time, told exactly; for small numbers.
#[derive(Debug)]
pub(super) struct Window<K> {
    most: usize,
    span_ms: i64,
    seen: Mutex<HashMap<K, VecDeque<Timestamp>>>,
}

impl<K: Clone + Eq + Hash> Window<K> {
    /// `most` in `span_ms` milliseconds.
    pub(super) fn new(most: usize, span_ms: i64) -> Self {
        Self {
            most,
            span_ms,
            seen: Mutex::default(),
        }
    }

    /// Counts one; where there were too many it is not counted.
    pub(super) fn take(&self, key: K, now: Timestamp) -> Result<(), Wait> {
        let mut seen = unpoisoned(&self.seen);
        if !seen.contains_key(&key) && seen.len() >= KEYS_MAX {
            let quietest = seen.iter().min_by_key(|(_, times)| times.back().copied());
            let quietest = quietest.map(|(key, _)| key.clone());
            quietest.and_then(|key| seen.remove(&key));
        }
        let times = seen.entry(key).or_default();
        let is_old = |at: &Timestamp| now.millis_since(*at) >= self.span_ms;
        while times.front().is_some_and(is_old) {
            times.pop_front();
        }
        if times.len() >= self.most {
            let first = times.front().copied().unwrap_or(now);
            return Err(wait(first, self.span_ms, now));
        }
        times.push_back(now);
        Ok(())
    }

    /// Takes the last one back.
    pub(super) fn give_back(&self, key: &K) {
        if let Some(times) = unpoisoned(&self.seen).get_mut(key) {
            times.pop_back();
        }
    }

    /// Begins anew.
    pub(super) fn forget(&self, key: &K) {
        unpoisoned(&self.seen).remove(key);
    }
}

/// At most so many in a minute that begins with the first; for large numbers.
#[derive(Debug)]
pub(super) struct Pace<K> {
    most: u32,
    minutes: Mutex<HashMap<K, (Timestamp, u32)>>,
}

const MINUTE_MS: i64 = 60_000;

impl<K: Clone + Eq + Hash> Pace<K> {
    /// `most` in a minute; 0 for no bound.
    pub(super) fn new(most: u32) -> Self {
        Self {
            most,
            minutes: Mutex::default(),
        }
    }

    /// Counts one; where there were too many it is not counted.
    pub(super) fn take(&self, key: K, now: Timestamp) -> Result<(), Wait> {
        if self.most == 0 {
            return Ok(());
        }
        let mut minutes = unpoisoned(&self.minutes);
        if !minutes.contains_key(&key) && minutes.len() >= KEYS_MAX {
            // Whoever is over the bound now would be let in again; so the past minutes go first.
            minutes.retain(|_, (began, _)| now.millis_since(*began) < MINUTE_MS);
            let quietest = minutes.iter().min_by_key(|(_, (_, count))| *count);
            let quietest = quietest.map(|(key, _)| key.clone());
            quietest
                .filter(|_| minutes.len() >= KEYS_MAX)
                .and_then(|key| minutes.remove(&key));
        }
        let (began, count) = minutes.entry(key).or_insert((now, 0));
        if now.millis_since(*began) >= MINUTE_MS {
            (*began, *count) = (now, 0);
        }
        if *count >= self.most {
            return Err(wait(*began, MINUTE_MS, now));
        }
        *count += 1;
        Ok(())
    }
}

fn wait(began: Timestamp, span_ms: i64, now: Timestamp) -> Wait {
    let left = span_ms - now.millis_since(began);
    Wait(u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1))
}

/// Each change of a table is whole before anything can panic.
fn unpoisoned<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{KEYS_MAX, Pace, Wait, Window};
    use tidemark_protocol::Timestamp;

    #[test]
    fn a_window_holds_so_many_in_any_span() {
        let window = Window::new(2, 10_000);
        let steps = [
            (0, Ok(())),
            (4_000, Ok(())),
            (9_999, Err(Wait(1))),
            (10_000, Ok(())),
            (10_500, Err(Wait(4))),
            (14_000, Ok(())),
        ];
        for (now, expected) in steps {
            assert_eq!(window.take("a", Timestamp(now)), expected, "{now}");
        }
        assert_eq!(window.take("b", Timestamp(14_000)), Ok(()));
        window.give_back(&"a");
        assert_eq!(window.take("a", Timestamp(14_001)), Ok(()));
        assert!(window.take("a", Timestamp(14_002)).is_err());
        window.forget(&"a");
        assert_eq!(window.take("a", Timestamp(14_003)), Ok(()));
    }

    #[test]
    fn a_pace_counts_by_the_minute() {
        let pace = Pace::new(2);
        let steps = [
            (0, Ok(())),
            (1_000, Ok(())),
            (30_500, Err(Wait(30))),
            (60_000, Ok(())),
        ];
        for (now, expected) in steps {
            assert_eq!(pace.take("a", Timestamp(now)), expected, "{now}");
        }
        let unbound = Pace::new(0);
        for _ in 0..100 {
            assert_eq!(unbound.take("a", Timestamp(0)), Ok(()));
        }
    }

    #[test]
    fn no_number_of_keys_fills_the_memory() {
        let (window, pace) = (Window::new(1, 10), Pace::new(1));
        for key in 0..KEYS_MAX + 5 {
            let now = Timestamp(i64::try_from(key / 10_000).unwrap());
            window.take(key, now).unwrap();
            pace.take(key, now).unwrap();
        }
        assert_eq!(window.seen.lock().unwrap().len(), KEYS_MAX);
        assert_eq!(pace.minutes.lock().unwrap().len(), KEYS_MAX);
    }
}
