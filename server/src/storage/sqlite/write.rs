//! Everything that SQLite is told. All of it inside a transaction that has the write lock.

use super::read::bytes;
use crate::storage::rows::{from_u64, json_of, name_of};
use crate::storage::{Changes, DeviceSeen, Head, OpKey, OpRow, StorageResult};
use sqlx::{QueryBuilder, SqliteConnection, SqlitePool, query};
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AccountId, AppModel, EntityId, Epoch, HistoryEntry, Metric, Timestamp, User,
};

/// The database's life: `fresh` where it has none yet.
pub(super) async fn epoch(writer: &SqlitePool, fresh: &Epoch) -> StorageResult<Epoch> {
    let insert =
        query("INSERT INTO meta (name, value) VALUES ('epoch', ?) ON CONFLICT (name) DO NOTHING");
    insert.bind(&fresh.0).execute(writer).await?;
    let row = query("SELECT value FROM meta WHERE name = 'epoch'")
        .fetch_one(writer)
        .await?;
    Ok(Epoch(sqlx::Row::try_get(&row, "value")?))
}

pub(super) async fn store(
    connection: &mut SqliteConnection,
    account: AccountId,
    changes: &Changes,
) -> StorageResult<()> {
    let received_at = changes.head.received_at;
    for stored in changes.metrics.chunks(TOGETHER) {
        metrics(connection, account, stored, received_at).await?;
    }
    for stored in &changes.users {
        user(connection, account, stored, received_at).await?;
    }
    if let Some(stored) = &changes.app_model {
        app_model(connection, account, stored).await?;
    }
    for some in changes.ops.chunks(TOGETHER) {
        ops(connection, account, some).await?;
    }
    for (id, entry) in &changes.history {
        history(connection, account, *id, entry, received_at).await?;
    }
    if let Some(seen) = &changes.device {
        note_device(connection, account, seen).await?;
    }
    head(connection, account, &changes.head).await
}

async fn head(
    connection: &mut SqliteConnection,
    account: AccountId,
    head: &Head,
) -> StorageResult<()> {
    // A restored account that was empty in the backup has a version and has received nothing yet.
    let first = Some(head.received_at.millis()).filter(|millis| *millis > 0);
    query(
        "INSERT INTO account_head (account_id, version, user_numbers, first_received_at, received_at, horizon) \
         VALUES (?, ?, ?, ?, ?, 0) \
         ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, user_numbers = excluded.user_numbers, \
         received_at = excluded.received_at, \
         first_received_at = COALESCE(account_head.first_received_at, excluded.first_received_at)",
    )
    .bind(bytes(account.0))
    .bind(from_u64(head.version))
    .bind(head.user_numbers)
    .bind(first)
    .bind(head.received_at.millis())
    .execute(connection)
    .await?;
    Ok(())
}

/// Rows in one statement: each statement costs a way to the database's thread and back.
const TOGETHER: usize = 50;

/// Whether a statement of so many rows is worth keeping: all others differ in their length and would fill the cache.
fn is_kept(rows: usize) -> bool {
    rows == 1 || rows == TOGETHER
}

async fn metrics(
    connection: &mut SqliteConnection,
    account: AccountId,
    all: &[Stored<Metric>],
    received_at: Timestamp,
) -> StorageResult<()> {
    let stamps: StorageResult<Vec<String>> =
        all.iter().map(|stored| json_of(&stored.stamps)).collect();
    let mut insert = QueryBuilder::new(
        "INSERT INTO metric (account_id, id, user_id, user_number, weight_g, height_mm, bmi_hundredths, note, \
         created_at, utc_offset, updated_at, updated_by, deleted_at, version, received_at, stamps) ",
    );
    insert.push_values(all.iter().zip(stamps?), |mut values, (stored, stamps)| {
        let row = &stored.row;
        values
            .push_bind(bytes(account.0))
            .push_bind(bytes(row.id.0))
            .push_bind(bytes(row.user_id.0))
            .push_bind(row.user_number)
            .push_bind(row.weight.get())
            .push_bind(row.height.map(tidemark_domain::length::Millimetres::get))
            .push_bind(row.bmi.map(tidemark_domain::bmi::CentiBmi::get))
            .push_bind(&row.note)
            .push_bind(row.created_at.millis())
            .push_bind(row.utc_offset)
            .push_bind(row.updated_at.millis())
            .push_bind(
                row.updated_by
                    .as_ref()
                    .map(tidemark_protocol::DeviceId::as_str),
            )
            .push_bind(row.deleted_at.map(Timestamp::millis))
            .push_bind(from_u64(row.version))
            .push_bind(received_at.millis())
            .push_bind(stamps);
    });
    insert.push(
        " ON CONFLICT (account_id, id) DO UPDATE SET weight_g = excluded.weight_g, height_mm = excluded.height_mm, \
         bmi_hundredths = excluded.bmi_hundredths, note = excluded.note, created_at = excluded.created_at, \
         utc_offset = excluded.utc_offset, updated_at = excluded.updated_at, updated_by = excluded.updated_by, \
         deleted_at = excluded.deleted_at, version = excluded.version, received_at = excluded.received_at, \
         stamps = excluded.stamps",
    );
    let insert = insert.build().persistent(is_kept(all.len()));
    insert.execute(connection).await?;
    Ok(())
}

async fn user(
    connection: &mut SqliteConnection,
    account: AccountId,
    stored: &Stored<User>,
    received_at: Timestamp,
) -> StorageResult<()> {
    let row = &stored.row;
    query(
        "INSERT INTO app_user (account_id, id, number, name, surname, gender, avatar, height_mm, birth_date, \
         created_at, updated_at, deleted_at, version, received_at, stamps) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, surname = excluded.surname, \
         gender = excluded.gender, avatar = excluded.avatar, height_mm = excluded.height_mm, \
         birth_date = excluded.birth_date, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at, \
         version = excluded.version, received_at = excluded.received_at, stamps = excluded.stamps",
    )
    .bind(bytes(account.0))
    .bind(bytes(row.id.0))
    .bind(row.number)
    .bind(&row.name)
    .bind(&row.surname)
    .bind(row.gender.as_ref().and_then(name_of))
    .bind(&row.avatar)
    .bind(row.height.map(tidemark_domain::length::Millimetres::get))
    .bind(&row.birth_date)
    .bind(row.created_at.millis())
    .bind(row.updated_at.millis())
    .bind(row.deleted_at.map(Timestamp::millis))
    .bind(from_u64(row.version))
    .bind(received_at.millis())
    .bind(json_of(&stored.stamps)?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn app_model(
    connection: &mut SqliteConnection,
    account: AccountId,
    stored: &Stored<AppModel>,
) -> StorageResult<()> {
    query(
        "INSERT INTO app_model (account_id, version, model, stamps) VALUES (?, ?, ?, ?) \
         ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, model = excluded.model, \
         stamps = excluded.stamps",
    )
    .bind(bytes(account.0))
    .bind(from_u64(stored.row.version))
    .bind(json_of(&stored.row)?)
    .bind(json_of(&stored.stamps)?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn ops(
    connection: &mut SqliteConnection,
    account: AccountId,
    some: &[(OpKey, OpRow)],
) -> StorageResult<()> {
    let mut insert = QueryBuilder::new(
        "INSERT INTO op (account_id, op_key, payload_hash, entity_id, status, conflict, version) ",
    );
    insert.push_values(some, |mut values, (key, row)| {
        values
            .push_bind(bytes(account.0))
            .push_bind(bytes(key.0))
            .push_bind(bytes(row.hash.0))
            .push_bind(bytes(row.entity.0))
            .push_bind(name_of(&row.status))
            .push_bind(i64::from(row.conflict))
            .push_bind(from_u64(row.version));
    });
    let insert = insert.build().persistent(is_kept(some.len()));
    insert.execute(connection).await?;
    Ok(())
}

async fn history(
    connection: &mut SqliteConnection,
    account: AccountId,
    id: EntityId,
    entry: &HistoryEntry,
    received_at: Timestamp,
) -> StorageResult<()> {
    query(
        "INSERT INTO metric_history (account_id, metric_id, entry_no, version, at, device, reason, field_values, \
         received_at) SELECT ?1, ?2, COALESCE(MAX(entry_no), 0) + 1, ?3, ?4, ?5, ?6, ?7, ?8 FROM metric_history \
         WHERE account_id = ?1 AND metric_id = ?2",
    )
    .bind(bytes(account.0))
    .bind(bytes(id.0))
    .bind(from_u64(entry.version))
    .bind(entry.at.millis())
    .bind(entry.by.as_ref().map(tidemark_protocol::DeviceId::as_str))
    .bind(name_of(&entry.reason))
    .bind(json_of(&entry.values)?)
    .bind(received_at.millis())
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn note_device(
    connection: &mut SqliteConnection,
    account: AccountId,
    seen: &DeviceSeen,
) -> StorageResult<()> {
    query(
        "INSERT INTO device (account_id, device_id, created_at, last_seen_at, acknowledged_version) \
         VALUES (?, ?, ?, ?, ?) ON CONFLICT (account_id, device_id) DO UPDATE SET \
         last_seen_at = CASE WHEN excluded.last_seen_at > device.last_seen_at THEN excluded.last_seen_at \
         ELSE device.last_seen_at END, \
         acknowledged_version = CASE WHEN excluded.acknowledged_version > device.acknowledged_version \
         THEN excluded.acknowledged_version ELSE device.acknowledged_version END",
    )
    .bind(bytes(account.0))
    .bind(seen.device.as_str())
    .bind(seen.at.millis())
    .bind(seen.at.millis())
    .bind(from_u64(seen.acknowledged.unwrap_or(0)))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn probe(connection: &mut SqliteConnection) -> StorageResult<()> {
    let write = "INSERT INTO meta (name, value) VALUES ('probe', '') ON CONFLICT (name) DO UPDATE SET value = ''";
    query(write).execute(connection).await?;
    Ok(())
}
