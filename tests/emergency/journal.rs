//! The journal itself.

use super::faults::Fault;
use crate::browser::world::fresh_name;
use tidemark_browser::Journal;
use tidemark_engine::outbox::EntryDraft;
use tidemark_testkit::samples::{create, metric, op};
use wasm_bindgen_test::wasm_bindgen_test;

fn edit(number: u128) -> EntryDraft {
    create(number, &metric(number, 0, 0))
}

#[wasm_bindgen_test]
fn copies_come_back_in_the_order_in_which_they_were_made_in_every_tab() {
    let name = fresh_name();
    let (journal, other_tab) = (Journal::named(&name), Journal::named(&name));
    // A later edit may have a smaller name: clocks jump.
    for number in [3, 1, 2] {
        assert!(journal.copy(&edit(number)));
    }
    assert!(other_tab.copy(&edit(0)));
    assert_eq!(journal.copies(), [3, 1, 2, 0].map(edit));
    other_tab.forget(op(1));
    assert_eq!(journal.copies(), [3, 2, 0].map(edit));
    journal.forget(op(1));
    assert_eq!(Journal::named(&fresh_name()).copies(), []);
}

#[wasm_bindgen_test]
fn a_second_storage_that_is_full_too_says_so() {
    let journal = Journal::named(&fresh_name());
    assert!(journal.copy(&edit(1)));
    let full = Fault::no_second_storage();
    assert!(!journal.copy(&edit(2)));
    drop(full);
    assert_eq!(journal.copies(), [edit(1)]);
}

#[wasm_bindgen_test]
fn a_copy_that_can_not_be_read_is_left_and_hides_no_other() {
    let name = fresh_name();
    let journal = Journal::named(&name);
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let key = format!("{name}of a later version");
    storage.set_item(&key, r#"{"event_type":"later"}"#).unwrap();
    assert!(journal.copy(&edit(1)));
    assert_eq!(journal.copies(), [edit(1)]);
    assert!(storage.get_item(&key).unwrap().is_some());
}
