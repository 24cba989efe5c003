//! Days, months and times.

use proptest::prelude::*;
use tidemark_domain::calendar::{
    DateError, INSTANT_MS_MAX, INSTANT_MS_MIN, InstantError, Month, date_of_day, day_of_date,
    format_date, format_instant, local_day, parse_date, parse_instant, utc_month,
};

fn instant(text: &str) -> i64 {
    parse_instant(text).expect("an instant")
}

#[test]
fn an_entry_stays_on_the_day_on_which_it_was_made() {
    let cases = [
        ("2026-02-20T10:22:33Z", 180, "2026-02-20"),
        ("2026-02-20T23:59:59.999Z", 0, "2026-02-20"),
        ("2026-02-20T10:00:00Z", 840, "2026-02-21"),
        ("2026-02-20T09:59:59.999Z", 840, "2026-02-20"),
        ("2026-02-20T10:59:59.999Z", -660, "2026-02-19"),
        ("2026-02-20T11:00:00Z", -660, "2026-02-20"),
        ("2026-02-20T18:14:59Z", 345, "2026-02-20"),
        ("2026-02-20T18:15:00Z", 345, "2026-02-21"),
        ("2024-02-29T12:00:00Z", 0, "2024-02-29"),
        ("2024-02-29T23:00:00Z", 60, "2024-03-01"),
        // The night in which Berlin's clocks go back: half past two comes twice.
        ("2026-10-25T00:30:00Z", 120, "2026-10-25"),
        ("2026-10-25T01:30:00Z", 60, "2026-10-25"),
        ("1969-12-31T23:59:59.999Z", 0, "1969-12-31"),
        ("1900-01-01T00:00:00Z", 0, "1900-01-01"),
    ];
    for (at, offset, expected) in cases {
        let date = date_of_day(local_day(instant(at), offset));
        assert_eq!(format_date(date), expected, "{at} at {offset} minutes");
    }
    assert_eq!(local_day(0, 0), 0);
    assert_eq!(local_day(-1, 0), -1);
    assert_eq!(local_day(i64::MAX, i16::MAX), i32::MAX);
    assert_eq!(local_day(i64::MIN, i16::MIN), i32::MIN);
}

#[test]
fn a_month_is_that_of_utc() {
    let cases = [
        ("2026-02-20T10:22:33Z", 202_602, "2026-02"),
        ("2026-02-28T23:59:59.999Z", 202_602, "2026-02"),
        ("2026-03-01T00:30:00+01:00", 202_602, "2026-02"),
        ("2026-12-31T23:30:00-01:00", 202_701, "2027-01"),
        ("1969-12-31T23:59:59.999Z", 196_912, "1969-12"),
        ("0000-01-01T00:00:00Z", 1, "0000-01"),
        ("9999-12-31T23:59:59.999Z", 999_912, "9999-12"),
    ];
    for (at, number, text) in cases {
        let month = utc_month(instant(at));
        assert_eq!(
            (month.get(), month.to_string().as_str()),
            (number, text),
            "{at}"
        );
        assert_eq!(Month::new(number), Some(month));
    }
    assert_eq!(utc_month(i64::MIN).get(), 1);
    assert_eq!(utc_month(i64::MAX).get(), 999_912);
    for nonsense in [0, 202_600, 202_613, 1_000_001, u32::MAX] {
        assert_eq!(Month::new(nonsense), None, "{nonsense}");
    }
}

#[test]
fn any_offset_is_read_and_further_digits_are_cut() {
    let cases = [
        ("2026-02-20T10:22:33Z", "2026-02-20T10:22:33.000Z"),
        ("2026-02-20T10:22:33.1Z", "2026-02-20T10:22:33.100Z"),
        (
            "2026-02-20T10:22:33.123999999999999Z",
            "2026-02-20T10:22:33.123Z",
        ),
        ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
        ("2026-02-20t10:22:33z", "2026-02-20T10:22:33.000Z"),
        ("2026-02-20T13:22:33+03:00", "2026-02-20T10:22:33.000Z"),
        ("2026-02-20T00:22:33-10:00", "2026-02-20T10:22:33.000Z"),
        ("2026-02-20T10:22:33-00:00", "2026-02-20T10:22:33.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ];
    for (given, expected) in cases {
        assert_eq!(format_instant(instant(given)), expected, "{given}");
    }
    assert_eq!(instant("1970-01-01T00:00:00.001Z"), 1);
    assert_eq!(instant("0000-01-01T00:00:00Z"), INSTANT_MS_MIN);
    assert_eq!(instant("9999-12-31T23:59:59.999Z"), INSTANT_MS_MAX);
}

#[test]
fn what_is_not_a_time_of_the_years_0000_to_9999_is_refused() {
    let malformed = [
        "",
        "2026-02-20",
        "2026-02-20T10:22:33",
        "2026-02-20T10:22Z",
        "2026-02-30T10:22:33Z",
        "2026-13-01T10:22:33Z",
        "2026-02-20T24:00:00Z",
        "2026-02-20T10:60:00Z",
        "2026-02-20T10:22:61Z",
        "2026-02-20T10:22:33+24:00",
        "2026-02-20T10:22:33+03:60",
        "2026-02-20T10:22:33+0300",
        "2026-02-20T10:22:33.Z",
        "2026-2-20T10:22:33Z",
        "+2026-02-20T10:22:33Z",
        "-0001-02-20T10:22:33Z",
        "12026-02-20T10:22:33Z",
        " 2026-02-20T10:22:33Z",
        "2026-02-20T10:22:33Z ",
        "2026-02-20T10:22:33Z\0",
        "２026-02-20T10:22:33Z",
        "1771582953000",
        "now",
    ];
    for text in malformed {
        assert_eq!(
            parse_instant(text),
            Err(InstantError::NotRfc3339),
            "{text:?}"
        );
    }
    for text in [
        "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:60Z",
    ] {
        assert_eq!(
            parse_instant(text),
            Err(InstantError::OutOfYears),
            "{text:?}"
        );
    }
}

#[test]
fn an_instant_out_of_the_years_is_written_as_the_nearest_one() {
    assert_eq!(format_instant(i64::MIN), "0000-01-01T00:00:00.000Z");
    assert_eq!(format_instant(i64::MAX), "9999-12-31T23:59:59.999Z");
}

#[test]
fn a_date_is_written_in_one_way_only() {
    for text in [
        "2026-02-20",
        "2024-02-29",
        "0000-01-01",
        "9999-12-31",
        "1970-01-01",
    ] {
        assert_eq!(parse_date(text).map(format_date), Ok(text.to_owned()));
    }
    let refused = [
        "",
        "2026-2-20",
        "2026-02-2",
        "2026-02-30",
        "2025-02-29",
        "2026-00-10",
        "2026-13-10",
        "2026-01-00",
        "+2026-02-20",
        "-026-02-20",
        "2026/02/20",
        "20260220",
        "2026-02-20 ",
        " 2026-02-20",
        "2026-02-20T00:00:00Z",
        "２026-02-2",
        "202٦-02-20",
    ];
    for text in refused {
        assert_eq!(parse_date(text), Err(DateError), "{text:?}");
    }
    assert_eq!(parse_date("1970-01-02").map(day_of_date), Ok(1));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(instant_ms in INSTANT_MS_MIN..=INSTANT_MS_MAX) {
        prop_assert_eq!(parse_instant(&format_instant(instant_ms)), Ok(instant_ms));
    }

    #[test]
    fn no_text_panics(text: String) {
        prop_assert!(parse_instant(&text).is_err() || text.len() >= 20);
        prop_assert!(parse_date(&text).is_err() || text.len() == 10);
    }

    #[test]
    fn text_made_of_time_characters_is_read_or_refused(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,30})?([Zz]|[+-][0-9]{2}:[0-9]{2})") {
        if let Ok(instant_ms) = parse_instant(&text) {
            prop_assert_eq!(parse_instant(&format_instant(instant_ms)), Ok(instant_ms));
        }
    }

    #[test]
    fn no_instant_or_day_panics(instant_ms: i64, offset: i16, day: i32) {
        let date = date_of_day(local_day(instant_ms, offset));
        prop_assert!(!format_date(date).is_empty());
        prop_assert!(Month::new(utc_month(instant_ms).get()).is_some());
        prop_assert!(day_of_date(date_of_day(day)).abs_diff(0) <= day.abs_diff(0));
    }

    #[test]
    fn a_day_and_its_date_are_the_same(day in -719_528..=2_932_896_i32) {
        prop_assert_eq!(day_of_date(date_of_day(day)), day);
        prop_assert_eq!(parse_date(&format_date(date_of_day(day))).map(day_of_date), Ok(day));
    }
}
