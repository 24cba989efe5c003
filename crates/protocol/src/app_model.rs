//! What a new device of the account starts with: the plan's `app_model`.

use crate::{EntityId, OpId, Patch, Timestamp, wire_number};
use serde::{Deserialize, Serialize};
use tidemark_domain::mass::Grams;

/// In which units the app shows quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Units {
    /// Kilograms and centimetres.
    Metric,
    /// Pounds, feet and inches.
    Imperial,
    /// Stones and pounds, feet and inches.
    Stone,
}

/// Light, dark, or what the device says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the device.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What the person is after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GoalKind {
    /// Less than now.
    Lose,
    /// More than now.
    Gain,
    /// Stay.
    Keep,
}

/// A weight to reach or hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// In kilograms on the wire.
    #[serde(with = "wire_number")]
    pub weight: Grams,
    /// Which way.
    pub kind: GoalKind,
}

/// The account's app model as the server holds it; a field is null while no device has set it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppModel {
    /// Who is shown at the start.
    pub active_user: Option<EntityId>,
    /// Whether onboarding is done or was skipped.
    pub is_complete_onboard: Option<bool>,
    /// Units.
    pub units: Option<Units>,
    /// BCP 47.
    pub language: Option<String>,
    /// Theme.
    pub theme: Option<Theme>,
    /// Goal.
    pub goal: Option<Goal>,
    /// The account's change counter at the last change; 0 while the server has none.
    pub version: u64,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

impl AppModel {
    /// The model with a partial update laid over it.
    #[must_use]
    pub fn patched(mut self, patch: &AppModelPatch) -> Self {
        patch.active_user.apply_to(&mut self.active_user);
        patch
            .is_complete_onboard
            .apply_to(&mut self.is_complete_onboard);
        patch.units.apply_to(&mut self.units);
        patch.language.apply_to(&mut self.language);
        patch.theme.apply_to(&mut self.theme);
        patch.goal.apply_to(&mut self.goal);
        if patch.updated_at.is_some() {
            self.updated_at = patch.updated_at;
        }
        self
    }
}

/// The body of `PATCH /v1/app_model`: the fields that changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppModelPatch {
    /// The idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_id: Option<OpId>,
    /// The version that the edit was made on; with 0 only fields are taken that the account never set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_version: Option<u64>,
    /// Who is shown at the start.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub active_user: Patch<EntityId>,
    /// Whether onboarding is done or was skipped.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub is_complete_onboard: Patch<bool>,
    /// Units.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub units: Patch<Units>,
    /// BCP 47.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub language: Patch<String>,
    /// Theme.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub theme: Patch<Theme>,
    /// Goal.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub goal: Patch<Goal>,
    /// When the edit was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}
