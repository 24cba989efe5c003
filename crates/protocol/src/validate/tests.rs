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

/// Every (field, value) of a table: an object of arrays.
fn each(cases: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let cases = cases.as_object().unwrap().iter();
    cases.flat_map(|(field, values)| {
        values
            .as_array()
            .unwrap()
            .iter()
            .map(move |value| (field.as_str(), value))
    })
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
    let long = "x".repeat(501);
    let cases = json!({
        "weight": [null, "78", 1.999, 650.0004, 0, -78, {}, true],
        "height": ["178", 49.99, 275.01, [], false],
        "bmi": ["24", 2.99, 400.001, {}],
        "note": [5, long, "a\u{0}b", ["x"]],
        "created_at": [
            null, 5, "2026-02-20", "2026-02-20T10:22:33", "1899-12-31T23:59:59.999Z", "2026-02-30T10:00:00Z", "",
        ],
        "utc_offset": ["180", 1081, -1081, 1.5, 1e300],
        "updated_at": [5, "now", {}],
        "deleted_at": [5, "now", true],
        "id": [5, "abc", format!("{ID}0"), ID.replace('-', ""), ""],
        "user_id": [null, "abc", 4.5, -1, {}, ""],
        "lost_version": [-1, "7"],
    });
    for (field, value) in each(&cases) {
        let rejection = read(&event(&json!({field: value}))).unwrap_err();
        assert_eq!(rejection.field.as_deref(), Some(field), "{value}");
        assert_eq!(
            rejection.code,
            RejectionCode::InvalidField,
            "{field} {value}"
        );
    }
}

#[test]
fn what_lies_at_the_edge_of_a_range_is_taken() {
    let longest = "\u{1f600}".repeat(500);
    let cases = json!({
        "weight": [2, 650, 2.0004, 649.9996],
        "height": [50, 275, null],
        "bmi": [3, 400, null],
        "note": ["", longest, null, "line\nbreak\tand \u{7f}"],
        "created_at": ["1900-01-01T00:00:00Z", "2026-02-20T10:22:33+03:00", "9999-12-31T00:00:00Z"],
        "utc_offset": [-1080, 1080, 0, 180.0, null],
        "updated_at": [null, "0001-01-01T00:00:00Z"],
        "id": [null, ID, ID.to_uppercase()],
        "user_id": [ID, "4", 4.0, 0],
        "unknown": [null, {"deep": [1, 2, {"x": "\u{0}"}]}],
    });
    for (field, value) in each(&cases) {
        assert!(
            read(&event(&json!({field: value}))).is_ok(),
            "{field} {value}"
        );
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
