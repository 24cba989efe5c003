//! The adapters in a service worker.
#![cfg(target_arch = "wasm32")]

mod browser;

use tidemark_browser::Journal;
use tidemark_testkit::samples::{create, metric};
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_service_worker);

#[wasm_bindgen_test]
fn a_worker_has_no_second_storage_and_does_not_claim_one() {
    let journal = Journal::beside("tidemark");
    assert!(!journal.copy(&create(1, &metric(1, 0, 0))));
    assert!(journal.copies().is_empty());
}
