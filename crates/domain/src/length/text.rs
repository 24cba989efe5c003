//! Heights as text: the one or two fields of a form, and the words on the screen.
//!
//! Must not know languages: the caller chooses the decimal separator and words the errors.

use super::{LengthUnit, Millimetres};
use crate::decimal::{self, DecimalError, divide_rounded};
use crate::ranges::{Quantity, RangeError};
use std::fmt;
use thiserror::Error;

/// Hundredths of an inch in a foot. People type inches to two decimals: a hundredth is a quarter of a millimetre.
const FOOT_HUNDREDTHS: u64 = 1_200;

/// A height in the fields of its unit, typed by a person or written for one. The numbers carry no unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LengthText {
    /// Centimetres, at most one decimal.
    Centimetres(String),
    /// Feet and inches, two fields.
    FeetInches {
        /// Whole feet.
        feet: String,
        /// Inches under 12, at most two decimals.
        inches: String,
    },
}

/// Why the fields hold no height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LengthError {
    /// The number (for feet and inches: the inches) cannot be read.
    #[error(transparent)]
    Number(DecimalError),
    /// The whole number of feet cannot be read.
    #[error("feet: {0}")]
    Feet(DecimalError),
    /// The inches beside the feet reach another foot.
    #[error("inches beside feet must be less than 12")]
    InchesFillAFoot,
    /// The height is out of range.
    #[error(transparent)]
    Range(#[from] RangeError),
}

impl Millimetres {
    /// The height for reading: exact in centimetres, to the nearest quarter inch in feet and inches.
    pub fn text(self, unit: LengthUnit, separator: char) -> LengthText {
        match unit {
            LengthUnit::Centimetre => {
                LengthText::Centimetres(trimmed(u64::from(self.0), 1, separator))
            }
            LengthUnit::FootInch => {
                LengthText::from_hundredths(self.quarter_hundredths(), separator)
            }
        }
    }

    /// The height for a form: reads back as exactly this height. A quarter inch stays the quarter inch that was typed,
    /// everything else gets the decimals it needs.
    pub fn edit_text(self, unit: LengthUnit, separator: char) -> LengthText {
        let quarter = self.quarter_hundredths();
        if unit == LengthUnit::Centimetre || from_hundredths(quarter) == Ok(self) {
            return self.text(unit, separator);
        }
        let hundredths = divide_rounded(u64::from(self.0) * 1_000, 254);
        LengthText::from_hundredths(hundredths, separator)
    }

    /// The nearest quarter inch, in hundredths of an inch.
    fn quarter_hundredths(self) -> u64 {
        divide_rounded(u64::from(self.0) * 100, 635) * 25
    }
}

impl LengthText {
    /// The height that the fields mean. One of the two fields of feet and inches may be left empty and counts as zero.
    ///
    /// # Errors
    ///
    /// [`LengthError`], which tells the field.
    pub fn parse(&self) -> Result<Millimetres, LengthError> {
        let error = RangeError::of(Quantity::Height);
        match self {
            Self::Centimetres(number) => {
                let millimetres = decimal::parse_typed(number, 1).map_err(LengthError::Number)?;
                Ok(Millimetres::new(
                    u32::try_from(millimetres).map_err(|_| error)?,
                )?)
            }
            Self::FeetInches { feet, inches } => Ok(from_hundredths(parse_feet(feet, inches)?)?),
        }
    }

    /// The unit that the fields are in.
    pub const fn unit(&self) -> LengthUnit {
        match self {
            Self::Centimetres(_) => LengthUnit::Centimetre,
            Self::FeetInches { .. } => LengthUnit::FootInch,
        }
    }

    /// Splits hundredths of an inch into the two fields.
    fn from_hundredths(hundredths: u64, separator: char) -> Self {
        Self::FeetInches {
            feet: (hundredths / FOOT_HUNDREDTHS).to_string(),
            inches: trimmed(hundredths % FOOT_HUNDREDTHS, 2, separator),
        }
    }
}

/// With the international unit symbols, joined by no-break spaces.
impl fmt::Display for LengthText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Centimetres(number) => write!(out, "{number}\u{A0}cm"),
            Self::FeetInches { feet, inches } => {
                write!(out, "{feet}\u{A0}ft\u{A0}{inches}\u{A0}in")
            }
        }
    }
}

/// The height of so many hundredths of an inch, to the nearest millimetre.
fn from_hundredths(hundredths: u64) -> Result<Millimetres, RangeError> {
    let error = RangeError::of(Quantity::Height);
    let hundredths = u32::try_from(hundredths).map_err(|_| error)?;
    let millimetres = divide_rounded(u64::from(hundredths) * 254, 1_000);
    Millimetres::new(u32::try_from(millimetres).map_err(|_| error)?)
}

/// Two fields as hundredths of an inch.
fn parse_feet(feet: &str, inches: &str) -> Result<u64, LengthError> {
    let (feet, inches) = decimal::parse_typed_pair(feet, inches, 2);
    let (feet, inches) = (
        feet.map_err(LengthError::Feet)?,
        inches.map_err(LengthError::Number)?,
    );
    let (feet, inches) = (feet.unsigned_abs(), inches.unsigned_abs());
    if inches >= FOOT_HUNDREDTHS {
        return Err(LengthError::InchesFillAFoot);
    }
    Ok(feet.saturating_mul(FOOT_HUNDREDTHS).saturating_add(inches))
}

/// A decimal text without the zeros that say nothing: 175 rather than 175.0.
fn trimmed(scaled: u64, decimals: u32, separator: char) -> String {
    match (decimals, scaled % 10) {
        (1.., 0) => trimmed(scaled / 10, decimals - 1, separator),
        _ => decimal::text(scaled, decimals, separator),
    }
}
