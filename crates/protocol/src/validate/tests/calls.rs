//! The bodies of calls other than the batch.

use super::{ID, each};
use crate::validate::{app_model_patch, user_create, user_patch};
use crate::{EntityId, OpId, Patch, UserPatch};
use serde_json::{Map, Value, json};
use tidemark_domain::length::Millimetres;

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}

#[test]
fn a_wrong_field_of_a_user_is_told_by_its_name() {
    let long = "x".repeat(101);
    let cases = json!({
        "name": [5, long, "\u{0}"],
        "surname": [{}],
        "gender": ["Male", "f", 1, ""],
        "avatar": [true],
        "height": [49, 276, "178"],
        "birth_date": ["1990-02-30", "1990-2-3", "1990-02-03T00:00:00Z", 5],
        "updated_at": ["x"],
        "op_id": ["x"],
        "base_version": [-1],
    });
    for (field, value) in each(&cases) {
        let body = fields(json!({field: value}));
        assert_eq!(
            user_create(&body).unwrap_err().field.as_deref(),
            Some(field),
            "{value}"
        );
        let id = EntityId::parse(ID).unwrap();
        assert_eq!(
            user_patch(&body, id).unwrap_err().field.as_deref(),
            Some(field),
            "{value}"
        );
    }
    let bad_id = fields(json!({"id": "x"}));
    assert_eq!(
        user_create(&bad_id).unwrap_err().field.as_deref(),
        Some("id")
    );
}

#[test]
fn every_field_of_a_user_is_read() {
    let good = fields(json!({
        "name": "Ada", "surname": null, "gender": "female", "avatar": "fox", "height": 178.3,
        "birth_date": "1990-02-03", "op_id": ID, "base_version": 0, "updated_at": null, "else": [1],
    }));
    let expected = UserPatch {
        op_id: OpId::parse(ID),
        base_version: Some(0),
        name: Patch::Set("Ada".to_owned()),
        surname: Patch::Clear,
        gender: Patch::Set(crate::Gender::Female),
        avatar: Patch::Set("fox".to_owned()),
        height: Patch::Set(Millimetres::new(1_783).unwrap()),
        birth_date: Patch::Set("1990-02-03".to_owned()),
        ..UserPatch::default()
    };
    assert_eq!(user_create(&good).unwrap().patch, expected);
}

#[test]
fn the_hash_of_a_call_leaves_out_what_names_the_attempt() {
    let hash = |body: Value| user_create(&fields(body)).unwrap().hash;
    let first = hash(json!({"name": "Ada", "op_id": ID}));
    assert_eq!(first, hash(json!({"name": "Ada", "base_version": 3})));
    assert_ne!(first, hash(json!({"name": "Bob", "op_id": ID})));
    let patch = user_patch(
        &fields(json!({"name": "Ada"})),
        EntityId::parse(ID).unwrap(),
    )
    .unwrap();
    assert_ne!(first, patch.hash);
}

#[test]
fn the_fields_of_the_app_model_are_checked_by_name() {
    let cases = json!({
        "active_user": ["x", 1.5, {}],
        "is_complete_onboard": ["true", 1],
        "units": ["Metric", "kg", 0],
        "language": ["", "e", "en_US", "en-", "12", 5, "en-abcdefghi"],
        "theme": ["black", 0],
        "goal": [
            70, {}, [], {"weight": 70}, {"weight": 1, "kind": "lose"}, {"weight": 70, "kind": "win"},
            {"weight": "70", "kind": "lose"},
        ],
    });
    for (field, value) in each(&cases) {
        let rejection = app_model_patch(&fields(json!({field: value}))).unwrap_err();
        assert_eq!(rejection.field.as_deref(), Some(field), "{value}");
    }
    for language in ["en", "de-AT", "zh-Hant-TW", "sl-rozaj-biske", "pt-BR"] {
        assert!(
            app_model_patch(&fields(json!({"language": language}))).is_ok(),
            "{language}"
        );
    }
}

#[test]
fn null_clears_every_field_of_the_app_model() {
    let call = app_model_patch(&fields(json!({
        "active_user": null, "is_complete_onboard": null, "units": null, "language": null, "theme": null, "goal": null,
    })));
    let patch = call.unwrap().patch;
    assert_eq!(
        (patch.active_user, patch.theme),
        (Patch::Clear, Patch::Clear)
    );
    assert_eq!((patch.goal, patch.language), (Patch::Clear, Patch::Clear));
}
