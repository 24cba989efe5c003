//! Heights: the range, the wire, and the fields of a form.

use crate::millimetres;
use proptest::prelude::*;
use tidemark_domain::decimal::DecimalError;
use tidemark_domain::length::{LengthError, LengthText, LengthUnit, Millimetres};
use tidemark_domain::ranges::{Quantity, RangeError};

const UNITS: [LengthUnit; 2] = [LengthUnit::Centimetre, LengthUnit::FootInch];
const OUT_OF_RANGE: LengthError = LengthError::Range(RangeError::of(Quantity::Height));

fn centimetres(number: &str) -> LengthText {
    LengthText::Centimetres(number.to_owned())
}

fn feet(feet: &str, inches: &str) -> LengthText {
    LengthText::FeetInches {
        feet: feet.to_owned(),
        inches: inches.to_owned(),
    }
}

#[test]
fn centimetres_are_checked_as_sent_and_then_rounded() {
    let cases = [
        (178.3, Ok(1_783)),
        (178.35, Ok(1_784)),
        (178.34, Ok(1_783)),
        (50.0, Ok(500)),
        (275.0, Ok(2_750)),
        (49.99, Err(())),
        (275.01, Err(())),
        (1.783, Err(())),
        (-178.0, Err(())),
        (f64::NAN, Err(())),
        (f64::INFINITY, Err(())),
    ];
    for (given, expected) in cases {
        assert_eq!(
            Millimetres::from_cm(given)
                .map(Millimetres::get)
                .map_err(|_| ()),
            expected,
            "{given} cm"
        );
    }
    assert_eq!(Millimetres::new(499), Err(RangeError::of(Quantity::Height)));
    assert_eq!(
        Millimetres::new(2_751),
        Err(RangeError::of(Quantity::Height))
    );
}

#[test]
fn every_height_survives_the_wire_and_an_unchanged_form() {
    for height in (500..=2_750).map(millimetres) {
        assert_eq!(Millimetres::from_cm(height.to_cm()), Ok(height));
        for unit in UNITS {
            assert_eq!(
                height.edit_text(unit, ',').parse(),
                Ok(height),
                "{height:?} in {unit:?}"
            );
        }
    }
    assert_eq!(millimetres(1_783).to_cm().to_string(), "178.3");
}

#[test]
fn every_quarter_inch_is_shown_as_it_was_typed() {
    for quarters in 79..=433_u32 {
        let inches = f64::from(quarters % 48) / 4.0;
        let typed = feet(&(quarters / 48).to_string(), &inches.to_string());
        let stored = typed.parse().expect("in range");
        assert_eq!(stored.text(LengthUnit::FootInch, '.'), typed);
        assert_eq!(stored.edit_text(LengthUnit::FootInch, '.'), typed);
    }
}

#[test]
fn a_height_is_shown_without_needless_zeros() {
    let cases = [
        (1_783, centimetres("178.3"), feet("5", "10.25")),
        (1_750, centimetres("175"), feet("5", "9")),
        (1_829, centimetres("182.9"), feet("6", "0")),
        (1_828, centimetres("182.8"), feet("6", "0")),
        (1_000, centimetres("100"), feet("3", "3.25")),
        (500, centimetres("50"), feet("1", "7.75")),
        (2_750, centimetres("275"), feet("9", "0.25")),
    ];
    for (height, in_centimetres, in_feet) in cases {
        assert_eq!(
            millimetres(height).text(LengthUnit::Centimetre, '.'),
            in_centimetres
        );
        assert_eq!(millimetres(height).text(LengthUnit::FootInch, '.'), in_feet);
    }
    assert_eq!(
        millimetres(1_783)
            .text(LengthUnit::Centimetre, ',')
            .to_string(),
        "178,3\u{A0}cm"
    );
    assert_eq!(
        millimetres(1_783)
            .text(LengthUnit::FootInch, ',')
            .to_string(),
        "5\u{A0}ft\u{A0}10,25\u{A0}in"
    );
}

#[test]
fn the_bounds_that_a_message_names_are_accepted() {
    for unit in UNITS {
        for bound in [Millimetres::MIN, Millimetres::MAX] {
            let shown = bound.text(unit, '.');
            assert!(shown.parse().is_ok(), "{shown}");
        }
    }
}

#[test]
fn the_error_tells_which_field_is_wrong() {
    let cases = [
        (centimetres("178,3"), Ok(millimetres(1_783))),
        (centimetres("178"), Ok(millimetres(1_780))),
        (
            centimetres("1.78"),
            Err(LengthError::Number(DecimalError::TooManyDecimals {
                max: 1,
            })),
        ),
        (centimetres("1.7"), Err(OUT_OF_RANGE)),
        (
            centimetres(""),
            Err(LengthError::Number(DecimalError::Empty)),
        ),
        (centimetres("99999999999999"), Err(OUT_OF_RANGE)),
        (feet("5", "10"), Ok(millimetres(1_778))),
        (feet("5", ""), Ok(millimetres(1_524))),
        (feet("", "11.99"), Err(OUT_OF_RANGE)),
        (feet("5", "12"), Err(LengthError::InchesFillAFoot)),
        (
            feet("5.5", "1"),
            Err(LengthError::Feet(DecimalError::TooManyDecimals { max: 0 })),
        ),
        (
            feet("5", "x"),
            Err(LengthError::Number(DecimalError::NotANumber)),
        ),
        (feet("", ""), Err(LengthError::Feet(DecimalError::Empty))),
        (feet("999999999999999999", "0"), Err(OUT_OF_RANGE)),
    ];
    for (fields, expected) in cases {
        assert_eq!(fields.parse(), expected, "{fields:?}");
    }
}

proptest! {
    #[test]
    fn no_text_and_no_number_panics(major: String, minor: String, bits: u64) {
        for fields in [centimetres(&major), feet(&major, &minor)] {
            if let Ok(height) = fields.parse() {
                prop_assert!((Millimetres::MIN..=Millimetres::MAX).contains(&height));
            }
        }
        let given = f64::from_bits(bits);
        if let Ok(height) = Millimetres::from_cm(given) {
            prop_assert!((height.to_cm() - given).abs() <= 0.050_1);
        }
    }
}
