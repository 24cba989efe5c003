//! When a weight is worth the question "Is this right?".

use crate::grams;
use proptest::prelude::*;
use tidemark_domain::improbable::{Improbable, Known, improbable};

#[test]
fn the_first_weight_raises_a_question_only_outside_25_to_300_kg() {
    let cases = [
        (24_999, Some(Improbable::Unusual)),
        (25_000, None),
        (78_200, None),
        (300_000, None),
        (300_001, Some(Improbable::Unusual)),
    ];
    for (new, expected) in cases {
        assert_eq!(
            improbable(grams(new), &Known::default()),
            expected,
            "{new} g"
        );
    }
}

#[test]
fn a_known_slip_is_named_before_anything_else() {
    let cases = [
        (40_000, 400_000, Some(Improbable::TenTimes)),
        (40_000, 420_000, Some(Improbable::TenTimes)),
        (40_000, 380_000, Some(Improbable::TenTimes)),
        (40_000, 420_001, Some(Improbable::FarFromTrend)),
        (78_200, 7_820, Some(Improbable::ATenth)),
        (78_200, 172_400, Some(Improbable::PoundsAsKilograms)),
        (172_400, 78_200, Some(Improbable::KilogramsAsPounds)),
        (78_200, 35_500, Some(Improbable::KilogramsAsPounds)),
        (78_200, 78_500, None),
        (7_000, 7_100, Some(Improbable::Unusual)),
    ];
    for (last, new, expected) in cases {
        let known = Known {
            last: Some(grams(last)),
            trend: Some(grams(last)),
            days_since: 1,
        };
        assert_eq!(
            improbable(grams(new), &known),
            expected,
            "{last} g, then {new} g"
        );
    }
}

#[test]
fn a_fresh_trend_asks_from_a_tenth_on_and_an_old_one_does_not() {
    let cases = [
        (88_000, 1, None),
        (88_001, 1, Some(Improbable::FarFromTrend)),
        (72_000, 1, None),
        (71_999, 1, Some(Improbable::FarFromTrend)),
        (90_000, 14, Some(Improbable::FarFromTrend)),
        (90_000, 15, None),
        (90_000, -14, Some(Improbable::FarFromTrend)),
        (90_000, -15, None),
        (90_000, i32::MIN, None),
    ];
    for (new, days_since, expected) in cases {
        let known = Known {
            last: Some(grams(80_000)),
            trend: Some(grams(80_000)),
            days_since,
        };
        assert_eq!(
            improbable(grams(new), &known),
            expected,
            "{new} g after {days_since} days"
        );
    }
}

proptest! {
    #[test]
    fn the_same_weight_again_is_only_ever_unusual(weight in 2_000..=650_000_u32, days_since: i32) {
        let known = Known { last: Some(grams(weight)), trend: Some(grams(weight)), days_since };
        let question = improbable(grams(weight), &known);
        prop_assert!(matches!(question, None | Some(Improbable::Unusual)));
    }

    #[test]
    fn pounds_typed_as_kilograms_are_noticed_at_any_weight(last in 10_000..=290_000_u32) {
        let known = Known { last: Some(grams(last)), trend: None, days_since: 1 };
        let typed = u32::try_from(u64::from(last) * 100_000_000 / 45_359_237).expect("small");
        prop_assert_eq!(improbable(grams(typed), &known), Some(Improbable::PoundsAsKilograms));
    }
}
