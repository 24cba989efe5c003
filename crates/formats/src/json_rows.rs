//! JSON lists of objects: Fitbit's account archive, and any other with a date and a weight in each object.

use crate::detect::UnitSource;
use crate::limits::JSON_BYTES_MAX;
use crate::sink::Sink;
use crate::table::{Header, Mapping, Preset, Quirks, Role, TableReader, role_of, settle};
use crate::text::line_breaks;
use crate::value::DateOrder;
use crate::{Format, ImportError, Reason};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tidemark_domain::mass::MassUnit;

/// Collects a file, then reads its objects like rows of a table.
pub(crate) struct JsonRowsReader {
    format: Format,
    unit: Option<MassUnit>,
    bytes: Vec<u8>,
}

/// An object as a row, and what each of its fields holds.
struct FlatObject {
    roles: Vec<Role>,
    row: Vec<String>,
}

impl JsonRowsReader {
    pub fn new(format: Format, unit: Option<MassUnit>) -> Self {
        Self {
            format,
            unit,
            bytes: Vec::new(),
        }
    }

    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        if self.bytes.len() + bytes.len() > JSON_BYTES_MAX {
            return Err(ImportError::TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub fn finish(self, sink: &mut Sink) -> Result<(), ImportError> {
        let whole = json_text(&self.bytes)?;
        let rows: Vec<&RawValue> = match serde_json::from_str(whole) {
            Ok(rows) => rows,
            Err(_) => vec![serde_json::from_str(whole).map_err(|error| failure(&error))?],
        };
        let mut reader = self.reader();
        let mut lines = Lines::new(whole);
        for raw in rows {
            let text = raw.get();
            let line = lines.line_of(text);
            match self.row(text)? {
                Some(FlatObject { roles, row }) => {
                    if let Err(reason) = reader.row(line, text, &row, &roles, sink) {
                        sink.reject(line, reason, text.to_owned());
                    }
                }
                None => sink.reject(line, Reason::Malformed, text.to_owned()),
            }
        }
        Ok(())
    }

    fn reader(&self) -> TableReader {
        let date_order = (self.format == Format::FitbitJson).then_some(DateOrder::MonthDay);
        let preset = Preset {
            format: self.format,
            mapping: Mapping {
                delimiter: b',',
                skip_records: 0,
                roles: Vec::new(),
                date_order,
            },
            quirks: Quirks::default(),
            unit: UnitSource::Unknown,
        };
        TableReader::new(preset, self.unit.unwrap_or_default())
    }

    /// Keys and values as a header and a row; `None` for what is no object.
    fn row(&self, text: &str) -> Result<Option<FlatObject>, ImportError> {
        let Ok(object) = serde_json::from_str::<Map<String, Value>>(text) else {
            return Ok(None);
        };
        let role = |key: &String| match (self.format, key.as_str()) {
            (Format::FitbitJson, "logId") => Role::SourceId,
            _ => role_of(&Header::new(key)),
        };
        let roles = settle(object.keys().map(role).collect());
        let is_bare = |role: &Role| *role == Role::Weight(None);
        if self.unit.is_none() && roles.iter().any(is_bare) {
            return Err(ImportError::NeedsUnit);
        }
        let row = object.values().map(|value| match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        });
        Ok(Some(FlatObject {
            roles,
            row: row.collect(),
        }))
    }
}

/// The text of a JSON file.
pub(crate) fn json_text(bytes: &[u8]) -> Result<&str, ImportError> {
    str::from_utf8(bytes).map_err(|error| match error.error_len() {
        Some(_) => ImportError::Damaged,
        None => ImportError::CutShort,
    })
}

/// A file that breaks off is told from one that is wrong.
pub(crate) fn failure(error: &serde_json::Error) -> ImportError {
    if error.is_eof() {
        ImportError::CutShort
    } else {
        ImportError::Damaged
    }
}

/// Line numbers of parts of a text, asked for from front to back.
pub(crate) struct Lines<'a> {
    whole: &'a str,
    counted: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub fn new(whole: &'a str) -> Self {
        Self {
            whole,
            counted: 0,
            line: 1,
        }
    }

    /// The line on which `part`, a piece of the text, begins.
    pub fn line_of(&mut self, part: &str) -> u64 {
        let at = part
            .as_ptr()
            .addr()
            .saturating_sub(self.whole.as_ptr().addr());
        let at = at.min(self.whole.len());
        if let Some(passed) = self.whole.as_bytes().get(self.counted..at) {
            self.line += line_breaks(passed);
            self.counted = at;
        }
        self.line
    }
}
