//! The top of a screen: its title and the sync chip.

use super::SyncChip;
use leptos::prelude::*;

/// Title and chip of every screen but the first.
#[component]
pub fn Header(
    /// The screen's title.
    #[prop(into)]
    title: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <header class="header">
            <h1 class="header-title">{title}</h1>
            <SyncChip/>
        </header>
    }
}
