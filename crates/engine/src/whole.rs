//! Whole records as edits, for a server that lacks them.

use tidemark_protocol::{AppModel, AppModelPatch, Patch, User, UserPatch};

/// Everything that is known of a person.
pub(crate) fn whole_user(user: &User) -> UserPatch {
    UserPatch {
        name: set(user.name.clone()),
        surname: set(user.surname.clone()),
        gender: set(user.gender),
        avatar: set(user.avatar.clone()),
        height: set(user.height),
        birth_date: set(user.birth_date.clone()),
        deleted_at: set(user.deleted_at),
        updated_at: Some(user.updated_at),
        ..UserPatch::default()
    }
}

/// Everything that is set in the app model.
pub(crate) fn whole_app_model(model: &AppModel) -> AppModelPatch {
    AppModelPatch {
        active_user: set(model.active_user),
        is_complete_onboard: set(model.is_complete_onboard),
        units: set(model.units),
        language: set(model.language.clone()),
        theme: set(model.theme),
        goal: set(model.goal),
        updated_at: model.updated_at,
        ..AppModelPatch::default()
    }
}

fn set<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Keep, Patch::Set)
}
