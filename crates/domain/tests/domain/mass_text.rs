//! Weights in the fields of a form: round trips, units, errors.

use crate::grams;
use proptest::prelude::*;
use tidemark_domain::decimal::{DecimalError, text};
use tidemark_domain::mass::{Grams, MassError, MassText, MassUnit};
use tidemark_domain::ranges::{Quantity, RangeError};

const UNITS: [MassUnit; 3] = [MassUnit::Kilogram, MassUnit::Pound, MassUnit::Stone];
const OUT_OF_RANGE: MassError = MassError::Range(RangeError::of(Quantity::Weight));

fn kilograms(number: &str) -> MassText {
    MassText::Kilograms(number.to_owned())
}

fn pounds(number: &str) -> MassText {
    MassText::Pounds(number.to_owned())
}

fn stones(stones: &str, pounds: &str) -> MassText {
    MassText::Stones {
        stones: stones.to_owned(),
        pounds: pounds.to_owned(),
    }
}

#[test]
fn a_weight_is_shown_with_one_decimal_in_each_unit() {
    let cases = [
        (
            78_200,
            kilograms("78.2"),
            pounds("172.4"),
            stones("12", "4.4"),
        ),
        (
            63_490,
            kilograms("63.5"),
            pounds("140.0"),
            stones("10", "0.0"),
        ),
        (
            63_503,
            kilograms("63.5"),
            pounds("140.0"),
            stones("10", "0.0"),
        ),
        (
            63_470,
            kilograms("63.5"),
            pounds("139.9"),
            stones("9", "13.9"),
        ),
        (2_000, kilograms("2.0"), pounds("4.4"), stones("0", "4.4")),
        (
            650_000,
            kilograms("650.0"),
            pounds("1433.0"),
            stones("102", "5.0"),
        ),
        (
            78_250,
            kilograms("78.3"),
            pounds("172.5"),
            stones("12", "4.5"),
        ),
        (
            81_647,
            kilograms("81.6"),
            pounds("180.0"),
            stones("12", "12.0"),
        ),
    ];
    for (weight, in_kilograms, in_pounds, in_stones) in cases {
        let weight = grams(weight);
        assert_eq!(weight.text(MassUnit::Kilogram, '.'), in_kilograms);
        assert_eq!(weight.text(MassUnit::Pound, '.'), in_pounds);
        assert_eq!(weight.text(MassUnit::Stone, '.'), in_stones);
    }
    assert_eq!(
        grams(78_200).text(MassUnit::Kilogram, ','),
        kilograms("78,2")
    );
    assert_eq!(
        grams(78_200).text(MassUnit::Stone, ',').to_string(),
        "12\u{A0}st\u{A0}4,4\u{A0}lb"
    );
}

#[test]
fn every_tenth_of_a_pound_is_shown_as_it_was_typed() {
    for tenths in 44..=14_330_u64 {
        let typed = MassText::Pounds(text(tenths, 1, '.'));
        let stored = typed.parse().expect("in range");
        assert_eq!(stored.text(MassUnit::Pound, '.'), typed);
        assert_eq!(stored.edit_text(MassUnit::Pound, '.'), typed);
        let in_stones = stored.text(MassUnit::Stone, '.');
        assert_eq!(
            in_stones
                .parse()
                .map(|weight| weight.text(MassUnit::Pound, '.')),
            Ok(typed)
        );
    }
}

#[test]
fn a_pound_is_exactly_453_59237_grams() {
    for thousandths in (4_410..=1_433_000_u64).step_by(7) {
        let typed = MassText::Pounds(text(thousandths, 3, '.'));
        let stored = typed.parse().expect("in range");
        // Both sides in units of ten nanograms: the stored weight is the nearest whole gram.
        let exact = thousandths * 45_359_237;
        let distance = (u64::from(stored.get()) * 100_000_000).abs_diff(exact);
        assert!(distance <= 50_000_000, "{typed} became {stored:?}");
    }
}

#[test]
fn every_hundredth_of_a_pound_is_written_into_the_form_as_it_was_typed() {
    // 4.41 lb is the least weight, which the form shows as the message about the range does: 4.4.
    for hundredths in (442..=143_300_u64).filter(|hundredths| hundredths % 10 != 0) {
        let typed = MassText::Pounds(text(hundredths, 2, '.'));
        let stored = typed.parse().expect("in range");
        assert_eq!(stored.edit_text(MassUnit::Pound, '.'), typed);
    }
}

#[test]
fn saving_an_unchanged_form_changes_no_weight_in_any_unit() {
    for unit in UNITS {
        for weight in (2_000..=650_000).map(grams) {
            assert_eq!(
                weight.edit_text(unit, ',').parse(),
                Ok(weight),
                "{weight:?} in {unit:?}"
            );
        }
    }
}

#[test]
fn a_form_shows_no_more_decimals_than_the_weight_needs() {
    let cases = [
        (78_200, MassUnit::Kilogram, kilograms("78.2")),
        (78_250, MassUnit::Kilogram, kilograms("78.25")),
        (78_255, MassUnit::Kilogram, kilograms("78.255")),
        (81_647, MassUnit::Pound, pounds("180.0")),
        (81_651, MassUnit::Pound, pounds("180.01")),
        (81_646, MassUnit::Stone, stones("12", "11.999")),
    ];
    for (weight, unit, expected) in cases {
        assert_eq!(grams(weight).edit_text(unit, '.'), expected);
    }
}

#[test]
fn the_bounds_that_a_message_names_are_accepted_and_what_lies_beyond_is_not() {
    for unit in UNITS {
        for bound in [Grams::MIN, Grams::MAX] {
            let shown = bound.text(unit, '.');
            let stored = shown.parse().expect("a named bound");
            assert_eq!(stored.text(unit, '.'), shown);
        }
    }
    for outside in [
        kilograms("1.999"),
        kilograms("650.001"),
        pounds("4.399"),
        pounds("1433.1"),
        stones("0", "4.3"),
        stones("102", "5.1"),
        stones("", "4,3"),
        stones("999999999999999999", "0"),
        kilograms("999999999999999"),
        kilograms("0"),
    ] {
        assert_eq!(outside.parse(), Err(OUT_OF_RANGE), "{outside}");
    }
}

#[test]
fn a_lost_or_grouping_separator_never_becomes_another_weight() {
    assert_eq!(kilograms("93,5").parse(), Ok(grams(93_500)));
    assert_eq!(kilograms("93.5").parse(), Ok(grams(93_500)));
    assert_eq!(kilograms("93,500").parse(), Ok(grams(93_500)));
    assert_eq!(pounds("1,234").parse(), Err(OUT_OF_RANGE));
    assert_eq!(pounds("1.234").parse(), Err(OUT_OF_RANGE));
    assert_eq!(
        pounds("1,234.5").parse(),
        Err(MassError::Number(DecimalError::Ambiguous))
    );
    assert_eq!(kilograms("935").parse(), Err(OUT_OF_RANGE));
}

#[test]
fn the_error_tells_which_field_of_stones_is_wrong() {
    let cases = [
        (stones("10", "0.0"), Ok(grams(63_503))),
        (stones("10", ""), Ok(grams(63_503))),
        (stones(" ", "140"), Err(MassError::PoundsFillAStone)),
        (stones("", "13.9"), Ok(grams(6_305))),
        (stones("9", "13.999"), Ok(grams(63_502))),
        (stones("9", "14"), Err(MassError::PoundsFillAStone)),
        (stones("", ""), Err(MassError::Stones(DecimalError::Empty))),
        (
            stones("10.5", ""),
            Err(MassError::Stones(DecimalError::TooManyDecimals { max: 0 })),
        ),
        (
            stones("ten", "3"),
            Err(MassError::Stones(DecimalError::NotANumber)),
        ),
        (
            stones("10", "three"),
            Err(MassError::Number(DecimalError::NotANumber)),
        ),
        (
            stones("10", "-3"),
            Err(MassError::Number(DecimalError::Negative)),
        ),
        (
            stones("", "x"),
            Err(MassError::Number(DecimalError::NotANumber)),
        ),
    ];
    for (fields, expected) in cases {
        assert_eq!(fields.parse(), expected, "{fields:?}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(major: String, minor: String) {
        for fields in [kilograms(&major), pounds(&major), stones(&major, &minor)] {
            if let Ok(weight) = fields.parse() {
                prop_assert!((Grams::MIN..=Grams::MAX).contains(&weight));
            }
        }
    }

    #[test]
    fn any_separator_can_be_written(weight in 2_000..=650_000_u32, separator: char, unit in 0..3_usize) {
        let written = grams(weight).text(UNITS[unit], separator);
        prop_assert_eq!(written.unit(), UNITS[unit]);
        prop_assert!(written.to_string().contains(separator));
    }

    #[test]
    fn there_is_never_a_fourteenth_pound(weight in 2_000..=650_000_u32) {
        let weight = grams(weight);
        for fields in [weight.text(MassUnit::Stone, '.'), weight.edit_text(MassUnit::Stone, '.')] {
            let MassText::Stones { pounds, .. } = fields else { panic!("stones have two fields") };
            prop_assert!(pounds.parse::<f64>().is_ok_and(|pounds| pounds < 14.0));
        }
    }
}
