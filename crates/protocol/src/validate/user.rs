//! The bodies of `POST /v1/users` and `PATCH /v1/users/{id}`.

use crate::canonical::PayloadHash;
use crate::read::{self, Fields, Read};
use crate::{Gender, OpId, Rejection, UserPatch};
use serde_json::{Map, Value};
use tidemark_domain::calendar;

/// A valid call.
#[derive(Clone, Debug, PartialEq)]
pub struct UserCall {
    /// The fields it carries.
    pub patch: UserPatch,
    /// Hash of the operation and its body.
    pub hash: PayloadHash,
}

/// Checks the body of a creation.
///
/// # Errors
/// The first field that is wrong.
pub fn user_create(body: &Map<String, Value>) -> Result<UserCall, Rejection> {
    let mut call = read_call(body, "POST_USER")?;
    call.patch.id = Fields(body).optional("id", read::entity_id)?;
    // A person is created living.
    call.patch.deleted_at = crate::Patch::Keep;
    Ok(call)
}

/// Checks the body of a change of `target`, the user as the path names them once resolved.
///
/// # Errors
/// The first field that is wrong.
pub fn user_patch(
    body: &Map<String, Value>,
    target: crate::EntityId,
) -> Result<UserCall, Rejection> {
    read_call(body, &format!("PATCH_USER {target}"))
}

fn read_call(body: &Map<String, Value>, operation: &str) -> Result<UserCall, Rejection> {
    let fields = Fields(body);
    let patch = UserPatch {
        id: None,
        op_id: fields.optional("op_id", read::op_id)?,
        base_version: fields.optional("base_version", read::version)?,
        name: fields.patch("name", read::short_text)?,
        surname: fields.patch("surname", read::short_text)?,
        gender: fields.patch("gender", gender)?,
        avatar: fields.patch("avatar", read::short_text)?,
        height: fields.patch("height", read::height)?,
        birth_date: fields.patch("birth_date", birth_date)?,
        deleted_at: fields.patch("deleted_at", read::timestamp)?,
        updated_at: fields.optional("updated_at", read::timestamp)?,
    };
    Ok(UserCall {
        patch,
        hash: hash_of_call(operation, body),
    })
}

/// The hash of a call's body: like an event's, without what names the attempt rather than the change.
pub(super) fn hash_of_call(operation: &str, body: &Map<String, Value>) -> PayloadHash {
    let kept = body
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "op_id" | "base_version"));
    let payload = kept
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    PayloadHash::of(operation, &Value::Object(payload))
}

fn gender(value: &Value) -> Read<Gender> {
    serde_json::from_value(value.clone())
        .map_err(|_| "must be male, female, other or null".to_owned())
}

fn birth_date(value: &Value) -> Read<String> {
    let date = value
        .as_str()
        .and_then(|text| calendar::parse_date(text).ok());
    date.map(calendar::format_date)
        .ok_or_else(|| "must be a date as YYYY-MM-DD".to_owned())
}

impl UserCall {
    /// The idempotency key.
    pub fn op_id(&self) -> Option<OpId> {
        self.patch.op_id
    }
}
