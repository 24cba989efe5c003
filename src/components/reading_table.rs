//! The chart's data as a table, for everybody who would rather read.

use crate::i18n::{dates, numbers};
use crate::state::{TrendView, use_app};
use leptos::prelude::*;

/// The readings within the chart's window, newest first.
#[component]
pub fn ReadingTable(
    /// The first day shown.
    from: Signal<f64>,
) -> impl IntoView {
    let app = use_app();
    let rows = move || {
        let (texts, unit, today) = (app.texts(), app.mass_unit(), app.today());
        app.trend.with(|trend: &TrendView| {
            trend
                .readings
                .iter()
                .rev()
                .take_while(|reading| reading.at.day_fraction() >= from.get())
                .map(|reading| {
                    view! {
                        <tr>
                            <td>{dates::moment(texts, reading.at, today)}</td>
                            <td>{numbers::weight(texts, reading.weight, unit)}</td>
                            <td>{numbers::weight(texts, reading.trend, unit)}</td>
                        </tr>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <div class="reading-table" tabindex="0" role="region" aria-label=app.words(|t| t.show_table)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{app.words(|t| t.table_date)}</th>
                        <th scope="col">{app.words(|t| t.table_reading)}</th>
                        <th scope="col">{app.words(|t| t.table_trend)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
