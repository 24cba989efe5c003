//! The server over HTTP.
#![cfg(not(target_arch = "wasm32"))]
