//! Why typed text is not taken, in a person's words and with bounds in their unit.

use crate::i18n::{Texts, numbers};
use tidemark_domain::decimal::DecimalError;
use tidemark_domain::length::{LengthError, LengthUnit, Millimetres};
use tidemark_domain::mass::{Grams, MassError, MassUnit};

/// Words for a weight that can't be taken.
pub fn mass_error_words(texts: &Texts, unit: MassUnit, error: MassError) -> String {
    match error {
        MassError::Number(error) | MassError::Stones(error) => {
            decimal_words(texts, error).unwrap_or_else(|| mass_range_words(texts, unit))
        }
        MassError::PoundsFillAStone => texts.error_pounds_fill_a_stone.to_owned(),
        MassError::Range(_) => mass_range_words(texts, unit),
    }
}

/// Words for a height that can't be taken.
pub fn height_error_words(texts: &Texts, unit: LengthUnit, error: LengthError) -> String {
    match error {
        LengthError::Number(error) | LengthError::Feet(error) => {
            decimal_words(texts, error).unwrap_or_else(|| height_range_words(texts, unit))
        }
        LengthError::InchesFillAFoot => texts.error_inches_fill_a_foot.to_owned(),
        LengthError::Range(_) => height_range_words(texts, unit),
    }
}

/// None where the number is only too large, which the range says better.
fn decimal_words(texts: &Texts, error: DecimalError) -> Option<String> {
    Some(match error {
        DecimalError::Empty => texts.error_empty_weight.to_owned(),
        DecimalError::NotANumber => texts.error_not_a_number.to_owned(),
        DecimalError::Negative => texts.error_negative.to_owned(),
        DecimalError::Ambiguous => texts.error_ambiguous.to_owned(),
        DecimalError::TooManyDecimals { max } => (texts.error_decimals)(max),
        DecimalError::TooLarge => return None,
    })
}

fn mass_range_words(texts: &Texts, unit: MassUnit) -> String {
    mass_bounds_words(texts, unit, [Grams::MIN, Grams::MAX])
}

fn height_range_words(texts: &Texts, unit: LengthUnit) -> String {
    height_bounds_words(texts, unit, [Millimetres::MIN, Millimetres::MAX])
}

/// Between which two a weight must lie.
pub(super) fn mass_bounds_words(texts: &Texts, unit: MassUnit, bounds: [Grams; 2]) -> String {
    let [low, high] = bounds.map(|bound| numbers::weight(texts, bound, unit));
    (texts.error_weight_range)(&low, &high)
}

/// Between which two a height must lie.
pub(super) fn height_bounds_words(
    texts: &Texts,
    unit: LengthUnit,
    bounds: [Millimetres; 2],
) -> String {
    let [low, high] = bounds.map(|bound| numbers::height(texts, bound, unit));
    (texts.error_height_range)(&low, &high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::WeightDraft;
    use crate::i18n::texts_for;

    #[test]
    fn a_refusal_says_what_to_do_in_the_unit_that_was_typed() {
        let texts = texts_for("en");
        for (unit, first, second, words) in [
            (MassUnit::Kilogram, "", "", "Type your weight."),
            (
                MassUnit::Kilogram,
                "782",
                "",
                "Weight must be between 2.0\u{a0}kg and 650.0\u{a0}kg.",
            ),
            (
                MassUnit::Kilogram,
                "99999999999999999999",
                "",
                "Weight must be between 2.0\u{a0}kg and 650.0\u{a0}kg.",
            ),
            (
                MassUnit::Pound,
                "4",
                "",
                "Weight must be between 4.4\u{a0}lb and 1433.0\u{a0}lb.",
            ),
            (
                MassUnit::Kilogram,
                "7,8.2",
                "",
                "Use one decimal point and nothing else, like 78.2.",
            ),
            (
                MassUnit::Stone,
                "12",
                "14",
                "Pounds beside stones must be under 14.",
            ),
        ] {
            let draft = WeightDraft {
                unit,
                first: first.to_owned(),
                second: second.to_owned(),
            };
            let error = draft.parse().expect_err(first);
            assert_eq!(mass_error_words(texts, unit, error), words);
        }
    }
}
