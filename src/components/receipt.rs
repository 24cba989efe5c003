//! The receipt: three levels, filled from below by how far an entry has come.

use leptos::prelude::*;

/// Three short levels: this device, the server, other devices. Always beside words that say the same.
#[component]
pub fn Receipt(
    /// How many levels are reached, 1 to 3.
    reached: u32,
) -> impl IntoView {
    let level = move |number: u32, y: u32| {
        let wave = format!("M1.5 {y}c2-2.4 4-2.4 6 0s4 2.4 6 0 4-2.4 6 0");
        let flat = format!("M3 {y}h14");
        let is_reached = number <= reached;
        view! {
            <path
                class="receipt-level"
                data-reached=is_reached.then_some("")
                d=if is_reached { wave } else { flat }
            />
        }
    };
    view! {
        <svg class="receipt" viewBox="0 0 21 18" width="21" height="18" aria-hidden="true">
            {level(3, 3)} {level(2, 9)} {level(1, 15)}
        </svg>
    }
}
