//! Decimal numbers as text: exact scaling to whole numbers, and what a person types into a number field.
//!
//! Must not know which quantity the number stands for, nor its range.

use thiserror::Error;

/// The most decimals that any function here works with; more never fit into 64 bits.
pub const DECIMALS_MAX: u32 = 18;

/// Why a typed text is not a number that we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecimalError {
    /// Nothing was typed.
    #[error("a number is missing")]
    Empty,
    /// Something else than digits and one separator was typed.
    #[error("this is not a number")]
    NotANumber,
    /// A number below zero was typed.
    #[error("the number must not be negative")]
    Negative,
    /// Two or more separators, as in `1,234.5`: which one starts the decimals would be a guess.
    #[error("write the number with one decimal separator and no others")]
    Ambiguous,
    /// More digits after the separator than are kept.
    #[error("at most {max} digits after the decimal separator")]
    TooManyDecimals {
        /// How many are kept.
        max: u32,
    },
    /// More digits than any quantity here has.
    #[error("the number is too large")]
    TooLarge,
}

/// `value` times ten to the power of `decimals`, rounded half away from zero.
///
/// It goes through the shortest text that reads back as the same `f64`, which is what stood in the JSON: 78.2005
/// with three decimals is 78201, although the binary number lies below the half.
///
/// `None` if `value` is not finite, if the result lies beyond ±`i64::MAX`, or for more than [`DECIMALS_MAX`] decimals.
pub fn scaled(value: f64, decimals: u32) -> Option<i64> {
    if !value.is_finite() {
        return None;
    }
    let text = value.abs().to_string();
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let magnitude = scale_digits(integer, fraction, decimals)?;
    Some(if value < 0.0 { -magnitude } else { magnitude })
}

/// What a person typed, times ten to the power of `decimals`, exactly.
///
/// `93,5` and `93.5` are the same number in every language: the one separator (`.`, `,` or the Arabic `٫`) always
/// starts the decimals and never groups thousands, so nothing typed is ever made larger than it could be meant.
/// `1,234` is therefore 1.234, which the range of every quantity here refuses in every unit where 1234 could be
/// meant; `1,234.5`, `1.234,5` and `1,234,567` are refused as [`DecimalError::Ambiguous`]. Spaces around the number,
/// no-break ones and the invisible marks of right-to-left text included, do not count; inside they are refused.
/// Arabic-Indic and Persian digits count as digits. `,5` and `93,` are taken: people type so.
///
/// # Errors
///
/// A [`DecimalError`] that says what to do about it.
pub fn parse_typed(text: &str, decimals: u32) -> Result<i64, DecimalError> {
    let text = text.trim_matches(is_padding);
    if text.is_empty() {
        return Err(DecimalError::Empty);
    }
    if let Some(rest) = text.strip_prefix(['-', '\u{2212}']) {
        split_typed(rest)?;
        return Err(DecimalError::Negative);
    }
    let (integer, fraction) = split_typed(text)?;
    let decimals = decimals.min(DECIMALS_MAX);
    if fraction.len() > decimals as usize {
        return Err(DecimalError::TooManyDecimals { max: decimals });
    }
    scale_digits(&integer, &fraction, decimals).ok_or(DecimalError::TooLarge)
}

/// Two fields that make one quantity, such as whole stones and pounds. One that is left empty beside a filled one counts
/// as zero; if both are empty, the first one is missing.
pub(crate) fn parse_typed_pair(
    whole: &str,
    part: &str,
    part_decimals: u32,
) -> (Result<i64, DecimalError>, Result<i64, DecimalError>) {
    match (parse_typed(whole, 0), parse_typed(part, part_decimals)) {
        (Err(DecimalError::Empty), Err(DecimalError::Empty)) => (Err(DecimalError::Empty), Ok(0)),
        (Err(DecimalError::Empty), part) => (Ok(0), part),
        (whole, Err(DecimalError::Empty)) => (whole, Ok(0)),
        both => both,
    }
}

/// Writes a scaled whole number as a decimal text: 782 with one decimal and `,` is `78,2`.
///
/// More than [`DECIMALS_MAX`] decimals are written as that many.
pub fn text(scaled: u64, decimals: u32, separator: char) -> String {
    let decimals = decimals.min(DECIMALS_MAX) as usize;
    let digits = format!("{scaled:0>width$}", width = decimals + 1);
    let (integer, fraction) = digits.split_at(digits.len() - decimals);
    if fraction.is_empty() {
        integer.to_owned()
    } else {
        format!("{integer}{separator}{fraction}")
    }
}

/// The quotient, rounded half up. `divisor` is not zero and twice the dividend fits.
pub(crate) const fn divide_rounded(dividend: u64, divisor: u64) -> u64 {
    (2 * dividend + divisor) / (2 * divisor)
}

/// Spaces of every kind, and marks that a right-to-left keyboard or a copied text leaves around a number.
fn is_padding(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FEFF}')
}

/// The digits before and after the one separator, as ASCII.
fn split_typed(text: &str) -> Result<(String, String), DecimalError> {
    let mut integer = String::new();
    let mut fraction = None;
    for character in text.chars() {
        if let Some(digit) = ascii_digit(character) {
            fraction.as_mut().unwrap_or(&mut integer).push(digit);
        } else if !matches!(character, '.' | ',' | '\u{066B}') {
            return Err(DecimalError::NotANumber);
        } else if fraction.is_some() {
            return Err(DecimalError::Ambiguous);
        } else {
            fraction = Some(String::new());
        }
    }
    let fraction = fraction.unwrap_or_default();
    if integer.is_empty() && fraction.is_empty() {
        return Err(DecimalError::NotANumber);
    }
    Ok((integer, fraction))
}

/// A European, Arabic-Indic or Persian digit as its ASCII twin.
fn ascii_digit(character: char) -> Option<char> {
    let zero = match character {
        '0'..='9' => return Some(character),
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        _ => return None,
    };
    char::from_digit(u32::from(character) - zero, 10)
}

/// ASCII digits around a decimal point as one whole number, rounded half up at `decimals`.
fn scale_digits(integer: &str, fraction: &str, decimals: u32) -> Option<i64> {
    if decimals > DECIMALS_MAX {
        return None;
    }
    let decimals = decimals as usize;
    let kept = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(decimals);
    let whole = integer.bytes().chain(kept).try_fold(0_i64, |sum, digit| {
        sum.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
    })?;
    let rounds_up = fraction
        .as_bytes()
        .get(decimals)
        .is_some_and(|digit| *digit >= b'5');
    whole.checked_add(i64::from(rounds_up))
}
