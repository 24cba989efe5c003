//! Forgetting deletions.

use super::transaction::{Statement, Tx};
use super::{PostgresStorage, patiently, retry, write};
use crate::storage::{Keep, StorageError, StorageResult, Upkeep, rows};
use tidemark_protocol::AccountId;

/// The deletions that go: `$1` is the account, `$2` and `$4` the moments, `$3` what every active device has.
macro_rules! going {
    ($before:literal) => {
        concat!(
            $before,
            " WHERE account_id = $1 AND deleted_at IS NOT NULL \
             AND ((received_at < $2 AND version <= $3) OR received_at < $4)"
        )
    };
}

impl Upkeep for PostgresStorage {
    async fn prune(&self, keep: &Keep) -> StorageResult<u64> {
        let mut forgotten = 0;
        for account in patiently!({ living_accounts(&mut self.snapshot().await?).await })? {
            let pruned = patiently!(twice {
                let mut tx = self.begin().await?;
                let count = prune_account(&mut tx, account, keep).await?;
                tx.commit().await?;
                Ok(count)
            });
            match pruned {
                Err(StorageError::Erased) => {}
                pruned => forgotten += pruned?,
            }
        }
        Ok(forgotten)
    }
}

async fn living_accounts(tx: &mut Tx) -> StorageResult<Vec<AccountId>> {
    let found = tx.say("SELECT account_id FROM account_head WHERE erased_at IS NULL");
    let found = tx.rows(found).await?;
    found.iter().map(rows::account_id).collect()
}

async fn prune_account(tx: &mut Tx, account: AccountId, keep: &Keep) -> StorageResult<u64> {
    write::lock(tx, account).await?;
    let seen = tx.say(
        "SELECT MIN(acknowledged_version) AS version FROM device WHERE account_id = $1 AND last_seen_at >= $2",
    );
    let seen = seen.bind(account.0).bind(keep.since.millis());
    let seen_by_all = version_of(tx, seen).await?.unwrap_or(u64::MAX);
    let bound = |statement: Statement<'static>| {
        statement
            .bind(account.0)
            .bind(keep.since.millis())
            .bind(rows::from_u64(seen_by_all))
            .bind(keep.all_before.millis())
    };
    let newest = bound(tx.say(going!("SELECT MAX(version) AS version FROM metric")));
    let Some(newest) = version_of(tx, newest).await? else {
        return Ok(0);
    };
    let history = bound(tx.say(concat!(
        "DELETE FROM metric_history WHERE account_id = $1 AND metric_id IN (",
        going!("SELECT id FROM metric"),
        ")"
    )));
    tx.run(history).await?;
    let gone = bound(tx.say(going!("DELETE FROM metric")));
    let gone = tx.run(gone).await?;
    let horizon =
        tx.say("UPDATE account_head SET horizon = GREATEST(horizon, $2) WHERE account_id = $1");
    tx.run(horizon.bind(account.0).bind(rows::from_u64(newest)))
        .await?;
    Ok(gone)
}

async fn version_of(tx: &mut Tx, question: Statement<'_>) -> StorageResult<Option<u64>> {
    let row = tx.row(question).await?;
    let version = row
        .as_ref()
        .map(|row| rows::optional_counter(row, "version"));
    Ok(version.transpose()?.flatten())
}
