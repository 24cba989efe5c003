//! Dates as text (`2026-02-20`) and as counted days.
//!
//! Must not know of times of day.

use chrono::NaiveDate;
use thiserror::Error;

/// The text is not a date of the form `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a date must be written as YYYY-MM-DD")]
pub struct DateError;

/// Reads `YYYY-MM-DD`, exactly so, with ASCII digits, for the years 0000 to 9999.
///
/// # Errors
///
/// [`DateError`] for any other form, and for days that no calendar has.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
        return Err(DateError);
    };
    let year = number(&[y1, y2, y3, y4])?.cast_signed();
    NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?).ok_or(DateError)
}

/// Writes `YYYY-MM-DD`. Years outside 0000 to 9999, which [`parse_date`] never gives, come with their sign.
pub fn format_date(date: NaiveDate) -> String {
    date.to_string()
}

/// The number of days from 1970-01-01 to `date`.
pub fn day_of_date(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The date of a day counted from 1970-01-01; the nearest one that the calendar has, which is some 260 000 years away.
pub fn date_of_day(day: i32) -> NaiveDate {
    let nearest = if day < 0 {
        NaiveDate::MIN
    } else {
        NaiveDate::MAX
    };
    NaiveDate::from_epoch_days(day).unwrap_or(nearest)
}

/// A whole number of ASCII digits.
fn number(digits: &[u8]) -> Result<u32, DateError> {
    digits.iter().try_fold(0, |sum, digit| match digit {
        b'0'..=b'9' => Ok(sum * 10 + u32::from(digit - b'0')),
        _ => Err(DateError),
    })
}
