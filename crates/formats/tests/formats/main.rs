//! What every kind of file gives, by made-up fixtures of the real shapes.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is missing"
)]

mod backup;
mod common;
mod detecting;
mod each_format;
mod export;
mod files_inside_zip;
mod hostile;
mod identity;
mod large_files;
mod tables;
