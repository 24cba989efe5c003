//! A record as fields, and the delimiter that a table uses.

use crate::limits::COLUMNS_MAX;

/// Delimiters, the rarest in running text first.
const DELIMITERS: [u8; 4] = *b"\t;|,";

/// The fields of a record, unquoted. Beyond [`COLUMNS_MAX`] the rest is one field.
pub(super) fn split(record: &str, delimiter: u8) -> Vec<String> {
    let delimiter = char::from(delimiter);
    let mut fields = Vec::new();
    let mut rest = record;
    loop {
        let (field, tail) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted, delimiter),
            None => match rest.find(delimiter) {
                Some(at) if fields.len() < COLUMNS_MAX => {
                    (rest[..at].to_owned(), Some(&rest[at + 1..]))
                }
                _ => (rest.to_owned(), None),
            },
        };
        fields.push(field);
        match tail {
            Some(tail) => rest = tail,
            None => return fields,
        }
    }
}

/// The field behind an opening quote, and what follows its delimiter. Text between the closing quote and the delimiter
/// is kept.
fn unquote(mut rest: &str, delimiter: char) -> (String, Option<&str>) {
    let mut field = String::new();
    while let Some(at) = rest.find('"') {
        field.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if !rest.starts_with('"') {
            return match rest.find(delimiter) {
                Some(at) => {
                    field.push_str(&rest[..at]);
                    (field, Some(&rest[at + 1..]))
                }
                None => (field + rest, None),
            };
        }
        field.push('"');
        rest = &rest[1..];
    }
    (field + rest, None)
}

/// The delimiter of a file: the one that its first line with any has most of. A line of just a time and a weight counts
/// as split by a space.
pub(super) fn delimiter(head: &[u8]) -> Option<u8> {
    let is_remark = |line: &[u8]| line.is_empty() || line.starts_with(b"# ") || line == b"#";
    let lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = lines.filter(|line| !is_remark(line));
    let counts = |line: &[u8]| DELIMITERS.map(|wanted| count_outside_quotes(line, wanted));
    if let Some(counts) = lines
        .clone()
        .map(counts)
        .find(|counts| counts.iter().any(|count| *count > 0))
    {
        let most = counts.into_iter().max()?;
        return DELIMITERS
            .into_iter()
            .zip(counts)
            .find(|(_, count)| *count == most)
            .map(|(byte, _)| byte);
    }
    let line = lines.find(|line| !line.starts_with(b"#"))?;
    line.contains(&b' ').then_some(b' ')
}

fn count_outside_quotes(line: &[u8], wanted: u8) -> usize {
    let mut quoted = false;
    let is_wanted = |byte: &&u8| {
        quoted ^= **byte == b'"';
        !quoted && **byte == wanted
    };
    line.iter().filter(is_wanted).count()
}
