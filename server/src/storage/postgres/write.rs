//! Everything that PostgreSQL is told, inside a transaction that holds the account's head row. Many rows travel as one
//! statement with an array for each column.

use super::read;
use super::transaction::{Statement, Tx};
use crate::storage::rows::{from_u64, json_of, name_of};
use crate::storage::{Changes, DeviceSeen, Head, OpKey, OpRow, StorageError, StorageResult, rows};
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AccountId, AppModel, DeviceId, EntityId, Epoch, HistoryEntry, Metric, Timestamp, User,
};

/// The database's life: `fresh` where it has none yet.
pub(super) async fn epoch(tx: &mut Tx, fresh: &Epoch) -> StorageResult<Epoch> {
    let insert =
        "INSERT INTO meta (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO NOTHING";
    tx.run(tx.say(insert).bind(&fresh.0)).await?;
    let row = tx
        .row(tx.say("SELECT value FROM meta WHERE name = 'epoch'"))
        .await?;
    row.as_ref()
        .map(rows::epoch)
        .transpose()?
        .ok_or(StorageError::Damaged("epoch"))
}

/// Takes the account's lock, until the transaction's end: with what every change begins. A new account gets its row.
pub(super) async fn lock(tx: &mut Tx, account: AccountId) -> StorageResult<Head> {
    const LOCKED: &str = "SELECT version, user_numbers, received_at, horizon, first_received_at, erased_at \
                          FROM account_head WHERE account_id = $1 FOR UPDATE";
    let mut row = tx.row(tx.say(LOCKED).bind(account.0)).await?;
    if row.is_none() {
        let insert = "INSERT INTO account_head (account_id, version, user_numbers, received_at, horizon) \
                      VALUES ($1, 0, 0, 0, 0) ON CONFLICT (account_id) DO NOTHING";
        tx.run(tx.say(insert).bind(account.0)).await?;
        row = tx.row(tx.say(LOCKED).bind(account.0)).await?;
    }
    let row = row.ok_or(StorageError::Damaged("account_head"))?;
    let found = read::head_of(&row)?;
    if found.is_erased {
        return Err(StorageError::Erased);
    }
    Ok(found.head)
}

/// Stores it all; `are_new` tells that the account has none of the metrics yet.
pub(super) async fn store(
    tx: &mut Tx,
    account: AccountId,
    changes: &Changes,
    are_new: bool,
) -> StorageResult<()> {
    let received_at = changes.head.received_at;
    if !changes.metrics.is_empty() {
        metrics(tx, account, &changes.metrics, received_at, are_new).await?;
    }
    for stored in &changes.users {
        user(tx, account, stored, received_at).await?;
    }
    if let Some(stored) = &changes.app_model {
        app_model(tx, account, stored).await?;
    }
    if !changes.ops.is_empty() {
        tx.run(ops(tx, account, &changes.ops)).await?;
    }
    if !changes.history.is_empty() {
        history(tx, account, &changes.history, received_at).await?;
    }
    if let Some(seen) = &changes.device {
        note_device(tx, account, seen).await?;
    }
    head(tx, account, &changes.head).await
}

/// The account's row is there: it is locked.
async fn head(tx: &mut Tx, account: AccountId, head: &Head) -> StorageResult<()> {
    // A restored account that was empty in the backup has a version and has received nothing yet.
    let first = Some(head.received_at.millis()).filter(|millis| *millis > 0);
    let update = tx
        .say(
            "UPDATE account_head SET version = $2, user_numbers = $3, received_at = $4, \
             first_received_at = COALESCE(first_received_at, $5) WHERE account_id = $1",
        )
        .bind(account.0)
        .bind(from_u64(head.version))
        .bind(i64::from(head.user_numbers))
        .bind(head.received_at.millis())
        .bind(first);
    tx.run(update).await?;
    Ok(())
}

/// One column of many rows.
fn each<'a, R, T>(rows: &'a [R], column: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(column).collect()
}

macro_rules! new_metrics {
    () => {
        "INSERT INTO metric (account_id, received_at, id, user_id, user_number, weight_g, height_mm, bmi_hundredths, \
         note, created_at, utc_offset, updated_at, updated_by, deleted_at, version, stamps) \
         SELECT $1, $2, * FROM UNNEST($3::UUID[], $4::UUID[], $5::BIGINT[], $6::BIGINT[], $7::BIGINT[], \
         $8::BIGINT[], $9::TEXT[], $10::BIGINT[], $11::BIGINT[], $12::BIGINT[], $13::TEXT[], $14::BIGINT[], \
         $15::BIGINT[], $16::TEXT[])"
    };
}

/// For those that were looked for under the account's lock and not found: what comes is not compared with what is there.
const NEW_METRICS: &str = new_metrics!();
const METRICS: &str = concat!(
    new_metrics!(),
    " ON CONFLICT (account_id, id) DO UPDATE SET weight_g = excluded.weight_g, height_mm = excluded.height_mm, \
     bmi_hundredths = excluded.bmi_hundredths, note = excluded.note, created_at = excluded.created_at, \
     utc_offset = excluded.utc_offset, updated_at = excluded.updated_at, updated_by = excluded.updated_by, \
     deleted_at = excluded.deleted_at, version = excluded.version, received_at = excluded.received_at, \
     stamps = excluded.stamps"
);

async fn metrics(
    tx: &mut Tx,
    account: AccountId,
    all: &[Stored<Metric>],
    received_at: Timestamp,
    are_new: bool,
) -> StorageResult<()> {
    let stamps: StorageResult<Vec<_>> = all.iter().map(|stored| json_of(&stored.stamps)).collect();
    let insert = tx
        .say(if are_new { NEW_METRICS } else { METRICS })
        .bind(account.0)
        .bind(received_at.millis())
        .bind(each(all, |stored| stored.row.id.0))
        .bind(each(all, |stored| stored.row.user_id.0))
        .bind(each(all, |stored| i64::from(stored.row.user_number)))
        .bind(each(all, |stored| i64::from(stored.row.weight.get())))
        .bind(each(all, |stored| {
            stored.row.height.map(|height| i64::from(height.get()))
        }))
        .bind(each(all, |stored| {
            stored.row.bmi.map(|bmi| i64::from(bmi.get()))
        }))
        .bind(each(all, |stored| stored.row.note.clone()))
        .bind(each(all, |stored| stored.row.created_at.millis()))
        .bind(each(all, |stored| stored.row.utc_offset.map(i64::from)))
        .bind(each(all, |stored| stored.row.updated_at.millis()))
        .bind(each(all, |stored| {
            stored.row.updated_by.as_ref().map(DeviceId::as_str)
        }))
        .bind(each(all, |stored| {
            stored.row.deleted_at.map(Timestamp::millis)
        }))
        .bind(each(all, |stored| from_u64(stored.row.version)))
        .bind(stamps?);
    tx.run(insert).await?;
    Ok(())
}

async fn user(
    tx: &mut Tx,
    account: AccountId,
    stored: &Stored<User>,
    received_at: Timestamp,
) -> StorageResult<()> {
    let row = &stored.row;
    let insert = tx
        .say(
            "INSERT INTO app_user (account_id, id, number, name, surname, gender, avatar, height_mm, birth_date, \
             created_at, updated_at, deleted_at, version, received_at, stamps) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, surname = excluded.surname, \
             gender = excluded.gender, avatar = excluded.avatar, height_mm = excluded.height_mm, \
             birth_date = excluded.birth_date, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at, \
             version = excluded.version, received_at = excluded.received_at, stamps = excluded.stamps",
        )
        .bind(account.0)
        .bind(row.id.0)
        .bind(i64::from(row.number))
        .bind(&row.name)
        .bind(&row.surname)
        .bind(row.gender.as_ref().and_then(name_of))
        .bind(&row.avatar)
        .bind(row.height.map(|height| i64::from(height.get())))
        .bind(&row.birth_date)
        .bind(row.created_at.millis())
        .bind(row.updated_at.millis())
        .bind(row.deleted_at.map(Timestamp::millis))
        .bind(from_u64(row.version))
        .bind(received_at.millis())
        .bind(json_of(&stored.stamps)?);
    tx.run(insert).await?;
    Ok(())
}

async fn app_model(
    tx: &mut Tx,
    account: AccountId,
    stored: &Stored<AppModel>,
) -> StorageResult<()> {
    let insert = tx
        .say(
            "INSERT INTO app_model (account_id, version, model, stamps) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, model = excluded.model, \
             stamps = excluded.stamps",
        )
        .bind(account.0)
        .bind(from_u64(stored.row.version))
        .bind(json_of(&stored.row)?)
        .bind(json_of(&stored.stamps)?);
    tx.run(insert).await?;
    Ok(())
}

fn ops<'q>(tx: &Tx, account: AccountId, all: &[(OpKey, OpRow)]) -> Statement<'q> {
    tx.say(
        "INSERT INTO op (account_id, op_key, payload_hash, entity_id, status, conflict, version) \
         SELECT $1, * FROM UNNEST($2::UUID[], $3::UUID[], $4::UUID[], $5::TEXT[], $6::BIGINT[], $7::BIGINT[])",
    )
    .bind(account.0)
    .bind(each(all, |(key, _)| key.0))
    .bind(each(all, |(_, op)| op.hash.0))
    .bind(each(all, |(_, op)| op.entity.0))
    .bind(each(all, |(_, op)| name_of(&op.status)))
    .bind(each(all, |(_, op)| i64::from(op.conflict)))
    .bind(each(all, |(_, op)| from_u64(op.version)))
}

async fn history(
    tx: &mut Tx,
    account: AccountId,
    all: &[(EntityId, HistoryEntry)],
    received_at: Timestamp,
) -> StorageResult<()> {
    let values: StorageResult<Vec<_>> = all
        .iter()
        .map(|(_, entry)| json_of(&entry.values))
        .collect();
    let insert = tx
        .say(
            "INSERT INTO metric_history (account_id, received_at, metric_id, entry_no, version, at, device, reason, \
             field_values) SELECT $1, $2, fresh.metric_id, \
             COALESCE((SELECT MAX(old.entry_no) FROM metric_history AS old WHERE old.account_id = $1 \
             AND old.metric_id = fresh.metric_id), 0) + \
             ROW_NUMBER() OVER (PARTITION BY fresh.metric_id ORDER BY fresh.nr), \
             fresh.version, fresh.at, fresh.device, fresh.reason, fresh.field_values \
             FROM UNNEST($3::UUID[], $4::BIGINT[], $5::BIGINT[], $6::TEXT[], $7::TEXT[], $8::TEXT[], $9::BIGINT[]) \
             AS fresh (metric_id, version, at, device, reason, field_values, nr)",
        )
        .bind(account.0)
        .bind(received_at.millis())
        .bind(each(all, |(id, _)| id.0))
        .bind(each(all, |(_, entry)| from_u64(entry.version)))
        .bind(each(all, |(_, entry)| entry.at.millis()))
        .bind(each(all, |(_, entry)| entry.by.as_ref().map(DeviceId::as_str)))
        .bind(each(all, |(_, entry)| name_of(&entry.reason)))
        .bind(values?)
        .bind((1_i64..).take(all.len()).collect::<Vec<_>>());
    tx.run(insert).await?;
    Ok(())
}

pub(super) async fn note_device(
    tx: &mut Tx,
    account: AccountId,
    seen: &DeviceSeen,
) -> StorageResult<()> {
    let note = tx
        .say(
            "INSERT INTO device (account_id, device_id, created_at, last_seen_at, acknowledged_version) \
             VALUES ($1, $2, $3, $3, $4) ON CONFLICT (account_id, device_id) DO UPDATE SET \
             last_seen_at = GREATEST(device.last_seen_at, excluded.last_seen_at), \
             acknowledged_version = GREATEST(device.acknowledged_version, excluded.acknowledged_version)",
        )
        .bind(account.0)
        .bind(seen.device.as_str())
        .bind(seen.at.millis())
        .bind(from_u64(seen.acknowledged.unwrap_or(0)));
    tx.run(note).await?;
    Ok(())
}

pub(super) async fn probe(tx: &mut Tx) -> StorageResult<()> {
    let write = "INSERT INTO meta (name, value) VALUES ('probe', '') ON CONFLICT (name) DO UPDATE SET value = ''";
    tx.run(tx.say(write)).await?;
    Ok(())
}
