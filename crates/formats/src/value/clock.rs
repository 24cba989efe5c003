//! Times of day and offsets from UTC.

use crate::text::fold;
use tidemark_domain::ranges::UTC_OFFSET_MINUTES_MAX;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A time of day in milliseconds, and what follows it: `8:28 AM`, `20:28`, `07:00:00.123+02:00`.
/// `None` if it is no time.
pub(crate) fn parse_time(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = number(text.trim_start(), 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2)?,
        None => (0, rest),
    };
    let (millis, rest) = fraction(rest);
    let (half, rest) = half_of_day(rest);
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(Half::Morning) => hour % 12,
        Some(Half::Afternoon) => hour % 12 + 12,
        None => hour,
    };
    let in_range = hour < 24 && minute < 60 && second < 60;
    let time = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + millis;
    in_range.then_some((time, rest))
}

/// Minutes east of UTC: `Z`, `+02:00`, `+0200`, `-3`, `UTC+0530`, and milliseconds as older Samsung files have them.
pub(crate) fn parse_offset(text: &str) -> Option<i16> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("Z") || text.eq_ignore_ascii_case("UTC") {
        return Some(0);
    }
    let text = text
        .strip_prefix("UTC")
        .or_else(|| text.strip_prefix("GMT"))
        .unwrap_or(text);
    let (sign, digits) = match text
        .strip_prefix('-')
        .or_else(|| text.strip_prefix('\u{2212}'))
    {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let minutes = if let Some((hours, minutes)) = digits.split_once(':') {
        whole(hours)? * 60 + whole(minutes).filter(|minutes| *minutes < 60)?
    } else {
        let number = whole(digits)?;
        match digits.len() {
            1 | 2 => number * 60,
            3 | 4 if number % 100 < 60 => number / 100 * 60 + number % 100,
            6.. => number / MINUTE_MS,
            _ => return None,
        }
    };
    let minutes = i16::try_from(minutes).ok()?;
    (minutes <= UTC_OFFSET_MINUTES_MAX).then_some(sign * minutes)
}

enum Half {
    Morning,
    Afternoon,
}

/// The half of the day in English, Turkish or Spanish, after any space (phones put a narrow no-break one).
fn half_of_day(text: &str) -> (Option<Half>, &str) {
    const NAMES: [(&str, Half); 7] = [
        ("am", Half::Morning),
        ("a.m.", Half::Morning),
        ("a.\u{A0}m.", Half::Morning),
        ("öö", Half::Morning),
        ("pm", Half::Afternoon),
        ("p.m.", Half::Afternoon),
        ("ös", Half::Afternoon),
    ];
    let trimmed = text.trim_start();
    for (name, half) in NAMES {
        let length = name.len();
        let beginning = trimmed.get(..length);
        if beginning.is_some_and(|beginning| fold(beginning) == name) {
            return (Some(half), &trimmed[length..]);
        }
    }
    (None, text)
}

/// Up to `digits_max` digits.
fn number(text: &str, digits_max: usize) -> Option<(i64, &str)> {
    let length = text
        .bytes()
        .take(digits_max)
        .take_while(u8::is_ascii_digit)
        .count();
    let (digits, rest) = text.split_at(length);
    Some((whole(digits)?, rest))
}

/// Decimals of a second as milliseconds, cut.
fn fraction(text: &str) -> (i64, &str) {
    let Some(rest) = text.strip_prefix('.') else {
        return (0, text);
    };
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let millis = rest[..length]
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(3)
        .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    (millis, &rest[length..])
}

/// A whole number of ASCII digits that fits.
fn whole(digits: &str) -> Option<i64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse::<u32>().ok().map(i64::from))?
}
