//! The three spellings of a user: UUID, number, number as a string.

use crate::EntityId;
use serde_json::Value;

/// A user as a request names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserRef {
    /// By id.
    Id(EntityId),
    /// By number within the account.
    Number(u64),
}

impl UserRef {
    /// Reads a path segment or a string: a UUID or digits.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(id) = EntityId::parse(text) {
            return Some(Self::Id(id));
        }
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok().map(Self::Number))?
    }

    /// Reads a field of a body.
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text),
            _ => crate::read::integer(value)
                .and_then(|number| u64::try_from(number).ok())
                .map(Self::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UserRef;
    use crate::EntityId;
    use serde_json::json;

    #[test]
    fn a_user_is_named_by_uuid_number_or_number_as_a_string() {
        let id = "0190C0DE-0000-7000-8000-00000000000A";
        let by_id = EntityId::parse(id).map(UserRef::Id);
        assert!(by_id.is_some());
        let cases = [
            (json!(id), by_id),
            (json!(id.to_lowercase()), by_id),
            (json!(4), Some(UserRef::Number(4))),
            (json!(4.0), Some(UserRef::Number(4))),
            (json!("4"), Some(UserRef::Number(4))),
            (json!(0), Some(UserRef::Number(0))),
            (json!(-4), None),
            (json!(4.5), None),
            (json!("+4"), None),
            (json!(""), None),
            (json!("four"), None),
            (json!("0190c0de00007000800000000000000a"), None),
            (json!("{0190c0de-0000-7000-8000-00000000000a}"), None),
            (json!(true), None),
            (json!(null), None),
            (json!([4]), None),
        ];
        for (value, expected) in cases {
            assert_eq!(UserRef::read(&value), expected, "{value}");
        }
    }
}
