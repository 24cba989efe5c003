//! `GET` and `PATCH /v1/app_model`.

use super::users::{finish, op_key_in, remember};
use super::{Caller, Draft, SyncError};
use crate::storage::{Loaded, OpKey, Storage, Wanted};
use serde_json::{Map, Value};
use tidemark_protocol::merge::{Edit, EditTime, Stamps, Stored, merge_app_model};
use tidemark_protocol::validate::{AppModelCall, app_model_patch};
use tidemark_protocol::{AppModel, EntityId, Patch, Rejection, UserRef};

/// The app model; with nothing set while no device has set it.
///
/// # Errors
/// The storage's.
pub async fn get_app_model<S: Storage>(
    storage: &S,
    caller: &Caller,
) -> Result<AppModel, SyncError> {
    Ok(storage.app_model(caller.account).await?.unwrap_or_default())
}

/// Changes the app model; answers it after the merge, also where the change lost.
///
/// # Errors
/// A wrong field, a key used for something else, or the storage.
pub async fn patch_app_model<S: Storage>(
    storage: &S,
    caller: &Caller,
    body: &Map<String, Value>,
) -> Result<AppModel, SyncError> {
    let active_user = body.get("active_user").and_then(UserRef::read);
    let wanted = Wanted {
        users: active_user.into_iter().collect(),
        ops: op_key_in(body),
        app_model: true,
        ..Wanted::default()
    };
    let decide = |loaded: Loaded| {
        let mut draft = Draft::new(loaded.head, caller.now);
        let answer = patched(loaded, &mut draft, caller, body);
        (finish(draft, caller), answer)
    };
    storage.change(caller.account, &wanted, decide).await?
}

fn patched(
    loaded: Loaded,
    draft: &mut Draft,
    caller: &Caller,
    body: &Map<String, Value>,
) -> Result<AppModel, SyncError> {
    let mut call = app_model_patch(body).map_err(SyncError::Invalid)?;
    let op_id = call.patch.op_id;
    let first = op_id.and_then(|op_id| loaded.ops.get(&OpKey::of_op(op_id)));
    let is_replay = match first {
        Some(first) if first.hash != call.hash => return Err(SyncError::OpReuse),
        first => first.is_some(),
    };
    resolve_active_user(&mut call, &loaded)?;
    let current = loaded.app_model.unwrap_or_else(|| Stored {
        row: AppModel::default(),
        stamps: Stamps::default(),
    });
    if is_replay {
        return Ok(current.row);
    }
    let edit = Edit {
        patch: &call.patch,
        base_version: call.patch.base_version,
        time: EditTime::normalised(call.patch.updated_at, caller.now),
        device: caller.device.as_ref(),
        next_version: draft.next_version(),
        lost_version: None,
    };
    let outcome = merge_app_model(&current, &edit);
    let model = outcome.stored.row.clone();
    if outcome.changed {
        draft.bump();
        draft.changes.app_model = Some(outcome.stored);
    }
    remember(
        draft,
        op_id,
        call.hash,
        EntityId(caller.account.0),
        model.version,
    );
    Ok(model)
}

/// Puts the user's id in the place of the name that the call uses.
fn resolve_active_user(call: &mut AppModelCall, loaded: &Loaded) -> Result<(), SyncError> {
    if let Patch::Set(name) = call.active_user {
        let detail = "the account has no such user";
        let unknown = || SyncError::Invalid(Rejection::invalid("active_user", detail));
        call.resolve_active_user(loaded.user(name).ok_or_else(unknown)?.row.id);
    }
    Ok(())
}
