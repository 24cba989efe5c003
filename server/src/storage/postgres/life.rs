//! Another life of a database that PostgreSQL's own tools have put back from a backup.

use super::transaction::Tx;
use super::{PostgresStorage, patiently, retry};
use crate::storage::upkeep::next_life;
use crate::storage::{StorageResult, rows};
use crate::sync::BUILT_IN_ACCOUNT;
use sqlx::Row;
use tidemark_protocol::{Epoch, Timestamp};

impl PostgresStorage {
    /// Gives the database a new epoch, raises every counter above all that was ever given out, and names the versions in
    /// between as lost, so that devices bring back what they hold of them. No server may be running: each knows the epoch
    /// from its start.
    ///
    /// One transaction over all accounts: it is a person's command on a database at rest.
    ///
    /// # Errors
    /// If the database fails: then nothing has changed.
    pub async fn begin_life(&self, epoch: &Epoch, now: Timestamp) -> StorageResult<()> {
        patiently!({
            let mut tx = self.begin().await?;
            raise(&mut tx, epoch, now).await?;
            tx.commit().await
        })
    }
}

async fn raise(tx: &mut Tx, epoch: &Epoch, now: Timestamp) -> StorageResult<()> {
    // The account without sign-in may be younger than the backup: its counter too begins above what it gave out.
    let built_in = tx.say(
        "INSERT INTO account_head (account_id, version, user_numbers, received_at, horizon) \
         VALUES ($1, 0, 0, 0, 0) ON CONFLICT (account_id) DO NOTHING",
    );
    tx.run(built_in.bind(BUILT_IN_ACCOUNT.0)).await?;
    let highest = tx.say("SELECT MAX(version) AS version FROM account_head");
    let highest = match tx.row(highest).await? {
        Some(row) => row.try_get::<Option<i64>, _>("version")?,
        None => None,
    };
    let highest = highest.and_then(rows::number).unwrap_or(0);
    let floor = rows::from_u64(next_life(highest, now));
    let lost = tx.say(
        "INSERT INTO lost_range (account_id, from_version, to_version) \
         SELECT account_id, version + 1, $1 FROM account_head",
    );
    tx.run(lost.bind(floor)).await?;
    let raised = tx.say("UPDATE account_head SET version = $1");
    tx.run(raised.bind(floor)).await?;
    let renamed = tx.say("UPDATE meta SET value = $1 WHERE name = 'epoch'");
    tx.run(renamed.bind(epoch.0.clone())).await?;
    Ok(())
}
