//! The hint to install the app: after the third entry, once, and away for good when it is not wanted.

use crate::state::{Install, Intent, use_app};
use leptos::prelude::*;

/// Entries before anybody is asked.
const ENTRIES_MIN: usize = 3;

/// The hint, where the app can be installed and is not.
#[component]
pub fn InstallHint() -> impl IntoView {
    let app = use_app();
    let is_fit = Memo::new(move |_| {
        app.install.get() != Install::None
            && !app.memory.with(|memory| memory.is_install_hint_done)
            && app.history.with(|history| history.entries().len()) >= ENTRIES_MIN
    });
    let is_by_hand = move || app.install.get() == Install::ByHand;
    let never = move || app.remember(|memory| memory.is_install_hint_done = true);
    let install = move |_| {
        app.send(Intent::Install);
        never();
    };
    view! {
        <Show when=move || is_fit.get()>
            <section class="banner install-hint" data-testid="install-hint">
                <div class="banner-words">
                    <h2 class="section-title">{app.words(|t| t.device.install)}</h2>
                    <p class="plain-text">{app.words(|t| t.device.install_why)}</p>
                    <Show when=is_by_hand>
                        <p class="plain-text">{app.words(|t| t.device.install_by_hand)}</p>
                    </Show>
                </div>
                <button type="button" class="button" data-kind="link" on:click=move |_| never()>
                    {app.words(|t| t.device.install_never)}
                </button>
                <Show when=move || !is_by_hand()>
                    <button type="button" class="button" data-kind="quiet" on:click=install>
                        {app.words(|t| t.device.install_do)}
                    </button>
                </Show>
            </section>
        </Show>
    }
}
