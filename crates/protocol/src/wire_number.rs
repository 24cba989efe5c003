//! Quantities as decimal JSON numbers: kilograms, centimetres and BMI outside, whole grams, millimetres
//! and hundredths inside. Use with `#[serde(with = "wire_number")]` and its `option` and `patch`.

use serde::{Deserialize, Deserializer, Serializer, de};
use tidemark_domain::{bmi::CentiBmi, length::Millimetres, mass::Grams};

/// A quantity that travels as a decimal number in its everyday unit.
pub trait WireNumber: Copy + Sized {
    /// The number in the everyday unit.
    fn to_wire(self) -> f64;
    /// Reads the number; `None` outside the range.
    fn from_wire(number: f64) -> Option<Self>;
}

impl WireNumber for Grams {
    fn to_wire(self) -> f64 {
        self.to_kg()
    }
    fn from_wire(number: f64) -> Option<Self> {
        Self::from_kg(number).ok()
    }
}

impl WireNumber for Millimetres {
    fn to_wire(self) -> f64 {
        self.to_cm()
    }
    fn from_wire(number: f64) -> Option<Self> {
        Self::from_cm(number).ok()
    }
}

impl WireNumber for CentiBmi {
    fn to_wire(self) -> f64 {
        self.to_number()
    }
    fn from_wire(number: f64) -> Option<Self> {
        // A computed BMI may lie outside the range of a given one.
        Self::from_computed(number)
    }
}

fn read<'de, T: WireNumber, D: Deserializer<'de>>(number: f64) -> Result<T, D::Error> {
    T::from_wire(number).ok_or_else(|| de::Error::custom("the number is out of range"))
}

/// Writes a quantity.
///
/// # Errors
/// Only the serializer's own.
pub fn serialize<T: WireNumber, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(value.to_wire())
}

/// Reads a quantity.
///
/// # Errors
/// If it is not a number or out of range.
pub fn deserialize<'de, T: WireNumber, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    read::<T, D>(f64::deserialize(deserializer)?)
}

/// The same for a field that may be null.
pub mod option {
    use super::{Deserialize, Deserializer, Serializer, WireNumber, read};

    /// Writes a quantity or null.
    ///
    /// # Errors
    /// Only the serializer's own.
    pub fn serialize<T: WireNumber, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_f64(value.to_wire()),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a quantity or null.
    ///
    /// # Errors
    /// If it is neither null nor a number in range.
    pub fn deserialize<'de, T: WireNumber, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        match Option::<f64>::deserialize(deserializer)? {
            Some(number) => read::<T, D>(number).map(Some),
            None => Ok(None),
        }
    }
}

/// The same for a field of a partial update.
pub mod patch {
    use super::{Deserializer, Serializer, WireNumber, option};
    use crate::Patch;

    /// Writes a quantity or null; a kept field is left out by its owner.
    ///
    /// # Errors
    /// Only the serializer's own.
    pub fn serialize<T: WireNumber, S: Serializer>(
        value: &Patch<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Patch::Set(value) => super::serialize(value, serializer),
            Patch::Keep | Patch::Clear => serializer.serialize_none(),
        }
    }

    /// Reads a quantity or null.
    ///
    /// # Errors
    /// If it is neither null nor a number in range.
    pub fn deserialize<'de, T: WireNumber, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Patch<T>, D::Error> {
        option::deserialize(deserializer).map(Patch::from_option)
    }
}
