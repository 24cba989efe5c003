//! Rule 7: what devices offer to a server that was restored from a backup.

use super::{By, NOW, Story, deletion, device, note, verdict, weight};
use crate::EventStatus::{Applied, Merged, Superseded};
use crate::merge::{Edit, EditTime, Outcome, merge};
use crate::{Metric, MetricPatch, Patch, Timestamp};

/// The counter after a restore.
const RAISED: u64 = 1 << 32;

/// The backup held version 1; versions 2 and above are lost.
fn restored() -> Story {
    let mut story = Story::begin();
    story.head = RAISED;
    story
}

fn offer(story: &mut Story, by: &str, lost: u64, at: i64, patch: &MetricPatch) -> Outcome<Metric> {
    let by = device(by);
    let edit = Edit {
        patch,
        base_version: Some(lost),
        time: EditTime::normalised(Some(Timestamp(at)), Timestamp(NOW)),
        device: Some(&by),
        next_version: story.head + 1,
        lost_version: Some(lost),
    };
    let outcome = merge(&story.row, &edit);
    story.row = outcome.stored.clone();
    story.head += u64::from(outcome.changed);
    outcome
}

#[test]
fn of_two_offers_the_later_one_wins_in_either_order_whatever_their_clocks_say() {
    for (first_at, second_at) in [(400, 500), (500, 400)] {
        let mut story = restored();
        let older = offer(&mut story, "b", 5, first_at, &weight(75.0));
        let newer = offer(&mut story, "c", 7, second_at, &weight(77.0));
        assert_eq!((verdict(&older).0, verdict(&newer).0), (Applied, Applied));
        assert_eq!(story.row.row.weight, weight(77.0).weight.unwrap());

        let mut story = restored();
        offer(&mut story, "c", 7, second_at, &weight(77.0));
        let older = offer(&mut story, "b", 5, first_at, &weight(75.0));
        assert_eq!((verdict(&older), older.changed), ((Merged, true), false));
        assert_eq!(story.row.row.weight, weight(77.0).weight.unwrap());
    }
}

#[test]
fn a_device_that_offered_the_newer_row_does_not_undo_it_with_an_older_one() {
    let mut story = restored();
    offer(&mut story, "b", 7, 400, &weight(77.0));
    offer(&mut story, "b", 5, 500, &weight(75.0));
    assert_eq!(story.row.row.weight, weight(77.0).weight.unwrap());
}

#[test]
fn an_offered_deletion_stands_against_older_offers_and_falls_to_newer_ones() {
    let mut story = restored();
    offer(&mut story, "b", 5, 400, &weight(75.0));
    let delete = offer(&mut story, "c", 7, 300, &deletion(300));
    assert_eq!(verdict(&delete), (Applied, false));
    let older = offer(&mut story, "d", 5, 600, &weight(76.0));
    assert_eq!(verdict(&older), (Superseded, true));
    assert!(story.is_deleted());

    let mut story = restored();
    offer(&mut story, "b", 9, 400, &weight(79.0));
    let delete = offer(&mut story, "c", 7, 500, &deletion(500));
    assert_eq!((verdict(&delete).0, delete.changed), (Superseded, false));
    assert!(!story.is_deleted());
}

#[test]
fn an_offered_row_lives_again_where_the_backup_has_it_deleted_but_not_over_a_later_deletion() {
    // A deletion that the backup still knew, and that was taken back in the lost life, used to stand for ever.
    let lives = |at: f64| MetricPatch {
        deleted_at: Patch::Clear,
        ..weight(at)
    };
    let mut story = restored();
    story.edit(("a", Some(1), Some(100)), &deletion(100));
    story.head = 2 * RAISED;
    let offered = offer(&mut story, "b", RAISED + 5, 400, &lives(75.0));
    assert_eq!((verdict(&offered).0, story.is_deleted()), (Applied, false));

    let deleted = offer(&mut story, "c", RAISED + 7, 300, &deletion(300));
    assert_eq!((verdict(&deleted).0, story.is_deleted()), (Applied, true));
    let older = offer(&mut story, "d", RAISED + 6, 600, &lives(76.0));
    assert_eq!(
        (verdict(&older), story.is_deleted()),
        ((Merged, true), true)
    );
}

#[test]
fn an_edit_made_since_the_restore_and_an_offer_are_judged_by_their_times() {
    for (edited_at, expected) in [(500, 81.0), (300, 75.0)] {
        let mut story = restored();
        let by: By = ("b", Some(1), Some(edited_at));
        story.edit(by, &weight(81.0));
        let offered = offer(&mut story, "c", 5, 400, &weight(75.0));
        assert_eq!(verdict(&offered), (Merged, true), "{edited_at}");
        assert_eq!(
            story.row.row.weight,
            weight(expected).weight.unwrap(),
            "{edited_at}"
        );
    }
}

#[test]
fn an_edit_that_was_made_on_the_lost_version_is_newer_than_its_offer() {
    let mut story = restored();
    offer(&mut story, "b", 5, 400, &weight(75.0));
    let edit = story.edit(("c", Some(5), Some(100)), &note("later"));
    assert_eq!(verdict(&edit), (Applied, false));
}

#[test]
fn a_field_that_an_offer_says_as_the_backup_has_it_stands_against_older_offers() {
    // Written as 75 and back in the lost life: the offer of the way back changed nothing, so it was forgotten, and the
    // older offer used to win.
    for other_field_differs in [false, true] {
        let mut story = restored();
        let before = story.row.row.weight;
        let mut back = weight(before.to_kg());
        if other_field_differs {
            back.note = Patch::Set("told".to_owned());
        }
        let newer = offer(&mut story, "c", 7, 300, &back);
        assert_eq!(verdict(&newer), (Applied, false));
        let older = offer(&mut story, "b", 5, 400, &weight(75.0));
        assert_eq!((verdict(&older), older.changed), ((Merged, true), false));
        assert_eq!(story.row.row.weight, before);
    }
}

#[test]
fn an_offer_made_twice_changes_the_row_once() {
    let mut story = restored();
    let same = weight(story.row.row.weight.to_kg());
    assert!(offer(&mut story, "c", 7, 300, &same).changed);
    assert!(!offer(&mut story, "c", 7, 300, &same).changed);
    assert!(!offer(&mut story, "b", 6, 400, &same).changed);
}
