//! Accounts in PostgreSQL. Whose an address is, is a transaction of its own: it is looked up before the account is known.

use super::transaction::Tx;
use super::{PostgresStorage, patiently, read, retry, write};
use crate::storage::rows::{self, from_u64, json_of};
use crate::storage::{
    AccountChanges, AccountRow, AccountState, Accounts, DeviceSeen, EmailKey, Everything,
    SessionId, SessionRow, SessionState, StorageError, StorageResult,
};
use tidemark_protocol::{AccountId, DeviceId, Timestamp};

/// Every table with rows of an account but `account_head`, which keeps the mark that it was erased.
const TABLES: [&str; 9] = [
    "DELETE FROM lost_range WHERE account_id = $1",
    "DELETE FROM metric WHERE account_id = $1",
    "DELETE FROM app_user WHERE account_id = $1",
    "DELETE FROM app_model WHERE account_id = $1",
    "DELETE FROM op WHERE account_id = $1",
    "DELETE FROM metric_history WHERE account_id = $1",
    "DELETE FROM device WHERE account_id = $1",
    "DELETE FROM session WHERE account_id = $1",
    "DELETE FROM account WHERE account_id = $1",
];

impl Accounts for PostgresStorage {
    async fn claim_email(
        &self,
        email: EmailKey,
        account: AccountId,
        stale: Option<AccountId>,
        now: Timestamp,
    ) -> StorageResult<AccountId> {
        patiently!(twice {
            let mut tx = self.begin().await?;
            let claim = tx.say(
                "INSERT INTO email (email_key, account_id, claimed_at) VALUES ($1, $2, $3) ON CONFLICT (email_key) \
                 DO UPDATE SET account_id = excluded.account_id, claimed_at = excluded.claimed_at \
                 WHERE email.account_id = $4",
            );
            let claim = claim.bind(email.0.to_vec()).bind(account.0).bind(now.millis());
            tx.run(claim.bind(stale.map(|stale| stale.0))).await?;
            let owner = owner_of(&mut tx, email).await?;
            tx.commit().await?;
            owner.ok_or(StorageError::Damaged("email"))
        })
    }

    async fn account_of_email(&self, email: EmailKey) -> StorageResult<Option<AccountId>> {
        patiently!({ owner_of(&mut self.snapshot().await?, email).await })
    }

    async fn release_email(&self, email: EmailKey, account: AccountId) -> StorageResult<()> {
        patiently!(twice {
            let mut tx = self.begin().await?;
            let release = tx.say("DELETE FROM email WHERE email_key = $1 AND account_id = $2");
            tx.run(release.bind(email.0.to_vec()).bind(account.0)).await?;
            tx.commit().await
        })
    }

    async fn account(&self, account: AccountId) -> StorageResult<AccountState> {
        patiently!({ state(&mut self.snapshot().await?, account).await })
    }

    async fn session(&self, account: AccountId, id: SessionId) -> StorageResult<SessionState> {
        patiently!({
            let mut tx = self.snapshot().await?;
            let found =
                tx.say("SELECT device_id FROM session WHERE account_id = $1 AND session_id = $2");
            match tx.row(found.bind(account.0).bind(id.0)).await? {
                Some(row) => rows::device_of(&row).map(SessionState::Living),
                None if read::head(&mut tx, account).await?.is_erased => Ok(SessionState::Erased),
                None => Ok(SessionState::Ended),
            }
        })
    }

    /// A commit whose fate is unknown is told as that: who signs in asks again, and sees what became of it.
    async fn change_account<T: Send>(
        &self,
        account: AccountId,
        mut decide: impl FnMut(AccountState) -> (AccountChanges, T) + Send,
    ) -> StorageResult<T> {
        let _turn = self.lanes.wait_for(account).await?;
        patiently!({
            let mut tx = self.begin().await?;
            write::lock(&mut tx, account).await?;
            let (changes, answer) = decide(state(&mut tx, account).await?);
            if changes != AccountChanges::default() {
                store(&mut tx, account, &changes).await?;
                tx.commit().await?;
            }
            Ok(answer)
        })
    }

    async fn erase(&self, account: AccountId, now: Timestamp) -> StorageResult<()> {
        patiently!(twice {
            let mut tx = self.begin().await?;
            let mark = tx.say(
                "INSERT INTO account_head (account_id, version, user_numbers, received_at, horizon, erased_at) \
                 VALUES ($1, 0, 0, 0, 0, $2) ON CONFLICT (account_id) DO UPDATE SET erased_at = excluded.erased_at, \
                 user_numbers = 0, received_at = 0, first_received_at = NULL",
            );
            tx.run(mark.bind(account.0).bind(now.millis())).await?;
            for table in TABLES {
                tx.run(tx.say(table).bind(account.0)).await?;
            }
            tx.commit().await
        })
    }

    async fn everything(&self, account: AccountId) -> StorageResult<Everything> {
        patiently!({
            let mut tx = self.snapshot().await?;
            let app_model = read::app_model(&mut tx, account).await?;
            Ok(Everything {
                users: read::all(&mut tx, account, &read::USERS).await?,
                metrics: read::all(&mut tx, account, &read::METRICS).await?,
                app_model: app_model.map(|stored| stored.row),
                history: read::all_history(&mut tx, account).await?,
                devices: read::devices(&mut tx, account).await?,
            })
        })
    }
}

async fn owner_of(tx: &mut Tx, email: EmailKey) -> StorageResult<Option<AccountId>> {
    let found = tx.say("SELECT account_id FROM email WHERE email_key = $1");
    let row = tx.row(found.bind(email.0.to_vec())).await?;
    row.as_ref().map(rows::account_id).transpose()
}

async fn state(tx: &mut Tx, account: AccountId) -> StorageResult<AccountState> {
    let found = tx.say(
        "SELECT email, password_hash, recovery_hash, created_at FROM account WHERE account_id = $1",
    );
    let row = tx.row(found.bind(account.0)).await?;
    let found = tx.say(
        "SELECT session_id, device_id, created_at, used_at, generation, secret_hash, salt, rotations FROM session \
         WHERE account_id = $1 ORDER BY session_id",
    );
    let sessions = tx.rows(found.bind(account.0)).await?;
    let sessions: StorageResult<_> = sessions.iter().map(rows::session).collect();
    Ok(AccountState {
        row: row.as_ref().map(rows::account).transpose()?,
        sessions: sessions?,
        is_erased: read::head(tx, account).await?.is_erased,
    })
}

async fn store(tx: &mut Tx, account: AccountId, changes: &AccountChanges) -> StorageResult<()> {
    if let Some(row) = &changes.row {
        account_row(tx, account, row).await?;
    }
    for session in &changes.ended {
        let end = tx.say("DELETE FROM session WHERE account_id = $1 AND session_id = $2");
        tx.run(end.bind(account.0).bind(session.0)).await?;
    }
    for session in &changes.sessions {
        session_row(tx, account, session).await?;
    }
    if let Some(device) = &changes.forgotten {
        let forget = tx.say("DELETE FROM device WHERE account_id = $1 AND device_id = $2");
        tx.run(forget.bind(account.0).bind(device.as_str())).await?;
    }
    if let Some((device, name, at)) = &changes.device {
        name_device(tx, account, device, name.as_deref(), *at).await?;
    }
    Ok(())
}

async fn account_row(tx: &mut Tx, account: AccountId, row: &AccountRow) -> StorageResult<()> {
    let insert = tx
        .say(
            "INSERT INTO account (account_id, email, password_hash, recovery_hash, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, \
             password_hash = excluded.password_hash, recovery_hash = excluded.recovery_hash",
        )
        .bind(account.0)
        .bind(&row.email)
        .bind(&row.password_hash)
        .bind(row.recovery_hash.0.to_vec())
        .bind(row.created_at.millis());
    tx.run(insert).await?;
    Ok(())
}

async fn session_row(tx: &mut Tx, account: AccountId, session: &SessionRow) -> StorageResult<()> {
    let rotations: Vec<i64> = session.rotations.iter().map(|at| at.millis()).collect();
    let insert = tx
        .say(
            "INSERT INTO session (account_id, session_id, device_id, created_at, used_at, generation, secret_hash, \
             salt, rotations) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (account_id, session_id) DO UPDATE SET used_at = excluded.used_at, \
             generation = excluded.generation, secret_hash = excluded.secret_hash, rotations = excluded.rotations",
        )
        .bind(account.0)
        .bind(session.id.0)
        .bind(session.device.as_str())
        .bind(session.created_at.millis())
        .bind(session.used_at.millis())
        .bind(from_u64(session.generation))
        .bind(session.secret_hash.0.to_vec())
        .bind(session.salt.to_vec())
        .bind(json_of(&rotations)?);
    tx.run(insert).await?;
    Ok(())
}

async fn name_device(
    tx: &mut Tx,
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
    write::note_device(tx, account, &seen).await?;
    let Some(name) = name else {
        return Ok(());
    };
    let update = tx.say("UPDATE device SET name = $3 WHERE account_id = $1 AND device_id = $2");
    let update = update.bind(account.0).bind(device.as_str()).bind(name);
    tx.run(update).await?;
    Ok(())
}
