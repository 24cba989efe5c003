//! History, digests and devices.

use super::{Caller, SyncError};
use crate::storage::{DeviceRow, Storage};
use tidemark_protocol::{
    DeviceInfo, DevicesResponse, DigestsResponse, EntityId, HistoryResponse, UserRef, digest,
};

impl From<DeviceRow> for DeviceInfo {
    fn from(row: DeviceRow) -> Self {
        Self {
            device_id: row.device,
            name: row.name,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            acknowledged_version: row.acknowledged_version,
        }
    }
}

/// The devices seen.
///
/// # Errors
/// The storage's.
pub async fn devices<S: Storage>(
    storage: &S,
    caller: &Caller,
) -> Result<DevicesResponse, SyncError> {
    let rows = storage.devices(caller.account).await?;
    Ok(DevicesResponse {
        devices: rows.into_iter().map(DeviceInfo::from).collect(),
    })
}

/// What was replaced in a metric, newest first.
///
/// # Errors
/// No such metric, or the storage.
pub async fn history<S: Storage>(
    storage: &S,
    caller: &Caller,
    metric: EntityId,
) -> Result<HistoryResponse, SyncError> {
    let entries = storage
        .history(caller.account, metric)
        .await?
        .ok_or(SyncError::NotFound)?;
    Ok(HistoryResponse { entries })
}

/// A digest per month of a user's living rows.
///
/// # Errors
/// No such user, or the storage.
pub async fn digests<S: Storage>(
    storage: &S,
    caller: &Caller,
    user: UserRef,
) -> Result<DigestsResponse, SyncError> {
    let user = storage
        .user(caller.account, user)
        .await?
        .ok_or(SyncError::NotFound)?;
    let (head, rows) = storage.living(caller.account, user.id).await?;
    Ok(DigestsResponse {
        months: digest::by_month(rows.iter().map(|row| (row.created_at, row.id, row.version))),
        head,
        epoch: storage.epoch(),
    })
}
