//! Pulled pages that are stored together.

use tidemark_engine::gathering::Gathering;
use tidemark_engine::ports::{Delta, DeltaRows};
use tidemark_protocol::{Cursor, Epoch, Metric, MetricsPage, Timestamp};
use tidemark_testkit::samples::{NOON, metric};

fn cursor(number: u64) -> Cursor {
    Cursor(format!("cursor {number}"))
}

/// The page with these rows, up to the version of the last of them.
fn page(epoch: &str, numbers: std::ops::Range<u64>, has_more: bool) -> MetricsPage {
    let (last, rows) = (numbers.end, numbers);
    MetricsPage {
        metrics: rows.map(row).collect(),
        cursor: cursor(last),
        has_more,
        head: 90,
        epoch: Epoch(epoch.to_owned()),
        server_time: NOON,
    }
}

fn row(number: u64) -> Metric {
    metric(u128::from(number), 0, number + 1)
}

fn rows(delta: &Delta) -> Vec<Metric> {
    match &delta.rows {
        DeltaRows::Metrics(rows) => rows.clone(),
        DeltaRows::Users(..) => panic!("only metrics are gathered"),
    }
}

fn later(ms: i64) -> Timestamp {
    NOON.plus_millis(ms)
}

#[test]
fn pages_are_gathered_until_the_feed_has_no_more() {
    let mut gathering = Gathering::default();
    assert!(gathering.add(page("e", 0..3, true), None, NOON).is_none());
    assert!(gathering.due(NOON).is_none());
    let second = page("e", 3..5, false);
    assert!(gathering.add(second, Some(cursor(3)), NOON).is_none());
    let delta = gathering.due(NOON).expect("the feed has no more");
    assert_eq!(rows(&delta), (0..5).map(row).collect::<Vec<_>>());
    let ends = (delta.from.clone(), delta.next.clone(), delta.has_more);
    assert_eq!(ends, (None, cursor(5), false));
    assert!(gathering.rest().is_none());
}

#[test]
fn rows_do_not_wait_longer_than_a_second_for_further_pages() {
    for (now, is_due) in [(later(999), false), (later(1_000), true), (later(-1), true)] {
        let mut gathering = Gathering::default();
        gathering.add(page("e", 0..3, true), None, NOON);
        gathering.add(page("e", 3..4, true), Some(cursor(3)), now);
        let due = gathering.due(now);
        assert_eq!(due.map(|delta| rows(&delta).len()), is_due.then_some(4));
    }
}

#[test]
fn no_more_than_ten_thousand_rows_are_gathered() {
    let mut gathering = Gathering::default();
    gathering.add(page("e", 0..9_999, true), None, NOON);
    assert!(gathering.due(NOON).is_none());
    gathering.add(page("e", 9_999..10_000, true), Some(cursor(9_999)), NOON);
    let due = gathering.due(NOON).expect("it is enough");
    assert_eq!(rows(&due).len(), 10_000);
}

#[test]
fn pages_of_two_lives_are_stored_one_after_the_other() {
    let mut gathering = Gathering::default();
    gathering.add(page("first", 0..3, true), None, NOON);
    let before = gathering.add(page("second", 3..4, true), Some(cursor(3)), NOON);
    let before = before.expect("the first life's rows go first");
    assert_eq!((rows(&before).len(), before.epoch.0.as_str()), (3, "first"));
    let rest = gathering.rest().expect("the second life's row waits");
    let ends = (rest.from.clone(), rest.next.clone(), rest.epoch.0.as_str());
    assert_eq!(ends, (Some(cursor(3)), cursor(4), "second"));
}
