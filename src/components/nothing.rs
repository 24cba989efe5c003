//! What a screen says while nothing is logged, and the way to bring in what was logged elsewhere.

use crate::state::use_app;
use leptos::prelude::*;

/// A sentence and a way on. The button that logs is on every screen anyway.
#[component]
pub fn Nothing(
    /// What will be here.
    words: Signal<&'static str>,
) -> impl IntoView {
    let app = use_app();
    view! {
        <div class="nothing">
            <p class="plain-text">{words}</p>
            <a href="/data" class="button" data-kind="quiet">{app.words(|t| t.exchange.import_title)}</a>
        </div>
    }
}
