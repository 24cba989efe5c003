//! The frame of an event: what is checked before its fields, and what of it counts for a replay.

use super::{ID, code_and_field, event, read};
use crate::validate::{EventFrame, EventLabel};
use crate::{EntityId, OpId, Patch, RejectionCode};
use serde_json::{Value, json};

/// The plan's event with a field of its frame replaced.
fn with(name: &str, value: Value) -> Value {
    let mut event = event(&json!({}));
    event[name] = value;
    event
}

/// The plan's event without a field of its frame.
fn without(name: &str) -> Value {
    let mut event = event(&json!({}));
    event.as_object_mut().unwrap().remove(name);
    event
}

#[test]
fn the_frame_of_an_event_is_checked_before_its_fields() {
    let invalid = [
        ("local_id", vec![json!("123"), json!(1.5), json!(null)]),
        ("type", vec![json!(5), json!(null)]),
        ("payload", vec![json!([]), json!(null), json!("x")]),
        ("op_id", vec![json!("abc"), json!(5)]),
        ("base_version", vec![json!(-1), json!("1"), json!(1.5)]),
    ];
    for (field, values) in invalid {
        for value in values {
            let found = code_and_field(read(&with(field, value.clone())).unwrap_err());
            let expected = (RejectionCode::InvalidField, Some(field.to_owned()));
            assert_eq!(found, expected, "{field} {value}");
        }
    }
    for field in ["local_id", "type", "payload"] {
        let found = code_and_field(read(&without(field)).unwrap_err());
        assert_eq!(found, (RejectionCode::MissingField, Some(field.to_owned())));
    }
    for kind in ["INSERT_METRIC", "upsert_metric", ""] {
        let found = code_and_field(read(&with("type", json!(kind))).unwrap_err());
        assert_eq!(found, (RejectionCode::UnknownType, Some("type".to_owned())));
    }
}

#[test]
fn what_is_not_an_object_is_no_event() {
    for event in [json!(5), json!(null), json!([]), json!("x")] {
        let found = code_and_field(read(&event).unwrap_err());
        assert_eq!(found, (RejectionCode::InvalidField, None), "{event}");
    }
}

#[test]
fn null_counts_as_absent_and_ids_come_in_any_case() {
    let good = [
        ("op_id", json!(null)),
        ("op_id", json!(ID.to_uppercase())),
        ("base_version", json!(null)),
        ("base_version", json!(41.0)),
        ("local_id", json!(-7.0)),
    ];
    for (name, value) in good {
        assert!(read(&with(name, value.clone())).is_ok(), "{name} {value}");
    }
}

#[test]
fn the_hash_covers_type_and_payload_and_nothing_else() {
    let hash = |event: &Value| EventFrame::read(event).unwrap().hash;
    let first = event(&json!({}));
    let mut other_frame = first.clone();
    other_frame["local_id"] = json!(5);
    other_frame["base_version"] = json!(5);
    other_frame["op_id"] = json!(ID);
    assert_eq!(hash(&first), hash(&other_frame));
    assert_ne!(hash(&first), hash(&event(&json!({"note": null}))));
    let mut other_type = first.clone();
    other_type["type"] = json!("DELETE_METRIC");
    assert_ne!(hash(&first), hash(&other_type));
}

#[test]
fn a_label_is_read_from_the_worst_of_events() {
    let nothing = EventLabel {
        local_id: None,
        op_id: None,
        id: Patch::Keep,
    };
    for event in [
        json!(null),
        json!([1]),
        json!({}),
        json!({"local_id": "x", "op_id": 5, "payload": 7}),
    ] {
        assert_eq!(EventLabel::of(&event), nothing, "{event}");
    }
    let label =
        EventLabel::of(&json!({"local_id": 7, "op_id": ID, "payload": {"id": ID, "weight": "?"}}));
    assert_eq!(
        label,
        EventLabel {
            local_id: Some(7),
            op_id: OpId::parse(ID),
            id: Patch::Set(EntityId::parse(ID).unwrap())
        }
    );
    assert_eq!(
        EventLabel::of(&json!({"payload": {"id": "?"}})).id,
        Patch::Clear
    );
}
