//! Rules 1 to 3 and 5: what has been seen, causal edits, field by field.

use super::{NOW, Story, history, note, verdict, weight};
use crate::EventStatus::{Applied, Merged};
use crate::HistoryReason::{Conflict, Replaced};
use crate::{MetricPatch, Patch, Timestamp};
use serde_json::json;
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;

#[test]
fn a_device_has_seen_its_own_changes_whatever_its_clock_and_base_say() {
    for base in [None, Some(0), Some(1), Some(2)] {
        for at in [None, Some(-5), Some(9), Some(10), Some(11), Some(NOW * 2)] {
            let mut story = Story::begin();
            story.edit(("a", Some(1), Some(500)), &weight(81.0));
            let outcome = story.edit(("a", base, at), &weight(82.0));
            assert_eq!(verdict(&outcome), (Applied, false), "{base:?} {at:?}");
            assert!((story.weight() - 82.0).abs() < 1e-9);
        }
    }
}

#[test]
fn a_causally_newer_edit_wins_whatever_any_clock_says() {
    // The row is at version 2, changed last by `b` at 500.
    for base in [2, 3, u64::MAX] {
        for at in [None, Some(-5), Some(10), Some(499), Some(NOW * 2)] {
            let mut story = Story::begin();
            story.edit(("b", Some(1), Some(500)), &weight(81.0));
            let outcome = story.edit(("c", Some(base), at), &weight(82.0));
            assert_eq!(verdict(&outcome), (Applied, false), "{base} {at:?}");
            assert_eq!(history(&outcome), [(Replaced, 3, json!({"weight": 81.0}))]);
        }
    }
}

#[test]
fn an_older_base_counts_as_new_while_nobody_else_has_changed_the_row_since() {
    let mut story = Story::begin();
    story.edit(("b", Some(1), Some(20)), &weight(81.0));
    story.edit(("b", Some(2), Some(30)), &note("x"));
    let outcome = story.edit(("b", Some(1), Some(5)), &weight(82.0));
    assert_eq!(verdict(&outcome), (Applied, false));
}

#[test]
fn a_field_that_nobody_else_changed_is_taken_beside_newer_changes() {
    let mut story = Story::begin();
    story.edit(("b", Some(1), Some(500)), &weight(81.0));
    let outcome = story.edit(("c", Some(1), Some(400)), &note("x"));
    assert_eq!(verdict(&outcome), (Merged, false));
    assert_eq!((story.weight(), story.note()), (81.0, Some("x")));
    assert_eq!(history(&outcome), [(Replaced, 3, json!({"note": null}))]);
    assert_eq!(story.row.row.updated_at, Timestamp(400));
    assert_eq!(story.row.row.updated_by, Some(super::device("c")));
}

#[test]
fn of_two_changes_of_one_field_the_later_wins_and_ties_go_to_the_larger_device() {
    // `b` changed the weight to 81 at 500; the other one edits it on the base before that.
    let cases = [
        ("c", Some(501), 82.0, "later"),
        ("c", Some(499), 81.0, "earlier"),
        ("c", Some(500), 82.0, "a tie, larger device"),
        ("a2", Some(500), 81.0, "a tie, smaller device"),
        ("c", None, 82.0, "no time is the time of receipt"),
        (
            "c",
            Some(NOW + 5),
            82.0,
            "a time ahead is the time of receipt",
        ),
        ("B", Some(500), 81.0, "bytes, not letters"),
        ("ba", Some(500), 82.0, "the longer of two that begin alike"),
    ];
    for (by, at, expected, why) in cases {
        let mut story = Story::begin();
        story.edit(("b", Some(1), Some(500)), &weight(81.0));
        let outcome = story.edit((by, Some(1), at), &weight(82.0));
        assert_eq!(verdict(&outcome), (Merged, true), "{why}");
        assert!((story.weight() - expected).abs() < 1e-9, "{why}");
        let (version, lost) = if outcome.changed {
            (3, 81.0)
        } else {
            (2, 82.0)
        };
        assert_eq!(
            history(&outcome),
            [(Conflict, version, json!({"weight": lost}))],
            "{why}"
        );
    }
}

#[test]
fn among_receipt_times_the_later_commit_wins() {
    for (first, second) in [("b", "c"), ("c", "b")] {
        for ahead in [None, Some(NOW * 3)] {
            let mut story = Story::begin();
            story.edit((first, Some(1), None), &weight(81.0));
            let outcome = story.edit((second, Some(1), ahead), &weight(82.0));
            assert_eq!(verdict(&outcome), (Merged, true));
            assert!(
                (story.weight() - 82.0).abs() < 1e-9,
                "{first} {second} {ahead:?}"
            );
        }
    }
}

#[test]
fn fields_win_and_lose_for_themselves() {
    let mut story = Story::begin();
    story.edit(
        ("b", Some(1), Some(500)),
        &MetricPatch {
            note: Patch::Set("b".into()),
            ..weight(81.0)
        },
    );
    story.edit(("c", Some(2), Some(300)), &note("c"));
    let outcome = story.edit(
        ("d", Some(1), Some(400)),
        &MetricPatch {
            note: Patch::Set("d".into()),
            ..weight(82.0)
        },
    );
    assert_eq!(verdict(&outcome), (Merged, true));
    assert_eq!((story.weight(), story.note()), (81.0, Some("d")));
    assert_eq!(
        history(&outcome),
        [
            (Conflict, 2, json!({"weight": 82.0})),
            (Conflict, 4, json!({"note": "c"})),
        ]
    );
}

#[test]
fn equal_values_never_conflict() {
    let mut story = Story::begin();
    story.edit(("b", Some(1), Some(500)), &weight(81.0));
    let alone = story.clone().edit(("c", Some(1), Some(400)), &weight(81.0));
    assert_eq!((verdict(&alone), alone.changed), ((Applied, false), false));
    let beside = story.edit(
        ("c", Some(1), Some(400)),
        &MetricPatch {
            note: Patch::Set("x".into()),
            ..weight(81.0)
        },
    );
    assert_eq!(verdict(&beside), (Merged, false));
    assert_eq!(story.note(), Some("x"));
}

#[test]
fn an_edit_without_any_difference_changes_nothing() {
    for (by, base) in [
        ("a", None),
        ("b", None),
        ("b", Some(0)),
        ("b", Some(1)),
        ("b", Some(9)),
    ] {
        let mut story = Story::begin();
        let outcome = story.edit(
            (by, base, Some(5)),
            &MetricPatch {
                note: Patch::Clear,
                ..weight(80.0)
            },
        );
        assert_eq!(
            (verdict(&outcome), outcome.changed),
            ((Applied, false), false),
            "{by} {base:?}"
        );
        assert!(outcome.history.is_empty());
    }
}

#[test]
fn a_time_that_lies_ahead_is_normalised_and_blocks_nobody() {
    let mut story = Story::begin();
    let ahead = story.edit(("b", Some(1), Some(NOW + 31_536_000_000)), &weight(81.0));
    assert_eq!(verdict(&ahead), (Applied, false));
    assert_eq!(story.row.row.updated_at, Timestamp(NOW));
    story.edit(("a", Some(2), Some(20)), &weight(82.0));
    assert!((story.weight() - 82.0).abs() < 1e-9);
}

fn bmi(hundredths: u32) -> MetricPatch {
    let bmi = Patch::Set(CentiBmi::from_hundredths(hundredths));
    MetricPatch {
        bmi,
        ..MetricPatch::default()
    }
}

/// 178.3 cm.
fn height() -> Patch<Millimetres> {
    Patch::Set(Millimetres::from_cm(178.3).unwrap())
}

fn shown_bmi(story: &Story) -> Option<u32> {
    story.row.row.bmi.map(CentiBmi::get)
}

#[test]
fn without_a_height_bmi_is_a_value_of_its_own() {
    let mut story = Story::begin();
    story.edit(("b", Some(1), Some(20)), &bmi(2460));
    story.edit(("b", Some(2), Some(30)), &weight(99.0));
    assert_eq!(shown_bmi(&story), Some(2460));
}

#[test]
fn with_a_height_bmi_is_computed_whatever_an_edit_says_of_it() {
    let mut story = Story::begin();
    let patch = MetricPatch {
        height: height(),
        bmi: bmi(9900).bmi,
        ..weight(78.2)
    };
    story.edit(("b", Some(1), Some(30)), &patch);
    assert_eq!(shown_bmi(&story), Some(2460));

    let ignored = story.edit(("c", Some(1), Some(40)), &bmi(9900));
    assert_eq!(
        (verdict(&ignored), ignored.changed),
        ((Applied, false), false)
    );

    let recomputed = story.edit(("b", Some(2), Some(50)), &weight(80.0));
    assert_eq!(shown_bmi(&story), Some(2516));
    assert_eq!(
        history(&recomputed),
        [(Replaced, 3, json!({"weight": 78.2, "bmi": 24.6}))]
    );

    let cleared = MetricPatch {
        height: Patch::Clear,
        ..MetricPatch::default()
    };
    story.edit(("b", Some(3), Some(60)), &cleared);
    assert_eq!(shown_bmi(&story), Some(2516), "it stays at the last value");
}
