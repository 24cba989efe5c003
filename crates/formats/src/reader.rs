//! One file from its first byte to its last, whatever it turns out to be.
//!
//! Must not know who asks for the rows.

use crate::apple_health::AppleHealthReader;
use crate::backup::BackupReader;
use crate::body_metrics::BodyMetricsReader;
use crate::detect::{Plan, UnitSource, json_unit, plan, without_bom};
use crate::json_rows::JsonRowsReader;
use crate::limits::HEAD_BYTES;
use crate::sink::Sink;
use crate::table::{Preset, TableReader};
use crate::zip::ZipReader;
use crate::{Format, ImportError, Options};
use tidemark_domain::mass::MassUnit;

/// Reads a file: first its head, then as the head says.
pub(crate) struct FileReader {
    head: Vec<u8>,
    reader: Option<Reader>,
    options: Options,
    is_inside_zip: bool,
}

enum Reader {
    Table(Box<TableReader>),
    AppleHealth(AppleHealthReader),
    JsonRows(Box<JsonRowsReader>),
    Backup(BackupReader),
    BodyMetrics(BodyMetricsReader),
    Zip(Box<ZipReader>),
}

impl FileReader {
    pub fn new(options: Options) -> Self {
        Self {
            head: Vec::new(),
            reader: None,
            options,
            is_inside_zip: false,
        }
    }

    /// A file inside a zip: no zip itself, and of an app that we know.
    pub fn inside_zip(options: &Options) -> Self {
        let options = Options {
            mapping: None,
            unit: options.unit,
        };
        Self {
            is_inside_zip: true,
            ..Self::new(options)
        }
    }

    pub fn push(&mut self, bytes: &[u8], sink: &mut Sink) -> Result<(), ImportError> {
        if let Some(reader) = &mut self.reader {
            return reader.push(bytes, sink);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < HEAD_BYTES {
            return Ok(());
        }
        self.begin(false, sink)
    }

    pub fn finish(mut self, sink: &mut Sink) -> Result<(), ImportError> {
        if self.reader.is_none() {
            self.begin(true, sink)?;
        }
        match self.reader {
            Some(reader) => reader.finish(sink),
            None => Ok(()),
        }
    }

    /// Decides by the head, then reads it.
    fn begin(&mut self, is_whole: bool, sink: &mut Sink) -> Result<(), ImportError> {
        let head = std::mem::take(&mut self.head);
        let plan = plan(&head[..head.len().min(HEAD_BYTES)], is_whole)?;
        let mut reader = self.reader(plan, sink)?;
        let pushed = reader.push(without_bom(&head), sink);
        self.reader = Some(reader);
        pushed
    }

    fn reader(&self, plan: Plan, sink: &mut Sink) -> Result<Reader, ImportError> {
        let (format, reader) = match plan {
            Plan::Table(preset, _) => {
                let preset = self.preset(preset)?;
                let unit = self.unit(preset.unit)?;
                (
                    preset.format,
                    Reader::Table(Box::new(TableReader::new(preset, unit))),
                )
            }
            Plan::AppleHealth => (
                Format::AppleHealth,
                Reader::AppleHealth(AppleHealthReader::new()),
            ),
            Plan::JsonRows(format) => {
                if self.is_inside_zip && format == Format::JsonRows {
                    return Err(ImportError::UnknownFormat);
                }
                let unit = self.unit(json_unit(format)).ok();
                (
                    format,
                    Reader::JsonRows(Box::new(JsonRowsReader::new(format, unit))),
                )
            }
            Plan::Backup => (
                Format::TidemarkBackup,
                Reader::Backup(BackupReader::default()),
            ),
            Plan::Sqlite => (
                Format::BodyMetrics,
                Reader::BodyMetrics(BodyMetricsReader::default()),
            ),
            Plan::Zip if self.is_inside_zip => return Err(ImportError::UnknownFormat),
            Plan::Zip => (
                Format::Zip,
                Reader::Zip(Box::new(ZipReader::new(self.options.clone()))),
            ),
        };
        sink.report.format = Some(format);
        Ok(reader)
    }

    /// The preset, with the caller's mapping if there is one.
    fn preset(&self, preset: Preset) -> Result<Preset, ImportError> {
        let preset = match &self.options.mapping {
            Some(mapping) => Preset {
                format: if preset.mapping.roles == mapping.roles {
                    preset.format
                } else {
                    Format::Table
                },
                mapping: mapping.clone(),
                unit: mapping
                    .weight_unit()
                    .map_or(preset.unit, |_| UnitSource::Stated),
                ..preset
            },
            None if preset.format == Format::Table && self.is_inside_zip => {
                return Err(ImportError::UnknownFormat);
            }
            None => preset,
        };
        if preset.format == Format::Table && !preset.mapping.is_complete() {
            return Err(ImportError::NeedsMapping);
        }
        Ok(preset)
    }

    fn unit(&self, source: UnitSource) -> Result<MassUnit, ImportError> {
        match (self.options.unit, source) {
            (Some(unit), _) => Ok(unit),
            (None, UnitSource::Stated) => Ok(MassUnit::Kilogram),
            (None, _) => Err(ImportError::NeedsUnit),
        }
    }
}

impl Reader {
    fn push(&mut self, bytes: &[u8], sink: &mut Sink) -> Result<(), ImportError> {
        match self {
            Self::Table(reader) => {
                reader.push(bytes, sink);
                Ok(())
            }
            Self::AppleHealth(reader) => reader.push(bytes, sink),
            Self::JsonRows(reader) => reader.push(bytes),
            Self::Backup(reader) => reader.push(bytes),
            Self::BodyMetrics(reader) => reader.push(bytes),
            Self::Zip(reader) => reader.push(bytes, sink),
        }
    }

    fn finish(self, sink: &mut Sink) -> Result<(), ImportError> {
        match self {
            Self::Table(mut reader) => {
                reader.finish(sink);
                Ok(())
            }
            Self::AppleHealth(reader) => reader.finish(),
            Self::JsonRows(reader) => reader.finish(sink),
            Self::Backup(reader) => reader.finish(sink),
            Self::BodyMetrics(reader) => reader.finish(sink),
            Self::Zip(reader) => reader.finish(),
        }
    }
}
