//! What an operator does to a database file: a backup, and a backup put in place again.
//!
//! A restored database is another life of it: a new epoch, every counter above all that was ever given out, and the
//! versions in between named as lost, so that devices bring back what they hold of them.

use super::{BUSY_TIMEOUT, SqliteStorage};
use crate::storage::upkeep::next_life;
use crate::storage::{Storage, StorageError, StorageResult, rows};
use crate::sync::BUILT_IN_ACCOUNT;
use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteLockingMode};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection, query};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tidemark_protocol::{Epoch, Timestamp};

/// `SQLITE_BUSY`, the lowest byte of its kinds.
const BUSY: u32 = 5;

/// Writes a whole copy of a database, which may be in use, into a new file.
///
/// # Errors
/// If there is no database of ours, or the file is there already or can't be written: then there is no new file.
pub async fn back_up(database: &Path, to: &Path) -> StorageResult<()> {
    if to.exists() {
        return Err(StorageError::Exists(to.to_owned()));
    }
    if !database.is_file() {
        return Err(StorageError::NotOurs(database.to_owned()));
    }
    let part = beside(to, "part");
    remove(&part)?;
    let options = SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    check_ours(&mut connection, database).await?;
    query("VACUUM INTO ?")
        .bind(part.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    put_in_place(&part, to)
}

/// Puts a backup in the place of a database that nobody uses, as another life of it. Answers where the replaced one
/// lies now, if there was one.
///
/// `now` keeps lives apart where the replaced database is lost and can't tell its versions.
///
/// # Errors
/// If the database is in use, or the backup can't be read: then everything stays as it is.
pub async fn restore(
    backup: &Path,
    database: &Path,
    epoch: &Epoch,
    now: Timestamp,
) -> StorageResult<Option<PathBuf>> {
    if !backup.is_file() {
        return Err(StorageError::NotOurs(backup.to_owned()));
    }
    let replaced = highest_of_replaced(database).await?;
    if let Some(folder) = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)?;
    }
    let fresh = beside(database, "restoring");
    remove(&fresh)?;
    fs::copy(backup, &fresh)?;
    let begun = begin_life(&fresh, backup, replaced, epoch, now).await;
    if let Err(error) = begun {
        remove(&fresh)?;
        return Err(error);
    }
    let kept = beside(database, &format!("replaced-{}", epoch.0));
    let was_there = database.exists();
    for suffix in ["", "-wal", "-shm"] {
        let old = with_suffix(database, suffix);
        if old.exists() {
            fs::rename(&old, with_suffix(&kept, suffix))?;
        }
    }
    put_in_place(&fresh, database)?;
    Ok(was_there.then_some(kept))
}

/// Makes a copy of a backup the next life of the database.
async fn begin_life(
    fresh: &Path,
    backup: &Path,
    replaced: u64,
    epoch: &Epoch,
    now: Timestamp,
) -> StorageResult<()> {
    let mut connection = SqliteConnectOptions::new()
        .filename(fresh)
        .connect()
        .await?;
    check_ours(&mut connection, backup).await?;
    let checked = query("PRAGMA quick_check")
        .fetch_one(&mut connection)
        .await?;
    if checked.try_get::<String, _>(0)? != "ok" {
        return Err(StorageError::Damaged("backup"));
    }
    connection.close().await?;
    // Brings the schema of an older backup up to date.
    let storage = SqliteStorage::open(fresh, epoch).await?;
    let mut tx = storage.begin_write().await?;
    let highest = highest(&mut tx).await?.max(replaced);
    let floor = next_life(highest, now);
    raise(&mut tx, rows::from_u64(floor), epoch).await?;
    tx.commit().await?;
    storage.close().await;
    Ok(())
}

async fn raise(connection: &mut SqliteConnection, floor: i64, epoch: &Epoch) -> StorageResult<()> {
    // The account without sign-in may be younger than the backup: its counter too begins above what it gave out.
    query(
        "INSERT INTO account_head (account_id, version, user_numbers, received_at, horizon) VALUES (?, 0, 0, 0, 0) \
         ON CONFLICT (account_id) DO NOTHING",
    )
    .bind(super::read::bytes(BUILT_IN_ACCOUNT.0))
    .execute(&mut *connection)
    .await?;
    query(
        "INSERT INTO lost_range (account_id, from_version, to_version) \
         SELECT account_id, version + 1, ? FROM account_head",
    )
    .bind(floor)
    .execute(&mut *connection)
    .await?;
    query("UPDATE account_head SET version = ?")
        .bind(floor)
        .execute(&mut *connection)
        .await?;
    query("UPDATE meta SET value = ? WHERE name = 'epoch'")
        .bind(&epoch.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The highest version that the database to be replaced has given out; 0 where it is not there or can't tell.
async fn highest_of_replaced(database: &Path) -> StorageResult<u64> {
    if !database.exists() {
        return Ok(0);
    }
    let options = SqliteConnectOptions::new()
        .filename(database)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(Duration::ZERO);
    match look_at_replaced(options).await {
        Err(StorageError::Database(error)) if is_busy(&error) => Err(StorageError::InUse),
        // A broken database is a reason for a restore.
        told => Ok(told.unwrap_or(0)),
    }
}

async fn look_at_replaced(options: SqliteConnectOptions) -> StorageResult<u64> {
    let mut connection = options.connect().await?;
    let mut tx = connection.begin_with("BEGIN EXCLUSIVE").await?;
    let found = highest(&mut tx).await?;
    tx.rollback().await?;
    connection.close().await?;
    Ok(found)
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    let code = code.and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == BUSY)
}

async fn highest(connection: &mut SqliteConnection) -> StorageResult<u64> {
    let row = query("SELECT MAX(version) AS version FROM account_head")
        .fetch_one(connection)
        .await?;
    let found: Option<i64> = row.try_get("version")?;
    Ok(found.and_then(rows::number).unwrap_or(0))
}

async fn check_ours(connection: &mut SqliteConnection, path: &Path) -> StorageResult<()> {
    let found = query("SELECT value FROM meta WHERE name = 'epoch'")
        .fetch_optional(connection)
        .await;
    match found {
        Ok(Some(_)) => Ok(()),
        Err(error) if is_busy(&error) => Err(error.into()),
        Ok(None) | Err(_) => Err(StorageError::NotOurs(path.to_owned())),
    }
}

/// Gives a finished file its name, on disk before this returns.
fn put_in_place(part: &Path, to: &Path) -> StorageResult<()> {
    fs::File::open(part)?.sync_all()?;
    fs::rename(part, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

fn remove(file: &Path) -> StorageResult<()> {
    for suffix in ["", "-wal", "-shm"] {
        let path = with_suffix(file, suffix);
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn beside(file: &Path, what: &str) -> PathBuf {
    with_suffix(file, &format!(".{what}"))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
