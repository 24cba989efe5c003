//! The clipboard, as far as an app writes to it.

use crate::js::truth;
use wasm_bindgen_futures::spawn_local;

/// Puts a text where it can be pasted from. Where the browser refuses, the text can still be marked and copied by hand.
pub fn copy(text: &str) {
    let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
    if let Some(clipboard) = clipboard {
        let written = clipboard.write_text(text);
        spawn_local(async move {
            truth(Ok(written)).await;
        });
    }
}
