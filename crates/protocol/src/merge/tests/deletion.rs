//! Rule 6: deletes against edits.

use super::{NOW, Story, deletion, history, note, restoration, verdict, weight};
use crate::EventStatus::{Applied, Merged, Superseded};
use crate::HistoryReason::{Conflict, Deleted};
use crate::{MetricPatch, Timestamp};
use serde_json::json;

#[test]
fn a_delete_that_knew_everything_deletes_and_keeps_the_values_in_history() {
    for (by, base) in [("a", Some(0)), ("a", None), ("b", Some(1)), ("b", Some(7))] {
        let mut story = Story::begin();
        let outcome = story.edit((by, base, Some(3)), &deletion(3));
        assert_eq!(verdict(&outcome), (Applied, false), "{by} {base:?}");
        assert_eq!(story.row.row.deleted_at, Some(Timestamp(3)));
        let values = json!({
            "weight": 80.0, "height": null, "bmi": null, "note": null, "created_at": Timestamp(5),
            "utc_offset": null, "deleted_at": null,
        });
        assert_eq!(history(&outcome), [(Deleted, 2, values)]);
    }
}

#[test]
fn a_concurrent_edit_survives_a_delete_whichever_comes_first() {
    for (edited_at, deleted_at) in [(400, 500), (500, 400), (450, 450)] {
        let mut story = Story::begin();
        story.edit(("b", Some(1), Some(edited_at)), &weight(81.0));
        let delete = story.edit(("c", Some(1), Some(deleted_at)), &deletion(deleted_at));
        assert_eq!(
            (verdict(&delete), delete.changed),
            ((Superseded, true), false)
        );
        assert_eq!(
            history(&delete),
            [(Conflict, 2, json!({"deleted_at": Timestamp(deleted_at)}))]
        );
        assert!(!story.is_deleted());

        let mut story = Story::begin();
        story.edit(("c", Some(1), Some(deleted_at)), &deletion(deleted_at));
        let edit = story.edit(("b", Some(1), Some(edited_at)), &weight(81.0));
        assert_eq!(verdict(&edit), (Merged, true));
        assert!(!story.is_deleted());
        assert!((story.weight() - 81.0).abs() < 1e-9);
        let lost = (Conflict, 3, json!({"deleted_at": Timestamp(deleted_at)}));
        assert!(history(&edit).contains(&lost));
    }
}

#[test]
fn a_later_edit_of_a_deleted_metric_needs_an_explicit_restore() {
    // `b` deletes as version 2; (who edits then, on which base, does its value lose against someone else's delete).
    let cases = [
        ("b", Some(1), false),
        ("b", Some(2), false),
        ("b", None, false),
        ("c", Some(2), true),
        ("c", Some(9), true),
    ];
    for (by, base, conflict) in cases {
        let mut story = Story::begin();
        story.edit(("b", Some(1), Some(500)), &deletion(500));
        let outcome = story.edit((by, base, Some(NOW)), &weight(81.0));
        assert_eq!(verdict(&outcome), (Superseded, conflict), "{by} {base:?}");
        assert!(story.is_deleted());
        assert_eq!(history(&outcome), [(Conflict, 2, json!({"weight": 81.0}))]);

        let restored = story.edit(
            (by, base.map(|_| 2), Some(NOW)),
            &MetricPatch { ..restoration() },
        );
        assert_eq!(verdict(&restored), (Applied, false), "{by} {base:?}");
        assert!(!story.is_deleted());
    }
}

#[test]
fn a_restore_can_bring_other_values_along() {
    let mut story = Story::begin();
    story.edit(("b", Some(1), Some(500)), &deletion(500));
    let patch = MetricPatch {
        deleted_at: restoration().deleted_at,
        ..weight(81.0)
    };
    assert_eq!(
        verdict(&story.edit(("c", Some(2), Some(3)), &patch)),
        (Applied, false)
    );
    assert_eq!((story.weight(), story.is_deleted()), (81.0, false));
}

#[test]
fn a_restore_wins_over_a_delete_that_it_did_not_know_of() {
    let mut story = Story::begin();
    story.edit(("b", Some(1), Some(20)), &deletion(20));
    story.edit(("b", Some(2), Some(30)), &restoration());
    story.edit(("b", Some(3), Some(500)), &deletion(500));
    let outcome = story.edit(("c", Some(2), Some(40)), &restoration());
    assert_eq!(verdict(&outcome), (Merged, true));
    assert!(!story.is_deleted());
}

#[test]
fn deleting_twice_or_restoring_the_living_changes_nothing() {
    for base in [None, Some(0), Some(1), Some(2)] {
        let mut story = Story::begin();
        let outcome = story.edit(("c", base, Some(600)), &restoration());
        assert_eq!(
            (verdict(&outcome), outcome.changed),
            ((Applied, false), false),
            "{base:?}"
        );
        story.edit(("b", Some(1), Some(500)), &deletion(500));
        let outcome = story.edit(("c", base, Some(600)), &deletion(600));
        assert_eq!(
            (verdict(&outcome), outcome.changed),
            ((Applied, false), false),
            "{base:?}"
        );
        assert_eq!(story.row.row.deleted_at, Some(Timestamp(500)));
    }
}

#[test]
fn an_edit_that_revives_brings_its_values_in_field_by_field() {
    let mut story = Story::begin();
    story.edit(("b", Some(1), Some(500)), &weight(81.0));
    story.edit(("b", Some(2), Some(510)), &deletion(510));
    let patch = MetricPatch {
        note: note("x").note,
        ..weight(82.0)
    };
    let outcome = story.edit(("c", Some(1), Some(400)), &patch);
    assert_eq!(verdict(&outcome), (Merged, true));
    assert_eq!(
        (story.weight(), story.note(), story.is_deleted()),
        (81.0, Some("x"), false)
    );
}
