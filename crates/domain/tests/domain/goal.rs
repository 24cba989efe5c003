//! Goals: the floor, and forecasts that are ranges or refusals.

use crate::{grams, millimetres};
use tidemark_domain::bmi::{BmiClass, classify};
use tidemark_domain::goal::{Aim, Forecast, forecast, lowest_healthy};
use tidemark_domain::mass::Grams;

/// The swings of a week, in grams.
const SWINGS: [i32; 7] = [0, 300, -200, 400, -500, 100, -300];

/// Entries on each `step`th day of four weeks: a straight line with swings.
fn four_weeks(start: i32, per_day: i32, step: usize) -> Vec<(i32, Grams)> {
    (0..28)
        .step_by(step)
        .map(|day: i32| {
            let swing = SWINGS[usize::try_from(day % 7).expect("a day of the week")];
            let weight = start + per_day * day + swing;
            (day, grams(weight.cast_unsigned()))
        })
        .collect()
}

#[test]
fn the_floor_is_the_least_weight_in_the_normal_range() {
    for (height, floor) in [
        (1_750, 56_657),
        (1_500, 41_625),
        (2_000, 74_000),
        (500, 4_625),
    ] {
        let height = millimetres(height);
        let lowest = lowest_healthy(height);
        assert_eq!(lowest.get(), floor);
        assert_eq!(classify(lowest, height), BmiClass::Normal);
        assert_eq!(classify(grams(floor - 1), height), BmiClass::MildThinness);
    }
}

#[test]
fn a_clear_direction_gives_the_golden_range() {
    let losing = four_weeks(80_000, -60, 1);
    assert_eq!(
        forecast(&losing, 27, 78_600.0, grams(75_000), Aim::Less),
        Forecast::Between { from: 50, to: 67 }
    );
    let gaining = four_weeks(60_000, 40, 2);
    assert_eq!(
        forecast(&gaining, 27, 61_000.0, grams(65_000), Aim::More),
        Forecast::Between { from: 64, to: 109 }
    );
}

#[test]
fn a_goal_that_the_trend_has_passed_is_reached_whatever_the_entries_say() {
    assert_eq!(
        forecast(&[], 0, 75_000.0, grams(75_000), Aim::Less),
        Forecast::Reached
    );
    assert_eq!(
        forecast(&[], 0, 75_001.0, grams(75_000), Aim::More),
        Forecast::Reached
    );
}

#[test]
fn without_a_trend_there_is_no_forecast() {
    for (entries, target, aim, refusal) in [
        (
            four_weeks(80_000, -2, 1),
            75_000,
            Aim::Less,
            Forecast::NoDirection,
        ),
        (
            four_weeks(80_000, 60, 1),
            75_000,
            Aim::Less,
            Forecast::OtherWay,
        ),
        (
            four_weeks(80_000, -10, 1),
            75_000,
            Aim::Less,
            Forecast::TooFar,
        ),
        (
            four_weeks(80_000, -60, 1),
            90_000,
            Aim::More,
            Forecast::OtherWay,
        ),
    ] {
        assert_eq!(
            forecast(&entries, 27, 79_900.0, grams(target), aim),
            refusal
        );
    }
}

#[test]
fn a_refusal_for_thin_data_says_how_many_days_will_do() {
    let all = four_weeks(80_000, -60, 1);
    for (entries, today, missing) in [
        (&all[..0], 27, 14),
        (&all[..6], 5, 8),
        (&all[..13], 12, 1),
        (&all[18..], 27, 4),
        (&all[..], 46, 5), // only the newest nine lie within the window
    ] {
        assert_eq!(
            forecast(entries, today, 79_900.0, grams(75_000), Aim::Less),
            Forecast::TooFewDays(missing)
        );
    }
}

#[test]
fn a_weight_without_swings_has_one_day_as_its_range() {
    let straight: Vec<_> = (0..28_i32)
        .map(|day| (day, grams((80_000 - 100 * day).cast_unsigned())))
        .collect();
    let found = forecast(&straight, 27, 77_300.0, grams(76_310), Aim::Less);
    assert_eq!(found, Forecast::Between { from: 10, to: 10 });
}
