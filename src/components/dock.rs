//! The main navigation: a dock at the bottom of a phone, a rail at the side of a wide window. It holds
//! the one button that logs a weight.

use super::{Icon, Mark, use_sheet};
use crate::state::use_app;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// The navigation of every screen. On the first run the screen's own button takes the place of this one.
#[component]
pub fn Dock() -> impl IntoView {
    let app = use_app();
    let path = use_location().pathname;
    let is_bare = Memo::new(move |_| app.is_first_run() && path.get() == "/");
    view! {
        <div class="dock" data-bare=move || is_bare.get().then_some("")>
            <A href="/" attr:class="dock-brand" attr:aria-hidden="true" attr:tabindex="-1">
                <img class="dock-mark" src="/icons/mark.svg" alt="" width=36 height=36/>
                <span>{move || app.texts().app_name}</span>
            </A>
            <Show when=move || !is_bare.get()>
                <LogButton/>
            </Show>
            <nav class="dock-tabs" aria-label=move || app.texts().main_navigation>
                <A href="/" exact=true attr:class="dock-tab">
                    <Icon mark=Mark::TODAY size=24/>
                    <span>{move || app.texts().nav_today}</span>
                </A>
                <A href="/history" attr:class="dock-tab">
                    <Icon mark=Mark::HISTORY size=24/>
                    <span>{move || app.texts().nav_history}</span>
                </A>
                <A href="/sync" attr:class="dock-tab dock-tab-wide">
                    <Icon mark=Mark::CLOUD_TICK size=24/>
                    <span>{move || app.texts().nav_sync}</span>
                </A>
                <A href="/settings" attr:class="dock-tab">
                    <Icon mark=Mark::SETTINGS size=24/>
                    <span>{move || app.texts().nav_settings}</span>
                </A>
            </nav>
        </div>
    }
}

#[component]
fn LogButton() -> impl IntoView {
    let app = use_app();
    let sheet = use_sheet();
    view! {
        <button
            type="button"
            class="button dock-log"
            data-kind="primary"
            data-testid="log-weight"
            on:click=move |_| sheet.open_new()
        >
            <Icon mark=Mark::PLUS size=20/>
            <span>{move || app.texts().log_weight}</span>
        </button>
    }
}
