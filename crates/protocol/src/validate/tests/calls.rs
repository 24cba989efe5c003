//! The bodies of calls other than the batch.

use super::ID;
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
fn the_fields_of_a_user_are_checked_by_name() {
    let long = "x".repeat(101);
    let bad = [
        ("name", vec![json!(5), json!(long), json!("\u{0}")]),
        ("surname", vec![json!({})]),
        (
            "gender",
            vec![json!("Male"), json!("f"), json!(1), json!("")],
        ),
        ("avatar", vec![json!(true)]),
        ("height", vec![json!(49), json!(276), json!("178")]),
        (
            "birth_date",
            vec![
                json!("1990-02-30"),
                json!("1990-2-3"),
                json!("1990-02-03T00:00:00Z"),
                json!(5),
            ],
        ),
        ("updated_at", vec![json!("x")]),
        ("op_id", vec![json!("x")]),
        ("base_version", vec![json!(-1)]),
    ];
    for (field, values) in bad {
        for value in values {
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
    }
    assert_eq!(
        user_create(&fields(json!({"id": "x"})))
            .unwrap_err()
            .field
            .as_deref(),
        Some("id")
    );
    let good = fields(json!({
        "name": "Ada", "surname": null, "gender": "female", "avatar": "fox", "height": 178.3,
        "birth_date": "1990-02-03", "op_id": ID, "base_version": 0, "updated_at": null, "else": [1],
    }));
    let patch = user_create(&good).unwrap().patch;
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
    assert_eq!(patch, expected);
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
    let bad = [
        ("active_user", vec![json!("x"), json!(1.5), json!({})]),
        ("is_complete_onboard", vec![json!("true"), json!(1)]),
        ("units", vec![json!("Metric"), json!("kg"), json!(0)]),
        (
            "language",
            vec![
                json!(""),
                json!("e"),
                json!("en_US"),
                json!("en-"),
                json!("12"),
                json!(5),
                json!("en-abcdefghi"),
            ],
        ),
        ("theme", vec![json!("black"), json!(0)]),
        (
            "goal",
            vec![
                json!(70),
                json!({}),
                json!({"weight": 70}),
                json!({"weight": 1, "kind": "lose"}),
                json!({"weight": 70, "kind": "win"}),
                json!({"weight": "70", "kind": "lose"}),
            ],
        ),
    ];
    for (field, values) in bad {
        for value in values {
            let rejection = app_model_patch(&fields(json!({field: value}))).unwrap_err();
            assert_eq!(rejection.field.as_deref(), Some(field), "{value}");
        }
    }
    for language in ["en", "de-AT", "zh-Hant-TW", "sl-rozaj-biske", "pt-BR"] {
        assert!(
            app_model_patch(&fields(json!({"language": language}))).is_ok(),
            "{language}"
        );
    }
    let nulls = json!({
        "active_user": null, "is_complete_onboard": null, "units": null, "language": null, "theme": null, "goal": null,
    });
    let call = app_model_patch(&fields(nulls)).unwrap();
    assert_eq!(
        (call.patch.active_user, call.patch.theme),
        (Patch::Clear, Patch::Clear)
    );
    assert_eq!(call.patch.goal, Patch::Clear);
}
