//! The adapters in a service worker.
#![cfg(target_arch = "wasm32")]
