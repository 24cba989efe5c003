//! Forgetting deletions.

use super::SqliteStorage;
use super::read::bytes;
use crate::storage::{Keep, StorageResult, Upkeep, rows};
use sqlx::{Row, SqliteConnection, query};
use tidemark_protocol::AccountId;
use uuid::Uuid;

/// The deletions that go: `?1` is the account, `?2` and `?4` the moments, `?3` what every active device has.
macro_rules! going {
    ($before:literal) => {
        concat!(
            $before,
            " WHERE account_id = ?1 AND deleted_at IS NOT NULL \
             AND ((received_at < ?2 AND version <= ?3) OR received_at < ?4)"
        )
    };
}

impl Upkeep for SqliteStorage {
    async fn prune(&self, keep: &Keep) -> StorageResult<u64> {
        let accounts = query("SELECT account_id FROM account_head").fetch_all(&self.readers);
        let mut forgotten = 0;
        for row in accounts.await? {
            let id: Vec<u8> = row.try_get("account_id")?;
            let Ok(id) = Uuid::from_slice(&id) else {
                continue;
            };
            let mut tx = self.begin_write().await?;
            let count = prune_account(&mut tx, AccountId(id), keep).await?;
            tx.commit().await?;
            forgotten += count;
        }
        Ok(forgotten)
    }
}

async fn prune_account(
    connection: &mut SqliteConnection,
    account: AccountId,
    keep: &Keep,
) -> StorageResult<u64> {
    let seen_by_all: Option<i64> = query(
        "SELECT MIN(acknowledged_version) AS version FROM device WHERE account_id = ? AND last_seen_at >= ?",
    )
    .bind(bytes(account.0))
    .bind(keep.since.millis())
    .fetch_one(&mut *connection)
    .await?
    .try_get("version")?;
    let seen_by_all = seen_by_all.unwrap_or(i64::MAX);
    let bound = |statement: &'static str| {
        query(statement)
            .bind(bytes(account.0))
            .bind(keep.since.millis())
            .bind(seen_by_all)
            .bind(keep.all_before.millis())
    };
    let newest = bound(going!("SELECT MAX(version) AS version FROM metric"));
    let newest: Option<i64> = newest
        .fetch_one(&mut *connection)
        .await?
        .try_get("version")?;
    let Some(newest) = newest.and_then(rows::number::<u64>) else {
        return Ok(0);
    };
    bound(concat!(
        "DELETE FROM metric_history WHERE account_id = ?1 AND metric_id IN (",
        going!("SELECT id FROM metric"),
        ")"
    ))
    .execute(&mut *connection)
    .await?;
    let gone = bound(going!("DELETE FROM metric"))
        .execute(&mut *connection)
        .await?;
    query("UPDATE account_head SET horizon = MAX(horizon, ?) WHERE account_id = ?")
        .bind(rows::from_u64(newest))
        .bind(bytes(account.0))
        .execute(connection)
        .await?;
    Ok(gone.rows_affected())
}
