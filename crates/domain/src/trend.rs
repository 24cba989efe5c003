//! The trend: an exponentially smoothed weight that takes gaps into account (Hacker's Diet smoothing), and its change.
//!
//! Must not know of today's date or of the screen; it is computed from the entries and never stored.

use crate::mass::Grams;

/// How much of the old trend is left after a day: the smoothing is 0.1 per day.
const KEPT_PER_DAY: f64 = 0.9;

/// The trend on a day that has entries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendPoint {
    /// The local day, counted from 1970-01-01.
    pub day: i32,
    /// The trend, in grams.
    pub grams: f64,
}

/// Over how long a change is given, and how many days with entries it takes to say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeWindow {
    /// 7 days; needs entries on 4 of them.
    Week,
    /// 30 days; needs entries on 19 of the last 28.
    Month,
}

/// The trend of entries that are sorted by local day: one point per day that has any.
///
/// A day's value is the mean of its entries. Over a gap of several days the new value counts as much as if the days
/// between had passed, 1 − 0.9^days, so a monthly weight moves the trend and does not leave it behind. A day that comes
/// out of order counts as no time passed.
pub fn trend(entries: &[(i32, Grams)]) -> Vec<TrendPoint> {
    let mut points: Vec<TrendPoint> = Vec::new();
    for day_entries in entries.chunk_by(|one, next| one.0 == next.0) {
        let day = day_entries[0].0;
        let mean = mean(day_entries);
        let grams = points.last().map_or(mean, |before| {
            let days = i64::from(day) - i64::from(before.day);
            let days = i32::try_from(days.max(0)).unwrap_or(i32::MAX);
            before.grams + (1.0 - KEPT_PER_DAY.powi(days)) * (mean - before.grams)
        });
        points.push(TrendPoint { day, grams });
    }
    points
}

/// How much the trend changed over the window that ends with `today`, in grams.
///
/// `None` where data are thin: too few days with entries, or no point from before the window. Between two points the
/// trend is read off the straight line that the chart draws.
pub fn change(points: &[TrendPoint], today: i32, window: ChangeWindow) -> Option<f64> {
    let (days, counted_days, points_min) = match window {
        ChangeWindow::Week => (7, 7, 4),
        ChangeWindow::Month => (30, 28, 19),
    };
    let age = |point: &TrendPoint| i64::from(today) - i64::from(point.day);
    let known = points
        .iter()
        .filter(|point| (0..counted_days).contains(&age(point)))
        .count();
    if known < points_min {
        return None;
    }
    let now = points.iter().rfind(|point| age(point) >= 0)?;
    Some(now.grams - grams_on(points, i64::from(today) - days)?)
}

/// The trend on any day between the first and the last point.
fn grams_on(points: &[TrendPoint], day: i64) -> Option<f64> {
    let before = points.iter().rfind(|point| i64::from(point.day) <= day)?;
    let after = points.iter().find(|point| i64::from(point.day) >= day)?;
    let span = f64::from(after.day) - f64::from(before.day);
    if span <= 0.0 {
        return Some(before.grams);
    }
    let passed = f64::from(i32::try_from(day).ok()?) - f64::from(before.day);
    Some(before.grams + (after.grams - before.grams) * passed / span)
}

/// The mean weight of a day's entries, in grams; there is at least one.
pub(crate) fn mean(entries: &[(i32, Grams)]) -> f64 {
    let (sum, count) = entries
        .iter()
        .fold((0.0, 0.0), |(sum, count), (_, weight)| {
            (sum + f64::from(weight.get()), count + 1.0)
        });
    sum / count
}
