//! The headers in front of the entries of a zip file, and the sizes behind them.

use crate::ImportError;
use crate::text::decode;

const SIGNATURE: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
const HEADER_BYTES: usize = 30;
const FLAG_ENCRYPTED: u16 = 1;
const FLAG_DESCRIPTOR: u16 = 1 << 3;
/// In a size that does not fit into 32 bits: the real one stands in the zip64 field.
const SEE_ZIP64: u32 = u32::MAX;
const ZIP64_FIELD: u16 = 1;

/// What stands where an entry can begin.
pub(super) enum Header {
    /// An entry, and the length of its header.
    Entry(Entry, usize),
    /// The directory: there are no more entries.
    Directory,
}

/// One file in the zip.
pub(super) struct Entry {
    pub name: String,
    pub method: Method,
    /// Its sizes stand behind it.
    pub has_descriptor: bool,
}

/// How an entry is packed.
pub(super) enum Method {
    /// As it is, so many bytes.
    Stored(u64),
    /// Deflated; the packed bytes tell where they end.
    Deflated,
}

/// Reads a header; `None` while more bytes are needed.
pub(super) fn read_header(bytes: &[u8]) -> Result<Option<Header>, ImportError> {
    let Some(signature) = bytes.get(..4) else {
        return Ok(None);
    };
    if signature != SIGNATURE {
        let is_directory = signature.starts_with(b"PK");
        return if is_directory {
            Ok(Some(Header::Directory))
        } else {
            Err(ImportError::Damaged)
        };
    }
    let Some(fixed) = bytes.get(..HEADER_BYTES) else {
        return Ok(None);
    };
    let name_end = HEADER_BYTES + usize::from(u16_at(fixed, 26));
    let end = name_end + usize::from(u16_at(fixed, 28));
    let (Some(name), Some(extra)) = (bytes.get(HEADER_BYTES..name_end), bytes.get(name_end..end))
    else {
        return Ok(None);
    };
    let flags = u16_at(fixed, 6);
    let has_descriptor = flags & FLAG_DESCRIPTOR != 0;
    let method = match u16_at(fixed, 8) {
        _ if flags & FLAG_ENCRYPTED != 0 => return Err(ImportError::UnsupportedZip),
        0 if has_descriptor && u32_at(fixed, 18) == 0 && !decode(name).ends_with('/') => {
            return Err(ImportError::UnsupportedZip);
        }
        0 => Method::Stored(stored_bytes(u32_at(fixed, 18), extra)?),
        8 => Method::Deflated,
        _ => return Err(ImportError::UnsupportedZip),
    };
    let name = decode(name).into_owned();
    Ok(Some(Header::Entry(
        Entry {
            name,
            method,
            has_descriptor,
        },
        end,
    )))
}

/// The length of the sizes behind an entry; `None` while more bytes are needed. They come with or without a signature,
/// in 32 or in 64 bits; which, the known sizes tell.
pub(super) fn descriptor_length(
    bytes: &[u8],
    compressed: u64,
    inflated: u64,
) -> Result<Option<usize>, ImportError> {
    const LONGEST: usize = 24;
    // A directory of at least 22 bytes follows, so the longest form can always be waited for.
    let Some(bytes) = bytes.get(..LONGEST) else {
        return Ok(None);
    };
    for start in [4, 0] {
        if start == 4 && !bytes.starts_with(&DESCRIPTOR) {
            continue;
        }
        let sizes = &bytes[start + 4..];
        let short = (u64::from(u32_at(sizes, 0)), u64::from(u32_at(sizes, 4)));
        if short == (compressed, inflated) {
            return Ok(Some(start + 12));
        }
        let long = (u64_at(sizes, 0), u64_at(sizes, 8));
        if long == (compressed, inflated) {
            return Ok(Some(start + 20));
        }
    }
    Err(ImportError::Damaged)
}

/// The size of a stored entry, from its zip64 field where it is too large for the header.
fn stored_bytes(size: u32, mut extra: &[u8]) -> Result<u64, ImportError> {
    if size != SEE_ZIP64 {
        return Ok(u64::from(size));
    }
    while let Some((field, rest)) = extra.split_at_checked(4) {
        let length = usize::from(u16_at(field, 2));
        let Some((content, rest)) = rest.split_at_checked(length) else {
            break;
        };
        // The inflated size stands first, the packed one behind it.
        if u16_at(field, 0) == ZIP64_FIELD && length >= 16 {
            return Ok(u64_at(content, 8));
        }
        extra = rest;
    }
    Err(ImportError::Damaged)
}

/// Little-endian numbers; what lies behind the end counts as zero.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array(bytes, at))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes
        .get(at..at + N)
        .and_then(|part| part.try_into().ok())
        .unwrap_or([0; N])
}
