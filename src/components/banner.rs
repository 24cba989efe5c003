//! A message in the flow of the page, never over content.

use crate::state::{Intent, use_app};
use leptos::prelude::*;

/// Offers a new version of the app. It never reloads by itself: a half-filled form would be gone.
#[component]
pub fn UpdateBanner() -> impl IntoView {
    let app = use_app();
    let is_dismissed = RwSignal::new(false);
    view! {
        <div class="banner-place" role="status">
            <Show when=move || app.is_update_ready.get() && !is_dismissed.get()>
                <div class="banner" data-testid="update-banner">
                    <p class="banner-words">{move || app.texts().update_ready}</p>
                    <button
                        type="button"
                        class="button"
                        data-kind="link"
                        on:click=move |_| is_dismissed.set(true)
                    >
                        {move || app.texts().update_later}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-kind="quiet"
                        data-testid="update-apply"
                        on:click=move |_| app.send(Intent::ApplyUpdate)
                    >
                        {move || app.texts().update_apply}
                    </button>
                </div>
            </Show>
        </div>
    }
}
