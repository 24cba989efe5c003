//! A labelled field and a labelled choice, with room for one error sentence.

use leptos::prelude::*;

/// A label, its control, and the error below it, tied together for assistive technology by `id`.
#[component]
pub fn Field(
    /// The control's id; the error's is derived from it.
    id: &'static str,
    /// The visible label.
    #[prop(into)]
    label: Signal<&'static str>,
    /// Why what was typed can't be taken.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// A quiet sentence below, while there is no error.
    #[prop(into, optional)]
    hint: MaybeProp<String>,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" data-refused=move || error.get().is_some().then_some("")>
            <label class="field-label" for=id>{label}</label>
            <div class="field-control">{children()}</div>
            <p class="field-note" id=format!("{id}-note") aria-live="polite">
                {move || error.get().or_else(|| hint.get())}
            </p>
        </div>
    }
}

/// A choice of few: the platform's own select, which every phone draws well.
#[component]
pub fn Choice(
    /// The select's id.
    id: &'static str,
    /// The mark for tests.
    test_id: &'static str,
    /// Values and words, in order.
    #[prop(into)]
    options: Signal<Vec<(&'static str, &'static str)>>,
    /// The chosen value.
    #[prop(into)]
    chosen: Signal<&'static str>,
    /// Called with another choice.
    on_choose: Callback<String>,
) -> impl IntoView {
    view! {
        <select
            id=id
            class="choice"
            data-testid=test_id
            prop:value=chosen
            on:change=move |event| on_choose.run(event_target_value(&event))
        >
            {move || options.get().into_iter().map(|(value, words)| view! {
                <option value=value selected=move || chosen.get() == value>{words}</option>
            }).collect_view()}
        </select>
    }
}
