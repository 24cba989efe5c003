//! Storage that fails under the engine, in a page: what was typed is copied into the emergency journal, and stored
//! once when the storage works again.
#![expect(
    clippy::unwrap_used,
    reason = "everything here is a test, though clippy sees it only of `#[test]`"
)]

mod faults;
mod journal;
mod replay;
