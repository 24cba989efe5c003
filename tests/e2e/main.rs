//! Stories in real browsers against a real server process.
#![cfg(not(target_arch = "wasm32"))]
