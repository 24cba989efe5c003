//! A height being typed: one field, or two for feet and inches.

use tidemark_domain::length::{LengthError, LengthText, LengthUnit, Millimetres};

/// The text of a height's fields and the unit they are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeightDraft {
    /// The unit of the fields.
    pub unit: LengthUnit,
    /// Centimetres or whole feet.
    pub first: String,
    /// Inches beside feet; unused for centimetres.
    pub second: String,
}

impl HeightDraft {
    /// Fields that read back as exactly this height, or empty ones.
    pub fn of(height: Option<Millimetres>, unit: LengthUnit, separator: char) -> Self {
        let (first, second) = match height.map(|height| height.edit_text(unit, separator)) {
            None => (String::new(), String::new()),
            Some(LengthText::Centimetres(number)) => (number, String::new()),
            Some(LengthText::FeetInches { feet, inches }) => (feet, inches),
        };
        Self {
            unit,
            first,
            second,
        }
    }

    /// The same height in another unit; empty where none was typed yet.
    #[must_use]
    pub fn in_unit(&self, unit: LengthUnit, separator: char) -> Self {
        if unit == self.unit {
            return self.clone();
        }
        Self::of(self.parse().ok().flatten(), unit, separator)
    }

    /// The height that was typed; none where nothing was, since a height is never required.
    ///
    /// # Errors
    ///
    /// Why the fields hold no height.
    pub fn parse(&self) -> Result<Option<Millimetres>, LengthError> {
        if self.first.trim().is_empty() && self.second.trim().is_empty() {
            return Ok(None);
        }
        let text = match self.unit {
            LengthUnit::Centimetre => LengthText::Centimetres(self.first.clone()),
            LengthUnit::FootInch => LengthText::FeetInches {
                feet: self.first.clone(),
                inches: self.second.clone(),
            },
        };
        text.parse().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_height_is_no_error_and_a_bad_one_is() {
        let mut draft = HeightDraft::of(None, LengthUnit::Centimetre, '.');
        assert_eq!(draft.parse(), Ok(None));
        draft.first = "17.8".to_owned();
        assert!(matches!(draft.parse(), Err(LengthError::Range(_))));
    }

    #[test]
    fn a_height_survives_opening_the_form_in_both_units() {
        for unit in [LengthUnit::Centimetre, LengthUnit::FootInch] {
            for millimetres in [500, 1_783, 1_778, 2_750] {
                let height = Millimetres::new(millimetres).expect("a height in range");
                assert_eq!(
                    HeightDraft::of(Some(height), unit, ',').parse(),
                    Ok(Some(height))
                );
            }
        }
    }
}
