//! A file from its first byte to its last, and what was found in it.

use crate::message::{Problem, ReadOptions, Tell, Unit};
use crate::question::{after, assumed_unit, options, question};
use crate::records::Content;
use std::rc::Rc;
use tidemark_formats::{
    Detected, Format, ImportedMetric, Importer, Rejected, Report, detect, limits,
};

/// Minutes east of UTC that the device's zone has at a local time, given in milliseconds as if it were UTC.
pub type Zone = Rc<dyn Fn(i64) -> i16>;

/// How many bytes of a file [`Reading::begin`] wants, or all of a shorter one.
pub const HEAD_BYTES: usize = limits::HEAD_BYTES;

/// A file that is being read.
pub struct Reading {
    name: String,
    detected: Detected,
    usual_unit: Unit,
    assumed_unit: Option<Unit>,
    importer: Importer,
    rows: Vec<ImportedMetric>,
    rejected: Vec<Rejected>,
}

/// A file that was read.
pub(crate) struct Loaded {
    pub name: String,
    pub format: Format,
    /// The unit that weights were taken for, where the file does not say.
    pub unit: Option<Unit>,
    /// Whether what columns hold was guessed.
    pub is_guess: bool,
    pub report: Report,
    pub rejected: Vec<Rejected>,
    pub content: Content,
}

impl Reading {
    /// Looks at the head of a file. Nothing of it counts as read: the file's bytes go through
    /// [`Reading::push`] from the first on.
    ///
    /// # Errors
    /// What to tell the person instead: a question, or that it can't be read.
    pub fn begin(
        name: String,
        head: &[u8],
        said: &ReadOptions,
        zone: Zone,
    ) -> Result<Self, Box<Tell>> {
        let detected = detect(head).map_err(|error| Tell::Failed(Problem::from(error)))?;
        if let Some(question) = question(&detected, said) {
            return Err(Box::new(Tell::Asks(question)));
        }
        let offset_for = move |local_ms| zone(local_ms);
        Ok(Self {
            name,
            usual_unit: said.usual_unit,
            assumed_unit: assumed_unit(&detected, said),
            importer: Importer::new(options(&detected, said), offset_for),
            detected,
            rows: Vec::new(),
            rejected: Vec::new(),
        })
    }

    /// Reads the next bytes.
    ///
    /// # Errors
    /// What to tell the person instead.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Box<Tell>> {
        let pushed = self.importer.push(bytes);
        self.rows.append(&mut self.importer.take_rows());
        self.rejected.append(&mut self.importer.take_rejected());
        pushed.map_err(|error| Box::new(after(error, &self.detected, self.usual_unit)))
    }

    /// The whole file is read.
    pub(crate) fn finish(self) -> Result<Loaded, Box<Tell>> {
        let finished = self
            .importer
            .finish()
            .map_err(|error| after(error, &self.detected, self.usual_unit))?;
        let (mut rows, mut rejected) = (self.rows, self.rejected);
        rows.extend(finished.rows);
        rejected.extend(finished.rejected);
        let content = match finished.backup {
            Some(backup) => Content::of_backup(*backup),
            None => Content::of_rows(rows, finished.people, finished.app),
        };
        Ok(Loaded {
            name: self.name,
            unit: self.assumed_unit,
            is_guess: self.detected.format == Format::Table,
            format: finished.report.format.unwrap_or(self.detected.format),
            report: finished.report,
            rejected,
            content,
        })
    }
}
