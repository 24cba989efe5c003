//! Stories in real browsers against a real server process.
//!
//! `cargo xtask test e2e` builds app and server and tells these tests where they are. Pictures and logs of each story lie
//! in the build folder under `e2e/`.
#![cfg(not(target_arch = "wasm32"))]

mod access;
mod accounts;
mod closed_page;
mod conflicts;
mod conflicts_inbox;
mod everyday;
mod failing_storage;
mod files;
mod first_path;
mod formats;
mod harness;
mod live;
mod logging;
mod long_chart;
mod mending;
mod reconnect;
mod rescue;
mod seeing;
mod settled;
mod shots;
mod sight;
mod tabs;
mod updates;
mod visible;
mod weather;
