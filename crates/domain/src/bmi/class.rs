//! What a BMI says of an adult: the classes of the WHO, decided on whole numbers, and a number to show that never
//! belongs to another class.
//!
//! Must not know words for the classes, nor a person's background: lower thresholds are a person's own choice.

use super::{CentiBmi, square};
use crate::length::Millimetres;
use crate::mass::Grams;
use chrono::NaiveDate;

/// Below this age BMI is read by sex and age in months; an adult class would mislead.
const ADULT_AGE_YEARS: u32 = 20;
/// The bounds of the WHO 2004 action points, in tenths.
pub const RISK_BOUNDS_TENTHS: [u32; 3] = [185, 230, 275];

/// The classes of the WHO (1995, 2000, 2004) for adults, thinnest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BmiClass {
    /// Under 16.
    SevereThinness,
    /// 16 to under 17.
    ModerateThinness,
    /// 17 to under 18.5.
    MildThinness,
    /// 18.5 to under 25.
    Normal,
    /// 25 to under 30.
    PreObese,
    /// 30 to under 35.
    ObeseI,
    /// 35 to under 40.
    ObeseII,
    /// 40 and more.
    ObeseIII,
}

/// The eight classes in four groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BmiGroup {
    /// Under 18.5.
    Under,
    /// 18.5 to under 25.
    Normal,
    /// 25 to under 30.
    Over,
    /// 30 and more.
    Obese,
}

/// The WHO 2004 action points for people at risk from a lower BMI on: an optional scale, never inferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RiskBand {
    /// Under 18.5.
    Under,
    /// 18.5 to under 23.
    Acceptable,
    /// 23 to under 27.5.
    Increased,
    /// 27.5 and more.
    High,
}

impl BmiClass {
    /// All classes, thinnest first.
    pub const ALL: [Self; 8] = [
        Self::SevereThinness,
        Self::ModerateThinness,
        Self::MildThinness,
        Self::Normal,
        Self::PreObese,
        Self::ObeseI,
        Self::ObeseII,
        Self::ObeseIII,
    ];

    /// The least BMI of the class, in tenths.
    pub const fn lower_bound(self) -> u32 {
        match self {
            Self::SevereThinness => 0,
            Self::ModerateThinness => 160,
            Self::MildThinness => 170,
            Self::Normal => 185,
            Self::PreObese => 250,
            Self::ObeseI => 300,
            Self::ObeseII => 350,
            Self::ObeseIII => 400,
        }
    }

    /// The group that the class belongs to.
    pub const fn group(self) -> BmiGroup {
        match self {
            Self::SevereThinness | Self::ModerateThinness | Self::MildThinness => BmiGroup::Under,
            Self::Normal => BmiGroup::Normal,
            Self::PreObese => BmiGroup::Over,
            Self::ObeseI | Self::ObeseII | Self::ObeseIII => BmiGroup::Obese,
        }
    }

    /// The last class whose lower bound is reached.
    fn last_reached(reached: impl Fn(u32) -> bool) -> Self {
        let classes = Self::ALL.into_iter().rev();
        classes
            .into_iter()
            .find(|class| reached(class.lower_bound()))
            .unwrap_or(Self::SevereThinness)
    }
}

/// The class of a weight and a height, decided on the exact quotient.
pub fn classify(weight: Grams, height: Millimetres) -> BmiClass {
    BmiClass::last_reached(|tenths| reaches(weight, height, tenths))
}

/// The band of the lower thresholds, decided on the exact quotient.
pub fn risk_band(weight: Grams, height: Millimetres) -> RiskBand {
    match RISK_BOUNDS_TENTHS.map(|tenths| reaches(weight, height, tenths)) {
        [_, _, true] => RiskBand::High,
        [_, true, _] => RiskBand::Increased,
        [true, ..] => RiskBand::Acceptable,
        _ => RiskBand::Under,
    }
}

/// The BMI to show, in tenths, rounded half up, but down where rounding would show a value of another class: 24.9998
/// is shown as 24.9.
pub fn display_tenths(weight: Grams, height: Millimetres) -> u32 {
    tenths_below(weight, height, |tenths| {
        BmiClass::ALL
            .iter()
            .any(|class| class.lower_bound() == tenths)
    })
}

/// The same beside the lower thresholds, whose bounds it does not cross.
pub fn display_tenths_on_lower_scale(weight: Grams, height: Millimetres) -> u32 {
    tenths_below(weight, height, |tenths| {
        RISK_BOUNDS_TENTHS.contains(&tenths)
    })
}

/// Whether a person has reached the age at which the adult classes apply. Under it, show the number and no class.
pub fn adult_class_applies(birth_date: NaiveDate, on_date: NaiveDate) -> bool {
    on_date
        .years_since(birth_date)
        .is_some_and(|age| age >= ADULT_AGE_YEARS)
}

/// For a BMI that was given without a height. One that was computed is classified by [`classify`], before rounding.
impl CentiBmi {
    /// The class of a given BMI.
    pub fn class(self) -> BmiClass {
        BmiClass::last_reached(|tenths| self.get() / 10 >= tenths)
    }

    /// A given BMI in tenths, rounded half up, but down where rounding would show a value of another class.
    pub fn display_tenths(self) -> u32 {
        let rounded = self.get().saturating_add(5) / 10;
        if Self(rounded.saturating_mul(10)).class() == self.class() {
            rounded
        } else {
            self.get() / 10
        }
    }
}

/// Whether the exact BMI is at least so many tenths.
fn reaches(weight: Grams, height: Millimetres, tenths: u32) -> bool {
    u64::from(weight.get()) * 10_000 >= u64::from(tenths) * square(height)
}

/// The exact BMI in tenths, rounded half up unless that reaches a bound which the BMI itself does not.
fn tenths_below(weight: Grams, height: Millimetres, is_bound: impl Fn(u32) -> bool) -> u32 {
    let rounded = crate::decimal::divide_rounded(u64::from(weight.get()) * 10_000, square(height));
    let rounded = u32::try_from(rounded).unwrap_or(u32::MAX);
    if is_bound(rounded) && !reaches(weight, height, rounded) {
        rounded - 1
    } else {
        rounded
    }
}
