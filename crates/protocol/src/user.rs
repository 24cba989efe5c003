//! A person who is measured: the plan's `user` entity. An account owns one or more.

use crate::{EntityId, OpId, Patch, Timestamp, wire_number};
use serde::{Deserialize, Serialize};
use tidemark_domain::length::Millimetres;

/// As the person states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Neither, or both.
    Other,
}

/// A person as the server holds them (`version` 0: only this device does).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Made by the device that wrote it first.
    pub id: EntityId,
    /// Counts the account's users from 1, never reused; 0 while the server has none.
    pub number: u32,
    /// First name.
    pub name: Option<String>,
    /// Family name.
    pub surname: Option<String>,
    /// As stated.
    pub gender: Option<Gender>,
    /// Short name of a built-in picture.
    pub avatar: Option<String>,
    /// In centimetres on the wire.
    #[serde(with = "wire_number::option")]
    pub height: Option<Millimetres>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// The account's change counter at the last change; 0 while the server has none.
    pub version: u64,
    /// When the server first saw them.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
    /// Set while deleted: clients hide them.
    pub deleted_at: Option<Timestamp>,
}

impl User {
    /// A person that only this device knows yet.
    pub fn new(id: EntityId, at: Timestamp) -> Self {
        Self {
            id,
            number: 0,
            name: None,
            surname: None,
            gender: None,
            avatar: None,
            height: None,
            birth_date: None,
            version: 0,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        }
    }

    /// The person with a partial update laid over them.
    #[must_use]
    pub fn patched(mut self, patch: &UserPatch) -> Self {
        patch.name.apply_to(&mut self.name);
        patch.surname.apply_to(&mut self.surname);
        patch.gender.apply_to(&mut self.gender);
        patch.avatar.apply_to(&mut self.avatar);
        patch.height.apply_to(&mut self.height);
        patch.birth_date.apply_to(&mut self.birth_date);
        patch.deleted_at.apply_to(&mut self.deleted_at);
        if let Some(updated_at) = patch.updated_at {
            self.updated_at = updated_at;
        }
        self
    }
}

/// The body of `POST /v1/users` (with `id`) and of `PATCH /v1/users/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserPatch {
    /// Only on creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<EntityId>,
    /// The idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_id: Option<OpId>,
    /// The version that the edit was made on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_version: Option<u64>,
    /// First name.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub surname: Patch<String>,
    /// As stated.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub gender: Patch<Gender>,
    /// Short name of a built-in picture.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub avatar: Patch<String>,
    /// In centimetres on the wire.
    #[serde(with = "wire_number::patch", skip_serializing_if = "Patch::is_keep")]
    pub height: Patch<Millimetres>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub birth_date: Patch<String>,
    /// Set deletes, cleared restores.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub deleted_at: Patch<Timestamp>,
    /// When the edit was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}
