//! Bytes as text: UTF-8, or else Windows-1252, decided line by line so that a file needs no second pass.

use memchr::memchr_iter;
use std::borrow::Cow;

/// UTF-8's byte order mark.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What Windows-1252 means by 0x80 to 0x9F; the five that it leaves open stand for themselves.
const WINDOWS_1252_HIGH: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// The text of some bytes that end where a line ends.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

/// The text in lower case, as far as the languages of exports go. The standard library's own tables weigh more than all
/// parsers of dates and headers here.
pub(crate) fn fold(text: &str) -> String {
    text.chars().map(fold_character).collect()
}

fn fold_character(character: char) -> char {
    let distance = match character {
        // Turkish; all other letters of this block stand in pairs, or as Latin, Greek and Cyrillic ones do.
        'İ' => return 'i',
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ω' | 'А'..='Я' => 32,
        'Ā'..='ķ' | 'Ŋ'..='ŷ' => 1 - u32::from(character) % 2,
        'Ĺ'..='ň' | 'Ź'..='ž' => u32::from(character) % 2,
        _ => 0,
    };
    char::from_u32(u32::from(character) + distance).unwrap_or(character)
}

/// Whether a character can be part of a word: a letter of any script, roughly (not sign, digit, or blank).
pub(crate) fn is_letter(character: char) -> bool {
    match character {
        '\0'..='\x7F' => character.is_ascii_alphabetic(),
        // signs of Latin-1; Arabic and Persian digits and separators; punctuation, blanks, currencies, arrows, operators
        '\u{80}'..='\u{BF}'
        | '\u{61C}'
        | '\u{660}'..='\u{66C}'
        | '\u{6F0}'..='\u{6F9}'
        | '\u{2000}'..='\u{22FF}'
        | '\u{3000}'
        | '\u{FEFF}' => false,
        _ => true,
    }
}

/// How many lines end in some bytes.
pub(crate) fn line_breaks(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS_1252_HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
