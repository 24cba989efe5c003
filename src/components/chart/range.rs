//! Which stretch of time the chart shows. Knows days and samples, nothing of pixels.

use serde::{Deserialize, Serialize};

/// The ranges a person can choose, shortest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChartRange {
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
    /// The last 91 days.
    #[default]
    Quarter,
    /// The last 365 days.
    Year,
    /// Since the first entry.
    All,
}

/// One reading with the trend on its day, in the unit of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Local days since 1970-01-01, with the time of day as the fraction.
    pub day: f64,
    /// The reading.
    pub reading: f64,
    /// The trend on that day.
    pub trend: f64,
}

/// A stretch of local days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The first moment shown.
    pub from: f64,
    /// The last moment shown.
    pub to: f64,
}

/// The shortest window in days, so that two entries of one morning do not fill the screen.
const SPAN_DAYS_MIN: f64 = 6.0;

impl ChartRange {
    /// All ranges in the order of their chips.
    pub const ALL: [Self; 5] = [
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::All,
    ];

    /// Days back from now, or none for everything.
    pub fn days(self) -> Option<f64> {
        match self {
            Self::Week => Some(7.0),
            Self::Month => Some(30.0),
            Self::Quarter => Some(91.0),
            Self::Year => Some(365.0),
            Self::All => None,
        }
    }

    /// Whether the range is short enough for stems between dot and line.
    pub fn has_stems(self) -> bool {
        matches!(self, Self::Week | Self::Month)
    }

    /// Where the range begins in a list that is oldest first: at the newest where it holds none.
    pub fn start<T>(self, list: &[T], today: f64, day: impl Fn(&T) -> f64) -> usize {
        let start = self.days().map_or(0, |days| {
            list.partition_point(|one| day(one) < today - days)
        });
        start.min(list.len().saturating_sub(1))
    }

    /// The samples inside the range and the window they are drawn in. `samples` are oldest first.
    ///
    /// The window begins with the first sample inside, so that a young history fills the chart; where
    /// the range holds no entry the newest one is shown, since an empty chart would say nothing.
    pub fn select(self, samples: &[Sample], today: f64) -> (&[Sample], Window) {
        let inside = &samples[self.start(samples, today, |sample| sample.day)..];
        let to = inside.last().map_or(today, |last| last.day.max(today));
        let from = inside
            .first()
            .map_or(to, |first| first.day)
            .min(to - SPAN_DAYS_MIN);
        (inside, Window { from, to })
    }
}

impl Window {
    /// Length in days, never zero.
    pub fn days(self) -> f64 {
        (self.to - self.from).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(days: &[f64]) -> Vec<Sample> {
        days.iter()
            .map(|&day| Sample {
                day,
                reading: 80.0,
                trend: 80.0,
            })
            .collect()
    }

    #[test]
    fn a_range_takes_the_samples_that_are_not_older_than_its_days() {
        let all = samples(&[10.0, 60.0, 93.5, 94.0, 99.0]);
        for (range, count) in [
            (ChartRange::Week, 3),
            (ChartRange::Month, 3),
            (ChartRange::Quarter, 5),
            (ChartRange::All, 5),
        ] {
            assert_eq!(range.select(&all, 100.0).0.len(), count, "{range:?}");
        }
    }

    #[test]
    fn an_old_history_still_shows_its_newest_entry_in_a_short_range() {
        let all = samples(&[1.0, 2.0]);
        let (inside, window) = ChartRange::Week.select(&all, 100.0);
        assert_eq!(inside, &all[1..]);
        assert!((window.from - 2.0).abs() < 1e-9 && (window.to - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_window_never_shrinks_below_its_least_span_and_survives_no_samples() {
        let one = samples(&[99.9]);
        let (_, window) = ChartRange::All.select(&one, 100.0);
        assert!((window.days() - SPAN_DAYS_MIN).abs() < 1e-9);
        let (inside, window) = ChartRange::Week.select(&[], 100.0);
        assert!(inside.is_empty() && window.days() >= SPAN_DAYS_MIN);
    }

    #[test]
    fn an_entry_ahead_of_the_clock_stretches_the_window() {
        let ahead = samples(&[99.0, 100.4]);
        let (inside, window) = ChartRange::Week.select(&ahead, 100.0);
        assert_eq!(inside.len(), 2);
        assert!((window.to - 100.4).abs() < 1e-9);
    }
}
