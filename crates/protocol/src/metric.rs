//! A measurement: the plan's `user_metrics` row.

use crate::{DeviceId, EntityId, Patch, Timestamp, wire_number};
use serde::{Deserialize, Serialize};
use tidemark_domain::bmi::{self, CentiBmi};
use tidemark_domain::{length::Millimetres, mass::Grams};

/// A measurement as the server holds it, or as it stands on the device (`version` 0: the server has none).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Made by the device that wrote it first.
    pub id: EntityId,
    /// The id under which the server holds the row: the same.
    pub server_id: EntityId,
    /// Who was measured; fixed at creation.
    pub user_id: EntityId,
    /// The user's number within the account; 0 where the device does not know it yet.
    pub user_number: u32,
    /// In kilograms on the wire.
    #[serde(with = "wire_number")]
    pub weight: Grams,
    /// In centimetres on the wire.
    #[serde(with = "wire_number::option")]
    pub height: Option<Millimetres>,
    /// Computed where the row has a height, else as given.
    #[serde(with = "wire_number::option")]
    pub bmi: Option<CentiBmi>,
    /// Free text, at most [`crate::limits::NOTE_CHARS_MAX`] characters.
    pub note: Option<String>,
    /// The moment of measurement; orders every list, with `id` behind it.
    pub created_at: Timestamp,
    /// Minutes east of UTC where it was measured.
    pub utc_offset: Option<i16>,
    /// When it was last changed, by the changing device's normalised clock.
    pub updated_at: Timestamp,
    /// The device that changed it last.
    pub updated_by: Option<DeviceId>,
    /// Set while the row is deleted.
    pub deleted_at: Option<Timestamp>,
    /// The account's change counter at the row's last change; 0 while the server has none.
    pub version: u64,
}

impl Metric {
    /// The order of every screen and export, oldest first.
    pub fn order_key(&self) -> (Timestamp, EntityId) {
        (self.created_at, self.id)
    }

    /// Sets BMI from weight and height where both are known; else it stays.
    pub fn recompute_bmi(&mut self) {
        if let Some(height) = self.height {
            self.bmi = Some(bmi::bmi(self.weight, height));
        }
    }

    /// The row with a partial update laid over it.
    #[must_use]
    pub fn patched(mut self, patch: &MetricPatch) -> Self {
        if let Some(weight) = patch.weight {
            self.weight = weight;
        }
        if let Some(created_at) = patch.created_at {
            self.created_at = created_at;
        }
        if let Some(updated_at) = patch.updated_at {
            self.updated_at = updated_at;
        }
        patch.height.apply_to(&mut self.height);
        patch.bmi.apply_to(&mut self.bmi);
        patch.note.apply_to(&mut self.note);
        patch.utc_offset.apply_to(&mut self.utc_offset);
        patch.deleted_at.apply_to(&mut self.deleted_at);
        self.recompute_bmi();
        self
    }

    /// The whole row as a payload, for a record that the server has not seen.
    pub fn to_patch(&self) -> MetricPatch {
        MetricPatch {
            id: Some(self.id),
            user_id: Some(self.user_id),
            weight: Some(self.weight),
            height: self.height.map_or(Patch::Keep, Patch::Set),
            bmi: self.bmi.map_or(Patch::Keep, Patch::Set),
            note: self.note.clone().map_or(Patch::Keep, Patch::Set),
            created_at: Some(self.created_at),
            utc_offset: self.utc_offset.map_or(Patch::Keep, Patch::Set),
            updated_at: Some(self.updated_at),
            deleted_at: self.deleted_at.map_or(Patch::Keep, Patch::Set),
            lost_version: None,
        }
    }
}

/// The payload of a metric event as this app writes it: the fields that changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MetricPatch {
    /// Which metric.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<EntityId>,
    /// Whose; only where the metric is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<EntityId>,
    /// In kilograms on the wire; can't be cleared.
    #[serde(with = "wire_number::option", skip_serializing_if = "Option::is_none")]
    pub weight: Option<Grams>,
    /// In centimetres on the wire.
    #[serde(with = "wire_number::patch", skip_serializing_if = "Patch::is_keep")]
    pub height: Patch<Millimetres>,
    /// Only for a row without height.
    #[serde(with = "wire_number::patch", skip_serializing_if = "Patch::is_keep")]
    pub bmi: Patch<CentiBmi>,
    /// Free text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub note: Patch<String>,
    /// The moment of measurement; can't be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Minutes east of UTC.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub utc_offset: Patch<i16>,
    /// When the edit was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Set deletes, cleared restores.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub deleted_at: Patch<Timestamp>,
    /// On an offer to a server that was restored from a backup: the version the row had there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_version: Option<u64>,
}
