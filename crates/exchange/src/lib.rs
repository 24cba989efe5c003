//! Files in and out, away from the page: what page and worker say to each other ([`message`]), and what the worker
//! does ([`Session`]).
//!
//! The page links only the messages. The wasm that reads files and writes what they hold runs in a worker of its own,
//! loaded when the screen for it opens, so that neither the page's size nor its smoothness pays for it.
//!
//! The library must not know JavaScript, blobs or the clock; `main.rs` brings these.

pub mod message;
mod out;
mod question;
mod reading;
mod records;
mod session;

pub use out::backup_of;
pub use session::{HEAD_BYTES, Reading, Session, Zone};
