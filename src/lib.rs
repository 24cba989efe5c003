//! The page: everything that knows Leptos. It draws what signals say and sends intents; it opens no
//! database, calls no network and reads no clock by itself.

use leptos::prelude::*;

/// Draws the app into the document's body.
pub fn start() {
    leptos::mount::mount_to_body(|| view! { <main>"Tidemark"</main> });
}
