//! Days and moments in words, relative to today where that is shorter.

use super::{LocalTime, Texts};
use chrono::Datelike;
use tidemark_protocol::Timestamp;

/// `07:12`.
pub fn clock(at: LocalTime) -> String {
    let (hours, minutes) = at.clock();
    format!("{hours:02}:{minutes:02}")
}

/// `Today`, `Yesterday`, `Sunday 15 Mar`, and with the year where that is another one.
pub fn day(texts: &Texts, at: LocalTime, today: LocalTime) -> String {
    match today.day - at.day {
        0 => texts.today.to_owned(),
        1 => texts.yesterday.to_owned(),
        _ if at.date.year() == today.date.year() => (texts.weekday_day_month)(at.date),
        _ => (texts.day_month_year)(at.date),
    }
}

/// The same for the middle of a sentence: `today`, `16 Dec`.
pub fn day_inside(texts: &Texts, at: LocalTime, today: LocalTime) -> String {
    match today.day - at.day {
        0 => texts.today.to_lowercase(),
        1 => texts.yesterday.to_lowercase(),
        // Within eleven months day and month say which one is meant.
        ..=330 => (texts.day_month)(at.date),
        _ => (texts.day_month_year)(at.date),
    }
}

/// A day to come, for the middle of a sentence: `6 May`, with the year where that is another one.
pub fn day_ahead(texts: &Texts, at: LocalTime, today: LocalTime) -> String {
    if at.date.year() == today.date.year() {
        (texts.day_month)(at.date)
    } else {
        (texts.day_month_year)(at.date)
    }
}

/// `today, 07:12`, for the middle of a sentence.
pub fn moment_inside(texts: &Texts, at: LocalTime, today: LocalTime) -> String {
    (texts.day_at)(&day_inside(texts, at, today), &clock(at))
}

/// `Today, 07:12`, standing alone.
pub fn moment(texts: &Texts, at: LocalTime, today: LocalTime) -> String {
    (texts.day_at)(&day(texts, at, today), &clock(at))
}

/// `Tue 07:12`, for a list whose rows are days apart at most; older ones with their date.
pub fn moment_short(texts: &Texts, at: LocalTime, today: LocalTime) -> String {
    let day = match today.day - at.day {
        0..=6 => (texts.weekday_short)(at.date).to_owned(),
        _ => (texts.day_month)(at.date),
    };
    format!("{day} {}", clock(at))
}

/// How long ago, for hours; `None` for what is older and is better named by its date.
pub fn ago(texts: &Texts, at: Timestamp, now: Timestamp) -> Option<String> {
    let minutes = now.millis_since(at) / 60_000;
    match minutes {
        ..=0 => Some(texts.just_now.to_owned()),
        1..=59 => Some((texts.minutes_ago)(minutes)),
        60..=359 => Some((texts.hours_ago)(minutes / 60)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::texts_for;

    fn local(text: &str) -> LocalTime {
        LocalTime::at(
            Timestamp::parse(text).expect("a test's time is written right"),
            0,
        )
    }

    #[test]
    fn days_are_named_from_today_backwards() {
        let today = local("2026-03-17T09:00:00Z");
        for (at, words) in [
            ("2026-03-17T00:00:00Z", "Today"),
            ("2026-03-16T23:59:00Z", "Yesterday"),
            ("2026-03-15T07:31:00Z", "Sunday 15 Mar"),
            ("2026-03-18T07:31:00Z", "Wednesday 18 Mar"),
            ("2025-12-16T07:31:00Z", "16 Dec 2025"),
        ] {
            assert_eq!(day(texts_for("en"), local(at), today), words);
        }
    }

    #[test]
    fn inside_a_sentence_the_year_is_named_only_where_it_is_needed() {
        let today = local("2026-03-17T09:00:00Z");
        for (at, words) in [
            ("2026-03-17T00:00:00Z", "today"),
            ("2025-12-16T07:31:00Z", "16 Dec"),
            ("2025-03-18T07:31:00Z", "18 Mar 2025"),
        ] {
            assert_eq!(day_inside(texts_for("en"), local(at), today), words);
        }
    }

    #[test]
    fn a_moment_inside_a_sentence_begins_small() {
        let today = local("2026-03-17T09:00:00Z");
        let words = moment_inside(texts_for("en"), local("2026-03-17T07:12:00Z"), today);
        assert_eq!(words, "today, 07:12");
    }

    #[test]
    fn ago_counts_minutes_then_hours_then_gives_up() {
        let at = Timestamp(0);
        for (minutes, words) in [
            (0, Some("just now")),
            (2, Some("2 min ago")),
            (125, Some("2 h ago")),
            (600, None),
        ] {
            let now = at.plus_millis(minutes * 60_000);
            assert_eq!(ago(texts_for("en"), at, now).as_deref(), words);
        }
    }

    #[test]
    fn a_clock_that_runs_backwards_says_just_now() {
        let words = ago(texts_for("en"), Timestamp(60_000), Timestamp(0));
        assert_eq!(words.as_deref(), Some("just now"));
    }
}
