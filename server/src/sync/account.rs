//! History, digests and devices.

use super::{Caller, SyncError};
use crate::storage::{DeviceRow, LivingRow, Storage};
use std::collections::BTreeMap;
use tidemark_domain::calendar;
use tidemark_protocol::{
    DeviceInfo, DevicesResponse, DigestsResponse, EntityId, HistoryResponse, MonthDigest,
    RowsDigest, UserRef,
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
        months: months_of(&rows),
        head,
        epoch: storage.epoch(),
    })
}

fn months_of(rows: &[LivingRow]) -> Vec<MonthDigest> {
    let mut months: BTreeMap<_, (u64, RowsDigest)> = BTreeMap::new();
    for row in rows {
        let (count, digest) = months
            .entry(calendar::utc_month(row.created_at.millis()))
            .or_default();
        *count += 1;
        digest.add(row.id, row.version);
    }
    let month = |(month, (rows, digest)): (calendar::Month, (u64, RowsDigest))| MonthDigest {
        month: month.to_string(),
        rows,
        digest: digest.to_hex(),
    };
    months.into_iter().map(month).collect()
}
