//! `POST`, `GET` and `PATCH /v1/users`.

use super::{Caller, Draft, SyncError};
use crate::storage::{Changes, DeviceSeen, Loaded, OpKey, OpRow, Storage, Wanted};
use serde_json::{Map, Value};
use tidemark_protocol::merge::{Edit, EditTime, Stored, create, merge};
use tidemark_protocol::validate::{UserCall, user_create, user_patch};
use tidemark_protocol::{EntityId, EventStatus, OpId, PayloadHash, User, UserRef};

/// The answer to a creation.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatedUser {
    /// The user as they are now.
    pub user: User,
    /// Whether this call made them.
    pub is_new: bool,
}

/// Creates a user, or answers the one that the same id or the same operation made before. `fresh_id` is used where the
/// body names none.
///
/// # Errors
/// A wrong field, a key used for something else, or the storage.
pub async fn create_user<S: Storage>(
    storage: &S,
    caller: &Caller,
    body: &Map<String, Value>,
    fresh_id: EntityId,
) -> Result<CreatedUser, SyncError> {
    let call = user_create(body).map_err(SyncError::Invalid)?;
    let id = call.patch.id.unwrap_or(fresh_id);
    let wanted = Wanted {
        users: vec![UserRef::Id(id)],
        ops: call.op_id().map(OpKey::of_op).into_iter().collect(),
        ..Wanted::default()
    };
    let decide = |loaded: Loaded| {
        let mut draft = Draft::new(loaded.head, caller.now);
        let answer = created(&loaded, &mut draft, caller, &call, id);
        (finish(draft, caller), answer)
    };
    storage.change(caller.account, &wanted, decide).await?
}

fn created(
    loaded: &Loaded,
    draft: &mut Draft,
    caller: &Caller,
    call: &UserCall,
    id: EntityId,
) -> Result<CreatedUser, SyncError> {
    if let Some(user) = replayed(loaded, call.op_id(), call.hash)? {
        return Ok(CreatedUser {
            user,
            is_new: false,
        });
    }
    let existing = loaded
        .user(UserRef::Id(id))
        .map(|stored| stored.row.clone());
    let is_new = existing.is_none();
    let user = existing.unwrap_or_else(|| {
        let number = draft.changes.head.user_numbers + 1;
        draft.changes.head.user_numbers = number;
        let row = User {
            number,
            ..User::new(id, caller.now)
        }
        .patched(&call.patch);
        let stored = create(row, &edit_of(call, caller, draft)).stored;
        draft.bump();
        draft.changes.users.push(stored.clone());
        stored.row
    });
    remember(draft, call.op_id(), call.hash, id, user.version);
    Ok(CreatedUser { user, is_new })
}

/// One user by any name.
///
/// # Errors
/// None of that name, or the storage.
pub async fn get_user<S: Storage>(
    storage: &S,
    caller: &Caller,
    name: UserRef,
) -> Result<User, SyncError> {
    storage
        .user(caller.account, name)
        .await?
        .ok_or(SyncError::NotFound)
}

/// Changes a user; answers the row after the merge, also where the change lost.
///
/// # Errors
/// None of that name, a wrong field, a key used for something else, or the storage.
pub async fn patch_user<S: Storage>(
    storage: &S,
    caller: &Caller,
    name: UserRef,
    body: &Map<String, Value>,
) -> Result<User, SyncError> {
    let wanted = Wanted {
        users: vec![name],
        ops: op_key_in(body),
        ..Wanted::default()
    };
    let decide = |loaded: Loaded| {
        let mut draft = Draft::new(loaded.head, caller.now);
        let answer = patched(&loaded, &mut draft, caller, name, body);
        (finish(draft, caller), answer)
    };
    storage.change(caller.account, &wanted, decide).await?
}

fn patched(
    loaded: &Loaded,
    draft: &mut Draft,
    caller: &Caller,
    name: UserRef,
    body: &Map<String, Value>,
) -> Result<User, SyncError> {
    let current = loaded.user(name).ok_or(SyncError::NotFound)?;
    let mut call = user_patch(body, current.row.id).map_err(SyncError::Invalid)?;
    if let Some(user) = replayed(loaded, call.op_id(), call.hash)? {
        return Ok(user);
    }
    if let tidemark_protocol::Patch::Set(at) = &mut call.patch.deleted_at {
        *at = (*at).min(caller.now);
    }
    let outcome = merge(current, &edit_of(&call, caller, draft));
    let Stored { row, .. } = &outcome.stored;
    let user = row.clone();
    if outcome.changed {
        draft.bump();
        draft.changes.users.push(outcome.stored);
    }
    remember(draft, call.op_id(), call.hash, user.id, user.version);
    Ok(user)
}

fn edit_of<'a>(call: &'a UserCall, caller: &'a Caller, draft: &Draft) -> Edit<'a, User> {
    Edit {
        patch: &call.patch,
        base_version: call.patch.base_version,
        time: EditTime::normalised(call.patch.updated_at, caller.now),
        device: caller.device.as_ref(),
        next_version: draft.next_version(),
        lost_version: None,
    }
}

/// The user as they are now, if the operation took effect before.
fn replayed(
    loaded: &Loaded,
    op_id: Option<OpId>,
    hash: PayloadHash,
) -> Result<Option<User>, SyncError> {
    let Some(first) = op_id.and_then(|op_id| loaded.ops.get(&OpKey::of_op(op_id))) else {
        return Ok(None);
    };
    if first.hash != hash {
        return Err(SyncError::OpReuse);
    }
    let user = loaded
        .user(UserRef::Id(first.entity))
        .ok_or(SyncError::NotFound)?;
    Ok(Some(user.row.clone()))
}

/// The key in a body that is not checked yet; a bad one is told by the check.
pub(super) fn op_key_in(body: &Map<String, Value>) -> Vec<OpKey> {
    let op_id = body
        .get("op_id")
        .and_then(Value::as_str)
        .and_then(OpId::parse);
    op_id.map(OpKey::of_op).into_iter().collect()
}

/// Remembers an operation that took effect.
pub(super) fn remember(
    draft: &mut Draft,
    op_id: Option<OpId>,
    hash: PayloadHash,
    entity: EntityId,
    version: u64,
) {
    let row = OpRow {
        hash,
        entity,
        status: EventStatus::Applied,
        conflict: false,
        version,
    };
    draft
        .changes
        .ops
        .extend(op_id.map(|op_id| (OpKey::of_op(op_id), row)));
}

/// The changes with the device that made them.
pub(super) fn finish(draft: Draft, caller: &Caller) -> Changes {
    let seen = |device| DeviceSeen {
        device,
        at: caller.now,
        acknowledged: None,
    };
    Changes {
        device: caller.device.clone().map(seen),
        ..draft.changes
    }
}
