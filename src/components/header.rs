//! The top of a screen: its title and the sync chip.

use super::SyncChip;
use crate::state::use_app;
use leptos::prelude::*;

/// Title and chip of every screen but the first.
#[component]
pub fn Header(
    /// The screen's title.
    #[prop(into)]
    title: Signal<&'static str>,
) -> impl IntoView {
    let app = use_app();
    Effect::new(move |_| {
        document().set_title(&format!("{} · {}", title.get(), app.texts().app_name));
    });
    view! {
        <header class="header">
            <h1 class="header-title">{title}</h1>
            <SyncChip/>
        </header>
    }
}
