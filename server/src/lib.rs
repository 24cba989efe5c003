//! The sync server: HTTP routes over transport-free sync functions over one storage trait.
//!
//! The rules themselves (validation, merge) live in `tidemark-protocol`; here they are put into one transaction.

pub mod accounts;
pub mod config;
pub mod http;
pub mod operate;
pub mod serve;
pub mod storage;
pub mod sync;

/// The server's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
