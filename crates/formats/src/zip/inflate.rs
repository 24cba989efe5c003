//! Deflated bytes as plain ones, a window at a time.

use crate::ImportError;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// What a deflated byte can point back to; the output buffer is this ring.
const WINDOW_BYTES: usize = 32 * 1024;

/// Inflates one entry.
pub(super) struct Inflater {
    decompressor: Box<DecompressorOxide>,
    window: Vec<u8>,
    at: usize,
    taken: u64,
    given: u64,
    status: TINFLStatus,
}

impl Inflater {
    pub fn new() -> Self {
        Self {
            decompressor: Box::default(),
            window: vec![0; WINDOW_BYTES],
            at: 0,
            taken: 0,
            given: 0,
            status: TINFLStatus::HasMoreOutput,
        }
    }

    /// Takes some bytes and gives what they hold; `None` where nothing moves without more of them.
    pub fn step(&mut self, input: &[u8]) -> Result<Option<(usize, &[u8])>, ImportError> {
        let start = self.at;
        let (status, taken, given) = decompress(
            &mut self.decompressor,
            input,
            &mut self.window,
            start,
            TINFL_FLAG_HAS_MORE_INPUT,
        );
        if matches!(
            status,
            TINFLStatus::Failed | TINFLStatus::BadParam | TINFLStatus::Adler32Mismatch
        ) {
            return Err(ImportError::Damaged);
        }
        let has_moved = taken > 0 || given > 0 || status == TINFLStatus::Done;
        self.status = status;
        self.taken += taken as u64;
        self.given += given as u64;
        self.at = (start + given) % WINDOW_BYTES;
        Ok(has_moved.then(|| (taken, &self.window[start..start + given])))
    }

    pub fn is_done(&self) -> bool {
        self.status == TINFLStatus::Done
    }

    /// Deflated bytes so far.
    pub const fn taken(&self) -> u64 {
        self.taken
    }

    /// Plain bytes so far.
    pub const fn given(&self) -> u64 {
        self.given
    }
}
