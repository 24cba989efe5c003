//! What holds in a page and in a service worker alike: the store's suite over IndexedDB, and what only a
//! browser can do to it.
#![expect(
    clippy::unwrap_used,
    reason = "everything here is a test, though clippy sees it only of `#[test]`"
)]

mod deadlines;
mod directory;
mod durability;
mod fetch;
mod migrations;
mod ports;
mod stored;
mod suite;
mod transactions;
mod versions;
pub mod world;
