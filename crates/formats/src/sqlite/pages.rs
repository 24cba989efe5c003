//! The header of a database, and its pages.

use crate::ImportError;

const HEADER_BYTES: usize = 100;
/// The least page that the format allows.
const PAGE_BYTES_MIN: usize = 512;
/// The least part of a page that must be left of reserved bytes.
const USABLE_BYTES_MIN: usize = 480;

/// In which encoding texts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// The pages of a database, numbered from 1.
pub(super) struct Pages<'a> {
    bytes: &'a [u8],
    page_bytes: usize,
    /// Bytes of a page that are not reserved at its end.
    pub usable_bytes: usize,
    pub encoding: Encoding,
    pub has_write_ahead_log: bool,
}

impl<'a> Pages<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, ImportError> {
        let header = bytes.get(..HEADER_BYTES).ok_or(ImportError::CutShort)?;
        let page_bytes = match u16::from_be_bytes([header[16], header[17]]) {
            1 => 65_536,
            size => usize::from(size),
        };
        let usable_bytes = page_bytes.saturating_sub(usize::from(header[20]));
        if page_bytes < PAGE_BYTES_MIN
            || !page_bytes.is_power_of_two()
            || usable_bytes < USABLE_BYTES_MIN
        {
            return Err(ImportError::Damaged);
        }
        if bytes.len() < page_bytes {
            return Err(ImportError::CutShort);
        }
        let encoding = match header[59] {
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        let has_write_ahead_log = header[18] == 2 || header[19] == 2;
        Ok(Self {
            bytes,
            page_bytes,
            usable_bytes,
            encoding,
            has_write_ahead_log,
        })
    }

    /// How many whole pages there are.
    pub fn count(&self) -> usize {
        self.bytes.len() / self.page_bytes
    }

    /// The usable part of a page.
    pub fn page(&self, number: u32) -> Result<&'a [u8], ImportError> {
        let index = usize::try_from(number)
            .ok()
            .and_then(|number| number.checked_sub(1))
            .ok_or(ImportError::Damaged)?;
        if index >= self.count() {
            return Err(ImportError::CutShort);
        }
        let start = index * self.page_bytes;
        Ok(&self.bytes[start..start + self.usable_bytes])
    }

    /// Where the b-tree's header begins in a page: the first one carries the database's header in front.
    pub fn tree_start(number: u32) -> usize {
        if number == 1 { HEADER_BYTES } else { 0 }
    }
}
