//! Reading the fields of an untyped object: what is absent, what is null, what is wrong, each with the rejection that
//! names the field and the rule, never the value. Must not know which field belongs to which record.

use crate::limits::{NAME_CHARS_MAX, NOTE_CHARS_MAX};
use crate::{EntityId, OpId, Patch, Rejection, RejectionCode, Timestamp};
use serde_json::{Map, Value};
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_domain::ranges;

/// A field's value, or the rule that it breaks.
pub(crate) type Read<T> = Result<T, String>;

impl Rejection {
    /// A field that breaks a rule.
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self {
            code: RejectionCode::InvalidField,
            field: Some(field.to_owned()),
            detail: detail.into(),
        }
    }

    /// A field that is needed and absent.
    pub fn missing(field: &str) -> Self {
        Self {
            code: RejectionCode::MissingField,
            field: Some(field.to_owned()),
            detail: format!("{field} is needed"),
        }
    }
}

/// An object's fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a>(pub &'a Map<String, Value>);

impl Fields<'_> {
    /// A field that can be absent, and null for absent.
    pub fn optional<T>(
        self,
        name: &str,
        read: impl Fn(&Value) -> Read<T>,
    ) -> Result<Option<T>, Rejection> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => named(name, read(value)).map(Some),
        }
    }

    /// A field that can be absent but not null.
    pub fn not_null<T>(
        self,
        name: &str,
        read: impl Fn(&Value) -> Read<T>,
    ) -> Result<Option<T>, Rejection> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Null) => Err(Rejection::invalid(name, format!("{name} can't be null"))),
            Some(value) => named(name, read(value)).map(Some),
        }
    }

    /// A field of a partial update that null clears.
    pub fn patch<T>(
        self,
        name: &str,
        read: impl Fn(&Value) -> Read<T>,
    ) -> Result<Patch<T>, Rejection> {
        match self.0.get(name) {
            None => Ok(Patch::Keep),
            Some(Value::Null) => Ok(Patch::Clear),
            Some(value) => named(name, read(value)).map(Patch::Set),
        }
    }
}

fn named<T>(name: &str, read: Read<T>) -> Result<T, Rejection> {
    read.map_err(|rule| Rejection::invalid(name, rule))
}

/// A whole number, also where it is written with a point.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    let Value::Number(number) = value else {
        return None;
    };
    number.as_i64().or_else(|| {
        let number = number
            .as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() <= EXACT_MAX)?;
        format!("{number:.0}").parse().ok()
    })
}

/// A version: zero or above, of any size (what no counter reaches is all the same).
pub(crate) fn version(value: &Value) -> Read<u64> {
    let whole = value
        .as_u64()
        .or_else(|| integer(value).and_then(|number| u64::try_from(number).ok()));
    whole.ok_or_else(|| "must be an integer from 0".to_owned())
}

fn number(value: &Value) -> Read<f64> {
    value
        .as_f64()
        .filter(|number| number.is_finite())
        .ok_or_else(|| "must be a finite number".to_owned())
}

/// Kilograms.
pub(crate) fn weight(value: &Value) -> Read<Grams> {
    Grams::from_kg(number(value)?).map_err(|error| error.to_string())
}

/// Centimetres.
pub(crate) fn height(value: &Value) -> Read<Millimetres> {
    Millimetres::from_cm(number(value)?).map_err(|error| error.to_string())
}

/// A given BMI.
pub(crate) fn bmi(value: &Value) -> Read<CentiBmi> {
    CentiBmi::from_number(number(value)?).map_err(|error| error.to_string())
}

/// Minutes east of UTC.
pub(crate) fn utc_offset(value: &Value) -> Read<i16> {
    let minutes = integer(value).ok_or("must be a whole number of minutes")?;
    ranges::check_utc_offset(minutes).map_err(|error| error.to_string())?;
    i16::try_from(minutes).map_err(|error| error.to_string())
}

/// Any moment.
pub(crate) fn timestamp(value: &Value) -> Read<Timestamp> {
    value
        .as_str()
        .and_then(Timestamp::parse)
        .ok_or_else(|| "must be an RFC 3339 time".to_owned())
}

/// The moment of a measurement.
pub(crate) fn created_at(value: &Value) -> Read<Timestamp> {
    let at = timestamp(value)?;
    ranges::check_created_at(at.millis()).map_err(|error| error.to_string())?;
    Ok(at)
}

/// A note.
pub(crate) fn note(value: &Value) -> Read<String> {
    text(value, NOTE_CHARS_MAX)
}

/// A name or another short text.
pub(crate) fn short_text(value: &Value) -> Read<String> {
    text(value, NAME_CHARS_MAX)
}

fn text(value: &Value, chars_max: usize) -> Read<String> {
    let text = value.as_str().ok_or("must be a string")?;
    if text.contains('\0') {
        return Err("must not contain U+0000 or half of a surrogate pair".to_owned());
    }
    if text.chars().nth(chars_max).is_some() {
        return Err(format!("must have at most {chars_max} characters"));
    }
    Ok(text.to_owned())
}

/// An operation's id.
pub(crate) fn op_id(value: &Value) -> Read<OpId> {
    value.as_str().and_then(OpId::parse).ok_or_else(not_a_uuid)
}

/// A record's id.
pub(crate) fn entity_id(value: &Value) -> Read<EntityId> {
    value
        .as_str()
        .and_then(EntityId::parse)
        .ok_or_else(not_a_uuid)
}

fn not_a_uuid() -> String {
    "must be a UUID".to_owned()
}
