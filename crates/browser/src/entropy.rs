//! Chance from the browser.

use crate::js::scope;
use tidemark_engine::Entropy;

/// Bytes that the browser gives at once at most.
const CHUNK_BYTES: usize = 65_536;

/// The browser's cryptographic randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserEntropy;

impl Entropy for BrowserEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let crypto = scope().crypto();
        for chunk in bytes.chunks_mut(CHUNK_BYTES) {
            crypto
                .get_random_values_with_u8_array(chunk)
                .expect("a browser that runs WebAssembly gives randomness");
        }
    }
}
