//! A short text that the page keeps for itself, beside the database.
//!
//! Must not know what it says. Where the browser refuses to keep it, it is gone with the page.

use web_sys::Storage;

const KEY: &str = "tidemark";

/// The text as last kept.
pub fn recall() -> Option<String> {
    storage()?.get_item(KEY).ok().flatten()
}

/// Keeps a text in place of the one before.
pub fn remember(text: &str) {
    if let Some(storage) = storage() {
        // A browser without room or without leave keeps nothing, and nothing depends on it.
        let _ = storage.set_item(KEY, text);
    }
}

/// Forgets it, and all else that the page keeps in this place.
pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.clear();
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
