//! The body mass index: kilograms by square metres, worked out on whole numbers.
//!
//! `VTI` in the source plan is the Turkish label of the same value. Must not know how it is judged (that is `bmi/class.rs`).

mod class;

pub use class::{
    BmiClass, BmiGroup, RISK_BOUNDS_TENTHS, RiskBand, adult_class_applies, classify,
    display_tenths, display_tenths_on_lower_scale, risk_band,
};

use crate::decimal::{divide_rounded, scaled};
use crate::length::Millimetres;
use crate::mass::Grams;
use crate::ranges::{Quantity, RangeError, checked_scaled};

/// A BMI in hundredths of kg/m²: 2460 is 24.60.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CentiBmi(u32);

/// The BMI of a weight and a height, to two decimals, rounded half away from zero. It needs no range of its own: those
/// of weight and height hold it between 0.26 and 2600.
pub fn bmi(weight: Grams, height: Millimetres) -> CentiBmi {
    let hundredths = divide_rounded(u64::from(weight.get()) * 100_000, square(height));
    CentiBmi(u32::try_from(hundredths).unwrap_or(u32::MAX))
}

impl CentiBmi {
    /// A BMI that somebody gives, checked as sent, then rounded half away from zero to two decimals.
    ///
    /// # Errors
    ///
    /// [`RangeError`] outside 3 to 400, and for what is not a finite number.
    pub fn from_number(bmi: f64) -> Result<Self, RangeError> {
        checked_scaled(bmi, 2, 3.0..=400.0, Quantity::Bmi).map(Self)
    }

    /// A BMI that was computed elsewhere, as in a row that the server sends: any size. `None` if it is negative, not
    /// finite, or too large for any weight and height.
    pub fn from_computed(bmi: f64) -> Option<Self> {
        scaled(bmi, 2)
            .and_then(|hundredths| u32::try_from(hundredths).ok())
            .map(Self)
    }

    /// A BMI that was stored as hundredths.
    pub const fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// The number of hundredths.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The BMI as it stands on the wire: 2460 hundredths are 24.6.
    pub fn to_number(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// Square millimetres.
fn square(height: Millimetres) -> u64 {
    u64::from(height.get()) * u64::from(height.get())
}
