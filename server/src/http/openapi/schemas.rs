//! The shapes of bodies. A property's name ends in `?` where it may be absent.

use serde_json::{Map, Value, json};

/// All schemas by name.
pub(super) fn all() -> Value {
    let mut schemas = rows();
    for part in [pages(), batch(), accounts(), server()] {
        if let (Some(all), Value::Object(part)) = (schemas.as_object_mut(), part) {
            all.extend(part);
        }
    }
    schemas
}

fn object(properties: &[(&str, Value)]) -> Value {
    let (mut shapes, mut required) = (Map::new(), Vec::new());
    for (name, shape) in properties {
        let plain = name.trim_end_matches('?');
        if plain == *name {
            required.push(plain);
        }
        shapes.insert(plain.to_owned(), shape.clone());
    }
    json!({"type": "object", "properties": shapes, "required": required})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn list(name: &str) -> Value {
    json!({"type": "array", "items": reference(name)})
}

fn kind(name: &str) -> Value {
    json!({"type": name})
}

fn or_null(name: &str) -> Value {
    json!({"type": [name, "null"]})
}

fn id() -> Value {
    json!({"type": "string", "format": "uuid"})
}

fn time() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn time_or_null() -> Value {
    json!({"type": ["string", "null"], "format": "date-time"})
}

fn one_of(names: &[&str]) -> Value {
    json!({"type": "string", "enum": names})
}

fn one_of_or_null(names: &[&str]) -> Value {
    let mut values: Vec<Value> = names.iter().map(|name| json!(name)).collect();
    values.push(Value::Null);
    json!({"enum": values})
}

fn name_or_number() -> Value {
    json!({"type": ["string", "integer"]})
}

const UNITS: [&str; 3] = ["metric", "imperial", "stone"];
const THEMES: [&str; 3] = ["system", "light", "dark"];
const GENDERS: [&str; 3] = ["male", "female", "other"];

fn rows() -> Value {
    let goal = object(&[
        ("weight", kind("number")),
        ("kind", one_of(&["lose", "gain", "keep"])),
    ]);
    let goal_or_null = json!({"oneOf": [reference("Goal"), {"type": "null"}]});
    let settings = [
        ("active_user", or_null("string")),
        ("is_complete_onboard", or_null("boolean")),
        ("units", one_of_or_null(&UNITS)),
        ("language", or_null("string")),
        ("theme", one_of_or_null(&THEMES)),
        ("goal", goal_or_null.clone()),
        ("version", kind("integer")),
        ("updated_at", time_or_null()),
    ];
    json!({
        "Metric": object(&[
            ("id", id()), ("server_id", id()), ("user_id", id()), ("user_number", kind("integer")),
            ("weight", kind("number")), ("height", or_null("number")), ("bmi", or_null("number")),
            ("note", or_null("string")), ("created_at", time()), ("utc_offset", or_null("integer")),
            ("updated_at", time()), ("updated_by", or_null("string")), ("deleted_at", time_or_null()),
            ("version", kind("integer")),
        ]),
        "User": object(&[
            ("id", id()), ("number", kind("integer")), ("name", or_null("string")), ("surname", or_null("string")),
            ("gender", one_of_or_null(&GENDERS)), ("avatar", or_null("string")), ("height", or_null("number")),
            ("birth_date", or_null("string")), ("version", kind("integer")), ("created_at", time()),
            ("updated_at", time()), ("deleted_at", time_or_null()),
        ]),
        "UserPatch": object(&[
            ("id?", id()), ("op_id?", id()), ("base_version?", kind("integer")), ("name?", or_null("string")),
            ("surname?", or_null("string")), ("gender?", one_of_or_null(&GENDERS)), ("avatar?", or_null("string")),
            ("height?", or_null("number")), ("birth_date?", or_null("string")), ("deleted_at?", time_or_null()),
            ("updated_at?", time()),
        ]),
        "Goal": goal,
        "AppModel": object(&settings),
        "AppModelPatch": object(&[
            ("op_id?", id()), ("base_version?", kind("integer")), ("active_user?", json!({})),
            ("is_complete_onboard?", or_null("boolean")), ("units?", one_of_or_null(&UNITS)),
            ("language?", or_null("string")), ("theme?", one_of_or_null(&THEMES)), ("goal?", goal_or_null),
            ("updated_at?", time()),
        ]),
        "HistoryEntry": object(&[
            ("metric_id?", id()), ("version", kind("integer")), ("at", time()), ("by", or_null("string")),
            ("reason", one_of(&["replaced", "conflict", "deleted", "adjusted"])), ("values", kind("object")),
        ]),
    })
}

fn pages() -> Value {
    let page = |name: &str, rows: Value| {
        object(&[
            (name, rows),
            ("cursor", kind("string")),
            ("has_more", kind("boolean")),
            ("head", kind("integer")),
            ("epoch", id()),
            ("server_time", time()),
        ])
    };
    json!({
        "MetricsPage": page("metrics", list("Metric")),
        "PackedMetricsPage": page("columns", columns()),
        "UsersPage": page("users", list("User")),
        "HistoryResponse": object(&[("entries", list("HistoryEntry"))]),
        "DigestsResponse": object(&[
            ("months", json!({"type": "array", "items": object(&[
                ("month", kind("string")), ("rows", kind("integer")), ("digest", kind("string")),
            ])})),
            ("head", kind("integer")), ("epoch", id()),
        ]),
        "Device": object(&[
            ("device_id", kind("string")), ("name", or_null("string")), ("created_at", time()), ("last_seen_at", time()),
            ("acknowledged_version", kind("integer")),
        ]),
        "DevicesResponse": object(&[("devices", list("Device"))]),
    })
}

/// A cell for each row, or one for all; pairs where only some rows have one.
fn columns() -> Value {
    let column = json!({"type": "array", "items": or_null("integer")});
    let pairs = json!({"type": "array", "items": {"type": "array", "minItems": 2, "maxItems": 2}});
    let names = [
        "user",
        "grams",
        "millimetres",
        "bmi",
        "created_at",
        "utc_offset",
        "updated_at",
        "updated_by",
        "deleted_at",
        "version",
    ];
    let mut shapes: Vec<(&str, Value)> = names.map(|name| (name, column.clone())).into();
    shapes.extend([
        ("ids", kind("string")),
        ("users", pairs.clone()),
        ("devices", json!({"type": "array", "items": kind("string")})),
        ("notes", pairs),
    ]);
    object(&shapes)
}

fn batch() -> Value {
    let status = one_of(&[
        "applied",
        "merged",
        "superseded",
        "duplicate",
        "rejected",
        "retry",
    ]);
    json!({
        "MetricPayload": object(&[
            ("id?", id()), ("user_id?", name_or_number()), ("weight?", kind("number")), ("height?", or_null("number")),
            ("bmi?", or_null("number")), ("note?", or_null("string")), ("created_at?", time()),
            ("utc_offset?", or_null("integer")), ("updated_at?", time()), ("deleted_at?", time_or_null()),
        ]),
        "Event": object(&[
            ("local_id", kind("integer")), ("type", one_of(&["UPSERT_METRIC", "DELETE_METRIC"])), ("op_id?", id()),
            ("base_version?", kind("integer")), ("lost_version?", kind("integer")), ("payload", reference("MetricPayload")),
        ]),
        "BatchRequest": object(&[
            ("device_id", json!({"type": "string", "minLength": 1, "maxLength": 100})), ("sent_at?", time()),
            ("events", json!({"type": "array", "maxItems": 500, "items": reference("Event")})),
        ]),
        "Rejection": object(&[
            ("code", one_of(&["invalid_field", "missing_field", "unknown_user", "unknown_metric", "unknown_type",
                              "op_reuse"])),
            ("field?", kind("string")), ("detail", kind("string")),
        ]),
        "EventResult": object(&[
            ("local_id", or_null("integer")), ("op_id", or_null("string")), ("status", status.clone()),
            ("server_id?", id()), ("version?", kind("integer")), ("conflict", kind("boolean")),
            ("adjusted", json!({"type": "array", "items": {"type": "string"}})),
            ("metric", json!({"oneOf": [reference("Metric"), {"type": "null"}]})), ("first_status?", status),
            ("error?", reference("Rejection")), ("retry_after_s?", kind("integer")),
        ]),
        "BatchResponse": object(&[
            ("results", list("EventResult")), ("head", kind("integer")), ("epoch", id()), ("server_time", time()),
            ("backoff_s", kind("integer")),
        ]),
    })
}

fn accounts() -> Value {
    let tokens = |more: &[(&str, Value)]| {
        let tokens = [
            ("access_token", kind("string")),
            ("expires_in", kind("integer")),
            ("refresh_token", kind("string")),
        ];
        object(&[more, &tokens].concat())
    };
    json!({
        "Account": object(&[("id", id()), ("email", or_null("string"))]),
        "SignInRequest": object(&[
            ("email", kind("string")), ("password", kind("string")), ("device_name?", or_null("string")),
        ]),
        "RecoverRequest": object(&[
            ("email", kind("string")), ("recovery_code", kind("string")), ("new_password", kind("string")),
            ("device_name?", or_null("string")),
        ]),
        "SignInResponse": tokens(&[
            ("account", reference("Account")), ("device_id", kind("string")), ("recovery_code?", kind("string")),
        ]),
        "RefreshRequest": object(&[("refresh_token?", or_null("string"))]),
        "RefreshResponse": tokens(&[]),
        "Export": object(&[
            ("account", reference("Account")), ("exported_at", time()), ("epoch", id()), ("users", list("User")),
            ("metrics", list("Metric")),
            ("app_model", json!({"oneOf": [reference("AppModel"), {"type": "null"}]})),
            ("history", list("HistoryEntry")), ("devices", list("Device")),
        ]),
    })
}

fn server() -> Value {
    let limits = object(&[
        ("max_events", kind("integer")),
        ("max_body_bytes", kind("integer")),
        ("max_page", kind("integer")),
    ]);
    json!({
        "ServerInfo": object(&[
            ("protocol", kind("integer")), ("version", kind("string")), ("auth", one_of(&["off", "required"])),
            ("epoch", id()), ("limits", limits), ("server_time", time()),
        ]),
        "Health": object(&[("status", kind("string")), ("database?", kind("string")), ("migrations?", kind("string"))]),
        "Version": object(&[("version", kind("string")), ("protocol", kind("integer"))]),
        "Problem": object(&[
            ("type", kind("string")), ("title", kind("string")), ("status", kind("integer")), ("detail?", kind("string")),
            ("code", kind("string")), ("field?", kind("string")), ("reason?", one_of(&["horizon", "epoch"])),
            ("lost?", json!({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}})),
            ("instance", kind("string")),
        ]),
        "Anything": {},
    })
}
