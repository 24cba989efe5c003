//! The engine against a small model of the server, one theme for each file.
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod accounts;
mod answers;
mod backoff;
mod behind;
mod bulk;
mod clock;
mod deciding;
mod directory;
mod files;
mod first_contact;
mod gathering;
mod lanes;
mod laws;
mod looking;
mod mending;
mod parked;
mod parting;
mod people;
mod pull;
mod push;
mod refusals;
mod restored;
mod resync;
mod retry;
mod server;
mod showing;
mod storage;
mod support;
mod tabs;
mod unstored;
mod world;
