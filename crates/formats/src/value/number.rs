//! Numbers with a unit: masses, lengths, BMIs.

use crate::report::Reason;
use crate::table::HeightUnit;
use crate::text::is_letter;
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::decimal::{self, DecimalError, parse_typed};
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::{Grams, MassText, MassUnit};

/// Decimals that are read; what files have beyond is noise of binary numbers.
const DECIMALS_MAX: u32 = 15;
/// Pounds in a stone.
const STONE_POUNDS: u64 = 14;

/// A mass with the unit that stands beside it, else in `unit`: `80.0 kg`, `176,4`, `12 st 8.2 lb`.
pub(crate) fn parse_mass(text: &str, unit: MassUnit) -> Result<Grams, Reason> {
    let parts = split_units(text);
    let (unit, thousandths) = match parts.as_slice() {
        [(number, "")] => (unit, thousandths(number)?),
        [(number, word)] => (mass_unit(word)?, thousandths(number)?),
        [(stones, word), (pounds, rest)] if mass_unit(word)? == MassUnit::Stone => {
            if !rest.is_empty() && mass_unit(rest)? != MassUnit::Pound {
                return Err(Reason::WeightUnreadable);
            }
            let pounds = thousandths(pounds)?;
            let stones = thousandths(stones)?.saturating_mul(STONE_POUNDS);
            (MassUnit::Pound, stones.saturating_add(pounds))
        }
        _ => return Err(Reason::WeightUnreadable),
    };
    grams(unit, thousandths)
}

/// A height with the unit that stands beside it, else in `unit`, else by its size: `1.78` is metres, `178` centimetres.
/// `None` if it cannot be read or is no height.
pub(crate) fn parse_height(text: &str, unit: Option<HeightUnit>) -> Option<Millimetres> {
    let parts = split_units(text);
    let [(number, word)] = parts.as_slice() else {
        return None;
    };
    let unit = match *word {
        "" => unit,
        "cm" => Some(HeightUnit::Centimetre),
        "m" => Some(HeightUnit::Metre),
        "in" | "inch" | "inches" => Some(HeightUnit::Inch),
        _ => return None,
    };
    let thousandths = thousandths(number).ok()?;
    let millimetres = match unit {
        Some(HeightUnit::Metre) => thousandths,
        Some(HeightUnit::Inch) => rounded(thousandths.saturating_mul(254), 10_000),
        None if thousandths < 10_000 => thousandths,
        Some(HeightUnit::Centimetre) | None => rounded(thousandths, 100),
    };
    Millimetres::new(u32::try_from(millimetres).ok()?).ok()
}

/// A given BMI of any size; `None` if it cannot be read.
pub(crate) fn parse_bmi(text: &str) -> Option<CentiBmi> {
    let hundredths = rounded(thousandths(text).ok()?, 10);
    u32::try_from(hundredths)
        .ok()
        .map(CentiBmi::from_hundredths)
}

fn grams(unit: MassUnit, thousandths: u64) -> Result<Grams, Reason> {
    let text = match unit {
        MassUnit::Kilogram => MassText::Kilograms(decimal::text(thousandths, 3, '.')),
        MassUnit::Pound => MassText::Pounds(decimal::text(thousandths, 3, '.')),
        MassUnit::Stone => {
            let pounds = thousandths.saturating_mul(STONE_POUNDS);
            MassText::Pounds(decimal::text(pounds, 3, '.'))
        }
    };
    text.parse().map_err(|_| Reason::WeightOutOfRange)
}

fn mass_unit(word: &str) -> Result<MassUnit, Reason> {
    match word {
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" => Ok(MassUnit::Kilogram),
        "lb" | "lbs" | "pound" | "pounds" => Ok(MassUnit::Pound),
        "st" | "stone" | "stones" => Ok(MassUnit::Stone),
        _ => Err(Reason::WeightUnreadable),
    }
}

/// A decimal number as thousandths, rounded half up. One separator only, as when a person types it.
fn thousandths(text: &str) -> Result<u64, Reason> {
    let text = text.trim();
    let kept = match text.find(['.', ',']) {
        Some(at) if text.is_ascii() => &text[..text.len().min(at + 1 + DECIMALS_MAX as usize)],
        _ => text,
    };
    if kept.len() < text.len() && !text[kept.len()..].bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Reason::WeightUnreadable);
    }
    match parse_typed(kept, DECIMALS_MAX) {
        Ok(scaled) => Ok(rounded(scaled.unsigned_abs(), 1_000_000_000_000)),
        Err(DecimalError::TooLarge | DecimalError::Negative) => Err(Reason::WeightOutOfRange),
        Err(_) => Err(Reason::WeightUnreadable),
    }
}

/// The quotient, rounded half up.
const fn rounded(dividend: u64, divisor: u64) -> u64 {
    dividend.saturating_add(divisor / 2) / divisor
}

/// Numbers, each with the word behind it (units are ASCII and few, so case is folded where they are known).
fn split_units(text: &str) -> Vec<(&str, &'static str)> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && parts.len() < 3 {
        let word_at = rest.find(is_letter).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(word_at);
        let word_end = tail
            .find(|character| !is_letter(character))
            .unwrap_or(tail.len());
        let (word, tail) = tail.split_at(word_end);
        parts.push((number.trim(), known_unit(word)));
        rest = tail.trim_start_matches('.').trim_start();
    }
    parts
}

/// The unit in lower case; what is none becomes a word that no unit is.
fn known_unit(word: &str) -> &'static str {
    const UNITS: [&str; 19] = [
        "kg",
        "kgs",
        "kilo",
        "kilos",
        "kilogram",
        "kilograms",
        "lb",
        "lbs",
        "pound",
        "pounds",
        "st",
        "stone",
        "stones",
        "cm",
        "m",
        "in",
        "inch",
        "inches",
        "",
    ];
    UNITS
        .into_iter()
        .find(|unit| unit.eq_ignore_ascii_case(word))
        .unwrap_or("?")
}
