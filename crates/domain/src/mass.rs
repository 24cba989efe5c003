//! Weights in whole grams, and the units people weigh in.
//!
//! Must not know how a weight is typed or written (that is `mass/text.rs`) nor what it means for a person.

mod change;
mod text;

pub use change::{ChangeText, MassChange};
pub use text::{MassError, MassText};

use crate::decimal::divide_rounded;
use crate::ranges::{Quantity, RangeError, checked_scaled};

/// One pound in units of ten micrograms: 0.45359237 kg, exact by definition.
const POUND_TEN_MICROGRAMS: u64 = 45_359_237;
/// Pounds in a stone.
const STONE_POUNDS: u64 = 14;
/// How many decimals a person may type in any unit. Three, because a thousandth of a pound is less than half a gram:
/// every stored gram can be written and read back.
const TYPED_DECIMALS: u32 = 3;

/// A weight in whole grams, 2 kg to 650 kg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grams(u32);

/// The unit in which a person reads and types weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MassUnit {
    /// Kilograms.
    #[default]
    Kilogram,
    /// Pounds of 0.45359237 kg.
    Pound,
    /// Stones of 14 pounds, and pounds.
    Stone,
}

impl Grams {
    /// The least weight, 2 kg.
    pub const MIN: Self = Self(2_000);
    /// The greatest weight, 650 kg.
    pub const MAX: Self = Self(650_000);

    /// A weight of this many grams.
    ///
    /// # Errors
    ///
    /// [`RangeError`] outside [`Grams::MIN`] to [`Grams::MAX`].
    pub const fn new(grams: u32) -> Result<Self, RangeError> {
        match Quantity::Weight.check(grams as i64) {
            Ok(()) => Ok(Self(grams)),
            Err(error) => Err(error),
        }
    }

    /// A weight as it stands on the wire: kilograms, checked as sent, then rounded half away from zero to grams.
    ///
    /// # Errors
    ///
    /// [`RangeError`] outside 2 to 650 kg, and for what is not a finite number.
    pub fn from_kg(kilograms: f64) -> Result<Self, RangeError> {
        checked_scaled(kilograms, 3, 2.0..=650.0, Quantity::Weight).map(Self)
    }

    /// The nearest weight to a computed number of grams, such as a trend value; what lies outside becomes the bound,
    /// what is not a number the least weight.
    pub fn nearest(grams: f64) -> Self {
        let bounded = grams
            .max(f64::from(Self::MIN.0))
            .min(f64::from(Self::MAX.0));
        let whole = crate::decimal::scaled(bounded, 0).and_then(|grams| u32::try_from(grams).ok());
        whole.map_or(Self::MIN, Self)
    }

    /// The number of grams.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The weight as it stands on the wire, in kilograms: 78200 g is 78.2.
    pub fn to_kg(self) -> f64 {
        f64::from(self.0) / 1_000.0
    }

    /// The weight after `tenths` steps of 0.1 in the shown unit (0.1 lb for stones), starting from what is shown, and
    /// held within the range.
    #[must_use]
    pub fn step(self, unit: MassUnit, tenths: i32) -> Self {
        let shown = i64::try_from(self.shown(unit, 1)).unwrap_or(i64::MAX);
        let stepped = shown.saturating_add(i64::from(tenths));
        let bound = if tenths < 0 { Self::MIN } else { Self::MAX };
        Self::from_thousandths(unit, stepped.saturating_mul(100)).unwrap_or(bound)
    }

    /// The weight in `unit` (stones as pounds) times ten to the power of `decimals`, rounded half up.
    fn shown(self, unit: MassUnit, decimals: u32) -> u64 {
        let scaled = u64::from(self.0) * 10_u64.pow(decimals);
        match unit {
            MassUnit::Kilogram => divide_rounded(scaled, 1_000),
            MassUnit::Pound | MassUnit::Stone => {
                divide_rounded(scaled * 100_000, POUND_TEN_MICROGRAMS)
            }
        }
    }

    /// A weight from thousandths of `unit` (stones as pounds), rounded to the nearest gram.
    ///
    /// The bound that an error message names must itself be accepted: 4.4 lb, the least weight as shown, is four grams
    /// under 2 kg, and is taken as 2 kg.
    fn from_thousandths(unit: MassUnit, thousandths: i64) -> Result<Self, RangeError> {
        let error = RangeError::of(Quantity::Weight);
        let thousandths = u64::from(u32::try_from(thousandths).map_err(|_| error)?);
        let grams = match unit {
            MassUnit::Kilogram => thousandths,
            MassUnit::Pound | MassUnit::Stone => {
                divide_rounded(thousandths * POUND_TEN_MICROGRAMS, 100_000_000)
            }
        };
        if grams < u64::from(Self::MIN.0) && thousandths >= Self::MIN.shown(unit, 1) * 100 {
            return Ok(Self::MIN);
        }
        Self::new(u32::try_from(grams).map_err(|_| error)?)
    }
}
