//! The emergency journal: copies of edits that the store has not taken, in a second kind of storage.
//!
//! It is local storage because that is another system than IndexedDB, has a quota of its own, and takes a copy in the
//! same turn, so that one can be made while the page is being closed. A copy is one key of its own: two tabs never
//! write the same. It promises less than the store, so nothing that is only here is called saved.

#[cfg(target_arch = "wasm32")]
mod local;
mod row;

#[cfg(target_arch = "wasm32")]
pub use local::Journal;
