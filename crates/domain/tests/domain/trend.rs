//! The smoothed weight and its change.

use crate::grams;
use proptest::prelude::*;
use tidemark_domain::mass::Grams;
use tidemark_domain::trend::{ChangeWindow, TrendPoint, change, trend};

/// Compares a trend with golden values in kilograms that are rounded to a tenth of a gram.
fn check(entries: &[(i32, u32)], expected_kg: &[f64]) {
    let entries: Vec<_> = entries
        .iter()
        .map(|(day, weight)| (*day, grams(*weight)))
        .collect();
    let points = trend(&entries);
    assert_eq!(points.len(), expected_kg.len());
    for (point, expected) in points.iter().zip(expected_kg) {
        assert!(
            (point.grams / 1_000.0 - expected).abs() < 0.000_051,
            "{point:?}, expected {expected} kg"
        );
    }
}

/// One entry of 80 kg less 100 g per day, on each of these days.
fn losing(days: impl IntoIterator<Item = i32>) -> Vec<TrendPoint> {
    let weight = |day: i32| Grams::nearest(80_000.0 - 100.0 * f64::from(day));
    trend(
        &days
            .into_iter()
            .map(|day| (day, weight(day)))
            .collect::<Vec<_>>(),
    )
}

#[test]
fn daily_weights_give_the_golden_trend() {
    let weights = [80_000, 80_600, 79_800, 80_200, 81_000, 79_500, 79_900];
    let entries: Vec<_> = (0..).zip(weights).collect();
    check(
        &entries,
        &[80.0, 80.06, 80.034, 80.0506, 80.1455, 80.081, 80.0629],
    );
}

#[test]
fn after_a_gap_the_trend_follows_as_if_the_days_had_passed() {
    let entries = [(0, 80_000), (1, 80_600), (4, 79_000), (25, 77_000)];
    check(&entries, &[80.0, 80.06, 79.7727, 77.3034]);
}

#[test]
fn several_entries_of_a_day_count_as_their_mean() {
    check(&[(0, 79_000), (0, 81_000), (1, 80_600)], &[80.0, 80.06]);
    check(
        &[(-1, 80_000), (0, 80_500), (0, 80_500), (0, 80_800)],
        &[80.0, 80.06],
    );
}

#[test]
fn a_day_out_of_order_counts_as_no_time_passed() {
    check(
        &[(5, 80_000), (3, 90_000), (4, 81_000)],
        &[80.0, 80.0, 80.1],
    );
}

#[test]
fn no_entries_have_no_trend_and_one_is_its_own() {
    assert_eq!(trend(&[]), []);
    assert_eq!(
        trend(&[(7, grams(78_200))]),
        [TrendPoint {
            day: 7,
            grams: 78_200.0
        }]
    );
}

#[test]
fn the_change_is_the_difference_on_the_trend() {
    let points = losing(0..=40);
    for (window, days) in [(ChangeWindow::Week, 7), (ChangeWindow::Month, 30)] {
        assert_eq!(
            change(&points, 40, window),
            Some(points[40].grams - points[40 - days].grams)
        );
    }
    assert_eq!(
        change(&points, 38, ChangeWindow::Week),
        Some(points[38].grams - points[31].grams)
    );
}

#[test]
fn a_start_of_the_window_without_an_entry_is_read_off_the_line() {
    let points = losing([0, 10, 14, 15, 16, 17]);
    let on_day_10 = points[1].grams;
    assert_eq!(
        change(&points, 17, ChangeWindow::Week),
        Some(points[5].grams - on_day_10)
    );
    let points = losing([8, 12, 14, 15, 16, 17]);
    let on_day_10 = f64::midpoint(points[0].grams, points[1].grams);
    let found = change(&points, 17, ChangeWindow::Week).expect("five of seven days");
    assert!((found - (points[5].grams - on_day_10)).abs() < 1e-6);
}

#[test]
fn thin_data_give_no_change() {
    let week = |days: &[i32], today| {
        change(&losing(days.iter().copied()), today, ChangeWindow::Week).is_some()
    };
    assert!(week(&[0, 4, 5, 6, 7], 7), "four of seven days");
    assert!(!week(&[0, 5, 6, 7], 7), "three of seven days");
    assert!(
        !week(&[1, 2, 3, 4, 5, 6, 7], 7),
        "nothing from before the window"
    );
    assert!(
        week(&[0, 1, 2, 3, 4, 5, 6, 7], 10),
        "four of the last seven days, none today"
    );
    assert!(
        !week(&[0, 1, 2, 3, 4, 5, 6, 7], 11),
        "three of the last seven days"
    );
    assert!(!week(&[], 0), "nothing at all");
    let month = |days: i32| {
        change(
            &losing((-5..1).chain(31 - days..31)),
            30,
            ChangeWindow::Month,
        )
        .is_some()
    };
    assert!(month(19), "nineteen of 28 days");
    assert!(!month(18), "eighteen of 28 days");
    let older = losing((-5..3).chain(13..31));
    assert_eq!(
        change(&older, 30, ChangeWindow::Month),
        None,
        "eighteen of 28 days, twenty of 30"
    );
}

proptest! {
    #[test]
    fn the_trend_lies_between_the_least_and_the_greatest_weight(
        mut entries in proptest::collection::vec((-40_000..40_000_i32, 2_000..=650_000_u32), 1..60),
    ) {
        entries.sort_unstable();
        let entries: Vec<_> = entries.into_iter().map(|(day, weight)| (day, grams(weight))).collect();
        let least = entries.iter().map(|entry| f64::from(entry.1.get())).fold(f64::MAX, f64::min);
        let greatest = entries.iter().map(|entry| f64::from(entry.1.get())).fold(0.0, f64::max);
        for point in trend(&entries) {
            prop_assert!(least - 0.001 <= point.grams && point.grams <= greatest + 0.001);
        }
    }

    #[test]
    fn an_equal_weight_on_each_day_between_changes_nothing(gap in 1..200_i32, last in 2_000..=650_000_u32) {
        let step = [(0, grams(80_000)), (gap, grams(last))];
        let mut filled = vec![(0, grams(80_000))];
        filled.extend((1..=gap).map(|day| (day, grams(last))));
        let (step, filled) = (trend(&step), trend(&filled));
        let (one, other) = (step.last().expect("two"), filled.last().expect("many"));
        prop_assert!((one.grams - other.grams).abs() < 0.001);
    }

    #[test]
    fn no_order_of_days_panics(
        entries in proptest::collection::vec((any::<i32>(), 2_000..=650_000_u32), 0..30), today: i32,
    ) {
        let entries: Vec<_> = entries.into_iter().map(|(day, weight)| (day, grams(weight))).collect();
        let points = trend(&entries);
        prop_assert!(points.iter().all(|point| point.grams.is_finite()));
        for window in [ChangeWindow::Week, ChangeWindow::Month] {
            prop_assert!(change(&points, today, window).is_none_or(f64::is_finite));
        }
    }
}
