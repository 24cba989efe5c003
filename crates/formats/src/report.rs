//! What an import has to tell besides its rows: counts, and the lines it refused.
//!
//! Must not know languages: a screen words the reasons.

use crate::Format;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;
use tidemark_domain::ranges::RangeError;
use tidemark_protocol::Timestamp;

/// Why a line was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
pub enum Reason {
    /// There is no date.
    #[error("no date")]
    DateMissing,
    /// Date or time cannot be read, or no calendar has it.
    #[error("the date or time cannot be read")]
    DateUnreadable,
    /// The date lies before 1900 or after 9999.
    #[error("the date must lie between 1900 and 9999")]
    DateOutOfRange,
    /// The weight is no number, or one with several separators.
    #[error("the weight cannot be read")]
    WeightUnreadable,
    /// The weight lies outside 2 to 650 kg.
    #[error("the weight must be between 2 and 650 kg")]
    WeightOutOfRange,
    /// The line has more columns than the table; a decimal comma between commas does that.
    #[error("more columns than the table has")]
    TooManyColumns,
    /// A quote is opened and never closed.
    #[error("a quote is not closed")]
    UnclosedQuote,
    /// The line is longer than any table's.
    #[error("the line is too long")]
    TooLong,
    /// A record that is not of the shape of its format.
    #[error("the record is not complete or not of the right kind")]
    Malformed,
}

/// A line that was refused, so that the person can save and mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The file inside a zip.
    pub file: Option<Arc<str>>,
    /// The line on which it starts, from 1; in a database the row's number.
    pub line: u64,
    /// Why.
    pub reason: Reason,
    /// The line as it stands in the file (as text; a row of a database as `name=value` pairs).
    pub raw: String,
}

/// The counts of an import, good at any moment while it runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Which app wrote the file; `None` until enough of it was read. In a zip: of the last file that was read.
    pub format: Option<Format>,
    /// Lines or records that could have held a measurement.
    pub records: u64,
    /// Rows given.
    pub rows: u64,
    /// Rows that stood in the file before.
    pub duplicates: u64,
    /// Records that hold no weight, which is no fault: blank, zero where that means "not measured", or interpolated.
    pub without_weight: u64,
    /// Rows whose BMI differs by more than 0.1 from the one of their weight and height; ours is kept.
    pub bmi_mismatches: u64,
    /// Heights and BMIs that were left out because they cannot be read or be true; the row was taken without.
    pub values_left_out: u64,
    /// Notes that were cut to 500 characters.
    pub notes_cut: u64,
    /// Refused lines by reason.
    pub rejected: BTreeMap<Reason, u64>,
    /// The earliest and the latest measurement.
    pub span: Option<(Timestamp, Timestamp)>,
    /// A SQLite file in a mode that keeps the newest rows in a second file (`-wal`), which is not read: entries may be
    /// missing.
    pub may_lack_newest: bool,
}

impl Report {
    /// All refused lines.
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }
}

impl From<RangeError> for Reason {
    fn from(error: RangeError) -> Self {
        match error.quantity {
            tidemark_domain::ranges::Quantity::Weight => Self::WeightOutOfRange,
            _ => Self::DateOutOfRange,
        }
    }
}
