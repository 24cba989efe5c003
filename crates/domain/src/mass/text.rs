//! Weights as text: the one or two fields of a form, and the words on the screen.
//!
//! Must not know languages: the caller chooses the decimal separator and words the errors.

use super::{Grams, MassUnit, STONE_POUNDS, TYPED_DECIMALS};
use crate::decimal::{self, DecimalError};
use crate::ranges::RangeError;
use std::fmt;
use thiserror::Error;

/// A weight in the fields of its unit, typed by a person or written for one. The numbers carry no unit and no grouping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MassText {
    /// Kilograms.
    Kilograms(String),
    /// Pounds.
    Pounds(String),
    /// Stones and pounds, two fields.
    Stones {
        /// Whole stones.
        stones: String,
        /// Pounds under 14, with decimals.
        pounds: String,
    },
}

/// Why the fields hold no weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MassError {
    /// The number (for stones: the pounds) cannot be read.
    #[error(transparent)]
    Number(DecimalError),
    /// The whole number of stones cannot be read.
    #[error("stones: {0}")]
    Stones(DecimalError),
    /// The pounds beside the stones reach another stone.
    #[error("pounds beside stones must be less than 14")]
    PoundsFillAStone,
    /// The weight is out of range.
    #[error(transparent)]
    Range(#[from] RangeError),
}

impl Grams {
    /// The weight for reading, with one decimal. Stones are split after rounding to tenths of a pound, so there is
    /// never a 14th pound.
    pub fn text(self, unit: MassUnit, separator: char) -> MassText {
        MassText::from_shown(self.shown(unit, 1), 1, unit, separator)
    }

    /// The weight for a form: the fewest decimals, at least one, that read back as exactly this weight, so that
    /// opening and saving an unchanged form changes nothing.
    pub fn edit_text(self, unit: MassUnit, separator: char) -> MassText {
        let decimals = (1..TYPED_DECIMALS)
            .find(|decimals| self.survives(unit, *decimals))
            .unwrap_or(TYPED_DECIMALS);
        MassText::from_shown(self.shown(unit, decimals), decimals, unit, separator)
    }

    /// Whether the weight reads back unchanged when it is written with this many decimals.
    fn survives(self, unit: MassUnit, decimals: u32) -> bool {
        let thousandths = self.shown(unit, decimals) * 10_u64.pow(TYPED_DECIMALS - decimals);
        i64::try_from(thousandths)
            .is_ok_and(|thousandths| Self::from_thousandths(unit, thousandths) == Ok(self))
    }
}

impl MassText {
    /// The weight that the fields mean. One of the two fields of stones may be left empty and counts as zero.
    ///
    /// # Errors
    ///
    /// [`MassError`], which tells the field.
    pub fn parse(&self) -> Result<Grams, MassError> {
        let thousandths = match self {
            Self::Kilograms(number) | Self::Pounds(number) => {
                decimal::parse_typed(number, TYPED_DECIMALS).map_err(MassError::Number)?
            }
            Self::Stones { stones, pounds } => parse_stones(stones, pounds)?,
        };
        Ok(Grams::from_thousandths(self.unit(), thousandths)?)
    }

    /// The unit that the fields are in.
    pub const fn unit(&self) -> MassUnit {
        match self {
            Self::Kilograms(_) => MassUnit::Kilogram,
            Self::Pounds(_) => MassUnit::Pound,
            Self::Stones { .. } => MassUnit::Stone,
        }
    }

    /// Writes a number of the unit (stones as pounds) that is scaled by ten to the power of `decimals`.
    pub(super) fn from_shown(shown: u64, decimals: u32, unit: MassUnit, separator: char) -> Self {
        match unit {
            MassUnit::Kilogram => Self::Kilograms(decimal::text(shown, decimals, separator)),
            MassUnit::Pound => Self::Pounds(decimal::text(shown, decimals, separator)),
            MassUnit::Stone => {
                let stone = STONE_POUNDS * 10_u64.pow(decimals);
                Self::Stones {
                    stones: (shown / stone).to_string(),
                    pounds: decimal::text(shown % stone, decimals, separator),
                }
            }
        }
    }
}

/// With the international unit symbols, joined by no-break spaces.
impl fmt::Display for MassText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kilograms(number) => write!(out, "{number}\u{A0}kg"),
            Self::Pounds(number) => write!(out, "{number}\u{A0}lb"),
            Self::Stones { stones, pounds } => {
                write!(out, "{stones}\u{A0}st\u{A0}{pounds}\u{A0}lb")
            }
        }
    }
}

/// Two fields as thousandths of a pound.
fn parse_stones(stones: &str, pounds: &str) -> Result<i64, MassError> {
    let (stones, pounds) = decimal::parse_typed_pair(stones, pounds, TYPED_DECIMALS);
    let (stones, pounds) = (
        stones.map_err(MassError::Stones)?,
        pounds.map_err(MassError::Number)?,
    );
    let stone = i64::try_from(STONE_POUNDS * 1_000).unwrap_or(i64::MAX);
    if pounds >= stone {
        return Err(MassError::PoundsFillAStone);
    }
    Ok(stones.saturating_mul(stone).saturating_add(pounds))
}
