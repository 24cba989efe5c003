//! A stream of bytes as records: lines, joined where a quoted field holds line breaks.
//!
//! Cuts into chunks make no difference. Must not know what a field is for.

use crate::limits::RECORD_BYTES_MAX;
use crate::report::Reason;
use crate::text::line_breaks;

/// Splits what is pushed. A quote opens a field only at its start; one that is never closed costs its own line and no
/// other.
pub(super) struct Records {
    delimiter: u8,
    buffer: Vec<u8>,
    /// Where the next record begins in the buffer.
    start: usize,
    /// How far the buffer is scanned.
    scanned: usize,
    state: State,
    /// The first line break within quotes of this record.
    first_break: Option<usize>,
    /// Line on which the next record begins, from 1.
    line: u64,
    /// Within the rest of a line that was refused for its length.
    is_skipping: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// A quote within quotes: the end of them, or half of a doubled one.
    QuoteInQuotes,
}

/// What a byte does to the record.
enum Step {
    /// It belongs to it.
    On,
    /// It ends it.
    End,
    /// It shows that a quote was no quote.
    Stray,
}

/// One record, without its line break.
pub(super) enum Record<'a> {
    Line {
        line: u64,
        bytes: &'a [u8],
    },
    Broken {
        line: u64,
        reason: Reason,
        bytes: &'a [u8],
    },
}

impl Records {
    pub fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            state: State::FieldStart,
            first_break: None,
            line: 1,
            is_skipping: false,
        }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.scanned -= self.start;
        self.first_break = self.first_break.map(|at| at - self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete record; `at_end` says that nothing more will be pushed.
    pub fn next(&mut self, at_end: bool) -> Option<Record<'_>> {
        if self.is_skipping {
            self.skip_line(at_end)?;
        }
        while self.scanned < self.buffer.len() {
            if self.scanned - self.start >= RECORD_BYTES_MAX {
                return Some(self.broken(self.reason_of_length()));
            }
            let at = self.scanned;
            self.scanned += 1;
            match self.step(at) {
                Step::On => {}
                Step::End => return Some(self.line_until(at)),
                Step::Stray => return Some(self.broken(Reason::UnclosedQuote)),
            }
        }
        if !at_end || self.start == self.buffer.len() {
            return None;
        }
        if self.state == State::Quoted {
            return Some(self.broken(Reason::UnclosedQuote));
        }
        Some(self.line_until(self.buffer.len()))
    }

    fn step(&mut self, at: usize) -> Step {
        let byte = self.buffer[at];
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::QuoteInQuotes,
            (State::Quoted, _) => {
                if byte == b'\n' {
                    self.first_break.get_or_insert(at);
                }
                State::Quoted
            }
            (State::QuoteInQuotes | State::FieldStart, b'"') => State::Quoted,
            (_, b'\n') => return Step::End,
            (_, byte) if byte == self.delimiter => State::FieldStart,
            // Lines were joined by quotes that were never meant as a pair.
            (State::QuoteInQuotes, byte)
                if self.first_break.is_some() && !byte.is_ascii_whitespace() =>
            {
                return Step::Stray;
            }
            _ => State::Plain,
        };
        Step::On
    }

    /// Gives the record that ends before `end`, where a line break stands or the buffer ends.
    fn line_until(&mut self, end: usize) -> Record<'_> {
        let (start, line) = (self.start, self.line);
        self.begin_record(end);
        let bytes = &self.buffer[start..end];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Record::Line { line, bytes }
    }

    fn reason_of_length(&self) -> Reason {
        match self.state {
            State::Quoted => Reason::UnclosedQuote,
            _ => Reason::TooLong,
        }
    }

    /// Gives up on a record that is too long or never closes its quotes: its first line is refused, the next is read
    /// afresh.
    fn broken(&mut self, reason: Reason) -> Record<'_> {
        let (start, line) = (self.start, self.line);
        let end = self.first_break.unwrap_or(self.scanned);
        if self.first_break.is_some() {
            self.begin_record(end);
        } else {
            self.is_skipping = true;
            self.start = end;
        }
        let bytes = &self.buffer[start..end];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Record::Broken {
            line,
            reason,
            bytes,
        }
    }

    /// Sets everything for the record after the line break at `end`.
    fn begin_record(&mut self, end: usize) {
        let after = (end + 1).min(self.buffer.len());
        self.line += line_breaks(&self.buffer[self.start..after]);
        self.start = after;
        self.scanned = after;
        self.state = State::FieldStart;
        self.first_break = None;
    }

    /// Passes over the rest of a line; `None` while its end is not there.
    fn skip_line(&mut self, at_end: bool) -> Option<()> {
        let rest = &self.buffer[self.start..];
        let found = rest.iter().position(|byte| *byte == b'\n');
        if found.is_none() && !at_end {
            self.start = self.buffer.len();
            self.scanned = self.start;
            return None;
        }
        self.is_skipping = false;
        self.begin_record(found.map_or(self.buffer.len(), |at| self.start + at));
        Some(())
    }
}
