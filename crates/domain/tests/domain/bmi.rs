//! The BMI, its classes, and the number shown beside them.

use crate::{grams, millimetres};
use proptest::prelude::*;
use tidemark_domain::bmi::{
    BmiClass, BmiGroup, CentiBmi, RiskBand, adult_class_applies, bmi, classify, display_tenths,
    display_tenths_on_lower_scale, risk_band,
};
use tidemark_domain::calendar::parse_date;
use tidemark_domain::mass::Grams;

#[test]
fn the_golden_table_holds() {
    use BmiClass::{MildThinness, Normal, ObeseI, PreObese};
    let cases = [
        (70_000, 1_750, 2_286, 229, Normal),
        (78_200, 1_783, 2_460, 246, Normal),
        (76_562, 1_750, 2_500, 249, Normal),
        (76_563, 1_750, 2_500, 250, PreObese),
        (56_656, 1_750, 1_850, 184, MildThinness),
        (56_657, 1_750, 1_850, 185, Normal),
        (91_874, 1_750, 3_000, 299, PreObese),
        (91_875, 1_750, 3_000, 300, ObeseI),
        (61_689, 1_524, 2_656, 266, PreObese),
    ];
    for (weight, height, hundredths, shown, class) in cases {
        let (weight, height) = (grams(weight), millimetres(height));
        assert_eq!(
            bmi(weight, height).get(),
            hundredths,
            "{weight:?} {height:?}"
        );
        assert_eq!(
            display_tenths(weight, height),
            shown,
            "{weight:?} {height:?}"
        );
        assert_eq!(classify(weight, height), class, "{weight:?} {height:?}");
    }
}

#[test]
fn the_hard_ranges_hold_every_computed_bmi() {
    assert_eq!(
        bmi(grams(2_000), millimetres(2_750)),
        CentiBmi::from_hundredths(26)
    );
    assert_eq!(
        bmi(grams(650_000), millimetres(500)),
        CentiBmi::from_hundredths(260_000)
    );
    assert_eq!(
        classify(grams(2_000), millimetres(2_750)),
        BmiClass::SevereThinness
    );
    assert_eq!(
        classify(grams(650_000), millimetres(500)),
        BmiClass::ObeseIII
    );
}

#[test]
fn a_given_bmi_is_checked_as_sent_and_then_rounded() {
    let cases = [
        (24.6, Ok(2_460)),
        (24.605, Ok(2_461)),
        (3.0, Ok(300)),
        (400.0, Ok(40_000)),
        (2.999, Err(())),
        (400.001, Err(())),
        (f64::NAN, Err(())),
        (f64::NEG_INFINITY, Err(())),
    ];
    for (given, expected) in cases {
        assert_eq!(
            CentiBmi::from_number(given)
                .map(CentiBmi::get)
                .map_err(|_| ()),
            expected,
            "{given}"
        );
    }
    assert_eq!(
        CentiBmi::from_hundredths(2_460).to_number().to_string(),
        "24.6"
    );
}

#[test]
fn a_bmi_computed_elsewhere_may_have_any_size() {
    assert_eq!(
        CentiBmi::from_computed(0.26),
        Some(CentiBmi::from_hundredths(26))
    );
    assert_eq!(
        CentiBmi::from_computed(2_600.0),
        Some(CentiBmi::from_hundredths(260_000))
    );
    for nonsense in [-1.0, f64::NAN, f64::INFINITY, 1e18] {
        assert_eq!(CentiBmi::from_computed(nonsense), None, "{nonsense}");
    }
}

#[test]
fn a_given_bmi_has_a_class_and_a_number_that_agree() {
    let cases = [
        (2_460, 246, BmiClass::Normal),
        (2_499, 249, BmiClass::Normal),
        (2_500, 250, BmiClass::PreObese),
        (1_599, 159, BmiClass::SevereThinness),
        (1_695, 169, BmiClass::ModerateThinness),
        (1_849, 184, BmiClass::MildThinness),
        (2_455, 246, BmiClass::Normal),
        (4_000, 400, BmiClass::ObeseIII),
        (0, 0, BmiClass::SevereThinness),
        (u32::MAX, u32::MAX / 10, BmiClass::ObeseIII),
    ];
    for (hundredths, shown, class) in cases {
        let given = CentiBmi::from_hundredths(hundredths);
        assert_eq!(
            (given.display_tenths(), given.class()),
            (shown, class),
            "{hundredths}"
        );
    }
}

#[test]
fn at_two_metres_each_class_begins_at_its_bound_and_not_a_gram_before() {
    for pair in BmiClass::ALL.windows(2) {
        let least = pair[1].lower_bound() * 400;
        let height = millimetres(2_000);
        assert_eq!(classify(grams(least), height), pair[1]);
        assert_eq!(classify(grams(least - 1), height), pair[0]);
        assert_eq!(display_tenths(grams(least), height), pair[1].lower_bound());
        assert_eq!(
            display_tenths(grams(least - 1), height),
            pair[1].lower_bound() - 1
        );
    }
}

#[test]
fn the_eight_classes_form_four_groups() {
    use BmiGroup::{Normal, Obese, Over, Under};
    let groups = BmiClass::ALL.map(BmiClass::group);
    assert_eq!(
        groups,
        [Under, Under, Under, Normal, Over, Obese, Obese, Obese]
    );
}

#[test]
fn the_lower_thresholds_are_a_scale_of_their_own() {
    let height = millimetres(2_000);
    let cases = [
        (73_999, RiskBand::Under, 184),
        (74_000, RiskBand::Acceptable, 185),
        (91_999, RiskBand::Acceptable, 229),
        (92_000, RiskBand::Increased, 230),
        (109_999, RiskBand::Increased, 274),
        (110_000, RiskBand::High, 275),
    ];
    for (weight, band, shown) in cases {
        assert_eq!(risk_band(grams(weight), height), band, "{weight} g");
        assert_eq!(
            display_tenths_on_lower_scale(grams(weight), height),
            shown,
            "{weight} g"
        );
    }
    assert_eq!(
        display_tenths(grams(91_999), height),
        230,
        "23 is no bound of the usual scale"
    );
    assert_eq!(
        display_tenths_on_lower_scale(grams(99_999), height),
        250,
        "25 is no bound of the lower one"
    );
}

#[test]
fn the_adult_classes_apply_from_the_twentieth_birthday_on() {
    let cases = [
        ("2006-02-20", "2026-02-19", false),
        ("2006-02-20", "2026-02-20", true),
        ("2004-02-29", "2024-02-28", false),
        ("2004-02-29", "2024-02-29", true),
        ("2026-02-20", "2026-02-20", false),
        ("2026-02-21", "2026-02-20", false),
        ("0000-01-01", "9999-12-31", true),
        ("9999-12-31", "0000-01-01", false),
    ];
    for (birth, on, applies) in cases {
        let date = |text| parse_date(text).expect("a date");
        assert_eq!(
            adult_class_applies(date(birth), date(on)),
            applies,
            "born {birth}, on {on}"
        );
    }
}

proptest! {
    #[test]
    fn the_shown_number_belongs_to_the_class(weight in 2_000..=650_000_u32, height in 500..=2_750_u32) {
        let (weight, height) = (grams(weight), millimetres(height));
        let shown = CentiBmi::from_hundredths(display_tenths(weight, height) * 10);
        prop_assert_eq!(shown.class(), classify(weight, height));
    }

    #[test]
    fn next_to_a_bound_the_shown_number_still_belongs_to_the_class(
        class in 1..8_usize, height in 700..=2_000_u32, off in -3..=3_i32,
    ) {
        let square = u64::from(height) * u64::from(height);
        let at_bound = u64::from(BmiClass::ALL[class].lower_bound()) * square / 10_000;
        let weight = u32::try_from(at_bound).expect("small").saturating_add_signed(off);
        let (weight, height) = (grams(weight), millimetres(height));
        let shown = CentiBmi::from_hundredths(display_tenths(weight, height) * 10);
        prop_assert_eq!(shown.class(), classify(weight, height));
    }

    #[test]
    fn the_shown_number_is_less_than_a_tenth_away(weight in 2_000..=650_000_u32, height in 500..=2_750_u32) {
        let (weight, height) = (grams(weight), millimetres(height));
        let exact = weight.to_kg() / (height.to_cm() / 100.0).powi(2);
        prop_assert!((f64::from(display_tenths(weight, height)) / 10.0 - exact).abs() < 0.1);
        prop_assert!((bmi(weight, height).to_number() - exact).abs() <= 0.005_000_1);
    }

    #[test]
    fn a_heavier_weight_never_has_a_lower_class(weight in 2_000..650_000_u32, height in 500..=2_750_u32) {
        let height = millimetres(height);
        prop_assert!(classify(grams(weight), height) <= classify(grams(weight + 1), height));
        prop_assert!(risk_band(grams(weight), height) <= risk_band(grams(weight + 1), height));
        prop_assert!(classify(grams(weight), height) <= classify(Grams::MAX, height));
    }

    #[test]
    fn no_number_panics(bits: u64, hundredths: u32) {
        if let Ok(given) = CentiBmi::from_number(f64::from_bits(bits)) {
            prop_assert!((300..=40_000).contains(&given.get()));
        }
        let any = CentiBmi::from_hundredths(hundredths);
        prop_assert_eq!(CentiBmi::from_computed(any.to_number()), Some(any));
        prop_assert!(any.display_tenths().abs_diff(hundredths / 10) <= 1);
    }
}
