//! A short text that the page keeps for itself, one beside each database, and the name of the database that is current.
//!
//! Must not know what a text says. Where the browser refuses to keep it, it is gone with the page.

use tidemark_engine::directory::FIRST_DATABASE;
use web_sys::Storage;

/// Where the name of the current database is kept, for the moments before the directory has been read.
const CURRENT: &str = "tidemark:current";

/// Where `start.js` reads what was last shown.
const FRAME: &str = "tidemark:frame";

/// The text beside a database, as last kept.
pub fn recall(database: &str) -> Option<String> {
    storage()?.get_item(database).ok().flatten()
}

/// Keeps a text in place of the one before.
pub fn remember(database: &str, text: &str) {
    put(database, text);
}

/// The database that was last known to be current.
pub fn current() -> String {
    let known = storage().and_then(|storage| storage.get_item(CURRENT).ok().flatten());
    known.unwrap_or_else(|| FIRST_DATABASE.to_owned())
}

/// Keeps the name of the current database.
pub fn note_current(database: &str) {
    if current() != database {
        put(CURRENT, database);
    }
}

/// Keeps what the frame that stands before the page needs to know: `start.js` reads it.
pub fn note_frame(text: &str) {
    put(FRAME, text);
}

/// Forgets the text beside a database.
pub fn forget(database: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(database);
    }
}

/// Forgets all texts, and all else that the page keeps in this place.
pub fn forget_all() {
    if let Some(storage) = storage() {
        let _ = storage.clear();
    }
}

fn put(key: &str, text: &str) {
    if let Some(storage) = storage() {
        // A browser without room or without leave keeps nothing, and nothing depends on it.
        let _ = storage.set_item(key, text);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
