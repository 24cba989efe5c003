//! What stands in the page's HTML until the app is there: it is taken away, and the next one is told what it should look
//! like (`start.js` reads the note). Knows no screen.

use crate::state::{App, History};
use leptos::prelude::*;
use tidemark_browser::memory;
use tidemark_protocol::Theme;

/// Hides it in the same turn as the app comes, so that no moment is empty, and takes it away when that is painted: a browser
/// forgets that it painted what is removed too early, and takes the app's words for the page's first.
pub fn take_away() {
    if let Some(frame) = document().get_element_by_id("first-paint") {
        // It may only fail for a name that is no name.
        let _ = frame.set_attribute("data-leaving", "");
        request_animation_frame(move || request_animation_frame(move || frame.remove()));
    }
}

/// Whether it is that of a device on which nothing was logged.
pub fn was_new() -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.get_attribute("data-start").as_deref() == Some("new"))
}

/// Notes for the next start the theme, whether there is anything to show, and the language, once they are known.
pub fn note(app: App) {
    Effect::new(move |_| {
        if app.profile.with(Option::is_none) || app.history.with(History::is_loading) {
            return;
        }
        let theme = match app.theme() {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let start = if app.is_first_run() { "new" } else { "known" };
        memory::note_frame(&format!("{theme} {start} {}", app.texts().tag));
    });
}
