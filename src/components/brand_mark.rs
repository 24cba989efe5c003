//! The app's mark, drawn in the page: a picture of its own would be asked for at each start, and blink.

use leptos::prelude::*;

/// Ground, line and wave of `public/icons/mark.svg`. They stand in the page's HTML too.
const GROUND: &str = "M0 0h512v512H0z";
const LINE: &str = "M100 156h312a8 8 0 0 1 0 16H100a8 8 0 0 1 0-16z";
const WAVE: &str =
    "M0 318C60 318 86 262 160 262C250 262 262 342 352 342C432 342 446 292 512 286V512H0z";

/// The mark, as a square with round corners.
#[component]
pub fn BrandMark(
    /// The side in pixels.
    size: u32,
) -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 512 512" width=size height=size aria-hidden="true">
            <path class="brand-ground" d=GROUND/>
            <path class="brand-line" d=LINE/>
            <path class="brand-wave" d=WAVE/>
        </svg>
    }
}
