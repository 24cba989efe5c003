//! A row with a switch, and what it does in a sentence.

use super::{Icon, Mark};
use leptos::prelude::*;

/// On or off, at once.
#[component]
pub fn SwitchRow(
    /// The control's id and mark for tests.
    id: &'static str,
    /// What it looks like.
    mark: Mark,
    /// What it is.
    words: Signal<&'static str>,
    /// What it does.
    why: Signal<&'static str>,
    /// Whether it is on.
    is_on: Signal<bool>,
    /// Called with the other state.
    on_switch: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="card-row" for=id>
            <Icon mark=mark size=20/>
            <span class="card-words">
                {words}
                <small class="card-why">{why}</small>
            </span>
            <input
                id=id
                class="switch"
                type="checkbox"
                role="switch"
                data-testid=id
                prop:checked=is_on
                on:change=move |event| on_switch.run(event_target_checked(&event))
            />
        </label>
    }
}
