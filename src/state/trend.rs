//! Entries with the trend laid through them: what hero, facts and chart read. Computed, never stored.

use super::Quantity;
use crate::components::chart::range::Sample;
use crate::i18n::LocalTime;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::{Grams, MassChange};
use tidemark_domain::trend::{ChangeWindow, TrendPoint, change, trend};
use tidemark_engine::view::Entry;

/// One entry with the trend on its day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// When, where it was measured.
    pub at: LocalTime,
    /// The weight.
    pub weight: Grams,
    /// The trend on that day.
    pub trend: Grams,
    /// The height that came with it.
    pub height: Option<Millimetres>,
}

/// The readings of a history, oldest first, and what follows from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrendView {
    /// Oldest first.
    pub readings: Vec<Reading>,
    points: Vec<TrendPoint>,
}

impl TrendView {
    /// Lays the trend through entries that are newest first. `here` is the offset for entries without one.
    pub fn new(newest_first: &[Entry], here: impl Fn(&Entry) -> i16) -> Self {
        let mut daily: Vec<(LocalTime, Grams, Option<Millimetres>)> = newest_first
            .iter()
            .map(|entry| {
                (
                    LocalTime::at(entry.metric.created_at, here(entry)),
                    entry.metric.weight,
                    entry.metric.height,
                )
            })
            .collect();
        // Travel can make a later entry fall on an earlier local day, so days are sorted anew.
        daily.sort_by_key(|(at, ..)| (at.day, at.minute_of_day));
        let days: Vec<(i32, Grams)> = daily
            .iter()
            .map(|(at, weight, _)| (at.day, *weight))
            .collect();
        let points = trend(&days);
        let mut readings = Vec::with_capacity(daily.len());
        let mut index = 0;
        for (at, weight, height) in daily {
            while points[index].day < at.day {
                index += 1;
            }
            readings.push(Reading {
                at,
                weight,
                trend: Grams::nearest(points[index].grams),
                height,
            });
        }
        Self { readings, points }
    }

    /// The trend now: its last value.
    pub fn now(&self) -> Option<Grams> {
        self.readings.last().map(|reading| reading.trend)
    }

    /// The change over a window that ends today; none where data are thin.
    pub fn change(&self, today: i32, window: ChangeWindow) -> Option<MassChange> {
        change(&self.points, today, window).map(MassChange::nearest)
    }

    /// The readings on the axis of a quantity.
    pub fn samples(&self, quantity: Quantity) -> Vec<Sample> {
        let sample = |reading: &Reading| Sample {
            day: reading.at.day_fraction(),
            reading: quantity.value(Some(reading), reading.weight),
            trend: quantity.value(Some(reading), reading.trend),
        };
        self.readings.iter().map(sample).collect()
    }

    /// Local days and weights, oldest first, as the domain wants them.
    pub fn days(&self) -> Vec<(i32, Grams)> {
        let day = |reading: &Reading| (reading.at.day, reading.weight);
        self.readings.iter().map(day).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests_support::entry;

    fn utc(_: &Entry) -> i16 {
        0
    }

    #[test]
    fn an_empty_history_has_no_trend() {
        let view = TrendView::new(&[], utc);
        assert_eq!(view.now(), None);
        assert!(view.days().is_empty());
        assert_eq!(view.change(0, ChangeWindow::Week), None);
    }

    #[test]
    fn readings_are_oldest_first_and_follow_the_smoothing() {
        let view = TrendView::new(
            &[
                entry(2, "2026-03-02T07:00:00Z", 80_600),
                entry(1, "2026-03-01T07:00:00Z", 80_000),
            ],
            utc,
        );
        let trends: Vec<u32> = view
            .readings
            .iter()
            .map(|reading| reading.trend.get())
            .collect();
        assert_eq!(trends, [80_000, 80_060]);
    }

    #[test]
    fn two_entries_of_a_day_share_its_trend() {
        let view = TrendView::new(
            &[
                entry(2, "2026-03-01T20:00:00Z", 81_000),
                entry(1, "2026-03-01T07:00:00Z", 80_000),
            ],
            utc,
        );
        assert!(
            view.readings
                .iter()
                .all(|reading| reading.trend.get() == 80_500)
        );
    }

    #[test]
    fn the_place_of_measurement_decides_the_day() {
        let entries = [
            entry(2, "2026-03-01T23:30:00Z", 81_000),
            entry(1, "2026-03-01T07:00:00Z", 80_000),
        ];
        let east = TrendView::new(&entries, |entry| {
            if entry.metric.weight.get() == 81_000 {
                60
            } else {
                0
            }
        });
        assert_eq!(east.readings[1].at.day - east.readings[0].at.day, 1);
    }
}
