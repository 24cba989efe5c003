//! Accounts in SQLite.

use super::read::{self, bytes};
use super::{SqliteStorage, write};
use crate::storage::rows::{self, from_u64, json_of};
use crate::storage::{
    AccountChanges, AccountRow, AccountState, Accounts, DeviceSeen, EmailKey, Everything,
    SessionId, SessionRow, SessionState, StorageError, StorageResult,
};
use sqlx::{SqliteConnection, query};
use tidemark_protocol::{AccountId, DeviceId, Timestamp};

/// Every table with rows of an account but `account_head`, which keeps the mark that it was erased.
const TABLES: [&str; 9] = [
    "DELETE FROM lost_range WHERE account_id = ?",
    "DELETE FROM metric WHERE account_id = ?",
    "DELETE FROM app_user WHERE account_id = ?",
    "DELETE FROM app_model WHERE account_id = ?",
    "DELETE FROM op WHERE account_id = ?",
    "DELETE FROM metric_history WHERE account_id = ?",
    "DELETE FROM device WHERE account_id = ?",
    "DELETE FROM session WHERE account_id = ?",
    "DELETE FROM account WHERE account_id = ?",
];

impl Accounts for SqliteStorage {
    async fn claim_email(
        &self,
        email: EmailKey,
        account: AccountId,
        stale: Option<AccountId>,
        now: Timestamp,
    ) -> StorageResult<AccountId> {
        let mut tx = self.begin_write().await?;
        query(
            "INSERT INTO email (email_key, account_id, claimed_at) VALUES (?, ?, ?) ON CONFLICT (email_key) \
             DO UPDATE SET account_id = excluded.account_id, claimed_at = excluded.claimed_at \
             WHERE email.account_id = ?",
        )
        .bind(email.0.to_vec())
        .bind(bytes(account.0))
        .bind(now.millis())
        .bind(stale.map(|stale| bytes(stale.0)))
        .execute(&mut *tx)
        .await?;
        let owner = owner_of(&mut tx, email).await?;
        tx.commit().await?;
        owner.ok_or(StorageError::Damaged("email"))
    }

    async fn account_of_email(&self, email: EmailKey) -> StorageResult<Option<AccountId>> {
        owner_of(&mut *self.readers.acquire().await?, email).await
    }

    async fn release_email(&self, email: EmailKey, account: AccountId) -> StorageResult<()> {
        let mut tx = self.begin_write().await?;
        query("DELETE FROM email WHERE email_key = ? AND account_id = ?")
            .bind(email.0.to_vec())
            .bind(bytes(account.0))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn account(&self, account: AccountId) -> StorageResult<AccountState> {
        state(&mut *self.readers.begin().await?, account).await
    }

    async fn session(&self, account: AccountId, id: SessionId) -> StorageResult<SessionState> {
        let mut tx = self.readers.begin().await?;
        let found = query("SELECT device_id FROM session WHERE account_id = ? AND session_id = ?")
            .bind(bytes(account.0))
            .bind(bytes(id.0))
            .fetch_optional(&mut *tx)
            .await?;
        match found {
            Some(row) => rows::device_of(&row).map(SessionState::Living),
            None if read::head(&mut tx, account).await?.is_erased => Ok(SessionState::Erased),
            None => Ok(SessionState::Ended),
        }
    }

    async fn change_account<T: Send>(
        &self,
        account: AccountId,
        mut decide: impl FnMut(AccountState) -> (AccountChanges, T) + Send,
    ) -> StorageResult<T> {
        let mut tx = self.begin_write().await?;
        let loaded = state(&mut tx, account).await?;
        if loaded.is_erased {
            return Err(StorageError::Erased);
        }
        let (changes, answer) = decide(loaded);
        if changes != AccountChanges::default() {
            store(&mut tx, account, &changes).await?;
            tx.commit().await?;
        }
        Ok(answer)
    }

    async fn erase(&self, account: AccountId, now: Timestamp) -> StorageResult<()> {
        let mut tx = self.begin_write().await?;
        query(
            "INSERT INTO account_head (account_id, version, user_numbers, received_at, horizon, erased_at) \
             VALUES (?1, 0, 0, 0, 0, ?2) ON CONFLICT (account_id) DO UPDATE SET erased_at = excluded.erased_at, \
             user_numbers = 0, received_at = 0, first_received_at = NULL",
        )
        .bind(bytes(account.0))
        .bind(now.millis())
        .execute(&mut *tx)
        .await?;
        for table in TABLES {
            query(table)
                .bind(bytes(account.0))
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    async fn everything(&self, account: AccountId) -> StorageResult<Everything> {
        let mut tx = self.readers.begin().await?;
        Ok(Everything {
            users: read::all(&mut tx, account, &read::USERS).await?,
            metrics: read::all(&mut tx, account, &read::METRICS).await?,
            app_model: read::app_model(&mut tx, account)
                .await?
                .map(|stored| stored.row),
            history: read::all_history(&mut tx, account).await?,
            devices: read::devices(&mut tx, account).await?,
        })
    }
}

async fn owner_of(
    connection: &mut SqliteConnection,
    email: EmailKey,
) -> StorageResult<Option<AccountId>> {
    let found = query("SELECT account_id FROM email WHERE email_key = ?").bind(email.0.to_vec());
    let row = found.fetch_optional(connection).await?;
    row.as_ref().map(rows::account_id).transpose()
}

async fn state(
    connection: &mut SqliteConnection,
    account: AccountId,
) -> StorageResult<AccountState> {
    let found = query("SELECT * FROM account WHERE account_id = ?").bind(bytes(account.0));
    let row = found.fetch_optional(&mut *connection).await?;
    let found = query("SELECT * FROM session WHERE account_id = ? ORDER BY session_id")
        .bind(bytes(account.0));
    let sessions = found.fetch_all(&mut *connection).await?;
    Ok(AccountState {
        row: row.as_ref().map(rows::account).transpose()?,
        sessions: sessions
            .iter()
            .map(rows::session)
            .collect::<StorageResult<_>>()?,
        is_erased: read::head(connection, account).await?.is_erased,
    })
}

async fn store(
    connection: &mut SqliteConnection,
    account: AccountId,
    changes: &AccountChanges,
) -> StorageResult<()> {
    if let Some(row) = &changes.row {
        account_row(connection, account, row).await?;
    }
    for session in &changes.ended {
        query("DELETE FROM session WHERE account_id = ? AND session_id = ?")
            .bind(bytes(account.0))
            .bind(bytes(session.0))
            .execute(&mut *connection)
            .await?;
    }
    for session in &changes.sessions {
        session_row(connection, account, session).await?;
    }
    if let Some(device) = &changes.forgotten {
        query("DELETE FROM device WHERE account_id = ? AND device_id = ?")
            .bind(bytes(account.0))
            .bind(device.as_str())
            .execute(&mut *connection)
            .await?;
    }
    if let Some((device, name, at)) = &changes.device {
        name_device(connection, account, device, name.as_deref(), *at).await?;
    }
    Ok(())
}

async fn account_row(
    connection: &mut SqliteConnection,
    account: AccountId,
    row: &AccountRow,
) -> StorageResult<()> {
    query(
        "INSERT INTO account (account_id, email, password_hash, recovery_hash, created_at) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, password_hash = excluded.password_hash, \
         recovery_hash = excluded.recovery_hash",
    )
    .bind(bytes(account.0))
    .bind(&row.email)
    .bind(&row.password_hash)
    .bind(row.recovery_hash.0.to_vec())
    .bind(row.created_at.millis())
    .execute(connection)
    .await?;
    Ok(())
}

async fn session_row(
    connection: &mut SqliteConnection,
    account: AccountId,
    session: &SessionRow,
) -> StorageResult<()> {
    query(
        "INSERT INTO session (account_id, session_id, device_id, created_at, used_at, generation, secret_hash, salt, \
         rotations) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, session_id) DO UPDATE SET \
         used_at = excluded.used_at, generation = excluded.generation, secret_hash = excluded.secret_hash, \
         rotations = excluded.rotations",
    )
    .bind(bytes(account.0))
    .bind(bytes(session.id.0))
    .bind(session.device.as_str())
    .bind(session.created_at.millis())
    .bind(session.used_at.millis())
    .bind(from_u64(session.generation))
    .bind(session.secret_hash.0.to_vec())
    .bind(session.salt.to_vec())
    .bind(json_of(&session.rotations.iter().map(|at| at.millis()).collect::<Vec<_>>())?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn name_device(
    connection: &mut SqliteConnection,
    account: AccountId,
    device: &DeviceId,
    name: Option<&str>,
    at: Timestamp,
) -> StorageResult<()> {
    let seen = DeviceSeen {
        device: device.clone(),
        at,
        acknowledged: None,
    };
    write::note_device(connection, account, &seen).await?;
    let Some(name) = name else {
        return Ok(());
    };
    query("UPDATE device SET name = ? WHERE account_id = ? AND device_id = ?")
        .bind(name)
        .bind(bytes(account.0))
        .bind(device.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
