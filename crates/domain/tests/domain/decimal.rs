//! Scaling of JSON numbers, and the number field.

use proptest::prelude::*;
use tidemark_domain::decimal::{DecimalError, parse_typed, scaled, text};

#[test]
fn a_json_number_is_scaled_by_its_decimal_text_and_rounded_half_away_from_zero() {
    let cases = [
        (78.2, 3, Some(78_200)),
        (78.2005, 3, Some(78_201)),
        (78.2004, 3, Some(78_200)),
        (-78.2005, 3, Some(-78_201)),
        (1.005, 2, Some(101)),
        (178.35, 1, Some(1_784)),
        (0.5, 0, Some(1)),
        (-0.5, 0, Some(-1)),
        (0.499_999_999_999_999_9, 0, Some(0)),
        (-0.0, 3, Some(0)),
        (5e-324, 3, Some(0)),
        (9_007_199_254_740_993.0, 0, Some(9_007_199_254_740_992)),
        (9e18, 0, Some(9_000_000_000_000_000_000)),
        (1e19, 0, None),
        (-1e19, 0, None),
        (1e16, 3, None),
        (f64::MAX, 0, None),
        (f64::NAN, 0, None),
        (f64::INFINITY, 3, None),
        (f64::NEG_INFINITY, 3, None),
        (0.0, 18, Some(0)),
        (0.0, u32::MAX, None),
    ];
    for (value, decimals, expected) in cases {
        assert_eq!(
            scaled(value, decimals),
            expected,
            "{value} with {decimals} decimals"
        );
    }
}

#[test]
fn comma_and_dot_are_the_same_and_spaces_around_do_not_count() {
    let cases = [
        ("93,5", 93_500),
        ("93.5", 93_500),
        ("93\u{066B}5", 93_500),
        ("93", 93_000),
        ("93,", 93_000),
        (",5", 500),
        ("0", 0),
        ("0093.50", 93_500),
        ("93,500", 93_500),
        ("1,234", 1_234),
        ("  93,5\t", 93_500),
        ("\u{A0}93,5\u{202F}", 93_500),
        ("\u{200F}٩٣٫٥\u{200E}", 93_500),
        ("٧٨,٢", 78_200),
        ("۷۸٫۲", 78_200),
        ("\u{FEFF}78.2", 78_200),
    ];
    for (typed, expected) in cases {
        assert_eq!(parse_typed(typed, 3), Ok(expected), "{typed:?}");
    }
}

#[test]
fn what_would_be_a_guess_or_no_number_is_refused() {
    use DecimalError::{Ambiguous, Empty, Negative, NotANumber, TooLarge, TooManyDecimals};
    let cases = [
        ("", Empty),
        (" \u{A0}\u{202F} ", Empty),
        ("1,234.5", Ambiguous),
        ("1.234,5", Ambiguous),
        ("1,234,567", Ambiguous),
        ("93..5", Ambiguous),
        ("93,,", Ambiguous),
        ("1٬234", NotANumber),
        ("1'234", NotANumber),
        ("1 234", NotANumber),
        ("1\u{A0}234,5", NotANumber),
        (".", NotANumber),
        (",", NotANumber),
        ("-", NotANumber),
        ("--5", NotANumber),
        ("abc", NotANumber),
        ("78.2 kg", NotANumber),
        ("+78", NotANumber),
        ("7e1", NotANumber),
        ("NaN", NotANumber),
        ("inf", NotANumber),
        ("0x10", NotANumber),
        ("½", NotANumber),
        ("²", NotANumber),
        ("-78.2", Negative),
        ("\u{2212}78,2", Negative),
        ("-0", Negative),
        ("78.2005", TooManyDecimals { max: 3 }),
        ("78.0000", TooManyDecimals { max: 3 }),
        ("99999999999999999999", TooLarge),
    ];
    for (typed, expected) in cases {
        assert_eq!(parse_typed(typed, 3), Err(expected), "{typed:?}");
    }
}

#[test]
fn a_field_for_whole_numbers_takes_no_decimals() {
    assert_eq!(parse_typed("10", 0), Ok(10));
    assert_eq!(
        parse_typed("10.5", 0),
        Err(DecimalError::TooManyDecimals { max: 0 })
    );
}

#[test]
fn a_scaled_number_is_written_with_the_chosen_separator() {
    let cases = [
        (782, 1, '.', "78.2"),
        (782, 1, ',', "78,2"),
        (782, 1, '٫', "78٫2"),
        (0, 1, '.', "0.0"),
        (5, 3, '.', "0.005"),
        (78, 0, '.', "78"),
        (u64::MAX, 18, '.', "18.446744073709551615"),
        (1, u32::MAX, '.', "0.000000000000000001"),
    ];
    for (scaled, decimals, separator, expected) in cases {
        assert_eq!(text(scaled, decimals, separator), expected);
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(scaled in 0..=i64::MAX, decimals in 0..=18_u32, comma: bool) {
        let separator = if comma { ',' } else { '.' };
        let written = text(scaled.unsigned_abs(), decimals, separator);
        prop_assert_eq!(parse_typed(&written, decimals), Ok(scaled));
    }

    #[test]
    fn a_json_number_and_the_same_number_typed_agree(thousandths in 0..1_000_000_000_000_i64) {
        let written = text(thousandths.unsigned_abs(), 3, '.');
        let number: f64 = written.parse().expect("a number");
        prop_assert_eq!(scaled(number, 3), Some(thousandths));
        prop_assert_eq!(parse_typed(&written, 3), Ok(thousandths));
    }

    #[test]
    fn no_number_panics(bits: u64, decimals: u32) {
        let value = f64::from_bits(bits);
        if let Some(whole) = scaled(value, decimals) {
            prop_assert!(value.is_finite());
            prop_assert!(whole == 0 || (whole < 0) == (value < 0.0));
        }
    }

    #[test]
    fn no_typed_text_panics_or_becomes_negative(typed: String, decimals: u32) {
        if let Ok(number) = parse_typed(&typed, decimals) {
            prop_assert!(number >= 0);
        }
    }

    #[test]
    fn text_made_of_number_characters_is_read_exactly_or_refused(typed in "[0-9٠-٩.,٫ -]{0,24}", decimals in 0..6_u32) {
        if let Ok(number) = parse_typed(&typed, decimals) {
            let again = text(number.unsigned_abs(), decimals, ',');
            prop_assert_eq!(parse_typed(&again, decimals), Ok(number));
        }
    }
}
