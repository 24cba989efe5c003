//! A choice of few that are all shown: a radio group that looks like a segmented track.

use crate::state::use_app;
use leptos::prelude::*;

/// The group. Choices are told apart by their place.
#[component]
pub fn Segments(
    /// Names the group in the page; no two groups of a screen share it.
    name: &'static str,
    /// What is chosen, for who can't see it.
    label: Signal<&'static str>,
    /// The words of the choices, in order.
    words: Signal<Vec<&'static str>>,
    /// The place of the chosen one.
    chosen: Signal<usize>,
    /// Called with the place of another one.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let chip = move |(index, words): (usize, &'static str)| {
        view! {
            <label class="range-chip">
                <input
                    type="radio"
                    name=name
                    class="range-radio"
                    data-testid=format!("{name}-{index}")
                    prop:checked=move || chosen.get() == index
                    on:change=move |_| on_choose.run(index)
                />
                <span class="range-words">{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="range-chips">
            <legend class="unseen">{label}</legend>
            {move || words.get().into_iter().enumerate().map(chip).collect_view()}
        </fieldset>
    }
}

/// The choice of the time that the chart shows. The device remembers it.
#[component]
pub fn RangeChips() -> impl IntoView {
    use super::chart::range::ChartRange;
    let app = use_app();
    let chosen = move || {
        let range = app.memory.with(|memory| memory.range);
        ChartRange::ALL.iter().position(|each| *each == range)
    };
    let choose = move |index: usize| {
        let range = ChartRange::ALL.get(index).copied().unwrap_or_default();
        app.remember(move |memory| memory.range = range);
    };
    view! {
        <Segments
            name="chart-range"
            label=app.words(|t| t.range_label)
            words=Signal::derive(move || app.texts().ranges.to_vec())
            chosen=Signal::derive(move || chosen().unwrap_or_default())
            on_choose=Callback::new(choose)
        />
    }
}
