//! The goal beside the trend: how far, and when. Computed, never stored.

use super::App;
use crate::forms::{GoalGround, aim};
use crate::i18n::{ChangeDirection, LocalTime, dates, numbers};
use leptos::prelude::*;
use tidemark_domain::bmi::adult_class_applies;
use tidemark_domain::calendar;
use tidemark_domain::goal::{Forecast, forecast};
use tidemark_protocol::{Goal, GoalKind};

/// What is known for setting a goal of the person shown.
pub fn goal_ground(app: App) -> GoalGround {
    let person = app.person().map(|person| person.user);
    let birth = person
        .as_ref()
        .and_then(|user| calendar::parse_date(user.birth_date.as_deref()?).ok());
    let is_adult = birth.is_none_or(|birth| adult_class_applies(birth, app.today().date));
    GoalGround {
        trend: app.trend.with(super::TrendView::now),
        adult_height: person.and_then(|user| user.height).filter(|_| is_adult),
    }
}

/// Sentences about the goal: how far it is, and the forecast.
pub fn goal_sentences(app: App, goal: Goal) -> Vec<String> {
    let texts = app.texts();
    let Some(trend) = app.trend.with(super::TrendView::now) else {
        return Vec::new();
    };
    let distance = trend.change_since(goal.weight);
    let amount = numbers::change_amount(texts, distance, app.weights());
    let Some(aim) = aim(goal.kind) else {
        return vec![(texts.goal.off_by)(ChangeDirection::of(distance), &amount)];
    };
    let today = app.today();
    let found = app.trend.with(|view| {
        forecast(
            &view.days(),
            today.day,
            f64::from(trend.get()),
            goal.weight,
            aim,
        )
    });
    let day = |days: i32| {
        let day = today.day.saturating_add(days);
        let at = LocalTime {
            date: calendar::date_of_day(day),
            day,
            minute_of_day: 0,
        };
        dates::day_ahead(texts, at, today)
    };
    let forecast = match found {
        Forecast::Reached => return vec![texts.goal.reached.to_owned()],
        Forecast::Between { from, to } => (texts.goal.between)(&day(from), &day(to)),
        Forecast::TooFewDays(days) => (texts.goal.too_few_days)(days),
        Forecast::NoDirection => texts.goal.no_direction.to_owned(),
        Forecast::OtherWay => texts.goal.other_way.to_owned(),
        Forecast::TooFar => texts.goal.too_far.to_owned(),
    };
    vec![(texts.goal.to_go)(&amount), forecast]
}

/// The kind that a new goal most likely has: to lose.
pub fn kind_of(goal: Option<Goal>) -> GoalKind {
    goal.map_or(GoalKind::Lose, |goal| goal.kind)
}
