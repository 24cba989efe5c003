//! The main navigation: a dock at the bottom of a phone, a rail at the side of a wide window. It holds
//! the one button that logs a weight.

use super::{BrandMark, Icon, Mark, use_sheet};
use crate::router::{Screen, use_router};
use crate::state::use_app;
use leptos::prelude::*;

/// The navigation of every screen. On the first run the screen's own button takes the place of this one.
#[component]
pub fn Dock() -> impl IntoView {
    let app = use_app();
    let router = use_router();
    let is_bare = Memo::new(move |_| app.is_first_run() && router.screen() == Screen::Home);
    view! {
        <div class="dock" data-bare=move || is_bare.get().then_some("")>
            <a href="/" class="dock-brand" aria-hidden="true" tabindex="-1">
                <BrandMark size=36/>
                <span>{app.words(|t| t.app_name)}</span>
            </a>
            <Show when=move || !is_bare.get()>
                <LogButton/>
            </Show>
            <nav class="dock-tabs" aria-label=app.words(|t| t.main_navigation)>
                <a href="/" class="dock-tab" aria-current=move || router.current(Screen::Home)>
                    <Icon mark=Mark::TODAY size=24/>
                    <span>{app.words(|t| t.nav_today)}</span>
                </a>
                <a href="/history" class="dock-tab" aria-current=move || router.current(Screen::History)>
                    <Icon mark=Mark::HISTORY size=24/>
                    <span>{app.words(|t| t.nav_history)}</span>
                </a>
                <a href="/sync" class="dock-tab dock-tab-wide" aria-current=move || router.current(Screen::Sync)>
                    <Icon mark=Mark::CLOUD_TICK size=24/>
                    <span>{app.words(|t| t.nav_sync)}</span>
                </a>
                <a href="/settings" class="dock-tab" aria-current=move || router.current(Screen::Settings)>
                    <Icon mark=Mark::SETTINGS size=24/>
                    <span>{app.words(|t| t.nav_settings)}</span>
                </a>
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
            <span>{app.words(|t| t.log_weight)}</span>
        </button>
    }
}
