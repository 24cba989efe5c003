//! The values of a row.

use super::pages::Encoding;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    /// Bytes, which nothing here has a use for.
    Blob,
}

impl Value {
    /// The value as a number or text would be written; blank for null.
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Blob => "…".to_owned(),
        }
    }

    /// A whole number, also where it is kept as text.
    pub fn to_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Null | Self::Real(_) | Self::Blob => None,
        }
    }

    /// A text that is not blank.
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

/// The values in a payload: the kinds first, then the contents. `None` if they do not fit together.
pub(super) fn read_values(payload: &[u8], encoding: Encoding) -> Option<Vec<Value>> {
    let (header_bytes, after) = varint(payload)?;
    let header_bytes = usize::try_from(header_bytes).ok()?;
    let size_bytes = payload.len() - after.len();
    let mut kinds = payload.get(size_bytes..header_bytes)?;
    let mut content = payload.get(header_bytes..)?;
    let mut values = Vec::new();
    while !kinds.is_empty() {
        let (kind, rest) = varint(kinds)?;
        kinds = rest;
        let (bytes, rest) = content.split_at_checked(content_bytes(kind)?)?;
        content = rest;
        values.push(value(kind, bytes, encoding));
    }
    Some(values)
}

/// The bytes that a value of this kind takes.
fn content_bytes(kind: i64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        12.. => usize::try_from((kind - 12) / 2).ok(),
        _ => None,
    }
}

fn value(kind: i64, bytes: &[u8], encoding: Encoding) -> Value {
    match kind {
        0 => Value::Null,
        1..=6 => Value::Integer(integer(bytes)),
        7 => Value::Real(f64::from_bits(integer(bytes).cast_unsigned())),
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        _ if kind % 2 == 0 => Value::Blob,
        _ => Value::Text(text(bytes, encoding)),
    }
}

/// A big-endian number with its sign in the first bit.
fn integer(bytes: &[u8]) -> i64 {
    let is_negative = bytes.first().is_some_and(|first| *first >= 0x80);
    let start = if is_negative { -1 } else { 0 };
    bytes
        .iter()
        .fold(start, |sum: i64, byte| (sum << 8) | i64::from(*byte))
}

fn text(bytes: &[u8], encoding: Encoding) -> String {
    let units = |unit: fn([u8; 2]) -> u16| -> String {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match encoding {
        Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Encoding::Utf16Le => units(u16::from_le_bytes),
        Encoding::Utf16Be => units(u16::from_be_bytes),
    }
}

/// A number of one to nine bytes, and what follows it.
pub(super) fn varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut number: u64 = 0;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        if index == 8 {
            number = (number << 8) | u64::from(*byte);
            return Some((number.cast_signed(), &bytes[9..]));
        }
        number = (number << 7) | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some((number.cast_signed(), &bytes[index + 1..]));
        }
    }
    None
}
