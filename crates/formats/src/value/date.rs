//! Dates and moments, in the order and with the names of many languages.

use super::clock::{parse_offset, parse_time};
use super::month::month;
use super::{NOON_MS, local_ms};
use crate::text::{fold, is_letter};
use tidemark_domain::calendar::NaiveDate;

/// In which order a date of three numbers is written when the year does not come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `31/12/2026`
    DayMonth,
    /// `12/31/2026`
    MonthDay,
}

/// A moment as a file gives it; times are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A wall clock's time, no telling where.
    Local { ms: i64 },
    /// A point in time, with the offset in minutes where the file has it.
    Instant { ms: i64, offset: Option<i16> },
}

/// A date with or without a time and an offset: `2018-01-19T17:53:00.000Z`, `2026-05-01 07:00:00 +0200`,
/// ` Jul 18, 2026`, `18.07.2026 08:28`, or a count of seconds or milliseconds since 1970. Without a time it is noon.
pub(crate) fn parse_moment(text: &str, order: DateOrder) -> Option<Moment> {
    let text = text.trim();
    if let Some(ms) = counted(text) {
        return Some(Moment::Instant { ms, offset: None });
    }
    let Some(colon) = text.find(':') else {
        let date = parse_date(text, order)?;
        return Some(Moment::Local {
            ms: local_ms(date, NOON_MS),
        });
    };
    let hour_digits = text[..colon]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .count()
        .min(2);
    let (date, time) = text.split_at(colon - hour_digits);
    let date = date.strip_suffix('T').unwrap_or(date);
    let (time, rest) = parse_time(time)?;
    let ms = local_ms(parse_date(date, order)?, time);
    match rest.trim() {
        "" => Some(Moment::Local { ms }),
        // A lone Z says "in UTC", not where the person was.
        "Z" | "z" => Some(Moment::Instant { ms, offset: None }),
        rest => {
            let offset = parse_offset(rest)?;
            let ms = ms - i64::from(offset) * 60_000;
            Some(Moment::Instant {
                ms,
                offset: Some(offset),
            })
        }
    }
}

/// A date of three numbers, or of two and the name of a month; other words (of the week) do not count.
pub(crate) fn parse_date(text: &str, order: DateOrder) -> Option<NaiveDate> {
    let lower = fold(text);
    let mut numbers: Vec<(u32, usize)> = Vec::with_capacity(3);
    let mut named_month = None;
    for part in lower.split(|character| !is_letter(character) && !character.is_ascii_digit()) {
        if part.is_empty() {
            continue;
        }
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push((part.parse().ok()?, part.len()));
        } else if let Some(month) = month(part) {
            // The last one: `mar. 18 juil.` is a Tuesday in July.
            named_month = Some(month);
        } else if part.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    let (year, month, day) = match (numbers.as_slice(), named_month) {
        ([(compact, 8)], None) => (compact / 10_000, compact / 100 % 100, compact % 100),
        ([(year, 4), (day, _)], Some(month)) => (*year, month, *day),
        ([(day, _), year], Some(month)) => (full_year(*year)?, month, *day),
        ([(year, 4), (month, _), (day, _)], None) => (*year, *month, *day),
        ([(first, _), (second, _), year], None) => match order {
            DateOrder::DayMonth => (full_year(*year)?, *second, *first),
            DateOrder::MonthDay => (full_year(*year)?, *first, *second),
        },
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Seconds (10 digits) or milliseconds (13 digits) since 1970.
fn counted(text: &str) -> Option<i64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        10 if is_number => Some(text.parse::<i64>().ok()? * 1_000),
        13 if is_number => text.parse().ok(),
        _ => None,
    }
}

/// A year with its number of digits; of two digits, 70 and above are the last century's.
const fn full_year((year, digits): (u32, usize)) -> Option<u32> {
    match (digits, year) {
        (4, _) => Some(year),
        (2, 70..) => Some(1900 + year),
        (2, _) => Some(2000 + year),
        _ => None,
    }
}
