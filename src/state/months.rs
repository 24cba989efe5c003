//! History grouped by month, with each entry's change against the one before it.

use crate::i18n::LocalTime;
use chrono::NaiveDate;
use std::collections::HashMap;
use tidemark_domain::averages::mean_of_days;
use tidemark_domain::mass::{Grams, MassChange};
use tidemark_engine::view::Entry;
use tidemark_protocol::EntityId;

/// The entries of one local month, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// Counts months up; the key of the group.
    pub index: i32,
    /// A day within the month, for its name.
    pub date: NaiveDate,
    /// The mean of its days.
    pub average: Grams,
    /// How many entries the month has in all.
    pub count: usize,
    /// Newest first, the first ones of the month.
    pub entries: Vec<(EntityId, LocalTime)>,
}

/// Groups entries that are newest first by the month in which they were measured, showing at most
/// `entries_max` of them in all. Average and count are those of the whole month.
pub fn months(entries: &[Entry], here: impl Fn(&Entry) -> i16, entries_max: usize) -> Vec<Month> {
    let placed: Vec<(&Entry, LocalTime)> = entries
        .iter()
        .map(|entry| (entry, LocalTime::at(entry.metric.created_at, here(entry))))
        .collect();
    let mut room = entries_max;
    let groups = placed.chunk_by(|one, next| one.1.month_index() == next.1.month_index());
    let mut months = Vec::new();
    for group in groups {
        if room == 0 {
            break;
        }
        let shown = group.len().min(room);
        room -= shown;
        months.push(Month {
            index: group[0].1.month_index(),
            date: group[0].1.date,
            average: average(group),
            count: group.len(),
            entries: group[..shown]
                .iter()
                .map(|(entry, at)| (entry.metric.id, *at))
                .collect(),
        });
    }
    months
}

/// As in the averages of the history: a day counts once.
fn average(group: &[(&Entry, LocalTime)]) -> Grams {
    let days: Vec<(i32, Grams)> = group
        .iter()
        .map(|(entry, at)| (at.day, entry.metric.weight))
        .collect();
    Grams::nearest(mean_of_days(&days).1)
}

/// Each entry's change against the next older one; the oldest has none.
pub fn changes_by_entry(newest_first: &[Entry]) -> HashMap<EntityId, MassChange> {
    newest_first
        .windows(2)
        .map(|pair| {
            let change = pair[0].metric.weight.change_since(pair[1].metric.weight);
            (pair[0].metric.id, change)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests_support::entry;

    fn utc(_: &Entry) -> i16 {
        0
    }

    #[test]
    fn entries_fall_into_the_month_of_their_own_wall_clock() {
        let entries = [
            entry(2, "2026-02-28T23:30:00Z", 80_000),
            entry(1, "2026-02-28T07:00:00Z", 79_000),
        ];
        assert_eq!(months(&entries, utc, 9).len(), 1);
        let east = |entry: &Entry| {
            if entry.metric.weight.get() == 80_000 {
                60
            } else {
                0
            }
        };
        assert_eq!(months(&entries, east, 9).len(), 2);
    }

    #[test]
    fn a_month_that_is_cut_still_knows_its_whole_average_and_count() {
        let entries = [
            entry(2, "2026-02-02T07:00:00Z", 80_000),
            entry(1, "2026-02-01T07:00:00Z", 79_000),
        ];
        let shown = months(&entries, utc, 1);
        assert_eq!((shown[0].entries.len(), shown[0].count), (1, 2));
        assert_eq!(shown[0].average.get(), 79_500);
    }

    #[test]
    fn every_change_is_against_the_entry_before_and_the_first_has_none() {
        let entries = [
            entry(2, "2026-02-02T07:00:00Z", 80_300),
            entry(1, "2026-02-01T07:00:00Z", 80_000),
        ];
        let changes = changes_by_entry(&entries);
        assert_eq!(changes[&entries[0].metric.id].get(), 300);
        assert!(!changes.contains_key(&entries[1].metric.id));
    }
}
