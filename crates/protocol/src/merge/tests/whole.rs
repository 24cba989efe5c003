//! Rule 4: edits that tell no base, the plan's phase 1.

use super::{NOW, Story, deletion, history, note, verdict, weight};
use crate::EventStatus::{Applied, Merged, Superseded};
use crate::HistoryReason::Conflict;
use crate::{MetricPatch, Patch};
use serde_json::json;

#[test]
fn the_last_write_wins_the_whole_record() {
    // `b` changed the weight at 500; the other one edits weight and note without a base.
    let cases = [
        ("c", Some(501), true, "later"),
        ("c", Some(499), false, "earlier"),
        ("c", Some(500), true, "a tie, larger device"),
        ("a2", Some(500), false, "a tie, smaller device"),
        ("c", None, true, "no time is the time of receipt"),
        (
            "c",
            Some(NOW + 1),
            true,
            "a time ahead is the time of receipt",
        ),
    ];
    for (by, at, wins, why) in cases {
        let mut story = Story::begin();
        story.edit(("b", Some(1), Some(500)), &weight(81.0));
        let outcome = story.edit(
            (by, None, at),
            &MetricPatch {
                note: Patch::Set("x".into()),
                ..weight(82.0)
            },
        );
        let (expected, row) = if wins {
            ((Applied, true), (82.0, Some("x")))
        } else {
            ((Superseded, true), (81.0, None))
        };
        assert_eq!(verdict(&outcome), expected, "{why}");
        assert_eq!((story.weight(), story.note()), row, "{why}");
        let lost = if wins {
            (Conflict, 3, json!({"weight": 81.0, "note": null}))
        } else {
            (Conflict, 2, json!({"weight": 82.0, "note": "x"}))
        };
        assert_eq!(history(&outcome), [lost], "{why}");
    }
}

#[test]
fn even_a_field_that_nobody_touched_loses_with_an_older_record() {
    let mut story = Story::begin();
    story.edit(("b", None, Some(500)), &weight(81.0));
    for by in ["a", "c"] {
        let outcome = story.edit((by, None, Some(400)), &note("x"));
        assert_eq!(verdict(&outcome), (Superseded, true), "{by}");
    }
    assert_eq!(story.note(), None);
}

#[test]
fn deletes_take_part_like_any_other_write() {
    let cases = [
        (Some(501), (Applied, true), true),
        (Some(499), (Superseded, true), false),
    ];
    for (at, expected, is_deleted) in cases {
        let mut story = Story::begin();
        story.edit(("b", None, Some(500)), &weight(81.0));
        assert_eq!(
            verdict(&story.edit(("c", None, at), &deletion(1))),
            expected
        );
        assert_eq!(story.is_deleted(), is_deleted);
    }
    // The other way round: the delete came first.
    let cases = [
        (Some(501), (Merged, true), false),
        (Some(499), (Superseded, true), true),
    ];
    for (at, expected, is_deleted) in cases {
        let mut story = Story::begin();
        story.edit(("b", None, Some(500)), &deletion(1));
        assert_eq!(
            verdict(&story.edit(("c", None, at), &weight(82.0))),
            expected
        );
        assert_eq!(story.is_deleted(), is_deleted);
    }
}

#[test]
fn a_device_that_is_alone_with_its_record_never_conflicts() {
    let mut story = Story::begin();
    for (at, number) in [
        (Some(500), 81.0),
        (Some(3), 82.0),
        (None, 83.0),
        (Some(1), 84.0),
    ] {
        assert_eq!(
            verdict(&story.edit(("a", None, at), &weight(number))),
            (Applied, false)
        );
        assert!((story.weight() - number).abs() < 1e-9);
    }
}

#[test]
fn what_a_device_has_won_its_own_later_edit_does_not_lose_to_a_clock_set_back() {
    let mut story = Story::begin();
    story.edit(("b", None, Some(500)), &weight(81.0));
    story.edit(("a", None, Some(600)), &note("first"));
    let outcome = story.edit(("a", None, Some(400)), &note("second"));
    assert_eq!(verdict(&outcome), (Applied, false));
    assert_eq!((story.weight(), story.note()), (81.0, Some("second")));
}
