//! Our own backup: people, settings and measurements as they are, in one JSON file with a version.
//!
//! Restoring is identity: every field comes back, deleted rows included.

use crate::json_rows::{Lines, failure, json_text};
use crate::limits::JSON_BYTES_MAX;
use crate::sink::Sink;
use crate::{ImportError, Reason};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tidemark_protocol::{AppModel, Metric, Timestamp, User};

/// The version that [`Backup::to_json`] writes. A reader takes this and any older one.
pub const BACKUP_VERSION: u32 = 1;
/// By what a backup is told from any other JSON.
const FORMAT: &str = "tidemark-backup";

/// Everything that a person has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Backup {
    /// When it was written, as far as known.
    pub exported_at: Option<Timestamp>,
    /// The people, deleted ones included.
    pub people: Vec<User>,
    /// The settings.
    pub app_model: AppModel,
    /// The measurements, deleted ones included.
    pub metrics: Vec<Metric>,
}

#[derive(Deserialize)]
struct VersionRow {
    format: String,
    version: u32,
}

/// What comes before the measurements.
#[derive(Serialize)]
struct HeadRow<'a> {
    format: &'a str,
    version: u32,
    exported_at: Option<Timestamp>,
    people: &'a [User],
    app_model: &'a AppModel,
}

#[derive(Deserialize)]
struct BackupRow<'a> {
    exported_at: Option<Timestamp>,
    people: Vec<User>,
    app_model: AppModel,
    #[serde(borrow)]
    metrics: Vec<&'a RawValue>,
}

impl Backup {
    /// The backup as a file: JSON in UTF-8, one measurement on a line.
    ///
    /// # Panics
    ///
    /// Never: the types of the protocol can always be written.
    pub fn to_json(&self) -> String {
        let head = HeadRow {
            format: FORMAT,
            version: BACKUP_VERSION,
            exported_at: self.exported_at,
            people: &self.people,
            app_model: &self.app_model,
        };
        let mut text = json(&head);
        text.truncate(text.len() - 1);
        text.push_str(",\"metrics\":[");
        for (index, metric) in self.metrics.iter().enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            text.push_str(&json(metric));
        }
        text.push_str("\n]}\n");
        text
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("protocol types have string keys and finite numbers")
}

/// Collects a file, then reads it.
#[derive(Default)]
pub(crate) struct BackupReader {
    bytes: Vec<u8>,
}

impl BackupReader {
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        if self.bytes.len() + bytes.len() > JSON_BYTES_MAX {
            return Err(ImportError::TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// One measurement that cannot be read costs itself and no other.
    pub fn finish(self, sink: &mut Sink) -> Result<(), ImportError> {
        let whole = json_text(&self.bytes)?;
        let head: VersionRow = serde_json::from_str(whole).map_err(|error| failure(&error))?;
        if head.format != FORMAT {
            return Err(ImportError::UnknownFormat);
        }
        if head.version > BACKUP_VERSION {
            return Err(ImportError::NewerBackup {
                version: head.version,
            });
        }
        let row: BackupRow = serde_json::from_str(whole).map_err(|error| failure(&error))?;
        let mut metrics = Vec::with_capacity(row.metrics.len());
        let mut lines = Lines::new(whole);
        for raw in row.metrics {
            sink.report.records += 1;
            match serde_json::from_str::<Metric>(raw.get()) {
                Ok(metric) => metrics.push(metric),
                Err(_) => sink.reject(
                    lines.line_of(raw.get()),
                    Reason::Malformed,
                    raw.get().to_owned(),
                ),
            }
        }
        sink.report.rows += metrics.len() as u64;
        let times = metrics.iter().map(|metric| metric.created_at);
        sink.report.span = times.clone().min().zip(times.max());
        sink.backup = Some(Box::new(Backup {
            exported_at: row.exported_at,
            people: row.people,
            app_model: row.app_model,
            metrics,
        }));
        Ok(())
    }
}
