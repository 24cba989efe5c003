//! Steps and labels' places on the two axes. Knows numbers and days; the words are the component's.

use super::range::Window;
use chrono::Datelike;
use tidemark_domain::calendar;

/// How values are counted on the vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Kilograms, pounds: halves, ones, twos, fives.
    Decimal,
    /// Pounds that are read as stones: parts of 14.
    Stones,
}

/// What a date label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateLabel {
    /// A day of the week.
    Weekday,
    /// Day and month.
    Day,
    /// A month.
    Month,
    /// A month where the year changes or the axis begins.
    MonthWithYear,
    /// A year.
    Year,
}

/// A tick on the time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTick {
    /// Local days since 1970-01-01.
    pub day: i32,
    /// What its label names.
    pub label: DateLabel,
}

const DECIMAL_STEPS: [f64; 9] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];
const STONE_STEPS: [f64; 8] = [1.0, 2.0, 4.0, 7.0, 14.0, 28.0, 70.0, 140.0];

/// The step between lines: the smallest that leaves at most `lines_max` of them in `span`.
pub fn value_step(scale: Scale, span: f64, lines_max: f64) -> f64 {
    let steps: &[f64] = match scale {
        Scale::Decimal => &DECIMAL_STEPS,
        Scale::Stones => &STONE_STEPS,
    };
    let fitting = steps.iter().copied().find(|step| span / step <= lines_max);
    fitting.unwrap_or(steps[steps.len() - 1])
}

/// The multiples of `step` within the bounds, lowest first.
pub fn value_ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    let mut ticks = Vec::new();
    let mut index = (low / step).ceil();
    while index * step <= high {
        ticks.push(index * step);
        index += 1.0;
    }
    ticks
}

/// The dates to mark in `window` where at most `labels_max` labels have room.
pub fn date_ticks(window: Window, labels_max: f64) -> Vec<DateTick> {
    let days = window.days();
    if days <= 9.0 {
        // Names of weekdays are short: half as many again have room.
        #[expect(clippy::cast_possible_truncation, reason = "at most nine days")]
        let step = (days / (labels_max * 1.5)).ceil().max(1.0) as i32;
        day_ticks(window, step, DateLabel::Weekday)
    } else if days <= 45.0 {
        let weeks = (days / 7.0 / labels_max).ceil().max(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "at most seven weeks")]
        day_ticks(window, 7 * weeks as i32, DateLabel::Day)
    } else {
        month_ticks(window, labels_max)
    }
}

/// Every `step`th day counted back from the last one.
#[expect(
    clippy::cast_possible_truncation,
    reason = "days of a calendar fit an i32"
)]
fn day_ticks(window: Window, step: i32, label: DateLabel) -> Vec<DateTick> {
    let first = window.from.ceil() as i32;
    let mut day = window.to.floor() as i32;
    let mut ticks = Vec::new();
    while day >= first {
        ticks.push(DateTick { day, label });
        day -= step;
    }
    ticks.reverse();
    ticks
}

const MONTH_STEPS: [u32; 4] = [1, 2, 3, 6];

/// The first of every month, or of every second, third, sixth; whole years where even that is too many.
fn month_ticks(window: Window, labels_max: f64) -> Vec<DateTick> {
    let months = window.days() / 30.4;
    let step = MONTH_STEPS
        .into_iter()
        .find(|&step| months / f64::from(step) <= labels_max);
    let firsts = firsts_of_months(window);
    let Some(step) = step else {
        return year_ticks(&firsts, labels_max);
    };
    let mut year_shown = None;
    firsts
        .into_iter()
        .filter(|&(_, _, month)| (month - 1) % step == 0)
        .map(|(day, year, _)| {
            let label = if year_shown == Some(year) {
                DateLabel::Month
            } else {
                DateLabel::MonthWithYear
            };
            year_shown = Some(year);
            DateTick { day, label }
        })
        .collect()
}

fn year_ticks(firsts: &[(i32, i32, u32)], labels_max: f64) -> Vec<DateTick> {
    let years: Vec<_> = firsts.iter().filter(|(_, _, month)| *month == 1).collect();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a few years"
    )]
    let step = ((years.len() as f64 / labels_max).ceil() as i32).max(1);
    years
        .into_iter()
        .filter(|(_, year, _)| year % step == 0)
        .map(|&(day, ..)| DateTick {
            day,
            label: DateLabel::Year,
        })
        .collect()
}

/// Every first of a month within the window, with its year and month.
#[expect(
    clippy::cast_possible_truncation,
    reason = "days of a calendar fit an i32"
)]
fn firsts_of_months(window: Window) -> Vec<(i32, i32, u32)> {
    let first = window.from.ceil() as i32;
    let last = window.to.floor() as i32;
    (first..=last)
        .filter_map(|day| {
            let date = calendar::date_of_day(day);
            (date.day() == 1).then_some((day, date.year(), date.month()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> i32 {
        let date = calendar::NaiveDate::from_ymd_opt(year, month, day).expect("a day that exists");
        calendar::day_of_date(date)
    }

    fn window(from: i32, to: i32) -> Window {
        Window {
            from: f64::from(from),
            to: f64::from(to) + 0.3,
        }
    }

    #[test]
    fn the_step_is_the_smallest_that_leaves_room_between_lines() {
        for (scale, span, step) in [
            (Scale::Decimal, 1.0, 0.5),
            (Scale::Decimal, 3.5, 1.0),
            (Scale::Decimal, 9.0, 5.0),
            (Scale::Decimal, 6000.0, 200.0),
            (Scale::Stones, 3.0, 1.0),
            (Scale::Stones, 12.0, 4.0),
            (Scale::Stones, 20.0, 7.0),
        ] {
            assert!(
                (value_step(scale, span, 4.0) - step).abs() < 1e-9,
                "{scale:?} {span}"
            );
        }
    }

    #[test]
    fn value_ticks_are_multiples_of_the_step_within_the_bounds() {
        assert_eq!(value_ticks(77.7, 80.0, 1.0), vec![78.0, 79.0, 80.0]);
        assert_eq!(value_ticks(78.1, 78.4, 0.5), Vec::<f64>::new());
    }

    #[test]
    fn a_week_is_marked_by_days_and_a_month_by_weeks_back_from_today() {
        let week = date_ticks(window(day(2026, 3, 11), day(2026, 3, 17)), 7.0);
        assert_eq!(week.len(), 7);
        assert!(week.iter().all(|tick| tick.label == DateLabel::Weekday));
        let month = date_ticks(window(day(2026, 2, 15), day(2026, 3, 17)), 5.0);
        let days: Vec<i32> = month.iter().map(|tick| tick.day).collect();
        let weeks = [(2, 17), (2, 24), (3, 3), (3, 10), (3, 17)];
        assert_eq!(days, weeks.map(|(month, d)| day(2026, month, d)));
    }

    #[test]
    fn a_week_on_a_narrow_phone_still_names_its_days() {
        let ticks = date_ticks(window(day(2026, 3, 11), day(2026, 3, 17)), 5.0);
        assert_eq!(ticks.len(), 7);
        let narrow = date_ticks(window(day(2026, 3, 11), day(2026, 3, 17)), 3.0);
        assert_eq!(narrow.len(), 4);
        assert!(narrow.iter().all(|tick| tick.label == DateLabel::Weekday));
    }

    #[test]
    fn months_name_the_year_only_where_it_changes() {
        let ticks = date_ticks(window(day(2025, 11, 20), day(2026, 3, 17)), 6.0);
        assert_eq!(
            ticks,
            [
                DateTick {
                    day: day(2025, 12, 1),
                    label: DateLabel::MonthWithYear
                },
                DateTick {
                    day: day(2026, 1, 1),
                    label: DateLabel::MonthWithYear
                },
                DateTick {
                    day: day(2026, 2, 1),
                    label: DateLabel::Month
                },
                DateTick {
                    day: day(2026, 3, 1),
                    label: DateLabel::Month
                },
            ]
        );
    }

    #[test]
    fn ten_years_are_marked_by_years() {
        let ticks = date_ticks(window(day(2016, 3, 1), day(2026, 3, 1)), 5.0);
        let years: Vec<i32> = ticks.iter().map(|tick| tick.day).collect();
        assert_eq!(
            years,
            [2018, 2020, 2022, 2024, 2026].map(|year| day(year, 1, 1))
        );
    }
}
