//! The simulator: many devices with several homes each, and the server, in one thread under a seeded scheduler.
//!
//! It runs the real engine over the store's twin, and the real server over its storage's twin (depth "fast") or through
//! its router over SQLite (depth "deep"). A run is a seed: first a storm of faults, then healing, then the verdict. It
//! must not know how the engine or the server do their work, only what they promise.

mod bugs;
mod chance;
mod checks;
mod device;
mod executor;
mod faults;
mod home;
mod household;
mod ledger;
mod oracle;
mod person;
mod plain;
mod plan;
mod run;
mod server;
mod session;
mod store;
mod storm;
mod trace;
mod transport;
mod world;

pub use bugs::Bug;
pub use faults::{Fault, FaultCounts};
pub use plan::{Depth, Options};
pub use run::{Outcome, run_seed};
pub use server::DeepServer;
