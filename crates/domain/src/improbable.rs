//! Soft checks: weights that may be right but are worth the question "Is this right?".
//!
//! Must not refuse anything: logging a real weight is never stopped.

use crate::mass::Grams;

/// The weights that need no question by themselves, in grams: 25 kg to 300 kg.
const USUAL_GRAMS: std::ops::RangeInclusive<u32> = 25_000..=300_000;
/// How long a trend says something about the next weight, in days.
const TREND_DAYS_MAX: u32 = 14;
/// How far a weight may lie from the trend, in percent of the trend.
const TREND_PERCENT_MAX: u64 = 10;
/// How near a ratio must come to that of a known slip, in percent.
const SLIP_PERCENT_MAX: u64 = 5;
/// Pounds in a kilogram, in ten-thousandths.
const POUNDS_PER_KILOGRAM: u64 = 22_046;

/// Why a weight is worth a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Improbable {
    /// About ten times the last one: a decimal separator was lost.
    TenTimes,
    /// About a tenth of the last one: a digit was lost.
    ATenth,
    /// About 2.2 times the last one: pounds were typed as kilograms.
    PoundsAsKilograms,
    /// About 1 / 2.2 of the last one: kilograms were typed as pounds.
    KilogramsAsPounds,
    /// More than a tenth away from the trend, within 14 days.
    FarFromTrend,
    /// Outside 25 to 300 kg, and no earlier weight near it.
    Unusual,
}

/// What is known when a weight is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The last weight before it.
    pub last: Option<Grams>,
    /// The trend before it.
    pub trend: Option<Grams>,
    /// Days between it and the last weight, in either direction.
    pub days_since: i32,
}

/// The question that `new` raises, if any; the most helpful one where several fit.
pub fn improbable(new: Grams, known: &Known) -> Option<Improbable> {
    known.last.and_then(|last| slip(new, last)).or_else(|| {
        if far_from_trend(new, known) {
            Some(Improbable::FarFromTrend)
        } else if !USUAL_GRAMS.contains(&new.get()) {
            Some(Improbable::Unusual)
        } else {
            None
        }
    })
}

/// The known slip that turns `last` into `new`.
fn slip(new: Grams, last: Grams) -> Option<Improbable> {
    let (new, last) = (u64::from(new.get()), u64::from(last.get()));
    if is_near(new, last * 10) {
        Some(Improbable::TenTimes)
    } else if is_near(new * 10, last) {
        Some(Improbable::ATenth)
    } else if is_near(new * 10_000, last * POUNDS_PER_KILOGRAM) {
        Some(Improbable::PoundsAsKilograms)
    } else if is_near(new * POUNDS_PER_KILOGRAM, last * 10_000) {
        Some(Improbable::KilogramsAsPounds)
    } else {
        None
    }
}

/// Whether the trend is fresh and `new` lies more than a tenth of it away.
fn far_from_trend(new: Grams, known: &Known) -> bool {
    let Some(trend) = known.trend else {
        return false;
    };
    let distance = u64::from(new.get().abs_diff(trend.get()));
    known.days_since.unsigned_abs() <= TREND_DAYS_MAX
        && distance * 100 > u64::from(trend.get()) * TREND_PERCENT_MAX
}

/// Whether two numbers differ by at most [`SLIP_PERCENT_MAX`] of the second.
fn is_near(one: u64, other: u64) -> bool {
    one.abs_diff(other) * 100 <= other * SLIP_PERCENT_MAX
}
