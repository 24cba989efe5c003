//! The adapters in a page.
#![cfg(target_arch = "wasm32")]
