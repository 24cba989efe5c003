//! Days, months and times: instants are milliseconds since 1970 in UTC, days are counted from 1970-01-01.
//!
//! Must not know what time it is, nor the time zone of the machine: an entry brings its own offset.

mod date;
mod instant;

pub use chrono::NaiveDate;
pub use date::{DateError, date_of_day, day_of_date, format_date, parse_date};
pub use instant::{INSTANT_MS_MAX, INSTANT_MS_MIN, InstantError, format_instant, parse_instant};

use chrono::Datelike;
use std::fmt;

/// Milliseconds in a day.
const DAY_MS: i64 = 86_400_000;
/// Milliseconds in a minute.
const MINUTE_MS: i64 = 60_000;

/// A month of the years 0000 to 9999, written as a number like 202602.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u32);

/// The day on which an entry was made where it was made, counted from 1970-01-01. A later change of time zone moves no
/// entry to another day.
pub fn local_day(instant_ms: i64, utc_offset_min: i16) -> i32 {
    let local_ms = instant_ms.saturating_add(i64::from(utc_offset_min) * MINUTE_MS);
    let day = local_ms
        .div_euclid(DAY_MS)
        .clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    i32::try_from(day).expect("clamped to the range of an i32")
}

/// The month of an instant in UTC. Instants outside the years 0000 to 9999 count as the nearest one inside.
pub fn utc_month(instant_ms: i64) -> Month {
    let instant_ms = instant_ms.clamp(INSTANT_MS_MIN, INSTANT_MS_MAX);
    let date = date_of_day(local_day(instant_ms, 0));
    Month(date.year().unsigned_abs() * 100 + date.month())
}

impl Month {
    /// A month from a number like 202602; `None` if there is no such month.
    pub const fn new(number: u32) -> Option<Self> {
        match (number / 100, number % 100) {
            (..=9_999, 1..=12) => Some(Self(number)),
            _ => None,
        }
    }

    /// The month as a number like 202602.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// As in `2026-02`.
impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}
