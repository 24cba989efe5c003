//! The app model's own rule: with base 0 only fields that the account never set are taken, so that a fresh
//! device's defaults can't win. Fields that the device itself set count as seen by it (rule 1).

use super::{Edit, Outcome, Record, Stored, merge};
use crate::{AppModel, AppModelPatch, Patch};

/// Judges an edit of the app model and carries it out. An account that has none starts from the default.
pub fn merge_app_model(current: &Stored<AppModel>, edit: &Edit<'_, AppModel>) -> Outcome<AppModel> {
    if edit.base_version != Some(0) {
        return merge(current, edit);
    }
    let patch = without_set_fields(current, edit);
    // What is left is seen, so the edit is causally newer.
    let base_version = Some(current.row.version());
    merge(
        current,
        &Edit {
            patch: &patch,
            base_version,
            ..*edit
        },
    )
}

fn without_set_fields(current: &Stored<AppModel>, edit: &Edit<'_, AppModel>) -> AppModelPatch {
    let mut patch = edit.patch.clone();
    for (field, name) in AppModel::FIELDS.iter().enumerate() {
        if edit.has_seen(&current.stamps.get(field)) {
            continue;
        }
        match *name {
            "active_user" => patch.active_user = Patch::Keep,
            "is_complete_onboard" => patch.is_complete_onboard = Patch::Keep,
            "units" => patch.units = Patch::Keep,
            "language" => patch.language = Patch::Keep,
            "theme" => patch.theme = Patch::Keep,
            _ => patch.goal = Patch::Keep,
        }
    }
    patch
}
