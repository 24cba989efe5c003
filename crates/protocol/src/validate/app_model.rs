//! The body of `PATCH /v1/app_model`.

use super::user::hash_of_call;
use crate::canonical::PayloadHash;
use crate::limits::NAME_CHARS_MAX;
use crate::read::{self, Fields, Read};
use crate::{AppModelPatch, EntityId, Goal, GoalKind, Patch, Rejection, UserRef};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A valid call.
#[derive(Clone, Debug, PartialEq)]
pub struct AppModelCall {
    /// The fields it carries, without `active_user`.
    pub patch: AppModelPatch,
    /// Who is shown at the start, as the call names them.
    pub active_user: Patch<UserRef>,
    /// Hash of the operation and its body.
    pub hash: PayloadHash,
}

impl AppModelCall {
    /// Sets the active user once the server knows who is meant.
    pub fn resolve_active_user(&mut self, id: EntityId) {
        self.patch.active_user = Patch::Set(id);
    }
}

/// Checks the body.
///
/// # Errors
/// The first field that is wrong.
pub fn app_model_patch(body: &Map<String, Value>) -> Result<AppModelCall, Rejection> {
    let fields = Fields(body);
    let active_user = fields.patch("active_user", |value| {
        UserRef::read(value).ok_or_else(|| "must be a UUID, a user's number or null".to_owned())
    })?;
    let patch = AppModelPatch {
        op_id: fields.optional("op_id", read::op_id)?,
        base_version: fields.optional("base_version", read::version)?,
        active_user: if active_user == Patch::Clear {
            Patch::Clear
        } else {
            Patch::Keep
        },
        is_complete_onboard: fields.patch("is_complete_onboard", |value| {
            value
                .as_bool()
                .ok_or_else(|| "must be true, false or null".to_owned())
        })?,
        units: fields.patch("units", |value| {
            one_of(value, "metric, imperial, stone or null")
        })?,
        language: fields.patch("language", language)?,
        theme: fields.patch("theme", |value| {
            one_of(value, "system, light, dark or null")
        })?,
        goal: fields.patch("goal", goal)?,
        updated_at: fields.optional("updated_at", read::timestamp)?,
    };
    Ok(AppModelCall {
        patch,
        active_user,
        hash: hash_of_call("PATCH_APP_MODEL", body),
    })
}

fn one_of<T: DeserializeOwned>(value: &Value, names: &str) -> Read<T> {
    serde_json::from_value(value.clone()).map_err(|_| format!("must be {names}"))
}

/// Well-formed in the sense of BCP 47 as far as a stored preference needs it.
fn language(value: &Value) -> Read<String> {
    let text = read::short_text(value)?;
    let mut subtags = text.split('-');
    let primary = subtags.next().is_some_and(|tag| {
        (2..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let rest = subtags.all(|tag| {
        (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let fits = primary && rest && text.len() <= NAME_CHARS_MAX;
    fits.then_some(text)
        .ok_or_else(|| "must be a BCP 47 language tag".to_owned())
}

fn goal(value: &Value) -> Read<Goal> {
    let kind = value
        .get("kind")
        .and_then(|kind| serde_json::from_value::<GoalKind>(kind.clone()).ok());
    let weight = value.get("weight").ok_or("must have a weight")?;
    Ok(Goal {
        weight: read::weight(weight)?,
        kind: kind.ok_or("must have a kind: lose, gain or keep")?,
    })
}
