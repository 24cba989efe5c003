//! Averages by week, month and year.

use crate::grams;
use proptest::prelude::*;
use tidemark_domain::averages::{Period, averages};
use tidemark_domain::calendar::{day_of_date, parse_date};
use tidemark_domain::mass::Grams;

fn day(text: &str) -> i32 {
    day_of_date(parse_date(text).expect("a date of a test"))
}

#[test]
fn a_period_begins_on_monday_on_the_first_and_at_new_year() {
    for (date, week, month, year) in [
        ("2026-03-17", "2026-03-16", "2026-03-01", "2026-01-01"),
        ("2026-03-16", "2026-03-16", "2026-03-01", "2026-01-01"),
        ("2026-01-01", "2025-12-29", "2026-01-01", "2026-01-01"),
        ("2024-02-29", "2024-02-26", "2024-02-01", "2024-01-01"),
        ("1969-12-31", "1969-12-29", "1969-12-01", "1969-01-01"),
    ] {
        let firsts =
            [Period::Week, Period::Month, Period::Year].map(|period| period.first_day(day(date)));
        assert_eq!(firsts, [week, month, year].map(day), "{date}");
    }
}

#[test]
fn a_day_counts_once_however_often_it_was_weighed() {
    let entries = [
        (day("2026-03-16"), grams(80_000)),
        (day("2026-03-17"), grams(78_000)),
        (day("2026-03-17"), grams(79_000)),
        (day("2026-03-23"), grams(77_000)),
    ];
    let weeks = averages(&entries, Period::Week);
    let told: Vec<_> = weeks
        .iter()
        .map(|week| (week.first_day, week.days, week.grams))
        .collect();
    assert_eq!(
        told,
        [
            (day("2026-03-16"), 2, 79_250.0),
            (day("2026-03-23"), 1, 77_000.0)
        ]
    );
    assert_eq!(averages(&entries, Period::Month).len(), 1);
    assert_eq!(averages(&[], Period::Year), []);
}

proptest! {
    #[test]
    fn every_day_falls_into_exactly_one_period_and_averages_stay_within_the_entries(
        mut days in proptest::collection::vec((-40_000..60_000_i32, 2_000..650_000_u32), 1..60),
    ) {
        days.sort_unstable();
        let entries: Vec<(i32, Grams)> = days.iter().map(|(day, weight)| (*day, grams(*weight))).collect();
        let distinct = entries.chunk_by(|one, next| one.0 == next.0).count();
        for period in [Period::Week, Period::Month, Period::Year] {
            let found = averages(&entries, period);
            prop_assert_eq!(found.iter().map(|average| average.days as usize).sum::<usize>(), distinct);
            prop_assert!(found.windows(2).all(|pair| pair[0].first_day < pair[1].first_day));
            let (low, high) = (entries.iter().map(|entry| entry.1).min(), entries.iter().map(|entry| entry.1).max());
            let (low, high) = (low.expect("not empty"), high.expect("not empty"));
            let within = f64::from(low.get()) - 1e-6..=f64::from(high.get()) + 1e-6;
            prop_assert!(found.iter().all(|average| within.contains(&average.grams)));
        }
    }
}
