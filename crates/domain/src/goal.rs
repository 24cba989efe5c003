//! A goal: how low it may sensibly lie, and when the trend would meet it.
//!
//! A forecast is a range of days or an honest refusal. Must not know which goal somebody ought to have.

use crate::length::Millimetres;
use crate::mass::Grams;

/// Days that a forecast looks back on.
const WINDOW_DAYS: i32 = 28;
/// Days with entries that it takes.
const DAYS_MIN: i32 = 10;
/// Days from the first to the last of them that it takes.
const SPAN_DAYS_MIN: i32 = 14;
/// Standard errors to either side of the slope: four of five times the true slope lies between.
const ERRORS: f64 = 1.28;
/// No forecast reaches further than two years.
const DAYS_MAX: f64 = 730.0;

/// Which way a goal lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aim {
    /// To weigh less.
    Less,
    /// To weigh more.
    More,
}

/// When a goal would be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Forecast {
    /// The trend is there.
    Reached,
    /// Between so many days from now.
    Between {
        /// Days to the earliest day, at least 1.
        from: i32,
        /// Days to the latest.
        to: i32,
    },
    /// Too few entries within four weeks: so many more days with an entry are needed.
    TooFewDays(i32),
    /// The weight goes up and down, in no direction that is larger than its swings.
    NoDirection,
    /// It goes away from the goal.
    OtherWay,
    /// More than two years: too far to tell.
    TooFar,
}

/// The least weight with a BMI of 18.5 or more.
pub fn lowest_healthy(height: Millimetres) -> Grams {
    let square = u64::from(height.get()) * u64::from(height.get());
    let grams = (square * 185).div_ceil(10_000);
    u32::try_from(grams)
        .ok()
        .and_then(|grams| Grams::new(grams).ok())
        .unwrap_or(if grams < u64::from(Grams::MIN.get()) {
            Grams::MIN
        } else {
            Grams::MAX
        })
}

/// When a trend that stands at `trend_grams` would meet `target`, from the entries of the four weeks that end with
/// `today`. `entries` are sorted by local day, counted from 1970-01-01.
///
/// The pace is the slope of a straight line through the daily means, with its standard error: a faster and a slower
/// pace give the two ends of the range.
pub fn forecast(
    entries: &[(i32, Grams)],
    today: i32,
    trend_grams: f64,
    target: Grams,
    aim: Aim,
) -> Forecast {
    let towards = match aim {
        Aim::Less => -1.0,
        Aim::More => 1.0,
    };
    let distance = (f64::from(target.get()) - trend_grams) * towards;
    if distance <= 0.0 {
        return Forecast::Reached;
    }
    let days = daily_means(entries, today);
    if let Some(missing) = missing_days(&days) {
        return Forecast::TooFewDays(missing);
    }
    let (slope, error) = line(&days);
    let (slow, fast) = (
        slope * towards - ERRORS * error,
        slope * towards + ERRORS * error,
    );
    if fast <= 0.0 {
        return Forecast::OtherWay;
    }
    if slow <= 0.0 {
        return Forecast::NoDirection;
    }
    match (whole_days(distance / fast), whole_days(distance / slow)) {
        (Some(from), Some(to)) => Forecast::Between { from, to },
        _ => Forecast::TooFar,
    }
}

/// The days of the window that have entries, with their means in grams.
fn daily_means(entries: &[(i32, Grams)], today: i32) -> Vec<(f64, f64)> {
    let first = today.saturating_sub(WINDOW_DAYS - 1);
    entries
        .chunk_by(|one, next| one.0 == next.0)
        .filter(|of_day| (first..=today).contains(&of_day[0].0))
        .map(|of_day| (f64::from(of_day[0].0), crate::trend::mean(of_day)))
        .collect()
}

/// How many more days with entries it takes, if any.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "at most 28 days"
)]
fn missing_days(days: &[(f64, f64)]) -> Option<i32> {
    let span = match days {
        [first, .., last] => (last.0 - first.0) as i32 + 1,
        few => few.len() as i32,
    };
    let missing = (DAYS_MIN - days.len() as i32).max(SPAN_DAYS_MIN - span);
    (missing > 0).then_some(missing)
}

/// Slope in grams per day, and its standard error, of the straight line that fits best. There are at least three days.
fn line(days: &[(f64, f64)]) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "at most 28 days")]
    let count = days.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| days.iter().map(of).sum::<f64>() / count;
    let (day_mean, grams_mean) = (mean(|day| day.0), mean(|day| day.1));
    let spread: f64 = days.iter().map(|day| (day.0 - day_mean).powi(2)).sum();
    let together: f64 = days
        .iter()
        .map(|day| (day.0 - day_mean) * (day.1 - grams_mean))
        .sum();
    let slope = together / spread;
    let rest: f64 = days
        .iter()
        .map(|day| (day.1 - grams_mean - slope * (day.0 - day_mean)).powi(2))
        .sum();
    (slope, (rest / (count - 2.0) / spread).sqrt())
}

fn whole_days(days: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "at most two years")]
    (days <= DAYS_MAX).then(|| (days.ceil() as i32).max(1))
}
