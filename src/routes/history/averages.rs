//! Averages by week, month and year: a sentence and a table.

use crate::components::Segments;
use crate::i18n::{ChangeDirection, Texts, numbers};
use crate::state::{App, TrendView, use_app};
use leptos::prelude::*;
use tidemark_domain::averages::{Average, Period, averages};
use tidemark_domain::calendar;
use tidemark_domain::mass::MassChange;

const PERIODS: [Period; 3] = [Period::Week, Period::Month, Period::Year];
/// Rows that are drawn at most: ten years of weeks.
const ROWS_MAX: usize = 520;

/// The view.
#[component]
pub fn Averages() -> impl IntoView {
    let app = use_app();
    let period = RwSignal::new(Period::Week);
    let found = Memo::new(move |_| {
        app.trend
            .with(|trend: &TrendView| averages(&trend.days(), period.get()))
    });
    let chosen = move || PERIODS.iter().position(|each| *each == period.get());
    let choose = move |index: usize| {
        period.set(PERIODS.get(index).copied().unwrap_or(Period::Week));
    };
    view! {
        <section class="averages" data-testid="averages">
            <Segments
                name="period"
                label=app.words(|t| t.past.period)
                words=Signal::derive(move || app.texts().past.periods.to_vec())
                chosen=Signal::derive(move || chosen().unwrap_or_default())
                on_choose=Callback::new(choose)
            />
            <p class="plain-text">{move || found.with(|found| sentence(app, found))}</p>
            {move || found.with(|found| (!found.is_empty()).then(|| table(app, found, period.get())))}
        </section>
    }
}

/// How the averages went from the first to the last.
fn sentence(app: App, found: &[Average]) -> String {
    let texts = &app.texts().past;
    let [first, .., last] = found else {
        return if found.is_empty() {
            texts.averages_none.to_owned()
        } else {
            String::new()
        };
    };
    let change = MassChange::nearest(last.grams - first.grams);
    let amount = numbers::change_amount(app.texts(), change, app.weights());
    (texts.averages_sentence)(ChangeDirection::of(change), &amount, found.len())
}

fn table(app: App, found: &[Average], period: Period) -> impl IntoView + use<> {
    let texts = app.texts();
    let befores = std::iter::once(None).chain(found.iter().map(Some));
    let rows: Vec<_> = found
        .iter()
        .zip(befores)
        .map(|(average, before)| row(app, average, before, period))
        .collect();
    let rows: Vec<_> = rows.into_iter().rev().take(ROWS_MAX).collect();
    view! {
        <table class="averages-table">
            <thead>
                <tr>
                    <th scope="col">{texts.table_date}</th>
                    <th scope="col">{texts.past.change}</th>
                    <th scope="col">{texts.past.average}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(
    app: App,
    average: &Average,
    before: Option<&Average>,
    period: Period,
) -> impl IntoView + use<> {
    let (texts, shown) = (app.texts(), app.weights());
    let change = before.map(|before| {
        let change = MassChange::nearest(average.grams - before.grams);
        numbers::change_signed(texts, change, shown)
    });
    let mean = tidemark_domain::mass::Grams::nearest(average.grams);
    view! {
        <tr>
            <th scope="row">
                {name(texts, average.first_day, period)}
                <small class="card-why">{(texts.past.days)(average.days)}</small>
            </th>
            <td class="averages-change">{change}</td>
            <td>{numbers::weight(texts, mean, shown)}</td>
        </tr>
    }
}

fn name(texts: &Texts, first_day: i32, period: Period) -> String {
    let date = calendar::date_of_day(first_day);
    match period {
        Period::Week => (texts.past.week_of)(date),
        Period::Month => (texts.month_year)(date),
        Period::Year => chrono::Datelike::year(&date).to_string(),
    }
}
