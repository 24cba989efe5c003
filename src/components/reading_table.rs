//! The chart's data as a table, for everybody who would rather read.

use crate::i18n::dates;
use crate::state::{Measure, TrendView, use_app};
use leptos::prelude::*;

/// Rows drawn at first, and more with each press.
const ROWS_STEP: usize = 200;

/// The readings within the chart's window, newest first.
#[component]
pub fn ReadingTable(
    /// The first day shown.
    from: Signal<f64>,
    /// Weight or BMI.
    measure: RwSignal<Measure>,
) -> impl IntoView {
    let app = use_app();
    let shown = RwSignal::new(ROWS_STEP);
    let rest = move || {
        app.trend.with(|trend| {
            let readings = trend.readings.iter();
            let inside = readings.filter(|reading| reading.at.day_fraction() >= from.get());
            inside.count().saturating_sub(shown.get())
        })
    };
    let rows = move || {
        let (texts, today) = (app.texts(), app.today());
        let quantity = app.quantity(measure.get());
        app.trend.with(|trend: &TrendView| {
            trend
                .readings
                .iter()
                .rev()
                .take_while(|reading| reading.at.day_fraction() >= from.get())
                .take(shown.get())
                .map(|reading| {
                    view! {
                        <tr>
                            <td>{dates::moment(texts, reading.at, today)}</td>
                            <td>{quantity.words(texts, reading, reading.weight)}</td>
                            <td>{quantity.words(texts, reading, reading.trend)}</td>
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
            <Show when=move || { rest() > 0 }>
                <button
                    type="button"
                    class="button"
                    data-kind="link"
                    on:click=move |_| shown.update(|shown| *shown += ROWS_STEP)
                >
                    {move || (app.texts().show_older)(rest().min(ROWS_STEP))}
                </button>
            </Show>
        </div>
    }
}
