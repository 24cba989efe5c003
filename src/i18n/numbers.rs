//! Quantities as text in a person's language and units.

use super::Texts;
use tidemark_domain::length::{LengthUnit, Millimetres};
use tidemark_domain::mass::{Grams, MassChange, MassText, MassUnit};
use tidemark_protocol::Units;

/// Grams in a pound, for what is drawn; what is stored or typed is computed exactly in the domain.
pub const POUND_GRAMS: f64 = 453.592_37;

/// Symbols of units, the same in every language.
pub const STONE: &str = "st";
/// Inches.
pub const INCH: &str = "in";

/// What stands for a number that is hidden.
const HIDDEN: &str = "•••";

/// How weights are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// In which unit.
    pub unit: MassUnit,
    /// Dots in place of the digits.
    pub is_hidden: bool,
}

impl From<MassUnit> for Shown {
    fn from(unit: MassUnit) -> Self {
        Self {
            unit,
            is_hidden: false,
        }
    }
}

/// A number and its unit, drawn in two sizes. Stones come as two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The digits.
    pub number: String,
    /// The unit's symbol.
    pub unit: &'static str,
}

/// The unit for weights.
pub fn mass_unit(units: Units) -> MassUnit {
    match units {
        Units::Metric => MassUnit::Kilogram,
        Units::Imperial => MassUnit::Pound,
        Units::Stone => MassUnit::Stone,
    }
}

/// The units that people of a language tag's region are used to; without a region the metric ones.
pub fn usual_units(tag: &str) -> Units {
    let mut parts = tag.split(['-', '_']).skip(1);
    if parts.any(|part| ["US", "LR", "MM"].contains(&part)) {
        Units::Imperial
    } else {
        Units::Metric
    }
}

/// The unit for heights.
pub fn length_unit(units: Units) -> LengthUnit {
    match units {
        Units::Metric => LengthUnit::Centimetre,
        Units::Imperial | Units::Stone => LengthUnit::FootInch,
    }
}

/// The unit of a typed number: stones come with pounds, whose symbol this is.
pub fn typed_symbol(unit: MassUnit) -> &'static str {
    match unit {
        MassUnit::Kilogram => "kg",
        MassUnit::Pound | MassUnit::Stone => "lb",
    }
}

/// The first unit of a typed height.
pub fn height_symbol(unit: LengthUnit) -> &'static str {
    match unit {
        LengthUnit::Centimetre => "cm",
        LengthUnit::FootInch => "ft",
    }
}

/// `0.1 kg`, as far as one press of − or + goes.
pub fn step(texts: &Texts, unit: MassUnit) -> String {
    format!("{}\u{a0}{}", tenths(texts, 1), typed_symbol(unit))
}

/// `78.2 kg`.
pub fn weight(texts: &Texts, grams: Grams, shown: impl Into<Shown>) -> String {
    mass_text(texts, grams, shown).to_string()
}

/// The least weight in tenths of the unit that is not below `grams`, for naming a lower bound that is itself taken.
pub fn weight_above(texts: &Texts, grams: Grams, unit: MassUnit) -> String {
    let text = grams.text(unit, texts.decimal_separator);
    let is_enough = text
        .clone()
        .parse()
        .is_ok_and(|shown: Grams| shown >= grams);
    let above = if is_enough {
        grams
    } else {
        grams.step(unit, 1)
    };
    above.text(unit, texts.decimal_separator).to_string()
}

/// `178.3 cm`.
pub fn height(texts: &Texts, height: Millimetres, unit: LengthUnit) -> String {
    height.text(unit, texts.decimal_separator).to_string()
}

/// `78.4`; stones keep their units, since they are two numbers.
pub fn weight_number(texts: &Texts, grams: Grams, shown: impl Into<Shown>) -> String {
    match mass_text(texts, grams, shown) {
        MassText::Kilograms(number) | MassText::Pounds(number) => number,
        stones @ MassText::Stones { .. } => stones.to_string(),
    }
}

/// `78.4`, `12 st 4.2`: for where a label has little room.
pub fn weight_short(texts: &Texts, grams: Grams, shown: impl Into<Shown>) -> String {
    match mass_text(texts, grams, shown) {
        MassText::Kilograms(number) | MassText::Pounds(number) => number,
        MassText::Stones { stones, pounds } => format!("{stones}\u{a0}st\u{a0}{pounds}"),
    }
}

/// Number and unit apart.
pub fn weight_parts(texts: &Texts, grams: Grams, shown: impl Into<Shown>) -> Vec<Part> {
    parts(mass_text(texts, grams, shown))
}

/// A change without sign and unit apart, for where an arrow or a word says which way.
pub fn change_amount(texts: &Texts, change: MassChange, shown: impl Into<Shown>) -> String {
    change_text(texts, change, shown.into()).1.to_string()
}

/// A change with its sign and no unit: `−0.3`. Stones keep theirs, since they are two numbers.
pub fn change_signed(texts: &Texts, change: MassChange, shown: impl Into<Shown>) -> String {
    let (sign, amount) = change_text(texts, change, shown.into());
    match amount {
        MassText::Kilograms(number) | MassText::Pounds(number) => format!("{sign}{number}"),
        stones @ MassText::Stones { .. } => format!("{sign}{stones}"),
    }
}

/// Sign and amount of a change.
fn change_text(texts: &Texts, change: MassChange, shown: Shown) -> (&'static str, MassText) {
    let text = change.text(shown.unit, texts.decimal_separator);
    if shown.is_hidden {
        return ("", hidden(shown.unit));
    }
    (text.sign, text.amount)
}

fn mass_text(texts: &Texts, grams: Grams, shown: impl Into<Shown>) -> MassText {
    let shown = shown.into();
    if shown.is_hidden {
        return hidden(shown.unit);
    }
    grams.text(shown.unit, texts.decimal_separator)
}

fn hidden(unit: MassUnit) -> MassText {
    match unit {
        MassUnit::Kilogram => MassText::Kilograms(HIDDEN.to_owned()),
        MassUnit::Pound | MassUnit::Stone => MassText::Pounds(HIDDEN.to_owned()),
    }
}

/// A BMI in tenths: 247 is `24.7`.
pub fn bmi(texts: &Texts, bmi_tenths: u32, shown: Shown) -> String {
    if shown.is_hidden {
        return HIDDEN.to_owned();
    }
    tenths(texts, bmi_tenths)
}

/// Stored bytes as `1.2 MB`.
pub fn megabytes(texts: &Texts, bytes: u64) -> String {
    let megabyte_tenths = u32::try_from(bytes.div_ceil(100_000)).unwrap_or(u32::MAX);
    format!("{}\u{a0}MB", tenths(texts, megabyte_tenths))
}

/// A number of tenths: 247 is `24.7`.
pub fn tenths(texts: &Texts, tenths: u32) -> String {
    tidemark_domain::decimal::text(u64::from(tenths), 1, texts.decimal_separator)
}

/// A label of the chart's axis, whose values are kilograms or pounds: `78`, `78.5`, `12 st 4`.
pub fn axis_value(texts: &Texts, value: f64, shown: impl Into<Shown>) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 14330"
    )]
    let tenths = (value.max(0.0) * 10.0).round() as u64;
    let shown = shown.into();
    if shown.is_hidden {
        return String::new();
    }
    if shown.unit == MassUnit::Stone {
        let pounds = (tenths + 5) / 10;
        let (stones, pounds) = (pounds / 14, pounds % 14);
        return format!("{stones}\u{a0}st\u{a0}{pounds}");
    }
    if tenths.is_multiple_of(10) {
        return (tenths / 10).to_string();
    }
    tidemark_domain::decimal::text(tenths, 1, texts.decimal_separator)
}

fn parts(text: MassText) -> Vec<Part> {
    match text {
        MassText::Kilograms(number) => vec![Part { number, unit: "kg" }],
        MassText::Pounds(number) => vec![Part { number, unit: "lb" }],
        MassText::Stones { stones, pounds } => {
            vec![
                Part {
                    number: stones,
                    unit: "st",
                },
                Part {
                    number: pounds,
                    unit: "lb",
                },
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::texts_for;

    fn grams(grams: u32) -> Grams {
        Grams::new(grams).expect("a weight in range")
    }

    #[test]
    fn a_weight_reads_with_its_unit_after_a_no_break_space() {
        let texts = texts_for("en");
        for (unit, text) in [
            (MassUnit::Kilogram, "78.2\u{a0}kg"),
            (MassUnit::Pound, "172.4\u{a0}lb"),
            (MassUnit::Stone, "12\u{a0}st\u{a0}4.4\u{a0}lb"),
        ] {
            assert_eq!(weight(texts, grams(78_200), unit), text);
        }
    }

    #[test]
    fn a_change_uses_the_true_minus_and_zero_has_no_sign() {
        let texts = texts_for("en");
        for (grams, text) in [(-300.0, "\u{2212}0.3"), (250.0, "+0.3"), (20.0, "0.0")] {
            assert_eq!(
                change_signed(texts, MassChange::nearest(grams), MassUnit::Kilogram),
                text
            );
        }
    }

    #[test]
    fn hidden_weights_show_neither_digits_nor_direction() {
        let texts = texts_for("en");
        let shown = Shown {
            unit: MassUnit::Stone,
            is_hidden: true,
        };
        let change = MassChange::nearest(-300.0);
        for text in [
            weight(texts, grams(78_200), shown),
            weight_number(texts, grams(78_200), shown),
            weight_short(texts, grams(78_200), shown),
            weight_parts(texts, grams(78_200), shown)[0].number.clone(),
            change_amount(texts, change, shown),
            change_signed(texts, change, shown),
            axis_value(texts, 78.0, shown),
            bmi(texts, 247, shown),
        ] {
            let tells = |c: char| c.is_ascii_digit() || "+\u{2212}".contains(c);
            assert!(!text.contains(tells), "{text}");
        }
    }

    #[test]
    fn americans_are_used_to_pounds_and_everybody_else_to_kilograms() {
        for (tag, units) in [
            ("en-US", Units::Imperial),
            ("es-419-US", Units::Imperial),
            ("en-GB", Units::Metric),
            ("en", Units::Metric),
            ("tr-TR", Units::Metric),
        ] {
            assert_eq!(usual_units(tag), units, "{tag}");
        }
    }

    #[test]
    fn axis_labels_are_short() {
        let texts = texts_for("en");
        for (value, unit, text) in [
            (78.0, MassUnit::Kilogram, "78"),
            (78.5, MassUnit::Kilogram, "78.5"),
            (172.0, MassUnit::Stone, "12\u{a0}st\u{a0}4"),
            (181.7, MassUnit::Stone, "13\u{a0}st\u{a0}0"),
        ] {
            assert_eq!(axis_value(texts, value, unit), text);
        }
    }
}
