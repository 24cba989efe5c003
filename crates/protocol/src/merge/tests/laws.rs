//! What holds for every story.

use super::{Story, device, kg};
use crate::merge::{Record, Stamps};
use crate::{EventStatus, Metric, MetricPatch, Patch, Timestamp};
use proptest::prelude::*;

const DEVICES: [&str; 3] = ["a", "b", "c"];

#[derive(Clone, Debug)]
struct Step {
    by: usize,
    base: Option<u64>,
    at: Option<i64>,
    patch: MetricPatch,
}

fn a_patch() -> impl Strategy<Value = MetricPatch> {
    let weight = proptest::option::of((60_u32..64).prop_map(|whole| kg(f64::from(whole))));
    let note = prop_oneof![
        Just(Patch::Keep),
        Just(Patch::Clear),
        (0..3_u8).prop_map(|number| Patch::Set(number.to_string())),
    ];
    let deleted_at = prop_oneof![
        6 => Just(Patch::Keep),
        1 => Just(Patch::Clear),
        1 => Just(Patch::Set(Timestamp(77))),
    ];
    (weight, note, deleted_at).prop_map(|(weight, note, deleted_at)| match deleted_at {
        // A delete does nothing else.
        Patch::Set(_) => MetricPatch {
            deleted_at,
            ..MetricPatch::default()
        },
        _ => MetricPatch {
            weight,
            note,
            deleted_at,
            ..MetricPatch::default()
        },
    })
}

fn a_step() -> impl Strategy<Value = Step> {
    let base = proptest::option::of(0_u64..8);
    let at = proptest::option::of(prop_oneof![0_i64..30, Just(super::NOW * 5)]);
    (0..DEVICES.len(), base, at, a_patch()).prop_map(|(by, base, at, patch)| Step {
        by,
        base,
        at,
        patch,
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(a_step(), 0..10)
}

fn told(steps: &[Step]) -> Story {
    let mut story = Story::begin();
    for step in steps {
        story.edit((DEVICES[step.by], step.base, step.at), &step.patch);
    }
    story
}

fn values(row: &Metric) -> (tidemark_domain::mass::Grams, Option<String>, bool) {
    (row.weight, row.note.clone(), row.is_deleted())
}

proptest! {
    #[test]
    fn a_devices_own_events_never_conflict_with_each_other(steps in proptest::collection::vec(a_step(), 1..10)) {
        let mut story = Story::begin();
        for step in &steps {
            let outcome = story.edit(("a", step.base, step.at), &step.patch);
            prop_assert!(!outcome.conflict);
            let must_restore = outcome.status == EventStatus::Superseded;
            prop_assert!(!must_restore || story.is_deleted());
        }
    }

    #[test]
    fn a_causally_newer_edit_wins_whatever_the_clock(
        before in steps(), by in 0..3_usize, ahead in 0_u64..3, at in proptest::option::of(-50_i64..50), number in 60_u32..64,
    ) {
        let mut story = told(&before);
        let base = Some(story.row.row.version + ahead);
        let patch = super::weight(f64::from(number));
        let patch = MetricPatch { deleted_at: Patch::Clear, ..patch };
        let outcome = story.edit((DEVICES[by], base, at), &patch);
        prop_assert_eq!((outcome.status, outcome.conflict), (EventStatus::Applied, false));
        prop_assert_eq!((story.row.row.weight, story.is_deleted()), (kg(f64::from(number)), false));
    }

    #[test]
    fn equal_values_never_conflict_and_change_nothing(before in steps(), step in a_step()) {
        let mut story = told(&before);
        let row = story.row.row.clone();
        let patch = MetricPatch {
            weight: Some(row.weight),
            note: Patch::from_option(row.note.clone()),
            deleted_at: Patch::from_option(row.deleted_at.map(|_| Timestamp(1))),
            ..MetricPatch::default()
        };
        let outcome = story.edit((DEVICES[step.by], step.base, step.at), &patch);
        prop_assert_eq!((outcome.status, outcome.conflict, outcome.changed), (EventStatus::Applied, false, false));
        prop_assert_eq!(&story.row.row, &row);
    }

    #[test]
    fn concurrent_edits_of_a_field_end_alike_in_either_order(
        first in (0_i64..30, 60_u32..70), second in (0_i64..30, 60_u32..70), base in prop::bool::ANY,
    ) {
        let base = base.then_some(1);
        let send = |story: &mut Story, by, (at, number): (i64, u32)| {
            story.edit((by, base, Some(at + 20)), &super::weight(f64::from(number)));
        };
        let (mut one, mut other) = (Story::begin(), Story::begin());
        send(&mut one, "b", first);
        send(&mut one, "c", second);
        send(&mut other, "c", second);
        send(&mut other, "b", first);
        prop_assert_eq!(values(&one.row.row), values(&other.row.row));
    }

    #[test]
    fn edits_of_different_fields_both_live_in_either_order(at in 0_i64..30, other_at in 0_i64..30) {
        for swapped in [false, true] {
            let mut story = Story::begin();
            let mut edits = [("b", at, super::weight(81.0)), ("c", other_at, super::note("x"))];
            if swapped {
                edits.reverse();
            }
            for (by, at, patch) in &edits {
                let outcome = story.edit((by, Some(1), Some(*at)), patch);
                prop_assert!(!outcome.conflict);
            }
            prop_assert_eq!((story.weight(), story.note()), (81.0, Some("x")));
        }
    }

    #[test]
    fn an_edit_survives_a_concurrent_delete_in_either_order(at in 0_i64..30, deleted_at in 0_i64..30) {
        for swapped in [false, true] {
            let mut story = Story::begin();
            let mut edits = [("b", at, super::weight(81.0)), ("c", deleted_at, super::deletion(deleted_at))];
            if swapped {
                edits.reverse();
            }
            for (by, at, patch) in &edits {
                story.edit((by, Some(1), Some(*at)), patch);
            }
            prop_assert_eq!((story.weight(), story.is_deleted()), (81.0, false));
        }
    }

    #[test]
    fn no_value_is_lost_without_a_trace(before in steps(), step in a_step()) {
        let mut story = told(&before);
        let old = story.row.row.clone();
        let outcome = story.edit((DEVICES[step.by], step.base, step.at), &step.patch);
        let new = &story.row.row;
        let kept = |field: &str, value: serde_json::Value| {
            outcome.history.iter().any(|entry| entry.values.get(field) == Some(&value))
        };
        prop_assert!(old.weight == new.weight || kept("weight", serde_json::json!(old.weight.to_kg())));
        prop_assert!(old.note == new.note || kept("note", serde_json::json!(old.note)));
        if let Some(wanted) = step.patch.weight {
            prop_assert!(new.weight == wanted || kept("weight", serde_json::json!(wanted.to_kg())));
        }
        prop_assert_eq!(outcome.changed, values(&old) != values(new));
    }

    #[test]
    fn stamps_survive_storing(before in steps()) {
        let stamps = told(&before).row.stamps;
        let text = serde_json::to_string(&stamps).unwrap();
        prop_assert_eq!(serde_json::from_str::<Stamps>(&text).unwrap(), stamps);
    }
}

#[test]
fn a_row_that_was_written_once_stores_one_stamp() {
    let text = serde_json::to_string(&Story::begin().row.stamps).unwrap();
    assert_eq!(text, r#"[[7,1,10,false,"a"]]"#);
    assert_eq!(Metric::FIELDS.len(), 7);
    assert_eq!(Stamps::default().get(3).by, None);
    assert!(device("a") < device("b"));
}
