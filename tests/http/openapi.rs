//! The OpenAPI document: whole, sound, the same as before, and true of every answer that any test gets.

use crate::app::{Answer, TestApp};
use axum::http::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tidemark_server::http::{listed_routes, openapi_document};
use tidemark_server::storage::MemoryStorage;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| openapi_document(&listed_routes::<MemoryStorage>()));

/// Holds an answer against the document.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else {
        return;
    };
    let status = answer.status.as_str();
    let told = format!("{method} {path} {status}: {}", answer.body);
    let response = &operation["responses"][status];
    assert!(
        !response.is_null(),
        "the document knows no such answer: {told}"
    );
    if answer.status.as_u16() >= 400 {
        let codes = response["x-codes"].as_array().unwrap();
        assert!(
            codes.contains(&answer.body["code"]),
            "the document knows no such code: {told}"
        );
    }
    let kind = answer.header("content-type").unwrap_or("");
    let Some(content) = response["content"].as_object() else {
        assert!(answer.bytes.is_empty(), "{told}");
        return;
    };
    let media = content.get(kind);
    let media = media.unwrap_or_else(|| panic!("the document knows no {kind} here: {told}"));
    // A packed answer, one to HEAD and a stream are not read here.
    if !answer.body.is_null() {
        let wrong = mismatch(&media["schema"], &answer.body, "$");
        assert_eq!(wrong, None, "{told}");
    }
}

/// The operation of a request's path.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or("");
    let fits = |pattern: &str| {
        let (ours, asked): (Vec<_>, Vec<_>) =
            (pattern.split('/').collect(), path.split('/').collect());
        let same = ours
            .iter()
            .zip(&asked)
            .all(|(ours, asked)| *ours == "{id}" || ours == asked);
        ours.len() == asked.len() && same
    };
    let mut paths = DOCUMENT["paths"].as_object().unwrap().iter();
    // A path without variable parts goes first.
    let exact = DOCUMENT["paths"].get(path);
    let entry = exact.or_else(|| {
        paths
            .find(|(pattern, _)| fits(pattern))
            .map(|(_, entry)| entry)
    })?;
    entry.get(method.as_str().to_ascii_lowercase())
}

/// Where a value is not as a schema says; knows as much of JSON Schema as the document uses.
fn mismatch(schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return mismatch(&DOCUMENT["components"]["schemas"][name], value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices
            .iter()
            .any(|choice| mismatch(choice, value, at).is_none());
        return (!fits).then(|| format!("{at}: {value} is none of {choices:?}"));
    }
    if let Some(values) = schema["enum"].as_array() {
        return (!values.contains(value)).then(|| format!("{at}: {value} is not of {values:?}"));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_of = |name: &Value| name == kind || (name == "number" && kind == "integer");
    match &schema["type"] {
        Value::Null => return None,
        Value::Array(kinds) if kinds.iter().any(is_of) => {}
        name if is_of(name) => {}
        other => return Some(format!("{at}: {value} is not {other}")),
    }
    if let (Some(items), Value::Array(values)) = (schema.get("items"), value) {
        return values
            .iter()
            .find_map(|value| mismatch(items, value, &format!("{at}[]")));
    }
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required {
        if value.get(name.as_str().unwrap()).is_none() {
            return Some(format!("{at} lacks {name}"));
        }
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut wrong = properties
        .filter_map(|(name, schema)| mismatch(schema, value.get(name)?, &format!("{at}.{name}")));
    wrong.next().or_else(|| undocumented(schema, value, at))
}

/// A field that the document does not know; objects without named properties may hold anything.
fn undocumented(schema: &Value, value: &Value, at: &str) -> Option<String> {
    let known = schema["properties"].as_object()?;
    let mut names = value.as_object()?.keys();
    let unknown = names.find(|name| !known.contains_key(*name))?;
    Some(format!("{at}.{unknown} is not documented"))
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(name)) = fields.get("$ref") {
                found.insert(name.rsplit('/').next().unwrap().to_owned());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn it_is_served_and_every_route_stands_in_it_under_its_own_name() {
    let app = TestApp::start().await;
    let served = app.get("/v1/openapi.json").await.body;
    assert_eq!(served, *DOCUMENT);
    assert_eq!(served["openapi"], "3.1.0");
    let (mut names, mut count) = (BTreeSet::new(), 0);
    for (method, path) in listed_routes::<MemoryStorage>() {
        let operation = &served["paths"][path][method.as_str().to_ascii_lowercase()];
        names.insert(operation["operationId"].as_str().unwrap().to_owned());
        count += 1;
    }
    assert_eq!(names.len(), count, "{names:?}");
    let mut found = BTreeSet::new();
    references(&served, &mut found);
    let schemas = served["components"]["schemas"].as_object().unwrap();
    let known: BTreeSet<_> = schemas.keys().cloned().collect();
    assert_eq!(found, known);
}

#[test]
fn it_changes_only_on_purpose() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/http/openapi.json");
    let mut now = serde_json::to_string_pretty(&*DOCUMENT).unwrap();
    now.push('\n');
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let before = std::fs::read_to_string(path).unwrap();
    assert!(
        now == before,
        "the API has changed; if it should, run again with UPDATE_SNAPSHOTS=1"
    );
}
