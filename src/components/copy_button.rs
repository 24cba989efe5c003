//! A button that copies a text, and says whether that worked.

use crate::state::{App, Mend, use_app};
use leptos::prelude::*;

/// Takes the text that is to be copied.
pub type Told = Box<dyn FnOnce(String)>;

/// The button.
#[component]
pub fn CopyButton(
    /// For tests.
    mark: &'static str,
    /// Makes the text.
    text: fn(App, Told),
) -> impl IntoView {
    let app = use_app();
    let told = RwSignal::new(None);
    let copy = move |_| {
        let copy = move |text| {
            let tell = Box::new(move |is_done| told.set(Some(is_done)));
            app.mend(Mend::Copy(text, tell));
        };
        text(app, Box::new(copy));
    };
    let words = move || match told.get() {
        None => app.texts().sync.copy,
        Some(true) => app.texts().sync.copied,
        Some(false) => app.texts().sync.not_copied,
    };
    view! {
        <button type="button" class="button" data-kind="link" data-testid=mark on:click=copy>
            <span aria-live="polite">{words}</span>
        </button>
    }
}
