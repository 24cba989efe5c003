//! The engine: outbox rules, planner and sync driver.
//!
//! One engine runs in three homes: the page, the service worker, and a simulator that runs many devices
//! natively under a seeded scheduler. So it reaches the outside only through the [`ports`]: it does no
//! I/O, reads no clock, rolls no dice, never sleeps and never spawns. [`Engine::tick`] does bounded work
//! and says when it wants to be called again.
//!
//! What the screen shows is a page row with its outbox entries laid over it ([`overlay`]). A person's
//! write touches only the outbox; a pull touches only pages; so neither can overwrite the other.

pub mod adoption;
pub mod answers;
pub mod backoff;
mod by_id;
pub mod columns;
pub mod conflicts;
pub mod directory;
mod driver;
mod engine;
pub mod gathering;
pub mod household;
pub mod ids;
pub mod imports;
mod mending;
mod network;
pub mod outbox;
pub mod outgoing;
pub mod overlay;
pub mod packing;
pub mod page;
pub mod planner;
pub mod ports;
pub mod proof;
pub mod receipts;
pub mod remote;
pub mod retry;
pub mod risk;
pub mod session;
pub mod sets;
pub mod settle;
pub mod state;
pub mod support;
pub mod unstored;
pub mod view;
pub mod waiting;
mod whole;

pub use driver::{TickOutcome, TickReport, Trigger};
pub use engine::{AccountError, Engine, Entrance, Reading};
pub use network::NetworkInfo;
pub use ports::{
    Answer, Clock, Entropy, Lock, Network, Platform, Request, Store, StoreError, Transport,
    Unreachable,
};
