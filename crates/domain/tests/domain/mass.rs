//! Grams: the range, the wire, steps and changes.

use crate::grams;
use proptest::prelude::*;
use tidemark_domain::mass::{Grams, MassChange, MassUnit};
use tidemark_domain::ranges::{Quantity, RangeError};

const UNITS: [MassUnit; 3] = [MassUnit::Kilogram, MassUnit::Pound, MassUnit::Stone];

#[test]
fn a_weight_lies_between_2_and_650_kg() {
    assert_eq!(Grams::new(2_000), Ok(Grams::MIN));
    assert_eq!(Grams::new(650_000), Ok(Grams::MAX));
    let error = RangeError {
        quantity: Quantity::Weight,
        min: 2_000,
        max: 650_000,
    };
    for outside in [0, 1_999, 650_001, u32::MAX] {
        assert_eq!(Grams::new(outside), Err(error), "{outside} g");
    }
}

#[test]
fn kilograms_are_checked_as_sent_and_then_rounded() {
    let cases = [
        (78.2, Ok(78_200)),
        (78.2004, Ok(78_200)),
        (78.2005, Ok(78_201)),
        (2.0, Ok(2_000)),
        (650.0, Ok(650_000)),
        (1.9999, Err(())),
        (1.999_999_999_999_999_8, Err(())),
        (650.000_1, Err(())),
        (650.000_000_000_000_1, Err(())),
        (0.0, Err(())),
        (-78.2, Err(())),
        (1e300, Err(())),
        (f64::NAN, Err(())),
        (f64::INFINITY, Err(())),
        (f64::NEG_INFINITY, Err(())),
    ];
    for (kilograms, expected) in cases {
        let result = Grams::from_kg(kilograms).map(Grams::get).map_err(|_| ());
        assert_eq!(result, expected, "{kilograms} kg");
    }
}

#[test]
fn every_weight_survives_the_wire() {
    for weight in 2_000..=650_000 {
        let weight = grams(weight);
        assert_eq!(Grams::from_kg(weight.to_kg()), Ok(weight));
    }
    assert_eq!(grams(78_200).to_kg().to_string(), "78.2");
}

#[test]
fn a_step_moves_the_shown_number_by_a_tenth() {
    let cases = [
        (78_200, MassUnit::Kilogram, 1, "78.3\u{A0}kg"),
        (78_200, MassUnit::Kilogram, -1, "78.1\u{A0}kg"),
        (78_245, MassUnit::Kilogram, 1, "78.3\u{A0}kg"),
        (78_200, MassUnit::Pound, 1, "172.5\u{A0}lb"),
        (63_500, MassUnit::Stone, -1, "9\u{A0}st\u{A0}13.9\u{A0}lb"),
        (63_458, MassUnit::Stone, 1, "10\u{A0}st\u{A0}0.0\u{A0}lb"),
        (2_000, MassUnit::Kilogram, -1, "2.0\u{A0}kg"),
        (2_000, MassUnit::Pound, -1, "4.4\u{A0}lb"),
        (650_000, MassUnit::Pound, 1, "1433.0\u{A0}lb"),
        (650_000, MassUnit::Pound, -1, "1432.9\u{A0}lb"),
        (78_200, MassUnit::Kilogram, i32::MAX, "650.0\u{A0}kg"),
        (
            78_200,
            MassUnit::Stone,
            i32::MIN,
            "0\u{A0}st\u{A0}4.4\u{A0}lb",
        ),
    ];
    for (weight, unit, tenths, expected) in cases {
        let stepped = grams(weight).step(unit, tenths);
        assert_eq!(
            stepped.text(unit, '.').to_string(),
            expected,
            "{weight} g, {tenths}"
        );
    }
}

#[test]
fn a_step_and_its_way_back_show_the_same_number() {
    for unit in UNITS {
        for weight in (3_000..649_000).step_by(17).map(grams) {
            let back = weight.step(unit, 1).step(unit, -1);
            assert_eq!(
                back.text(unit, '.'),
                weight.text(unit, '.'),
                "{weight:?} in {unit:?}"
            );
        }
    }
}

#[test]
fn a_change_is_written_with_its_sign() {
    let cases = [
        (78_200, 78_800, MassUnit::Kilogram, "\u{2212}0.6\u{A0}kg"),
        (78_800, 78_200, MassUnit::Kilogram, "+0.6\u{A0}kg"),
        (78_200, 78_200, MassUnit::Kilogram, "0.0\u{A0}kg"),
        (78_249, 78_200, MassUnit::Kilogram, "0.0\u{A0}kg"),
        (78_200, 78_249, MassUnit::Kilogram, "0.0\u{A0}kg"),
        (78_250, 78_200, MassUnit::Kilogram, "+0.1\u{A0}kg"),
        (78_200, 78_250, MassUnit::Kilogram, "\u{2212}0.1\u{A0}kg"),
        (78_200, 78_800, MassUnit::Pound, "\u{2212}1.3\u{A0}lb"),
        (78_200, 78_800, MassUnit::Stone, "\u{2212}1.3\u{A0}lb"),
        (
            78_200,
            71_000,
            MassUnit::Stone,
            "+1\u{A0}st\u{A0}1.9\u{A0}lb",
        ),
        (650_000, 2_000, MassUnit::Kilogram, "+648.0\u{A0}kg"),
    ];
    for (now, before, unit, expected) in cases {
        let change = grams(now).change_since(grams(before));
        assert_eq!(change.text(unit, '.').to_string(), expected);
    }
}

#[test]
fn a_computed_number_becomes_the_nearest_weight_or_change() {
    let weights = [
        (80_062.9, 80_063),
        (1e9, 650_000),
        (-1.0, 2_000),
        (f64::NAN, 2_000),
        (f64::INFINITY, 650_000),
    ];
    for (computed, expected) in weights {
        assert_eq!(Grams::nearest(computed), grams(expected), "{computed}");
    }
    let changes = [
        (-599.6, -600),
        (0.4, 0),
        (f64::NAN, 0),
        (f64::NEG_INFINITY, -650_000),
        (1e300, 650_000),
    ];
    for (computed, expected) in changes {
        assert_eq!(MassChange::nearest(computed).get(), expected, "{computed}");
    }
}

proptest! {
    #[test]
    fn a_step_stays_in_range_and_never_goes_the_wrong_way(weight in 2_000..=650_000_u32, tenths: i32, unit in 0..3_usize) {
        let weight = grams(weight);
        let unit = UNITS[unit];
        let stepped = weight.step(unit, tenths);
        prop_assert!((Grams::MIN..=Grams::MAX).contains(&stepped));
        if tenths > 0 {
            prop_assert!(stepped >= weight);
        } else if tenths < 0 {
            prop_assert!(stepped <= weight);
        }
    }

    #[test]
    fn no_number_of_kilograms_panics(bits: u64) {
        let kilograms = f64::from_bits(bits);
        if let Ok(weight) = Grams::from_kg(kilograms) {
            prop_assert!((weight.to_kg() - kilograms).abs() <= 0.000_501);
        }
    }
}
