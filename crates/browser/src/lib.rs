//! The engine's ports on the browser's own parts, for the page and for the service worker.
//!
//! Adapters only: what a row means, which of two rows wins and what is sent next is decided in the engine.
//! This crate must not know Leptos or any screen, and lets no JavaScript value out: an error of the browser
//! leaves it as its name and message. Natively only the conversion of old
//! rows and the text of emergency copies are there, with their tests.

#[cfg(any(test, target_arch = "wasm32"))]
mod journal;
pub mod old_row;

#[cfg(target_arch = "wasm32")]
mod changes;
#[cfg(target_arch = "wasm32")]
pub mod clipboard;
#[cfg(target_arch = "wasm32")]
mod clock;
#[cfg(target_arch = "wasm32")]
mod entropy;
#[cfg(target_arch = "wasm32")]
pub mod events;
#[cfg(target_arch = "wasm32")]
mod fetch;
#[cfg(target_arch = "wasm32")]
mod indexed_db;
#[cfg(target_arch = "wasm32")]
pub mod install;
#[cfg(target_arch = "wasm32")]
mod js;
#[cfg(target_arch = "wasm32")]
pub mod lock;
#[cfg(target_arch = "wasm32")]
pub mod memory;
#[cfg(target_arch = "wasm32")]
mod network;
#[cfg(target_arch = "wasm32")]
mod platform;
#[cfg(target_arch = "wasm32")]
pub mod service_worker;
#[cfg(target_arch = "wasm32")]
pub mod storage;
#[cfg(target_arch = "wasm32")]
pub mod timer;
#[cfg(target_arch = "wasm32")]
mod wake;

#[cfg(target_arch = "wasm32")]
pub use {
    changes::Changes,
    clock::BrowserClock,
    entropy::BrowserEntropy,
    fetch::FetchTransport,
    indexed_db::{Deadlines, IdbDirectory, IdbStore},
    journal::Journal,
    js::JsFailure,
    lock::{WebLock, WebLockGuard},
    network::BrowserNetwork,
    platform::{BrowserPlatform, BrowserTransport, transport},
    wake::Wakes,
};

/// What only the suites reach into: transactions by hand, names and numbers of the schema.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod internals {
    pub use crate::indexed_db::internals::*;
}
