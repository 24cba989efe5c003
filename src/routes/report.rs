//! A report to print or to save as PDF: the whole history as a chart, and its months as a table.

use crate::components::chart::range::ChartRange;
use crate::components::chart::{TrendChart, chart_sentence};
use crate::components::{Header, Icon, Mark, Nothing};
use crate::i18n::exchange::count;
use crate::i18n::{LocalTime, numbers};
use crate::state::{Measure, use_app};
use chrono::NaiveDate;
use leptos::prelude::*;
use tidemark_domain::mass::Grams;
use tidemark_engine::view::Entry;

/// The screen. Its style sheet leaves only the report on paper.
#[component]
pub fn ReportScreen() -> impl IntoView {
    let app = use_app();
    view! {
        <Header title=app.words(|t| t.exchange.report)/>
        <div class="screen-body report">
            <Show
                when=move || !app.is_first_run()
                fallback=move || view! { <Nothing words=app.words(|t| t.exchange.report_empty)/> }
            >
                <div class="report-actions">
                    <a href="/data" class="button" data-kind="quiet">
                        <Icon mark=Mark::BACK size=16/>
                        {app.words(|t| t.exchange.back)}
                    </a>
                    <button
                        type="button"
                        class="button"
                        data-kind="primary"
                        data-testid="report-print"
                        on:click=move |_| print()
                    >
                        {app.words(|t| t.exchange.print)}
                    </button>
                </div>
                <Paper/>
            </Show>
        </div>
    }
}

/// A browser that can't print does nothing, and there is nothing to say.
fn print() {
    let _ = window().print();
}

#[component]
fn Paper() -> impl IntoView {
    let app = use_app();
    let range = Signal::stored(ChartRange::All);
    let measure = Signal::stored(Measure::Weight);
    let title = move || {
        let name = app.person().and_then(|person| person.user.name);
        (app.texts().exchange.report_of)(name.as_deref())
    };
    let made = move || {
        let texts = app.texts();
        (texts.exchange.report_made)(&(texts.day_month_year)(app.today().date))
    };
    view! {
        <article class="report-paper" data-testid="report">
            <h2 class="report-title">{title}</h2>
            <p class="plain-text">{made}</p>
            <div class="report-chart"><TrendChart range measure/></div>
            <p class="report-sentence">{move || chart_sentence(app, ChartRange::All, Measure::Weight)}</p>
            <MonthTable/>
        </article>
    }
}

#[component]
fn MonthTable() -> impl IntoView {
    let app = use_app();
    let rows = move || {
        let (texts, unit) = (app.texts(), app.weights());
        let months = app
            .history
            .with(|history| months(history.entries(), |entry| app.local_of(entry)));
        months
            .into_iter()
            .map(|month| {
                let weight = |grams| numbers::weight(texts, grams, unit);
                view! {
                    <tr>
                        <th scope="row">{(texts.month_year)(month.date)}</th>
                        <td>{weight(month.average)}</td>
                        <td>{weight(month.lowest)}</td>
                        <td>{weight(month.highest)}</td>
                        <td>{count(texts, month.entries)}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <table class="report-table">
            <caption class="section-label">{app.words(|t| t.exchange.months)}</caption>
            <thead>
                <tr>
                    <th scope="col">{app.words(|t| t.exchange.month)}</th>
                    <th scope="col">{app.words(|t| t.exchange.average)}</th>
                    <th scope="col">{app.words(|t| t.exchange.lowest)}</th>
                    <th scope="col">{app.words(|t| t.exchange.highest)}</th>
                    <th scope="col">{app.words(|t| t.exchange.entries)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// A month of the report.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ReportMonth {
    date: NaiveDate,
    average: Grams,
    lowest: Grams,
    highest: Grams,
    entries: u64,
}

/// The months of entries that are newest first, by the clock where they were measured, newest first.
fn months(newest_first: &[Entry], local: impl Fn(&Entry) -> LocalTime) -> Vec<ReportMonth> {
    let mut placed: Vec<(LocalTime, Grams)> = newest_first
        .iter()
        .map(|entry| (local(entry), entry.metric.weight))
        .collect();
    // Travel can put a later entry into an earlier local month.
    placed.sort_by_key(|(at, _)| std::cmp::Reverse(at.month_index()));
    placed
        .chunk_by(|one, next| one.0.month_index() == next.0.month_index())
        .map(month)
        .collect()
}

fn month(group: &[(LocalTime, Grams)]) -> ReportMonth {
    let (at, first) = group[0];
    let weights = group.iter().map(|(_, weight)| *weight);
    let sum: f64 = weights.clone().map(|weight| f64::from(weight.get())).sum();
    #[expect(clippy::cast_precision_loss, reason = "a month has few entries")]
    let average = Grams::nearest(sum / group.len() as f64);
    ReportMonth {
        date: at.date,
        average,
        lowest: weights.clone().min().unwrap_or(first),
        highest: weights.max().unwrap_or(first),
        entries: group.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests_support::entry;

    #[test]
    fn a_month_says_its_average_lowest_highest_and_count() {
        let entries = [
            entry(3, "2026-03-01T07:00:00Z", 79_000),
            entry(2, "2026-02-20T07:00:00Z", 80_000),
            entry(1, "2026-02-02T07:00:00Z", 81_000),
        ];
        let months = months(&entries, |entry| LocalTime::at(entry.metric.created_at, 0));
        let facts: Vec<_> = months
            .iter()
            .map(|month| {
                let grams = [month.average, month.lowest, month.highest].map(Grams::get);
                (grams, month.entries)
            })
            .collect();
        let expected = [([79_000; 3], 1), ([80_500, 80_000, 81_000], 2)];
        assert_eq!(facts, expected);
    }

    #[test]
    fn a_traveller_has_each_month_once() {
        let entries = [
            entry(3, "2026-03-01T01:00:00Z", 79_000),
            entry(2, "2026-02-28T23:30:00Z", 80_000),
            entry(1, "2026-02-28T22:00:00Z", 81_000),
        ];
        // The middle one was measured further east.
        let local = |entry: &Entry| {
            let east = if entry.metric.weight.get() == 80_000 {
                60
            } else {
                0
            };
            let west = if entry.metric.weight.get() == 79_000 {
                -120
            } else {
                0
            };
            LocalTime::at(entry.metric.created_at, east + west)
        };
        assert_eq!(months(&entries, local).len(), 2);
    }
}
