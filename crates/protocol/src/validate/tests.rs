//! The fine print of one event and one call, as case tables.

mod calls;
mod frame;

use super::{EventFrame, MetricEvent};
use crate::{EventType, MetricPatch, Patch, Rejection, RejectionCode, Timestamp, UserRef, json};
use serde_json::{Value, json};
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;

const ID: &str = "0190c0de-0000-7000-8000-00000000000a";

fn read(event: &Value) -> Result<MetricEvent, Rejection> {
    EventFrame::read(event)?.validate()
}

/// The plan's own event with some fields of its payload replaced.
fn event(changes: &Value) -> Value {
    let mut event = json!({
        "local_id": 123, "type": "UPSERT_METRIC",
        "payload": {"user_id": 4, "weight": 78.2, "bmi": 24.6, "created_at": "2026-02-20T10:22:33Z"},
    });
    for (name, value) in changes.as_object().unwrap() {
        event["payload"][name] = value.clone();
    }
    event
}

fn code_and_field(rejection: Rejection) -> (RejectionCode, Option<String>) {
    (rejection.code, rejection.field)
}

#[test]
fn the_plans_own_event_is_valid() {
    let expected = MetricEvent {
        kind: EventType::UpsertMetric,
        base_version: None,
        user: Some(UserRef::Number(4)),
        patch: MetricPatch {
            weight: Grams::from_kg(78.2).ok(),
            bmi: Patch::Set(CentiBmi::from_hundredths(2460)),
            created_at: Timestamp::parse("2026-02-20T10:22:33Z"),
            ..MetricPatch::default()
        },
    };
    assert_eq!(read(&event(&json!({}))), Ok(expected));
}

#[test]
fn a_value_that_is_wrong_is_told_by_its_field() {
    let far = "x".repeat(501);
    let cases = [
        (
            "weight",
            vec![
                json!(null),
                json!("78"),
                json!(1.999),
                json!(650.0004),
                json!(0),
                json!(-78),
                json!({}),
                json!(true),
            ],
        ),
        (
            "height",
            vec![
                json!("178"),
                json!(49.99),
                json!(275.01),
                json!([]),
                json!(false),
            ],
        ),
        (
            "bmi",
            vec![json!("24"), json!(2.99), json!(400.001), json!({})],
        ),
        (
            "note",
            vec![json!(5), json!(far), json!("a\u{0}b"), json!(["x"])],
        ),
        (
            "created_at",
            vec![
                json!(null),
                json!(5),
                json!("2026-02-20"),
                json!("2026-02-20T10:22:33"),
                json!("1899-12-31T23:59:59.999Z"),
                json!("2026-02-30T10:00:00Z"),
                json!(""),
            ],
        ),
        (
            "utc_offset",
            vec![
                json!("180"),
                json!(1081),
                json!(-1081),
                json!(1.5),
                json!(1e300),
            ],
        ),
        ("updated_at", vec![json!(5), json!("now"), json!({})]),
        ("deleted_at", vec![json!(5), json!("now"), json!(true)]),
        (
            "id",
            vec![
                json!(5),
                json!("abc"),
                json!(format!("{ID}0")),
                json!(ID.replace('-', "")),
                json!(""),
            ],
        ),
        (
            "user_id",
            vec![
                json!(null),
                json!("abc"),
                json!(4.5),
                json!(-1),
                json!({}),
                json!(""),
            ],
        ),
        ("lost_version", vec![json!(-1), json!("7")]),
    ];
    for (field, values) in cases {
        for value in values {
            let rejection = read(&event(&json!({field: value}))).unwrap_err();
            assert_eq!(rejection.field.as_deref(), Some(field), "{value}");
            assert_eq!(
                rejection.code,
                RejectionCode::InvalidField,
                "{field} {value}"
            );
        }
    }
}

#[test]
fn what_lies_at_the_edge_of_a_range_is_taken() {
    let longest = "\u{1f600}".repeat(500);
    let cases = [
        (
            "weight",
            vec![json!(2), json!(650), json!(2.0004), json!(649.9996)],
        ),
        ("height", vec![json!(50), json!(275), json!(null)]),
        ("bmi", vec![json!(3), json!(400), json!(null)]),
        (
            "note",
            vec![
                json!(""),
                json!(longest),
                json!(null),
                json!("line\nbreak\tand \u{7f}"),
            ],
        ),
        (
            "created_at",
            vec![
                json!("1900-01-01T00:00:00Z"),
                json!("2026-02-20T10:22:33+03:00"),
                json!("9999-12-31T00:00:00Z"),
            ],
        ),
        (
            "utc_offset",
            vec![
                json!(-1080),
                json!(1080),
                json!(0),
                json!(180.0),
                json!(null),
            ],
        ),
        (
            "updated_at",
            vec![json!(null), json!("0001-01-01T00:00:00Z")],
        ),
        ("id", vec![json!(null), json!(ID), json!(ID.to_uppercase())]),
        ("user_id", vec![json!(ID), json!("4"), json!(4.0), json!(0)]),
        (
            "unknown",
            vec![json!(null), json!({"deep": [1, 2, {"x": "\u{0}"}]})],
        ),
    ];
    for (field, values) in cases {
        for value in values {
            assert!(
                read(&event(&json!({field: value}))).is_ok(),
                "{field} {value}"
            );
        }
    }
}

#[test]
fn null_clears_what_can_be_cleared_and_absent_keeps() {
    let cleared = read(&event(
        &json!({"height": null, "bmi": null, "note": null, "utc_offset": null}),
    ))
    .unwrap()
    .patch;
    assert_eq!((cleared.height, cleared.bmi), (Patch::Clear, Patch::Clear));
    assert_eq!(
        (cleared.note, cleared.utc_offset),
        (Patch::Clear, Patch::Clear)
    );
    let kept = read(&event(&json!({}))).unwrap().patch;
    assert_eq!(
        (kept.height, kept.note, kept.deleted_at),
        (Patch::Keep, Patch::Keep, Patch::Keep)
    );
}

#[test]
fn values_are_rounded_half_away_from_zero_after_the_check() {
    let patch = read(&event(&json!({
        "weight": 78.2005, "height": 178.35, "bmi": 24.605, "created_at": "2026-02-20T10:22:33.9999Z",
    })));
    let patch = patch.unwrap().patch;
    assert_eq!(patch.weight, Grams::new(78_201).ok());
    assert_eq!(patch.height, Patch::Set(Millimetres::new(1_784).unwrap()));
    assert_eq!(patch.bmi, Patch::Set(CentiBmi::from_hundredths(2_461)));
    assert_eq!(
        patch.created_at,
        Timestamp::parse("2026-02-20T10:22:33.999Z")
    );
}

#[test]
fn an_upsert_that_sets_deleted_at_is_a_delete() {
    let deleted = event(&json!({"deleted_at": "2026-02-20T10:22:33Z"}));
    assert_eq!(read(&deleted).unwrap().kind, EventType::DeleteMetric);
    assert_eq!(
        read(&event(&json!({"deleted_at": null}))).unwrap().kind,
        EventType::UpsertMetric
    );
}

#[test]
fn half_a_surrogate_pair_and_an_endless_number_are_the_fields_own_fault() {
    let body = br#"{"local_id":1,"type":"UPSERT_METRIC","payload":{"user_id":1,"note":"\ud83d"}}"#;
    let rejection = read(&json::parse(body).unwrap()).unwrap_err();
    assert_eq!(
        code_and_field(rejection),
        (RejectionCode::InvalidField, Some("note".to_owned()))
    );
    let body = br#"{"local_id":1,"type":"UPSERT_METRIC","payload":{"user_id":1,"weight":1e400}}"#;
    let rejection = read(&json::parse(body).unwrap()).unwrap_err();
    assert_eq!(
        code_and_field(rejection),
        (RejectionCode::InvalidField, Some("weight".to_owned()))
    );
}
