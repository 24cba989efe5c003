//! Averages by week, month and year.
//!
//! A day counts once, with the mean of its entries: who weighs in thrice on one day does not pull the week towards it.
//! Must not know names of months nor which period a screen shows.

use crate::calendar::{date_of_day, day_of_date};
use crate::mass::Grams;
use chrono::Datelike;

/// What is averaged over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// The average of a period that has entries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// The period's first day, counted from 1970-01-01.
    pub first_day: i32,
    /// On how many days there are entries.
    pub days: u32,
    /// The mean of those days, in grams.
    pub grams: f64,
}

impl Period {
    /// The first day of the period that holds `day`; both are counted from 1970-01-01.
    pub fn first_day(self, day: i32) -> i32 {
        let date = date_of_day(day);
        let first = match self {
            Self::Week => {
                return day.saturating_sub_unsigned(date.weekday().num_days_from_monday());
            }
            Self::Month => date.with_day(1),
            Self::Year => date.with_ordinal(1),
        };
        first.map_or(day, day_of_date)
    }
}

/// The averages of entries that are sorted by local day, oldest period first.
pub fn averages(entries: &[(i32, Grams)], period: Period) -> Vec<Average> {
    entries
        .chunk_by(|one, next| period.first_day(one.0) == period.first_day(next.0))
        .map(|within| {
            let (days, grams) = mean_of_days(within);
            Average {
                first_day: period.first_day(within[0].0),
                days,
                grams,
            }
        })
        .collect()
}

/// On how many days there are entries, and the mean of those days' means, in grams; 0 of no entries. Entries of a day
/// stand together.
pub fn mean_of_days(entries: &[(i32, Grams)]) -> (u32, f64) {
    let mut days = 0;
    let mut sum = 0.0;
    for of_day in entries.chunk_by(|one, next| one.0 == next.0) {
        days += 1;
        sum += crate::trend::mean(of_day);
    }
    (
        days,
        if days == 0 {
            0.0
        } else {
            sum / f64::from(days)
        },
    )
}
