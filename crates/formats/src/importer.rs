//! The way in: bytes in chunks, rows out.

use crate::reader::FileReader;
use crate::report::{Rejected, Report};
use crate::sink::Sink;
use crate::{Backup, ImportError, ImportedApp, ImportedMetric, ImportedPerson, Mapping};
use tidemark_domain::mass::MassUnit;

/// What the person told about a file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How to read a table; without it the app's own way, or the guess that [`crate::detect()`] shows.
    pub mapping: Option<Mapping>,
    /// The unit of weights that carry none. What a header or a cell states goes before it.
    pub unit: Option<MassUnit>,
}

/// Reads one file.
///
/// ```
/// use tidemark_formats::{Importer, Options};
///
/// let mut importer = Importer::new(Options::default(), |_local_ms| 60);
/// importer.push(b"dateTime,weight\n2021-04-18 11:51,77.35\n")?;
/// let finished = importer.finish()?;
/// assert_eq!(finished.rows[0].weight.get(), 77_350);
/// assert_eq!(finished.rows[0].measured_at.to_rfc3339(), "2021-04-18T10:51:00.000Z");
/// # Ok::<(), tidemark_formats::ImportError>(())
/// ```
pub struct Importer {
    reader: FileReader,
    sink: Sink,
    failure: Option<ImportError>,
}

/// What is left when a file was read to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The rows that were not taken yet.
    pub rows: Vec<ImportedMetric>,
    /// The refused lines that were not taken yet.
    pub rejected: Vec<Rejected>,
    /// The people of a file that holds several; rows name them by [`ImportedMetric::person`].
    pub people: Vec<ImportedPerson>,
    /// The settings of a file that has some.
    pub app: Option<ImportedApp>,
    /// Our own backup: it has whole records instead of rows.
    pub backup: Option<Box<Backup>>,
    /// The counts.
    pub report: Report,
}

impl Importer {
    /// Starts on a file. `offset_for` gives the minutes east of UTC that the device's time zone has at a local time,
    /// which is written in milliseconds as if it were UTC; most files tell wall clock times and no zone.
    pub fn new(options: Options, offset_for: impl Fn(i64) -> i16 + 'static) -> Self {
        Self {
            reader: FileReader::new(options),
            sink: Sink::new(Box::new(offset_for)),
            failure: None,
        }
    }

    /// Reads the next bytes. How a file is cut into chunks makes no difference to what comes out.
    ///
    /// # Errors
    ///
    /// [`ImportError`] where the file as a whole cannot be read; the same again from then on.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let pushed = self.reader.push(bytes, &mut self.sink);
        self.failure = pushed.err();
        pushed
    }

    /// Takes the rows since the last call. Libra's rows, and those of JSON and SQLite files, come only at the end.
    pub fn take_rows(&mut self) -> Vec<ImportedMetric> {
        std::mem::take(&mut self.sink.rows)
    }

    /// Takes the refused lines since the last call.
    pub fn take_rejected(&mut self) -> Vec<Rejected> {
        std::mem::take(&mut self.sink.rejected)
    }

    /// The counts so far.
    pub const fn report(&self) -> &Report {
        &self.sink.report
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    ///
    /// [`ImportError`] where the file as a whole cannot be read.
    pub fn finish(mut self) -> Result<Finished, ImportError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.reader.finish(&mut self.sink)?;
        let sink = self.sink;
        Ok(Finished {
            rows: sink.rows,
            rejected: sink.rejected,
            people: sink.people,
            app: sink.app,
            backup: sink.backup,
            report: sink.report,
        })
    }
}
