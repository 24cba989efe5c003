//! Tables as text: CSV and its relatives.
//!
//! A known app's table is a [`Mapping`] and a few quirks (`preset.rs`), an unknown one a guessed mapping (`guess.rs`);
//! one reader (`reader.rs`) reads all of them. Must not know of files that are no tables.

mod fields;
mod guess;
mod libra;
mod mapping;
mod preset;
mod reader;
mod records;
mod style;
mod words;

pub use mapping::{HeightUnit, Mapping, Role};

pub(crate) use guess::{guess, settle};
pub(crate) use preset::{Preset, recognise};
pub(crate) use reader::TableReader;
pub(crate) use style::Quirks;
pub(crate) use words::{Header, role_of};

use mapping::date_order_or_default;
use records::{Record, Records};

/// The lines of a file's head, split by the delimiter that they use.
pub(crate) struct Sample {
    pub delimiter: u8,
    /// Complete records, blank ones left out; at least one.
    pub records: Vec<Vec<String>>,
}

/// Splits the head of a file; `None` if no line of it is a table's. With `is_whole` the last line counts even if no line
/// break ends it.
pub(crate) fn sample(head: &[u8], is_whole: bool) -> Option<Sample> {
    let delimiter = fields::delimiter(head)?;
    let mut records = Records::new(delimiter);
    records.push(head);
    let mut rows = Vec::new();
    while let Some(record) = records.next(is_whole) {
        let Record::Line { bytes, .. } = record else {
            continue;
        };
        let row = fields::split(&crate::text::decode(bytes), delimiter);
        if row.iter().any(|field| !field.trim().is_empty()) {
            rows.push(row);
        }
    }
    (!rows.is_empty()).then_some(Sample {
        delimiter,
        records: rows,
    })
}
