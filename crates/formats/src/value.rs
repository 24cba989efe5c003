//! Single values as other apps write them: numbers, masses, lengths, dates and times.
//!
//! Must not know columns or formats.

mod clock;
mod date;
mod month;
mod number;

pub use date::DateOrder;

pub(crate) use clock::{parse_offset, parse_time};
pub(crate) use date::{Moment, parse_date, parse_moment};
pub(crate) use number::{parse_bmi, parse_height, parse_mass};

use tidemark_domain::calendar::{NaiveDate, day_of_date};

/// A day and a time of it as local milliseconds.
pub(crate) fn local_ms(date: NaiveDate, time_ms: i64) -> i64 {
    i64::from(day_of_date(date)) * DAY_MS + time_ms
}

/// Milliseconds in a day.
pub(crate) const DAY_MS: i64 = 86_400_000;
/// What stands in for a time that is not given.
pub(crate) const NOON_MS: i64 = DAY_MS / 2;
