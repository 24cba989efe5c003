//! Tags of an XML file, one after the other, in constant memory.
//!
//! Text between tags does not matter to anybody here. Must not know what tags mean.

use crate::ImportError;
use crate::limits::TAG_BYTES_MAX;
use crate::text::line_breaks;
use memchr::{memchr, memchr2, memchr3};

/// Splits what is pushed into tags.
pub(crate) struct Tags {
    buffer: Vec<u8>,
    /// Where the next tag is looked for.
    start: usize,
    /// Line of `start`, from 1.
    line: u64,
}

/// A start or end tag as it stands in the file.
pub(crate) struct Tag<'a> {
    pub line: u64,
    pub bytes: &'a [u8],
}

/// What a `<` begins.
enum Markup {
    Comment,
    Data,
    Instruction,
    Declaration,
    Tag,
}

impl Tags {
    pub fn new() -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            line: 1,
        }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete tag; comments, processing instructions and declarations are passed over.
    ///
    /// # Errors
    ///
    /// [`ImportError::EntityDeclaration`], and [`ImportError::Damaged`] for a tag beyond all measure.
    pub fn next(&mut self) -> Result<Option<Tag<'_>>, ImportError> {
        loop {
            self.skip_text();
            let Some((markup, length)) = measure(&self.buffer[self.start..])? else {
                return Ok(None);
            };
            let (start, line) = (self.start, self.line);
            self.advance(start + length);
            if matches!(markup, Markup::Tag) {
                let bytes = &self.buffer[start..start + length];
                return Ok(Some(Tag { line, bytes }));
            }
        }
    }

    /// Whether something was begun and not ended.
    pub fn is_inside_markup(&self) -> bool {
        self.start < self.buffer.len()
    }

    fn skip_text(&mut self) {
        let rest = &self.buffer[self.start..];
        let at = memchr(b'<', rest).unwrap_or(rest.len());
        self.advance(self.start + at);
    }

    fn advance(&mut self, to: usize) {
        self.line += line_breaks(&self.buffer[self.start..to]);
        self.start = to;
    }
}

/// Kind and length of the markup at the beginning of `rest`, or `None` while its end is not there.
fn measure(rest: &[u8]) -> Result<Option<(Markup, usize)>, ImportError> {
    let (markup, end) = match rest {
        [] | [b'<'] => return Ok(None),
        [b'<', b'?', ..] => (Markup::Instruction, find(rest, b"?>")),
        [b'<', b'!', ..] => match declaration(rest)? {
            Some(found) => found,
            None => return Ok(None),
        },
        _ => (Markup::Tag, find_end(rest)),
    };
    let length = end.unwrap_or(rest.len());
    if length > TAG_BYTES_MAX {
        return Err(ImportError::Damaged);
    }
    Ok(end.map(|end| (markup, end)))
}

/// What begins with `<!`, once enough of it is there to tell.
fn declaration(rest: &[u8]) -> Result<Option<(Markup, Option<usize>)>, ImportError> {
    const ENTITY: &[u8] = b"<!ENTITY";
    const NAME_BYTES_MAX: usize = b"<![CDATA[".len();
    if rest.starts_with(b"<!--") {
        // Not the dashes of the beginning themselves.
        let end = find(&rest[4..], b"-->").map(|end| end + 4);
        return Ok(Some((Markup::Comment, end)));
    }
    if rest.len() < NAME_BYTES_MAX {
        return Ok(None);
    }
    if rest.starts_with(ENTITY) {
        return Err(ImportError::EntityDeclaration);
    }
    if rest.starts_with(b"<![CDATA[") {
        return Ok(Some((Markup::Data, find(rest, b"]]>"))));
    }
    // A document type's own declarations follow its `[`, and count like any others; its `]>` is passed over as text.
    let end = if rest.starts_with(b"<!DOCTYPE") {
        memchr2(b'[', b'>', rest).map(|at| at + 1)
    } else {
        find_end(rest)
    };
    Ok(Some((Markup::Declaration, end)))
}

/// Where the first `wanted` ends.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
        .map(|at| at + wanted.len())
}

/// Where the first `>` outside quotes ends.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr3(b'>', b'"', b'\'', &bytes[from..])?;
        if bytes[at] == b'>' {
            return Some(at + 1);
        }
        from = at + 1;
        from += memchr(bytes[at], &bytes[from..])? + 1;
    }
}

/// The value of an attribute, as it stands (references such as `&amp;` are not resolved).
pub(crate) fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
        let before = rest[..equals].trim_ascii_end();
        let after = rest[equals + 1..].trim_ascii_start();
        let (quote, value) = after.split_first()?;
        if !matches!(quote, b'"' | b'\'') {
            return None;
        }
        let end = value.iter().position(|byte| byte == quote)?;
        let is_wanted = before.strip_suffix(name).is_some_and(|before| {
            before.ends_with(b" ") || before.trim_ascii_end().len() < before.len()
        });
        if is_wanted {
            return str::from_utf8(&value[..end]).ok();
        }
        rest = &value[end + 1..];
    }
    None
}
