//! The signed difference between two weights, and how it is written.
//!
//! Must not know whether a change is good or bad.

use super::{Grams, MassText, MassUnit, STONE_POUNDS};
use std::fmt;

/// A difference of weights in whole grams; positive is a gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MassChange(i32);

/// A change for reading: a sign and a weight. `Display` joins them: `−0.6 kg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeText {
    /// `+`, `−` (U+2212), or nothing where the change is shown as zero.
    pub sign: &'static str,
    /// How much; less than a stone is given in pounds alone.
    pub amount: MassText,
}

impl Grams {
    /// What was gained since `earlier`.
    pub fn change_since(self, earlier: Self) -> MassChange {
        MassChange(self.get().cast_signed() - earlier.get().cast_signed())
    }
}

impl MassChange {
    /// The nearest change to a computed number of grams, such as a difference of trend values; what is not a number
    /// is no change.
    pub fn nearest(grams: f64) -> Self {
        let bound = f64::from(Grams::MAX.get());
        let whole = crate::decimal::scaled(grams.clamp(-bound, bound), 0);
        Self(
            whole
                .and_then(|grams| i32::try_from(grams).ok())
                .unwrap_or(0),
        )
    }

    /// The difference in grams.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// The change in `unit` with one decimal, rounded half away from zero.
    pub fn text(self, unit: MassUnit, separator: char) -> ChangeText {
        let shown = Grams(self.0.unsigned_abs()).shown(unit, 1);
        let unit = match unit {
            MassUnit::Stone if shown < STONE_POUNDS * 10 => MassUnit::Pound,
            unit => unit,
        };
        let sign = match (shown, self.0) {
            (0, _) => "",
            (_, ..0) => "\u{2212}",
            _ => "+",
        };
        ChangeText {
            sign,
            amount: MassText::from_shown(shown, 1, unit, separator),
        }
    }
}

impl fmt::Display for ChangeText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.sign, self.amount)
    }
}
