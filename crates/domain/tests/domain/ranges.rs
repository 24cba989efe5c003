//! Notes, times and offsets, and the words of a range error.

use proptest::prelude::*;
use tidemark_domain::calendar::{INSTANT_MS_MAX, parse_instant};
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_domain::ranges::{
    CREATED_AT_MS_MIN, NoteError, Quantity, RangeError, check_created_at, check_note,
    check_utc_offset,
};

#[test]
fn a_note_has_at_most_500_characters_however_long_they_are_in_bytes() {
    assert_eq!(check_note(""), Ok(()));
    assert_eq!(check_note(&"a".repeat(500)), Ok(()));
    assert_eq!(check_note(&"🏋".repeat(500)), Ok(()));
    assert_eq!(check_note("line one\r\nline two \u{202E}"), Ok(()));
    assert_eq!(check_note(&"a".repeat(501)), Err(NoteError::TooLong));
    assert_eq!(check_note(&"🏋".repeat(501)), Err(NoteError::TooLong));
    assert_eq!(check_note("before\0after"), Err(NoteError::NulCharacter));
}

#[test]
fn a_measurement_is_not_older_than_1900() {
    assert_eq!(parse_instant("1900-01-01T00:00:00Z"), Ok(CREATED_AT_MS_MIN));
    assert_eq!(check_created_at(CREATED_AT_MS_MIN), Ok(()));
    assert_eq!(check_created_at(INSTANT_MS_MAX), Ok(()));
    let error = RangeError {
        quantity: Quantity::CreatedAt,
        min: CREATED_AT_MS_MIN,
        max: INSTANT_MS_MAX,
    };
    for outside in [
        i64::MIN,
        CREATED_AT_MS_MIN - 1,
        INSTANT_MS_MAX + 1,
        i64::MAX,
    ] {
        assert_eq!(check_created_at(outside), Err(error), "{outside}");
    }
}

#[test]
fn an_offset_is_at_most_eighteen_hours() {
    for inside in [-1_080, -660, 0, 345, 840, 1_080] {
        assert_eq!(check_utc_offset(inside), Ok(()), "{inside}");
    }
    for outside in [i64::MIN, -1_081, 1_081, i64::MAX] {
        assert_eq!(
            check_utc_offset(outside),
            Err(RangeError::of(Quantity::UtcOffset)),
            "{outside}"
        );
    }
}

#[test]
fn an_error_names_its_bounds_and_never_the_refused_value() {
    let cases = [
        (
            Grams::new(987_654).map(Grams::get),
            "weight must be between 2 and 650 kg",
        ),
        (
            Millimetres::new(9_876).map(Millimetres::get),
            "height must be between 50 and 275 cm",
        ),
    ];
    for (result, expected) in cases {
        assert_eq!(
            result.map_err(|error| error.to_string()),
            Err(expected.to_owned())
        );
    }
}

#[test]
fn the_newtypes_and_the_table_of_bounds_agree() {
    let weight = (i64::from(Grams::MIN.get()), i64::from(Grams::MAX.get()));
    assert_eq!(Quantity::Weight.bounds(), weight);
    let height = (
        i64::from(Millimetres::MIN.get()),
        i64::from(Millimetres::MAX.get()),
    );
    assert_eq!(Quantity::Height.bounds(), height);
    assert_eq!(Quantity::Bmi.bounds(), (300, 40_000));
}

proptest! {
    #[test]
    fn a_note_is_judged_by_its_characters_alone(note: String) {
        let fits = note.chars().count() <= 500 && !note.contains('\0');
        prop_assert_eq!(check_note(&note).is_ok(), fits);
    }
}
