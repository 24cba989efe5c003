//! The service worker's wasm entry: what `public/sw.js` calls when the browser says that it is time to sync.
//!
//! It composes the engine with the browser's adapters, as the page does, and must not know the page or Leptos: it
//! runs with no page open.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::*;

/// Runs one round of sync.
///
/// # Errors
/// Rejects when something is left unsent, so that the browser calls again.
#[wasm_bindgen]
pub async fn tidemark_worker_sync() -> Result<(), JsValue> {
    Ok(())
}
