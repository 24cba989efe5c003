//! English as it is written in the United States: the month comes before the day.

use super::{ENGLISH, month_short, weekday};
use crate::i18n::Texts;
use chrono::{Datelike, NaiveDate};

/// The texts.
pub static TEXTS: Texts = Texts {
    day_month,
    day_month_year: |date| format!("{}, {}", day_month(date), date.year()),
    weekday_day_month: |date| format!("{}, {}", weekday(date), day_month(date)),
    ..ENGLISH
};

fn day_month(date: NaiveDate) -> String {
    format!("{} {}", month_short(date), date.day())
}
