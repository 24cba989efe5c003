//! Files of other apps as rows of ours, and our rows as files.
//!
//! [`Importer`] takes a file in chunks of bytes, finds out which app wrote it, and gives rows ([`ImportedMetric`]),
//! refused lines ([`Rejected`]) and a [`Report`]. Only what cannot be read in one pass is held as a whole: JSON and
//! SQLite files, both with a limit ([`limits`]). [`export_csv`] and [`Backup`] are the way out.
//!
//! An import never invents an id: it follows from the file and the person, so that the same file adds nothing twice.
//!
//! This crate must not know where bytes come from or go to: no input or output, no clock, no randomness, no language of
//! the screen. The device's time zone is a function that the caller hands in.

mod apple_health;
mod backup;
mod body_metrics;
mod detect;
mod error;
mod export;
mod format;
mod importer;
mod json_rows;
pub mod limits;
mod reader;
mod report;
mod row;
mod sink;
mod sqlite;
mod table;
mod text;
mod value;
mod xml;
mod zip;

pub use backup::{BACKUP_VERSION, Backup};
pub use detect::{Detected, TablePreview, UnitSource, detect};
pub use error::ImportError;
pub use export::export_csv;
pub use format::Format;
pub use importer::{Finished, Importer, Options};
pub use report::{Reason, Rejected, Report};
pub use row::{Identity, ImportedApp, ImportedMetric, ImportedPerson, SourceKey, copy_id};
pub use table::{HeightUnit, Mapping, Role};
pub use value::DateOrder;
