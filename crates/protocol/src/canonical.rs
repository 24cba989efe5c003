//! The canonical form of a JSON value, and the hash of it by which a replayed operation is recognised.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write;
use uuid::Uuid;

/// Integers beyond this are not exact in an `f64`, the only number that every JSON parser has.
const EXACT_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

/// Hash of an operation's type and payload.
///
/// A name-based UUID: it only has to tell an account's own operations apart, not to withstand a forger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PayloadHash(pub Uuid);

impl PayloadHash {
    /// The hash of an operation: neither key order nor the spelling of numbers counts.
    pub fn of(operation: &str, payload: &Value) -> Self {
        let text = format!("{operation}\n{}", canonical(payload));
        Self(Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()))
    }
}

/// The value as JSON with sorted keys, parsed numbers and no white space.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            write_list(out, ['{', '}'], fields, |out, (name, value)| {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write_value(out, value);
            });
        }
        Value::Array(items) => write_list(out, ['[', ']'], items, write_value),
        Value::Number(number) => write_number(out, number.as_f64().unwrap_or_default()),
        Value::String(_) | Value::Bool(_) | Value::Null => out.push_str(&value.to_string()),
    }
}

fn write_list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    write_item: impl Fn(&mut String, T),
) {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_item(out, item);
    }
    out.push(close);
}

fn write_number(out: &mut String, number: f64) {
    let written = if number.fract() == 0.0 && number.abs() <= EXACT_INTEGER_MAX {
        // Adding zero turns minus zero into zero.
        write!(out, "{:.0}", number + 0.0)
    } else {
        write!(out, "{number:e}")
    };
    written.expect("writing to a string can't fail");
}

#[cfg(test)]
mod tests {
    use super::{PayloadHash, canonical};
    use serde_json::{Value, json};

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn spelling_does_not_count_and_meaning_does() {
        let same = [
            (r#"{"a":1,"b":2}"#, r#"{ "b": 2.0, "a": 1e0 }"#),
            ("78.2", "78.20"),
            ("-0.0", "0"),
            (r#""\u0041""#, r#""A""#),
            ("[1000000]", "[1e6]"),
        ];
        for (left, right) in same {
            assert_eq!(
                canonical(&parsed(left)),
                canonical(&parsed(right)),
                "{left} {right}"
            );
        }
        let different = [
            (r#"{"a":1}"#, r#"{"a":"1"}"#),
            (r#"{"a":null}"#, "{}"),
            ("[1,2]", "[2,1]"),
            ("[[1],2]", "[1,[2]]"),
            ("78.2", "78.3"),
            ("false", "0"),
        ];
        for (left, right) in different {
            assert_ne!(
                canonical(&parsed(left)),
                canonical(&parsed(right)),
                "{left} {right}"
            );
        }
    }

    #[test]
    fn the_canonical_text_is_json_again() {
        let value = json!({"z": [1, 2.5, {"y": "\"\n"}], "a": null, "b": true});
        assert_eq!(
            canonical(&value),
            r#"{"a":null,"b":true,"z":[1,2.5e0,{"y":"\"\n"}]}"#
        );
        assert_eq!(parsed(&canonical(&value)), value);
    }

    #[test]
    fn the_operation_counts() {
        let payload = json!({"id": 1});
        let upsert = PayloadHash::of("UPSERT_METRIC", &payload);
        assert_ne!(upsert, PayloadHash::of("DELETE_METRIC", &payload));
        assert_eq!(
            upsert,
            PayloadHash::of("UPSERT_METRIC", &json!({"id": 1.0}))
        );
    }
}
