//! Heights in whole millimetres, and the units people measure in.
//!
//! Must not know how a height is typed or written (that is `length/text.rs`).

mod text;

pub use text::{LengthError, LengthText};

use crate::ranges::{Quantity, RangeError, checked_scaled};

/// A height in whole millimetres, 50 cm to 275 cm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millimetres(u32);

/// The unit in which a person reads and types heights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LengthUnit {
    /// Centimetres.
    #[default]
    Centimetre,
    /// Feet of 12 inches, and inches of 2.54 cm.
    FootInch,
}

impl Millimetres {
    /// The least height, 50 cm.
    pub const MIN: Self = Self(500);
    /// The greatest height, 275 cm.
    pub const MAX: Self = Self(2_750);

    /// A height of this many millimetres.
    ///
    /// # Errors
    ///
    /// [`RangeError`] outside [`Millimetres::MIN`] to [`Millimetres::MAX`].
    pub const fn new(millimetres: u32) -> Result<Self, RangeError> {
        match Quantity::Height.check(millimetres as i64) {
            Ok(()) => Ok(Self(millimetres)),
            Err(error) => Err(error),
        }
    }

    /// A height as it stands on the wire: centimetres, checked as sent, then rounded half away from zero to
    /// millimetres.
    ///
    /// # Errors
    ///
    /// [`RangeError`] outside 50 to 275 cm, and for what is not a finite number.
    pub fn from_cm(centimetres: f64) -> Result<Self, RangeError> {
        checked_scaled(centimetres, 1, 50.0..=275.0, Quantity::Height).map(Self)
    }

    /// The number of millimetres.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The height as it stands on the wire, in centimetres: 1783 mm is 178.3.
    pub fn to_cm(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}
