//! Libra's second copies: old databases hold each weigh-in twice, once at its time and once at midnight of that day.

use crate::Format;
use crate::sink::{Draft, Sink};
use std::collections::BTreeSet;
use tidemark_domain::calendar::local_day;
use tidemark_domain::mass::Grams;

/// Rows that wait for the end of the file, because their other copy may stand anywhere.
#[derive(Default)]
pub(super) struct Held(Vec<(u64, String, Draft)>);

impl Held {
    pub fn keep(&mut self, line: u64, raw: String, draft: Draft) {
        self.0.push((line, raw, draft));
    }

    /// Gives on all rows but those at midnight whose weight also stands at a real time of the same day.
    pub fn release(&mut self, sink: &mut Sink) {
        let rows = std::mem::take(&mut self.0);
        let days: Vec<Comparable> = rows
            .iter()
            .map(|(_, _, draft)| Comparable::of(draft, sink))
            .collect();
        let mut timed: BTreeSet<(i32, Grams)> = BTreeSet::new();
        for day in days.iter().filter(|day| !day.is_midnight) {
            timed.insert((day.date, day.weight));
        }
        for ((line, raw, draft), day) in rows.into_iter().zip(days) {
            if day.is_midnight && timed.contains(&(day.date, day.weight)) {
                sink.report.duplicates += 1;
            } else if let Err(reason) = sink.accept(Format::Libra, draft) {
                sink.reject(line, reason, raw);
            }
        }
    }
}

/// What a row is compared by.
struct Comparable {
    date: i32,
    weight: Grams,
    is_midnight: bool,
}

impl Comparable {
    fn of(draft: &Draft, sink: &Sink) -> Self {
        let (instant, offset) = sink.resolve(draft.at);
        let local = instant.saturating_add(i64::from(offset) * 60_000);
        Self {
            date: local_day(instant, offset),
            weight: draft.weight,
            is_midnight: local.rem_euclid(crate::value::DAY_MS) == 0,
        }
    }
}
