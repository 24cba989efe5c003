//! Zip files, read front to back in constant memory: the exports inside are read like files of their own.
//!
//! Deflated and stored entries, with sizes in front or behind, zip64 included. Must not know what the files inside mean.

mod header;
mod inflate;

use crate::reader::FileReader;
use crate::sink::Sink;
use crate::{ImportError, Options};
use header::{Entry, Header, Method, descriptor_length, read_header};
use inflate::Inflater;
use std::sync::Arc;

/// Endings of files that an app's export can have.
const ENDINGS: [&str; 5] = [".csv", ".json", ".xml", ".txt", ".db"];

/// Reads the entries one after the other.
pub(crate) struct ZipReader {
    options: Options,
    /// Bytes that are not used yet.
    pending: Vec<u8>,
    step: Step,
    /// The file inside that is being read, if anybody wants it.
    file: Option<FileReader>,
    /// Whether any file inside could be read.
    has_found: bool,
}

enum Step {
    Header,
    Stored { left: u64 },
    Deflated { inflater: Inflater, entry: Entry },
    Descriptor { compressed: u64, inflated: u64 },
    Directory,
}

impl ZipReader {
    pub fn new(options: Options) -> Self {
        Self {
            options,
            pending: Vec::new(),
            step: Step::Header,
            file: None,
            has_found: false,
        }
    }

    pub fn push(&mut self, bytes: &[u8], sink: &mut Sink) -> Result<(), ImportError> {
        self.pending.extend_from_slice(bytes);
        let pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        while let Some(used) = self.step(rest, sink)? {
            rest = &rest[used..];
        }
        self.pending = rest.to_vec();
        Ok(())
    }

    pub fn finish(self) -> Result<(), ImportError> {
        match self.step {
            Step::Directory if self.has_found => Ok(()),
            Step::Directory => Err(ImportError::NothingInZip),
            _ => Err(ImportError::CutShort),
        }
    }

    /// Goes on as far as one part of the file reaches; `None` while more bytes are needed.
    fn step(&mut self, rest: &[u8], sink: &mut Sink) -> Result<Option<usize>, ImportError> {
        match std::mem::replace(&mut self.step, Step::Directory) {
            Step::Header => self.header(rest, sink),
            Step::Stored { left } => self.stored(rest, left, sink),
            Step::Deflated { inflater, entry } => self.deflated(rest, inflater, entry, sink),
            Step::Descriptor {
                compressed,
                inflated,
            } => {
                let length = descriptor_length(rest, compressed, inflated)?;
                self.step = match length {
                    Some(_) => Step::Header,
                    None => Step::Descriptor {
                        compressed,
                        inflated,
                    },
                };
                Ok(length)
            }
            // Behind the files stands a list of them, which says nothing new.
            Step::Directory => Ok((!rest.is_empty()).then_some(rest.len())),
        }
    }

    fn header(&mut self, rest: &[u8], sink: &mut Sink) -> Result<Option<usize>, ImportError> {
        let (entry, length) = match read_header(rest)? {
            None => {
                self.step = Step::Header;
                return Ok(None);
            }
            Some(Header::Directory) => return Ok(Some(rest.len())),
            Some(Header::Entry(entry, length)) => (entry, length),
        };
        self.file = is_wanted(&entry.name).then(|| FileReader::inside_zip(&self.options));
        sink.file = Some(Arc::from(entry.name.as_str()));
        self.step = match entry.method {
            Method::Deflated => Step::Deflated {
                inflater: Inflater::new(),
                entry,
            },
            Method::Stored(left) => Step::Stored { left },
        };
        Ok(Some(length))
    }

    fn stored(
        &mut self,
        rest: &[u8],
        left: u64,
        sink: &mut Sink,
    ) -> Result<Option<usize>, ImportError> {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        self.give(&rest[..here], sink)?;
        let left = left - here as u64;
        if left == 0 {
            self.end_file(sink)?;
            self.step = Step::Header;
            return Ok(Some(here));
        }
        self.step = Step::Stored { left };
        Ok((here > 0).then_some(here))
    }

    fn deflated(
        &mut self,
        rest: &[u8],
        mut inflater: Inflater,
        entry: Entry,
        sink: &mut Sink,
    ) -> Result<Option<usize>, ImportError> {
        let mut used = 0;
        while let Some((taken, output)) = inflater.step(&rest[used..])? {
            used += taken;
            self.give(output, sink)?;
            if inflater.is_done() {
                break;
            }
        }
        if !inflater.is_done() {
            self.step = Step::Deflated { inflater, entry };
            return Ok((used > 0).then_some(used));
        }
        self.end_file(sink)?;
        self.step = if entry.has_descriptor {
            Step::Descriptor {
                compressed: inflater.taken(),
                inflated: inflater.given(),
            }
        } else {
            Step::Header
        };
        Ok(Some(used))
    }

    /// Hands bytes to the file that they belong to.
    fn give(&mut self, bytes: &[u8], sink: &mut Sink) -> Result<(), ImportError> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        match file.push(bytes, sink) {
            Ok(()) => Ok(()),
            Err(error) => {
                self.file = None;
                set_aside(error)
            }
        }
    }

    fn end_file(&mut self, sink: &mut Sink) -> Result<(), ImportError> {
        let Some(file) = self.file.take() else {
            return Ok(());
        };
        match file.finish(sink) {
            Ok(()) => {
                self.has_found = true;
                Ok(())
            }
            Err(error) => set_aside(error),
        }
    }
}

/// A zip holds many files that are none of ours; only what went wrong in one of ours ends the import.
fn set_aside(error: ImportError) -> Result<(), ImportError> {
    match error {
        ImportError::Empty
        | ImportError::UnknownFormat
        | ImportError::NeedsMapping
        | ImportError::Utf16
        | ImportError::NotBodyMetrics => Ok(()),
        error => Err(error),
    }
}

fn is_wanted(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !lower.contains("__macosx/") && ENDINGS.iter().any(|ending| lower.ends_with(ending))
}
