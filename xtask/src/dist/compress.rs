//! Compressed copies, made once here so that the server never compresses a file.

use super::Quality;
use anyhow::{Context, Result, anyhow};
use flate2::{Compression, write::GzEncoder};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

const BROTLI_WINDOW_LOG: i32 = 22;
const BROTLI_QUALITY: i32 = 11;

/// `path.br` and `path.gz` for each file that gets smaller by it.
pub fn all(
    files: &BTreeMap<String, Vec<u8>>,
    quality: Quality,
) -> Result<BTreeMap<String, Vec<u8>>> {
    if quality == Quality::Quick {
        return Ok(BTreeMap::new());
    }
    std::thread::scope(|scope| {
        let work: Vec<_> = files
            .iter()
            .filter(|(path, _)| is_worth_it(path))
            .map(|(path, bytes)| (path, bytes.len(), scope.spawn(|| pair(bytes))))
            .collect();
        let mut packed = BTreeMap::new();
        for (path, length, thread) in work {
            let (brotli, gzip) = thread
                .join()
                .unwrap_or_else(|_| Err(anyhow!("the compressor panicked")))
                .context(path.clone())?;
            for (extension, bytes) in [("br", brotli), ("gz", gzip)] {
                if bytes.len() < length {
                    packed.insert(format!("{path}.{extension}"), bytes);
                }
            }
        }
        Ok(packed)
    })
}

/// A picture in PNG is compressed already.
fn is_worth_it(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_none_or(|extension| extension != "png")
}

fn pair(bytes: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut brotli = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW_LOG,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut brotli, &parameters)?;
    Ok((brotli, gzip(bytes)?))
}

/// The bytes in gzip, as small as it gets.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
