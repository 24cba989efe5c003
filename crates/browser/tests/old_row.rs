//! Rows of the app's first version, case by case. How they lie in a database is tested in a browser.

use std::collections::HashSet;
use tidemark_browser::old_row::{Conversion, Loose, OldRow, UnreadableRow, convert};
use tidemark_domain::{bmi::CentiBmi, length::Millimetres};
use tidemark_engine::outbox::EntryKind;
use tidemark_engine::page::PageKey;
use tidemark_protocol::{Metric, Timestamp};

fn row(id: u32) -> OldRow {
    OldRow {
        id: f64::from(id),
        user_id: Some(Loose::Number(1.0)),
        weight: Loose::Number(78.2),
        height: None,
        bmi: None,
        date: Some("20-02-2026".to_owned()),
        created_at: None,
    }
}

fn text(text: &str) -> Loose {
    Loose::Text(text.to_owned())
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("the test's own time")
}

fn converted(rows: &[OldRow]) -> Conversion {
    let read = rows.iter().map(|row| row.read().expect("a good row"));
    convert(read.collect())
}

/// What a single row becomes.
fn metric(row: &OldRow) -> Metric {
    converted(std::slice::from_ref(row)).metrics.remove(0)
}

#[test]
fn the_moment_is_created_at_else_noon_of_the_day() {
    let table = [
        (Some("2026-02-20T10:22:33Z"), None, "2026-02-20T10:22:33Z"),
        (
            Some("2026-02-20T10:22:33+03:00"),
            Some("19-02-2026"),
            "2026-02-20T07:22:33Z",
        ),
        (
            Some("2026-02-20T10:22:33.123456"),
            None,
            "2026-02-20T10:22:33.123Z",
        ),
        (Some("2026-02-20 10:22:33"), None, "2026-02-20T10:22:33Z"),
        (None, Some("20-02-2026"), "2026-02-20T12:00:00Z"),
        (None, Some("2026-02-20"), "2026-02-20T12:00:00Z"),
        (None, Some(" 29-02-2024 "), "2024-02-29T12:00:00Z"),
        (
            None,
            Some("2026-02-20T10:22:33.000"),
            "2026-02-20T10:22:33Z",
        ),
        (Some(""), Some("20-02-2026"), "2026-02-20T12:00:00Z"),
        (
            Some("yesterday"),
            Some("20-02-2026"),
            "2026-02-20T12:00:00Z",
        ),
    ];
    for (created_at, date, expected) in table {
        let row = OldRow {
            created_at: created_at.map(str::to_owned),
            date: date.map(str::to_owned),
            ..row(1)
        };
        assert_eq!(
            metric(&row).created_at,
            at(expected),
            "{created_at:?} {date:?}"
        );
    }
}

#[test]
fn a_row_without_a_day_is_unreadable() {
    let days = [
        "",
        "31-02-2026",
        "2026-13-01",
        "20.02.2026",
        "20-2-26",
        "x",
        "01-01-1899",
        "--",
    ];
    for day in days {
        let row = OldRow {
            date: Some(day.to_owned()),
            ..row(1)
        };
        assert_eq!(row.read(), Err(UnreadableRow::Date), "{day}");
    }
    let row = OldRow {
        date: None,
        ..row(1)
    };
    assert_eq!(row.read(), Err(UnreadableRow::Date));
}

#[test]
fn a_row_without_a_weight_that_a_person_can_have_is_unreadable() {
    let weights = [f64::NAN, f64::INFINITY, -70.0, 0.0, 1.9, 651.0, 78_200.0];
    let weights = weights.map(Loose::Number).into_iter();
    let texts = ["", "heavy", "7 8"].map(|words| Loose::Text(words.to_owned()));
    for weight in weights.chain(texts) {
        let row = OldRow { weight, ..row(1) };
        assert_eq!(row.read(), Err(UnreadableRow::Weight), "{:?}", row.weight);
    }
}

#[test]
fn numbers_are_read_as_they_were_typed() {
    let row = OldRow {
        weight: text(" 78,25 "),
        height: Some(text("178,3")),
        ..row(1)
    };
    let metric = metric(&row);
    assert_eq!(metric.weight.get(), 78_250);
    assert_eq!(metric.height.map(Millimetres::get), Some(1_783));
    assert_eq!(
        metric.bmi.map(CentiBmi::get),
        Some(2_461),
        "from weight and height"
    );
}

#[test]
fn a_height_or_bmi_that_nobody_can_have_is_left_out() {
    for number in [0.0, -1.0, 9_999.0, f64::NAN] {
        let row = OldRow {
            height: Some(Loose::Number(number)),
            bmi: Some(Loose::Number(number)),
            ..row(1)
        };
        let metric = metric(&row);
        assert_eq!((metric.height, metric.bmi), (None, None), "{number}");
    }
    let given = OldRow {
        bmi: Some(Loose::Number(24.6)),
        ..row(1)
    };
    assert_eq!(metric(&given).bmi.map(CentiBmi::get), Some(2_460));
}

#[test]
fn converting_twice_gives_the_same() {
    let rows = [
        row(1),
        row(2),
        OldRow {
            user_id: Some(text("7")),
            ..row(3)
        },
    ];
    assert_eq!(converted(&rows), converted(&rows));
}

#[test]
fn rows_that_say_the_same_stay_apart() {
    // Two devices counted alike, and so did two people of one device.
    let heavier = OldRow {
        weight: Loose::Number(78.3),
        ..row(1)
    };
    let elsewhere = OldRow {
        user_id: Some(text("2")),
        ..row(1)
    };
    let ids: HashSet<_> = [row(1), row(2), heavier, elsewhere]
        .iter()
        .map(|row| metric(row).id)
        .collect();
    assert_eq!(ids.len(), 4);
}

#[test]
fn each_old_person_becomes_one_whoever_counted_them() {
    let other = OldRow {
        user_id: Some(text("2")),
        ..row(2)
    };
    let nobody = OldRow {
        user_id: None,
        ..row(4)
    };
    let rows = [row(1), other, row(3), nobody];
    let conversion = converted(&rows);
    let people: HashSet<_> = conversion.metrics.iter().map(|row| row.user_id).collect();
    assert_eq!(people.len(), 3);
    let created: HashSet<_> = conversion
        .drafts
        .iter()
        .filter(|draft| draft.kind == EntryKind::CreateUser)
        .map(|draft| draft.entity_id)
        .collect();
    assert_eq!(created, people);
    // "1" on another device is somebody else.
    let theirs = OldRow {
        weight: Loose::Number(50.0),
        ..row(1)
    };
    assert!(!people.contains(&metric(&theirs).user_id));
}

#[test]
fn the_marker_comes_last_and_names_every_page() {
    let months = ["05-01-2026", "06-03-2026", "05-01-2025"];
    let rows: Vec<OldRow> = (1..)
        .zip(months)
        .map(|(id, date)| OldRow {
            date: Some(date.to_owned()),
            ..row(id)
        })
        .collect();
    let conversion = converted(&rows);
    let marker = conversion.drafts.last().expect("a marker");
    assert_eq!(marker.kind, EntryKind::Bulk);
    assert_eq!(marker.created_at, at("2026-03-06T12:00:00Z"));
    let named = marker.clone().into_entry(9).bulk_pages();
    let mut pages: Vec<PageKey> = conversion.metrics.iter().map(PageKey::of).collect();
    pages.sort();
    assert_eq!(named, pages);
}

#[test]
fn no_rows_leave_nothing_to_send() {
    assert_eq!(converted(&[]), Conversion::default());
}
