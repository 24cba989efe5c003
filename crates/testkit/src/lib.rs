//! In-memory twins of the engine's ports, and the suites that every adapter must pass.
//!
//! Everything here is deterministic: the clock is virtual, chance is seeded, and the store is memory that
//! several handles (tabs, worker) can share. The twin of a port is its executable specification.

pub mod fakes;
pub mod memory_store;
pub mod samples;
pub mod scripted_server;
mod shaky_store;
pub mod store_suite;

pub use fakes::{
    MemoryLock, SeededEntropy, SwitchedNetwork, TestPlatform, VirtualClock, test_engine,
};
pub use memory_store::MemoryStore;
pub use scripted_server::ScriptedServer;
pub use shaky_store::ShakyStore;
