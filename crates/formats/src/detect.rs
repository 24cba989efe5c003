//! Which app wrote a file, told by its first bytes.
//!
//! Must not read rows.

use crate::limits::HEAD_BYTES;
use crate::table::{self, Preset, guess, recognise};
use crate::text::BOM;
use crate::{Format, ImportError, Mapping};
use tidemark_domain::mass::MassUnit;

/// What the head of a file tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    /// The app.
    pub format: Format,
    /// Whether the file says in which unit its weights are; where not, the person must.
    pub unit: UnitSource,
    /// The first rows, where the file is a table. For [`Format::Table`] a screen shows them, so that the person can
    /// check and mend the mapping.
    pub table: Option<TablePreview>,
}

/// Where the unit of weights is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitSource {
    /// It stands in the file, or the format has only one.
    Stated,
    /// It does not stand in the file, but most people's files are in this one. Ask.
    Likely(MassUnit),
    /// It does not stand in the file. Ask.
    Unknown,
}

/// The first rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TablePreview {
    /// How the table would be read.
    pub mapping: Mapping,
    /// Records as they stand, header included, at most [`TablePreview::RECORDS_MAX`].
    pub records: Vec<Vec<String>>,
}

impl TablePreview {
    /// How many records a preview has at most.
    pub const RECORDS_MAX: usize = 8;
}

/// How a file is to be read.
pub(crate) enum Plan {
    Table(Preset, Vec<Vec<String>>),
    AppleHealth,
    JsonRows(Format),
    Backup,
    Sqlite,
    Zip,
}

/// Tells the format from the first [`HEAD_BYTES`] bytes of a file, or from all of a shorter one.
///
/// # Errors
///
/// [`ImportError::Empty`], [`ImportError::UnknownFormat`], [`ImportError::Utf16`].
pub fn detect(head: &[u8]) -> Result<Detected, ImportError> {
    let is_whole = head.len() < HEAD_BYTES;
    let head = &head[..head.len().min(HEAD_BYTES)];
    let (format, unit) = match plan(head, is_whole)? {
        Plan::Table(preset, mut records) => {
            records.truncate(TablePreview::RECORDS_MAX);
            let table = Some(TablePreview {
                mapping: preset.mapping,
                records,
            });
            return Ok(Detected {
                format: preset.format,
                unit: preset.unit,
                table,
            });
        }
        Plan::AppleHealth => (Format::AppleHealth, UnitSource::Stated),
        Plan::JsonRows(format) => (format, json_unit(format)),
        Plan::Backup => (Format::TidemarkBackup, UnitSource::Stated),
        Plan::Sqlite => (Format::BodyMetrics, UnitSource::Stated),
        Plan::Zip => (Format::Zip, UnitSource::Stated),
    };
    Ok(Detected {
        format,
        unit,
        table: None,
    })
}

/// Fitbit's archive holds pounds, as far as anybody has seen, but nothing says so.
pub(crate) fn json_unit(format: Format) -> UnitSource {
    match format {
        Format::FitbitJson => UnitSource::Likely(MassUnit::Pound),
        _ => UnitSource::Unknown,
    }
}

/// Decides how to read a file.
pub(crate) fn plan(head: &[u8], is_whole: bool) -> Result<Plan, ImportError> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Plan::Zip);
    }
    if head.starts_with(b"SQLite format 3\0") {
        return Ok(Plan::Sqlite);
    }
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(ImportError::Utf16);
    }
    let text = without_bom(head).trim_ascii_start();
    match text.first() {
        None => Err(ImportError::Empty),
        _ if text.contains(&0) => Err(ImportError::UnknownFormat),
        Some(b'<') if contains(text, b"HealthData") => Ok(Plan::AppleHealth),
        Some(b'<') => Err(ImportError::UnknownFormat),
        Some(b'{') if contains(text, b"tidemark-backup") => Ok(Plan::Backup),
        Some(b'[' | b'{') if contains(text, b"\"logId\"") => Ok(Plan::JsonRows(Format::FitbitJson)),
        Some(b'[' | b'{') => Ok(Plan::JsonRows(Format::JsonRows)),
        Some(_) => plan_table(without_bom(head), is_whole),
    }
}

/// The file without UTF-8's byte order mark.
pub(crate) fn without_bom(head: &[u8]) -> &[u8] {
    head.strip_prefix(BOM).unwrap_or(head)
}

fn plan_table(head: &[u8], is_whole: bool) -> Result<Plan, ImportError> {
    let sample = table::sample(head, is_whole).ok_or(ImportError::UnknownFormat)?;
    let preset = recognise(&sample).unwrap_or_else(|| {
        let guess = guess(&sample);
        Preset {
            format: Format::Table,
            mapping: guess.mapping,
            quirks: table::Quirks::default(),
            unit: guess.unit,
        }
    });
    // Words with blanks between them are no table, unless they are dates and weights.
    if preset.mapping.delimiter == b' ' && !preset.mapping.is_complete() {
        return Err(ImportError::UnknownFormat);
    }
    Ok(Plan::Table(preset, sample.records))
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}
