//! What a wasm module is made of: the bytes of its functions by the crate that they were written in, and of its data.
//!
//! Reads only what this needs: the imports' count, the bodies, the data and the name section.

use anyhow::{Context, Result, bail};
use rustc_demangle::demangle;
use std::collections::BTreeMap;

/// Bytes by crate; `data` for tables and texts.
pub type Parts = BTreeMap<String, u64>;

/// What the standard library's crates are summed up as.
pub const STANDARD: &str = "the standard library";
/// Tables and texts.
pub const DATA: &str = "tables and texts";

const MAGIC: [u8; 8] = *b"\0asm\x01\0\0\0";
const SECTION_CUSTOM: u8 = 0;
const SECTION_IMPORT: u8 = 2;
const SECTION_CODE: u8 = 10;
const SECTION_DATA: u8 = 11;
const NAMES_OF_FUNCTIONS: u8 = 1;

/// Reads a module that still has its names.
pub fn parts(wasm: &[u8]) -> Result<Parts> {
    let mut rest = Reader(wasm.strip_prefix(&MAGIC).context("this is no wasm")?);
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
    let mut parts = Parts::new();
    while !rest.0.is_empty() {
        let kind = rest.byte()?;
        let length = rest.number()?;
        let mut section = Reader(rest.bytes(length)?);
        match kind {
            SECTION_IMPORT => imported = imported_functions(&mut section)?,
            SECTION_CODE => bodies = body_lengths(&mut section)?,
            SECTION_DATA => {
                parts.insert(DATA.to_owned(), length as u64);
            }
            SECTION_CUSTOM if section.text()? == "name" => names = function_names(section)?,
            _ => {}
        }
    }
    if names.is_empty() {
        bail!("the module has no names");
    }
    for (number, bytes) in bodies.into_iter().enumerate() {
        let name = names.get(&(imported + number)).copied().unwrap_or_default();
        *parts.entry(crate_of(name)).or_default() += bytes;
    }
    Ok(parts)
}

/// The crate in whose source a function stands.
fn crate_of(name: &str) -> String {
    // `core[0123456789abcdef]::fmt`: what stands in brackets tells crates of one name apart.
    let plain: String = format!("{:#}", demangle(name))
        .split('[')
        .map(|piece| piece.split_once(']').map_or(piece, |(_, rest)| rest))
        .collect();
    // `<A as B>::f` stands where A or B does: A is nearly always it, unless it is a type parameter.
    let words = plain.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let path = words.into_iter().find_map(|word| {
        let (first, _) = word.trim_start_matches("_::").split_once("::")?;
        (!first.is_empty()).then_some(first)
    });
    match path.unwrap_or("others") {
        "core" | "alloc" | "std" | "hashbrown" | "dlmalloc" | "__rustc" | "compiler_builtins" => {
            STANDARD.to_owned()
        }
        other => other.to_owned(),
    }
}

fn imported_functions(section: &mut Reader) -> Result<usize> {
    let mut functions = 0;
    for _ in 0..section.number()? {
        section.text()?;
        section.text()?;
        match section.byte()? {
            0 => {
                section.number()?;
                functions += 1;
            }
            1 => {
                section.byte()?;
                section.limits()?;
            }
            2 => section.limits()?,
            3 => drop(section.bytes(2)?),
            other => bail!("an import of kind {other}"),
        }
    }
    Ok(functions)
}

fn body_lengths(section: &mut Reader) -> Result<Vec<u64>> {
    (0..section.number()?)
        .map(|_| {
            let length = section.number()?;
            section.bytes(length)?;
            Ok(length as u64)
        })
        .collect()
}

fn function_names(mut section: Reader<'_>) -> Result<BTreeMap<usize, &str>> {
    let mut names = BTreeMap::new();
    while !section.0.is_empty() {
        let kind = section.byte()?;
        let length = section.number()?;
        let mut part = Reader(section.bytes(length)?);
        if kind == NAMES_OF_FUNCTIONS {
            for _ in 0..part.number()? {
                names.insert(part.number()?, part.text()?);
            }
        }
    }
    Ok(names)
}

/// The bytes that are left.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().context("the module ends too early")?;
        self.0 = rest;
        Ok(*first)
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self
            .0
            .split_at_checked(length)
            .context("the module ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..u32::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        bail!("a number that is too long")
    }

    fn text(&mut self) -> Result<&'a str> {
        let length = self.number()?;
        Ok(std::str::from_utf8(self.bytes(length)?)?)
    }

    fn limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{DATA, MAGIC, STANDARD, crate_of, parts};

    fn section(kind: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
        [&[kind, length], bytes].concat()
    }

    fn text(text: &str) -> Vec<u8> {
        let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
        [&[length], text.as_bytes()].concat()
    }

    #[test]
    fn bytes_of_functions_count_for_their_crates_and_imports_take_numbers() {
        let import = [&[1][..], &text("env"), &text("call"), &[0, 0]].concat();
        let one = text("_ZN8tidemark3one17h0123456789abcdefE");
        let two = text("_ZN4core3two17h0123456789abcdefE");
        let names = [&[2, 1][..], &one, &[2], &two].concat();
        let name = [text("name"), section(1, &names)].concat();
        let module = [
            MAGIC.to_vec(),
            section(2, &import),
            section(10, &[2, 3, 0, 0, 0x0b, 2, 0, 0x0b]),
            section(11, &[0, 0, 0, 0]),
            section(0, &name),
        ]
        .concat();
        let parts = parts(&module).unwrap_or_default();
        let expected = [(DATA, 4), (STANDARD, 2), ("tidemark", 3)];
        let found: Vec<(&str, u64)> = parts
            .iter()
            .map(|(name, bytes)| (&**name, *bytes))
            .collect();
        assert_eq!(found, expected);
        assert!(super::parts(&module[..module.len() - 1]).is_err());
    }

    #[test]
    fn a_function_stands_in_the_crate_of_its_type_or_else_of_its_trait() {
        for (name, expected) in [
            ("tidemark_engine::page::merge", "tidemark_engine"),
            ("<tachys::html::Any as core::fmt::Debug>::fmt", "tachys"),
            ("<T as tachys::view::IntoAny>::into_any", "tachys"),
            (
                "<&mut serde_json::de::Deserializer<R> as serde::Deserializer>::x",
                "serde_json",
            ),
            ("core::ops::function::FnOnce::call_once", STANDARD),
            (
                "_<T as reactive_graph::traits::Read>::try_read",
                "reactive_graph",
            ),
            ("core[59807616e1fa2540]::fmt::float::exact", STANDARD),
            ("<str>::fmt::trim", "others"),
            ("main", "others"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }
}
