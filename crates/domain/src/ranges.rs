//! The hard ranges, one rule set for the form, the import and the server, and the error that names them.
//!
//! Must not know how a bound reads in a person's unit or language, and never carries the refused value itself: an
//! error may end up in a log, a health value must not.

use crate::calendar::INSTANT_MS_MAX;
use std::ops::RangeInclusive;
use thiserror::Error;

/// The earliest time of a measurement: 1900-01-01T00:00:00Z, in milliseconds since 1970.
pub const CREATED_AT_MS_MIN: i64 = -2_208_988_800_000;
/// The furthest offset from UTC, east or west, in minutes.
pub const UTC_OFFSET_MINUTES_MAX: i16 = 1_080;
/// The longest note, in Unicode scalar values.
pub const NOTE_CHARACTERS_MAX: usize = 500;

/// What a range is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// A weight, in grams.
    Weight,
    /// A height, in millimetres.
    Height,
    /// A given (not computed) BMI, in hundredths.
    Bmi,
    /// An offset from UTC, in minutes.
    UtcOffset,
    /// The time of a measurement, in milliseconds since 1970.
    CreatedAt,
}

impl Quantity {
    /// The least and the greatest value allowed, in the unit named at the variant.
    pub const fn bounds(self) -> (i64, i64) {
        match self {
            Self::Weight => (2_000, 650_000),
            Self::Height => (500, 2_750),
            Self::Bmi => (300, 40_000),
            Self::UtcOffset => (
                -(UTC_OFFSET_MINUTES_MAX as i64),
                UTC_OFFSET_MINUTES_MAX as i64,
            ),
            Self::CreatedAt => (CREATED_AT_MS_MIN, INSTANT_MS_MAX),
        }
    }

    /// Whether `value`, in the unit named at the variant, is allowed.
    ///
    /// # Errors
    ///
    /// [`RangeError`] if it is not.
    pub const fn check(self, value: i64) -> Result<(), RangeError> {
        let (min, max) = self.bounds();
        if min <= value && value <= max {
            Ok(())
        } else {
            Err(RangeError::of(self))
        }
    }

    /// The range in the words and units of the protocol.
    const fn words(self) -> &'static str {
        match self {
            Self::Weight => "weight must be between 2 and 650 kg",
            Self::Height => "height must be between 50 and 275 cm",
            Self::Bmi => "bmi must be between 3 and 400",
            Self::UtcOffset => "utc_offset must be between -1080 and 1080 minutes",
            Self::CreatedAt => "created_at must be between 1900-01-01 and the year 9999",
        }
    }
}

/// A value lies outside its hard range. The bounds are in the unit named at [`Quantity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{}", quantity.words())]
pub struct RangeError {
    /// What was out of range.
    pub quantity: Quantity,
    /// The least value allowed.
    pub min: i64,
    /// The greatest value allowed.
    pub max: i64,
}

impl RangeError {
    /// The error for `quantity`, with its bounds.
    pub const fn of(quantity: Quantity) -> Self {
        let (min, max) = quantity.bounds();
        Self { quantity, min, max }
    }
}

/// Why a note is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    /// It has more than [`NOTE_CHARACTERS_MAX`] characters.
    #[error("note must have at most {NOTE_CHARACTERS_MAX} characters")]
    TooLong,
    /// It holds U+0000, which databases and files cut text at.
    #[error("note must not contain the character U+0000")]
    NulCharacter,
}

/// Whether a note may be stored. The empty note may.
///
/// # Errors
///
/// [`NoteError`] for more than 500 Unicode scalar values, or one that is U+0000.
pub fn check_note(note: &str) -> Result<(), NoteError> {
    if note.contains('\0') {
        return Err(NoteError::NulCharacter);
    }
    if note.chars().nth(NOTE_CHARACTERS_MAX).is_some() {
        return Err(NoteError::TooLong);
    }
    Ok(())
}

/// Whether a measurement may have been made at this time (milliseconds since 1970). The future is no error here: the
/// server knows what to do with a wrong clock.
///
/// # Errors
///
/// [`RangeError`] before 1900 or after the year 9999.
pub const fn check_created_at(instant_ms: i64) -> Result<(), RangeError> {
    Quantity::CreatedAt.check(instant_ms)
}

/// Whether an offset from UTC, in minutes, may be stored.
///
/// # Errors
///
/// [`RangeError`] beyond ±1080.
pub const fn check_utc_offset(minutes: i64) -> Result<(), RangeError> {
    Quantity::UtcOffset.check(minutes)
}

/// A number as sent, in the unit of the protocol, checked as it is and only then rounded to whole base units.
pub(crate) fn checked_scaled(
    value: f64,
    decimals: u32,
    range: RangeInclusive<f64>,
    quantity: Quantity,
) -> Result<u32, RangeError> {
    let inside = Some(value).filter(|value| range.contains(value));
    let scaled = inside.and_then(|value| crate::decimal::scaled(value, decimals));
    scaled
        .and_then(|scaled| u32::try_from(scaled).ok())
        .ok_or(RangeError::of(quantity))
}
