//! Rows as columns: where numbers of a database become the protocol's types again, whichever database it is.

use crate::storage::{
    AccountRow, DeviceRow, LivingRow, OpKey, OpRow, SecretHash, SessionId, SessionRow,
    StorageError, StorageResult,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{ColumnIndex, Decode, Row, Type};
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AccountId, AppModel, DeviceId, EntityId, Epoch, HistoryEntry, Metric, PayloadHash, Timestamp,
    User,
};
use uuid::Uuid;

/// A row that has columns of a type.
pub(super) trait Has<T> {
    /// The column's value; a null is `None`.
    fn value(&self, name: &'static str) -> StorageResult<Option<T>>;
}

impl<R, T> Has<T> for R
where
    R: Row,
    T: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    &'static str: ColumnIndex<R>,
{
    fn value(&self, name: &'static str) -> StorageResult<Option<T>> {
        Ok(self.try_get(name)?)
    }
}

/// A row by the few types that our columns have: both databases' rows are such.
pub(super) trait Columns: Has<Uuid> + Has<i64> + Has<String> + Has<Vec<u8>> {}

impl<R: Has<Uuid> + Has<i64> + Has<String> + Has<Vec<u8>>> Columns for R {}

/// A column as a type of the protocol; `T` is what the database holds.
fn column<T, U>(
    row: &impl Has<T>,
    name: &'static str,
    read: impl Fn(T) -> Option<U>,
) -> StorageResult<U> {
    nullable(row, name, read)?.ok_or(StorageError::Damaged(name))
}

/// The same for a column that may be null.
fn nullable<T, U>(
    row: &impl Has<T>,
    name: &'static str,
    read: impl Fn(T) -> Option<U>,
) -> StorageResult<Option<U>> {
    row.value(name)?
        .map(|value| read(value).ok_or(StorageError::Damaged(name)))
        .transpose()
}

/// Version counters are kept as signed numbers.
pub(super) fn from_u64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[expect(clippy::unnecessary_wraps, reason = "a column reader")]
fn entity(id: Uuid) -> Option<EntityId> {
    Some(EntityId(id))
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

pub(super) fn metric(row: &impl Columns) -> StorageResult<Stored<Metric>> {
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
        note: row.value("note")?,
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

pub(super) fn user(row: &impl Columns) -> StorageResult<Stored<User>> {
    let user = User {
        id: column(row, "id", entity)?,
        number: column(row, "number", number)?,
        name: row.value("name")?,
        surname: row.value("surname")?,
        gender: nullable(row, "gender", named)?,
        avatar: row.value("avatar")?,
        height: nullable(row, "height_mm", height)?,
        birth_date: row.value("birth_date")?,
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

pub(super) fn app_model(row: &impl Columns) -> StorageResult<Stored<AppModel>> {
    let mut model: AppModel = column(row, "model", json)?;
    model.version = column(row, "version", number)?;
    Ok(Stored {
        row: model,
        stamps: column(row, "stamps", json)?,
    })
}

pub(super) fn op(row: &impl Columns) -> StorageResult<OpRow> {
    Ok(OpRow {
        hash: column(row, "payload_hash", |id| Some(PayloadHash(id)))?,
        entity: column(row, "entity_id", entity)?,
        status: column(row, "status", named)?,
        conflict: column(row, "conflict", |flag: i64| Some(flag != 0))?,
        version: column(row, "version", number)?,
    })
}

pub(super) fn op_key(row: &impl Columns) -> StorageResult<OpKey> {
    column(row, "op_key", |id| Some(OpKey(id)))
}

pub(super) fn history(row: &impl Columns) -> StorageResult<HistoryEntry> {
    Ok(HistoryEntry {
        version: column(row, "version", number)?,
        at: column(row, "at", moment)?,
        by: nullable(row, "device", device_id)?,
        reason: column(row, "reason", named)?,
        values: column(row, "field_values", json)?,
    })
}

pub(super) fn living(row: &impl Columns) -> StorageResult<LivingRow> {
    Ok(LivingRow {
        id: column(row, "id", entity)?,
        version: column(row, "version", number)?,
        created_at: column(row, "created_at", moment)?,
    })
}

pub(super) fn device(row: &impl Columns) -> StorageResult<DeviceRow> {
    Ok(DeviceRow {
        device: device_of(row)?,
        name: row.value("name")?,
        created_at: column(row, "created_at", moment)?,
        last_seen_at: column(row, "last_seen_at", moment)?,
        acknowledged_version: column(row, "acknowledged_version", number)?,
    })
}

pub(super) fn account(row: &impl Columns) -> StorageResult<AccountRow> {
    Ok(AccountRow {
        email: column(row, "email", Some)?,
        password_hash: column(row, "password_hash", Some)?,
        recovery_hash: column(row, "recovery_hash", |bytes| secret(bytes).map(SecretHash))?,
        created_at: column(row, "created_at", moment)?,
    })
}

pub(super) fn session(row: &impl Columns) -> StorageResult<SessionRow> {
    let moments = |text| Some(json::<Vec<i64>>(text)?.into_iter().map(Timestamp).collect());
    Ok(SessionRow {
        id: column(row, "session_id", |id| Some(SessionId(id)))?,
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

pub(super) fn account_id(row: &impl Columns) -> StorageResult<AccountId> {
    column(row, "account_id", |id| Some(AccountId(id)))
}

pub(super) fn device_of(row: &impl Columns) -> StorageResult<DeviceId> {
    column(row, "device_id", device_id)
}

pub(super) fn metric_id(row: &impl Columns) -> StorageResult<EntityId> {
    column(row, "metric_id", entity)
}

pub(super) fn range(row: &impl Columns) -> StorageResult<(u64, u64)> {
    Ok((
        column(row, "from_version", number)?,
        column(row, "to_version", number)?,
    ))
}

pub(super) fn optional_moment(
    row: &impl Columns,
    name: &'static str,
) -> StorageResult<Option<Timestamp>> {
    nullable(row, name, moment)
}

pub(super) fn counter<U: TryFrom<i64>>(row: &impl Columns, name: &'static str) -> StorageResult<U> {
    column(row, name, number)
}

pub(super) fn optional_counter<U: TryFrom<i64>>(
    row: &impl Columns,
    name: &'static str,
) -> StorageResult<Option<U>> {
    nullable(row, name, number)
}

pub(super) fn epoch(row: &impl Columns) -> StorageResult<Epoch> {
    column(row, "value", |text| Some(Epoch(text)))
}
