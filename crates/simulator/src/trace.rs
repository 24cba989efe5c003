//! What happened, as a hash: the same seed must give the same one. Lines are kept only when somebody wants to read them.

use std::cell::{Cell, RefCell};
use std::fmt::Arguments;

/// The trace of a run.
#[derive(Debug)]
pub struct Trace {
    hash: Cell<u64>,
    lines: Option<RefCell<Vec<String>>>,
}

impl Trace {
    /// An empty trace; with `keep` its lines are kept.
    pub fn new(keep: bool) -> Self {
        Self {
            hash: Cell::new(0xcbf2_9ce4_8422_2325),
            lines: keep.then(RefCell::default),
        }
    }

    /// Mixes numbers in (FNV-1a over words).
    pub fn mix(&self, words: &[u64]) {
        let step = |hash: u64, word: &u64| {
            (hash ^ word)
                .wrapping_mul(0x0000_0100_0000_01b3)
                .rotate_left(23)
        };
        self.hash.set(words.iter().fold(self.hash.get(), step));
    }

    /// Mixes text in.
    pub fn mix_text(&self, text: &str) {
        let words: Vec<u64> = text.as_bytes().chunks(8).map(word_of).collect();
        self.mix(&words);
    }

    /// Adds a line for a reader; costs nothing where nobody reads.
    pub fn line(&self, line: Arguments<'_>) {
        if let Some(lines) = &self.lines {
            lines.borrow_mut().push(line.to_string());
        }
    }

    /// The hash so far.
    pub fn hash(&self) -> u64 {
        self.hash.get()
    }

    /// Takes the lines.
    pub fn take_lines(&self) -> Vec<String> {
        self.lines.as_ref().map(RefCell::take).unwrap_or_default()
    }
}

fn word_of(chunk: &[u8]) -> u64 {
    chunk
        .iter()
        .fold(0, |word, byte| (word << 8) | u64::from(*byte))
}
