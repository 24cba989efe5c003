//! A weight being typed: one field, or two for stones and pounds.

use tidemark_domain::mass::{Grams, MassError, MassText, MassUnit};

/// The text of a weight's fields and the unit they are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightDraft {
    /// The unit of the fields.
    pub unit: MassUnit,
    /// Kilograms, pounds or whole stones.
    pub first: String,
    /// Pounds beside stones; unused in other units.
    pub second: String,
}

impl WeightDraft {
    /// Empty fields.
    pub fn empty(unit: MassUnit) -> Self {
        Self {
            unit,
            first: String::new(),
            second: String::new(),
        }
    }

    /// Fields that read back as exactly this weight.
    pub fn of(weight: Grams, unit: MassUnit, separator: char) -> Self {
        Self::from_text(weight.edit_text(unit, separator))
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.first.trim().is_empty() && self.second.trim().is_empty()
    }

    /// The weight that was typed.
    ///
    /// # Errors
    ///
    /// Why the fields hold none.
    pub fn parse(&self) -> Result<Grams, MassError> {
        match self.unit {
            MassUnit::Kilogram => MassText::Kilograms(self.first.clone()),
            MassUnit::Pound => MassText::Pounds(self.first.clone()),
            MassUnit::Stone => MassText::Stones {
                stones: self.first.clone(),
                pounds: self.second.clone(),
            },
        }
        .parse()
    }

    /// One press of − or +: a tenth of the unit, from what is typed or else from the last weight.
    /// Without either, and with a text that is no weight, nothing happens.
    #[must_use]
    pub fn stepped(&self, tenths: i32, last: Option<Grams>, separator: char) -> Self {
        let start = if self.is_empty() {
            last
        } else {
            self.parse().ok()
        };
        start.map_or_else(
            || self.clone(),
            |weight| Self::from_text(weight.step(self.unit, tenths).text(self.unit, separator)),
        )
    }

    /// The same weight in another unit. What was typed is kept as digits where it is no weight yet.
    #[must_use]
    pub fn in_unit(&self, unit: MassUnit, separator: char) -> Self {
        match self.parse() {
            Ok(weight) => Self::from_text(weight.text(unit, separator)),
            Err(_) => Self {
                unit,
                first: self.first.clone(),
                second: String::new(),
            },
        }
    }

    fn from_text(text: MassText) -> Self {
        let unit = text.unit();
        let (first, second) = match text {
            MassText::Kilograms(number) | MassText::Pounds(number) => (number, String::new()),
            MassText::Stones { stones, pounds } => (stones, pounds),
        };
        Self {
            unit,
            first,
            second,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(unit: MassUnit, first: &str, second: &str) -> WeightDraft {
        WeightDraft {
            unit,
            first: first.to_owned(),
            second: second.to_owned(),
        }
    }

    fn grams(grams: u32) -> Grams {
        Grams::new(grams).expect("a weight in range")
    }

    #[test]
    fn comma_and_point_mean_the_same() {
        for text in ["93,5", "93.5", " 93.5 "] {
            assert_eq!(
                typed(MassUnit::Kilogram, text, "").parse(),
                Ok(grams(93_500)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn an_opened_and_unchanged_form_means_the_same_weight() {
        for unit in [MassUnit::Kilogram, MassUnit::Pound, MassUnit::Stone] {
            for weight in [2_000, 70_001, 78_199, 650_000].map(grams) {
                assert_eq!(
                    WeightDraft::of(weight, unit, ',').parse(),
                    Ok(weight),
                    "{unit:?}"
                );
            }
        }
    }

    #[test]
    fn a_step_starts_from_what_is_typed_else_from_the_last_weight() {
        let last = Some(grams(78_500));
        for (draft, tenths, first) in [
            (typed(MassUnit::Kilogram, "80", ""), 1, "80.1"),
            (typed(MassUnit::Kilogram, "", ""), -1, "78.4"),
            (typed(MassUnit::Kilogram, "8o", ""), 1, "8o"),
        ] {
            assert_eq!(draft.stepped(tenths, last, '.').first, first);
        }
        let nothing = WeightDraft::empty(MassUnit::Kilogram);
        assert_eq!(nothing.stepped(1, None, '.'), nothing);
    }

    #[test]
    fn another_unit_shows_the_same_weight_and_keeps_what_is_not_one_yet() {
        let stones = typed(MassUnit::Kilogram, "78.2", "").in_unit(MassUnit::Stone, '.');
        assert_eq!(
            (stones.first.as_str(), stones.second.as_str()),
            ("12", "4.4")
        );
        let kept = typed(MassUnit::Kilogram, "1", "").in_unit(MassUnit::Pound, '.');
        assert_eq!((kept.unit, kept.first.as_str()), (MassUnit::Pound, "1"));
    }
}
