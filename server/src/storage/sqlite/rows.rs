//! Rows as columns: where numbers of the database become the protocol's types again.

use crate::storage::{
    AccountRow, DeviceRow, LivingRow, OpRow, SecretHash, SessionId, SessionRow, StorageError,
    StorageResult,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AccountId, AppModel, DeviceId, EntityId, HistoryEntry, Metric, PayloadHash, Timestamp, User,
};
use uuid::Uuid;

/// A column as a type of the protocol; `T` is what the database holds.
fn column<T, U>(
    row: &SqliteRow,
    name: &'static str,
    read: impl Fn(T) -> Option<U>,
) -> StorageResult<U>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    read(row.try_get(name)?).ok_or(StorageError::Damaged(name))
}

/// The same for a column that may be null.
fn nullable<T, U>(
    row: &SqliteRow,
    name: &'static str,
    read: impl Fn(T) -> Option<U>,
) -> StorageResult<Option<U>>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    let value: Option<T> = row.try_get(name)?;
    value
        .map(|value| read(value).ok_or(StorageError::Damaged(name)))
        .transpose()
}

/// Version counters are kept as signed numbers.
pub(super) fn from_u64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "decoded columns are owned")]
fn uuid(bytes: Vec<u8>) -> Option<Uuid> {
    Uuid::from_slice(&bytes).ok()
}

fn entity(bytes: Vec<u8>) -> Option<EntityId> {
    uuid(bytes).map(EntityId)
}

pub(super) fn number<U: TryFrom<i64>>(number: i64) -> Option<U> {
    U::try_from(number).ok()
}

#[expect(clippy::unnecessary_wraps, reason = "a column reader")]
fn moment(millis: i64) -> Option<Timestamp> {
    Some(Timestamp(millis))
}

#[expect(clippy::needless_pass_by_value, reason = "decoded columns are owned")]
fn json<T: DeserializeOwned>(text: String) -> Option<T> {
    serde_json::from_str(&text).ok()
}

#[expect(clippy::needless_pass_by_value, reason = "decoded columns are owned")]
fn device_id(text: String) -> Option<DeviceId> {
    DeviceId::parse(&text)
}

fn height(millimetres: i64) -> Option<Millimetres> {
    number(millimetres).and_then(|millimetres| Millimetres::new(millimetres).ok())
}

/// A value of a plain enum by its name on the wire.
pub(super) fn name_of(value: &impl Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => Some(name),
        _ => None,
    }
}

fn named<T: DeserializeOwned>(name: String) -> Option<T> {
    serde_json::from_value(Value::String(name)).ok()
}

/// A value that is kept as JSON.
pub(super) fn json_of(value: &impl Serialize) -> StorageResult<String> {
    serde_json::to_string(value).map_err(|_| StorageError::Damaged("value"))
}

pub(super) fn metric(row: &SqliteRow) -> StorageResult<Stored<Metric>> {
    let id = column(row, "id", entity)?;
    let metric = Metric {
        id,
        server_id: id,
        user_id: column(row, "user_id", entity)?,
        user_number: column(row, "user_number", number)?,
        weight: column(row, "weight_g", |grams| Grams::new(number(grams)?).ok())?,
        height: nullable(row, "height_mm", height)?,
        bmi: nullable(row, "bmi_hundredths", |bmi| {
            number(bmi).map(CentiBmi::from_hundredths)
        })?,
        note: row.try_get("note")?,
        created_at: column(row, "created_at", moment)?,
        utc_offset: nullable(row, "utc_offset", number)?,
        updated_at: column(row, "updated_at", moment)?,
        updated_by: nullable(row, "updated_by", device_id)?,
        deleted_at: nullable(row, "deleted_at", moment)?,
        version: column(row, "version", number)?,
    };
    Ok(Stored {
        row: metric,
        stamps: column(row, "stamps", json)?,
    })
}

pub(super) fn user(row: &SqliteRow) -> StorageResult<Stored<User>> {
    let user = User {
        id: column(row, "id", entity)?,
        number: column(row, "number", number)?,
        name: row.try_get("name")?,
        surname: row.try_get("surname")?,
        gender: nullable(row, "gender", named)?,
        avatar: row.try_get("avatar")?,
        height: nullable(row, "height_mm", height)?,
        birth_date: row.try_get("birth_date")?,
        version: column(row, "version", number)?,
        created_at: column(row, "created_at", moment)?,
        updated_at: column(row, "updated_at", moment)?,
        deleted_at: nullable(row, "deleted_at", moment)?,
    };
    Ok(Stored {
        row: user,
        stamps: column(row, "stamps", json)?,
    })
}

pub(super) fn app_model(row: &SqliteRow) -> StorageResult<Stored<AppModel>> {
    let mut model: AppModel = column(row, "model", json)?;
    model.version = column(row, "version", number)?;
    Ok(Stored {
        row: model,
        stamps: column(row, "stamps", json)?,
    })
}

pub(super) fn op(row: &SqliteRow) -> StorageResult<OpRow> {
    Ok(OpRow {
        hash: column(row, "payload_hash", |bytes| uuid(bytes).map(PayloadHash))?,
        entity: column(row, "entity_id", entity)?,
        status: column(row, "status", named)?,
        conflict: column(row, "conflict", |flag: i64| Some(flag != 0))?,
        version: column(row, "version", number)?,
    })
}

pub(super) fn history(row: &SqliteRow) -> StorageResult<HistoryEntry> {
    Ok(HistoryEntry {
        version: column(row, "version", number)?,
        at: column(row, "at", moment)?,
        by: nullable(row, "device", device_id)?,
        reason: column(row, "reason", named)?,
        values: column(row, "field_values", json)?,
    })
}

pub(super) fn living(row: &SqliteRow) -> StorageResult<LivingRow> {
    Ok(LivingRow {
        id: column(row, "id", entity)?,
        version: column(row, "version", number)?,
        created_at: column(row, "created_at", moment)?,
    })
}

pub(super) fn device(row: &SqliteRow) -> StorageResult<DeviceRow> {
    Ok(DeviceRow {
        device: device_of(row)?,
        name: row.try_get("name")?,
        created_at: column(row, "created_at", moment)?,
        last_seen_at: column(row, "last_seen_at", moment)?,
        acknowledged_version: column(row, "acknowledged_version", number)?,
    })
}

pub(super) fn account(row: &SqliteRow) -> StorageResult<AccountRow> {
    Ok(AccountRow {
        email: row.try_get("email")?,
        password_hash: row.try_get("password_hash")?,
        recovery_hash: column(row, "recovery_hash", |bytes| secret(bytes).map(SecretHash))?,
        created_at: column(row, "created_at", moment)?,
    })
}

pub(super) fn session(row: &SqliteRow) -> StorageResult<SessionRow> {
    let moments = |text| Some(json::<Vec<i64>>(text)?.into_iter().map(Timestamp).collect());
    Ok(SessionRow {
        id: column(row, "session_id", |bytes| uuid(bytes).map(SessionId))?,
        device: device_of(row)?,
        created_at: column(row, "created_at", moment)?,
        used_at: column(row, "used_at", moment)?,
        generation: column(row, "generation", number)?,
        secret_hash: column(row, "secret_hash", |bytes| secret(bytes).map(SecretHash))?,
        salt: column(row, "salt", secret)?,
        rotations: column(row, "rotations", moments)?,
    })
}

fn secret(bytes: Vec<u8>) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}

pub(super) fn account_id(row: &SqliteRow) -> StorageResult<AccountId> {
    column(row, "account_id", |bytes| uuid(bytes).map(AccountId))
}

pub(super) fn device_of(row: &SqliteRow) -> StorageResult<DeviceId> {
    column(row, "device_id", device_id)
}

pub(super) fn metric_id(row: &SqliteRow) -> StorageResult<EntityId> {
    column(row, "metric_id", entity)
}

pub(super) fn range(row: &SqliteRow) -> StorageResult<(u64, u64)> {
    Ok((
        column(row, "from_version", number)?,
        column(row, "to_version", number)?,
    ))
}

pub(super) fn optional_moment(
    row: &SqliteRow,
    name: &'static str,
) -> StorageResult<Option<Timestamp>> {
    nullable(row, name, moment)
}

pub(super) fn counter<U: TryFrom<i64>>(row: &SqliteRow, name: &'static str) -> StorageResult<U> {
    column(row, name, number)
}
