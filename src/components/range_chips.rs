//! The choice of the time that the chart shows.

use super::chart::range::ChartRange;
use crate::state::use_app;
use leptos::prelude::*;

/// A radio group that looks like a segmented track.
#[component]
pub fn RangeChips(
    /// The chosen range.
    range: RwSignal<ChartRange>,
) -> impl IntoView {
    let app = use_app();
    let chips = ChartRange::ALL
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            view! {
                <label class="range-chip">
                    <input
                        type="radio"
                        name="chart-range"
                        class="range-radio"
                        prop:checked=move || range.get() == choice
                        on:change=move |_| range.set(choice)
                    />
                    <span class="range-words">{move || app.texts().ranges[index]}</span>
                </label>
            }
        });
    view! {
        <fieldset class="range-chips">
            <legend class="unseen">{app.words(|t| t.range_label)}</legend>
            {chips.collect_view()}
        </fieldset>
    }
}
