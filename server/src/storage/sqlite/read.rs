//! Everything that SQLite is asked.

use crate::storage::{
    After, DeviceRow, Head, LivingRow, Loaded, Page, PageQuery, StorageError, StorageResult,
    Tombstones, Wanted, rows,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, query};
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AccountId, AppModel, DeviceId, EntityId, HistoryEntry, Metric, Timestamp, User, UserRef,
};
use uuid::Uuid;

/// An account's counters and what a pull needs beside them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AccountHead {
    pub head: Head,
    pub horizon: u64,
    pub first_received_at: Option<Timestamp>,
    pub is_erased: bool,
}

/// A feed: its statements and how its rows are read.
pub(super) struct Feed<R> {
    /// The version of the first row received at or after a moment.
    first_since: &'static str,
    /// Rows after a version, deletions up to another left out.
    rows: &'static str,
    read: fn(&SqliteRow) -> StorageResult<Stored<R>>,
}

pub(super) const METRICS: Feed<Metric> = Feed {
    first_since: "SELECT MIN(version) AS version FROM metric WHERE account_id = ? AND received_at >= ?",
    rows: "SELECT * FROM metric WHERE account_id = ? AND version > ? AND (deleted_at IS NULL OR version > ?) \
           ORDER BY version LIMIT ?",
    read: rows::metric,
};

pub(super) const USERS: Feed<User> = Feed {
    first_since: "SELECT MIN(version) AS version FROM app_user WHERE account_id = ? AND received_at >= ?",
    rows: "SELECT * FROM app_user WHERE account_id = ? AND version > ? AND (deleted_at IS NULL OR version > ?) \
           ORDER BY version LIMIT ?",
    read: rows::user,
};

pub(super) async fn load(
    connection: &mut SqliteConnection,
    account: AccountId,
    wanted: &Wanted,
) -> StorageResult<Loaded> {
    let mut loaded = Loaded {
        head: living_head(connection, account).await?,
        ..Loaded::default()
    };
    let keys = wanted.ops.iter().map(|key| key.0);
    for row in all_of(connection, OPS, account, keys).await? {
        loaded.ops.insert(rows::op_key(&row)?, rows::op(&row)?);
    }
    let followed: Vec<EntityId> = loaded.ops.values().map(|op| op.entity).collect();
    let ids = wanted.metrics.iter().chain(&followed).map(|id| id.0);
    for row in all_of(connection, METRICS_OF, account, ids).await? {
        let stored = rows::metric(&row)?;
        loaded.metrics.insert(stored.row.id, stored);
    }
    let followed = followed.into_iter().map(UserRef::Id);
    for name in wanted.users.iter().copied().chain(followed) {
        if loaded.user(name).is_some() {
            continue;
        }
        loaded.users.extend(user(connection, account, name).await?);
    }
    if wanted.app_model {
        loaded.app_model = app_model(connection, account).await?;
    }
    Ok(loaded)
}

pub(super) async fn head(
    connection: &mut SqliteConnection,
    account: AccountId,
) -> StorageResult<AccountHead> {
    let found = query("SELECT * FROM account_head WHERE account_id = ?").bind(bytes(account.0));
    let Some(row) = found.fetch_optional(connection).await? else {
        return Ok(AccountHead::default());
    };
    Ok(AccountHead {
        head: Head {
            version: rows::counter(&row, "version")?,
            user_numbers: rows::counter(&row, "user_numbers")?,
            received_at: Timestamp(rows::counter(&row, "received_at")?),
        },
        horizon: rows::counter(&row, "horizon")?,
        first_received_at: rows::optional_moment(&row, "first_received_at")?,
        is_erased: rows::optional_moment(&row, "erased_at")?.is_some(),
    })
}

/// The head of an account that is not gone: with what every change begins.
pub(super) async fn living_head(
    connection: &mut SqliteConnection,
    account: AccountId,
) -> StorageResult<Head> {
    let found = head(connection, account).await?;
    if found.is_erased {
        return Err(StorageError::Erased);
    }
    Ok(found.head)
}

const OPS: &str =
    "SELECT * FROM op WHERE account_id = ? AND op_key IN (SELECT unhex(value) FROM json_each(?))";
const METRICS_OF: &str =
    "SELECT * FROM metric WHERE account_id = ? AND id IN (SELECT unhex(value) FROM json_each(?))";

/// The rows of these ids: one statement, since each costs a way to the database's thread and back.
async fn all_of(
    connection: &mut SqliteConnection,
    sql: &'static str,
    account: AccountId,
    ids: impl Iterator<Item = Uuid>,
) -> StorageResult<Vec<SqliteRow>> {
    let ids: Vec<String> = ids.map(|id| id.simple().to_string()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = query(sql).bind(bytes(account.0)).bind(rows::json_of(&ids)?);
    Ok(found.fetch_all(connection).await?)
}

pub(super) async fn user(
    connection: &mut SqliteConnection,
    account: AccountId,
    name: UserRef,
) -> StorageResult<Option<Stored<User>>> {
    let found = match name {
        UserRef::Id(id) => query("SELECT * FROM app_user WHERE account_id = ? AND id = ?")
            .bind(bytes(account.0))
            .bind(bytes(id.0)),
        UserRef::Number(number) => {
            query("SELECT * FROM app_user WHERE account_id = ? AND number = ?")
                .bind(bytes(account.0))
                .bind(rows::from_u64(number))
        }
    };
    found
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(rows::user)
        .transpose()
}

pub(super) async fn app_model(
    connection: &mut SqliteConnection,
    account: AccountId,
) -> StorageResult<Option<Stored<AppModel>>> {
    let found = query("SELECT * FROM app_model WHERE account_id = ?").bind(bytes(account.0));
    found
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(rows::app_model)
        .transpose()
}

/// A page of a feed; the connection must be inside a transaction, so that all its reads see one snapshot.
pub(super) async fn page<R>(
    connection: &mut SqliteConnection,
    account: AccountId,
    page: &PageQuery,
    feed: &Feed<R>,
) -> StorageResult<Page<R>> {
    let AccountHead {
        head,
        horizon,
        first_received_at,
        ..
    } = head(connection, account).await?;
    let after = match page.after {
        After::Version(version) => version,
        After::Received(since) => {
            let first = query(feed.first_since)
                .bind(bytes(account.0))
                .bind(since.millis());
            let row = first.fetch_one(&mut *connection).await?;
            let first: Option<u64> = rows::optional_counter(&row, "version")?;
            first.map_or(head.version, |first| first.saturating_sub(1))
        }
    };
    let omitted_to = match page.tombstones {
        Tombstones::Included => 0,
        Tombstones::OmittedNow => head.version,
        Tombstones::OmittedUpTo(version) => version,
    };
    let found = query(feed.rows)
        .bind(bytes(account.0))
        .bind(rows::from_u64(after))
        .bind(rows::from_u64(omitted_to))
        .bind(i64::try_from(page.limit + 1).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let has_more = found.len() > page.limit;
    let rows = found
        .iter()
        .take(page.limit)
        .map(|row| (feed.read)(row).map(|stored| stored.row));
    Ok(Page {
        rows: rows.collect::<StorageResult<_>>()?,
        has_more,
        head: head.version,
        after,
        horizon,
        first_received_at,
    })
}

pub(super) async fn history(
    connection: &mut SqliteConnection,
    account: AccountId,
    id: EntityId,
) -> StorageResult<Option<Vec<HistoryEntry>>> {
    let found = all_of(connection, METRICS_OF, account, std::iter::once(id.0)).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let found = query(
        "SELECT * FROM metric_history WHERE account_id = ? AND metric_id = ? ORDER BY version DESC, entry_no DESC",
    );
    let found = found
        .bind(bytes(account.0))
        .bind(bytes(id.0))
        .fetch_all(connection)
        .await?;
    found
        .iter()
        .map(rows::history)
        .collect::<StorageResult<_>>()
        .map(Some)
}

/// All rows of a feed, deletions too.
pub(super) async fn all<R>(
    connection: &mut SqliteConnection,
    account: AccountId,
    feed: &Feed<R>,
) -> StorageResult<Vec<R>> {
    let found = query(feed.rows)
        .bind(bytes(account.0))
        .bind(0)
        .bind(0)
        .bind(i64::MAX)
        .fetch_all(connection)
        .await?;
    let rows = found
        .iter()
        .map(|row| (feed.read)(row).map(|stored| stored.row));
    rows.collect()
}

pub(super) async fn all_history(
    connection: &mut SqliteConnection,
    account: AccountId,
) -> StorageResult<Vec<(EntityId, HistoryEntry)>> {
    let found =
        query("SELECT * FROM metric_history WHERE account_id = ? ORDER BY metric_id, entry_no")
            .bind(bytes(account.0))
            .fetch_all(connection)
            .await?;
    found
        .iter()
        .map(|row| Ok((rows::metric_id(row)?, rows::history(row)?)))
        .collect()
}

pub(super) async fn living(
    connection: &mut SqliteConnection,
    account: AccountId,
    user: EntityId,
) -> StorageResult<(u64, Vec<LivingRow>)> {
    let head = head(connection, account).await?.head.version;
    let found = query(
        "SELECT id, version, created_at FROM metric WHERE account_id = ? AND user_id = ? AND deleted_at IS NULL",
    );
    let found = found
        .bind(bytes(account.0))
        .bind(bytes(user.0))
        .fetch_all(connection)
        .await?;
    Ok((
        head,
        found
            .iter()
            .map(rows::living)
            .collect::<StorageResult<_>>()?,
    ))
}

pub(super) async fn lost_ranges(
    connection: &mut SqliteConnection,
    account: AccountId,
) -> StorageResult<Vec<(u64, u64)>> {
    let found = query("SELECT * FROM lost_range WHERE account_id = ? ORDER BY from_version")
        .bind(bytes(account.0));
    found
        .fetch_all(connection)
        .await?
        .iter()
        .map(rows::range)
        .collect()
}

pub(super) async fn devices(
    connection: &mut SqliteConnection,
    account: AccountId,
) -> StorageResult<Vec<DeviceRow>> {
    let found = query("SELECT * FROM device WHERE account_id = ? ORDER BY device_id")
        .bind(bytes(account.0));
    found
        .fetch_all(connection)
        .await?
        .iter()
        .map(rows::device)
        .collect()
}

pub(super) async fn device(
    connection: &mut SqliteConnection,
    account: AccountId,
    device: &DeviceId,
) -> StorageResult<Option<DeviceRow>> {
    let found = query("SELECT * FROM device WHERE account_id = ? AND device_id = ?");
    let found = found
        .bind(bytes(account.0))
        .bind(device.as_str())
        .fetch_optional(connection)
        .await?;
    found.as_ref().map(rows::device).transpose()
}

/// An id as the database holds it.
pub(super) fn bytes(id: uuid::Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}
