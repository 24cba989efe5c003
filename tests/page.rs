//! The adapters in a page.
#![cfg(target_arch = "wasm32")]

mod browser;
mod emergency;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
