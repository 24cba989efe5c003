//! Everything that PostgreSQL is asked. Columns are named: a statement that a connection remembers must not change its
//! result when a later version of the server adds one.

use super::transaction::Tx;
use crate::storage::{
    After, DeviceRow, Head, LivingRow, Loaded, Page, PageQuery, StorageResult, Tombstones, Wanted,
    rows,
};
use sqlx::postgres::PgRow;
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AccountId, AppModel, DeviceId, EntityId, HistoryEntry, Metric, Timestamp, User, UserRef,
};
use uuid::Uuid;

macro_rules! metric_columns {
    () => {
        "SELECT id, user_id, user_number, weight_g, height_mm, bmi_hundredths, note, created_at, utc_offset, \
         updated_at, updated_by, deleted_at, version, stamps FROM metric WHERE account_id = $1 "
    };
}

macro_rules! user_columns {
    () => {
        "SELECT id, number, name, surname, gender, avatar, height_mm, birth_date, version, created_at, updated_at, \
         deleted_at, stamps FROM app_user WHERE account_id = $1 "
    };
}

macro_rules! device_columns {
    () => {
        "SELECT device_id, name, created_at, last_seen_at, acknowledged_version FROM device WHERE account_id = $1 "
    };
}

/// A statement that looks up each of many keys by itself. Asked with `= ANY` or `IN`, a planner that knows nothing of the
/// account reads all of its rows; it can't look into what has an offset.
macro_rules! looked_up {
    ($key:literal in $($rows:tt)+) => {
        concat!(
            "SELECT found.* FROM UNNEST($2::UUID[]) AS wanted (one) CROSS JOIN LATERAL (",
            $($rows)+,
            "AND ",
            $key,
            " = wanted.one OFFSET 0) AS found"
        )
    };
}

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
    read: fn(&PgRow) -> StorageResult<Stored<R>>,
}

pub(super) const METRICS: Feed<Metric> = Feed {
    first_since: "SELECT MIN(version) AS version FROM metric WHERE account_id = $1 AND received_at >= $2",
    rows: concat!(
        metric_columns!(),
        "AND version > $2 AND (deleted_at IS NULL OR version > $3) ORDER BY version LIMIT $4"
    ),
    read: rows::metric,
};

pub(super) const USERS: Feed<User> = Feed {
    first_since: "SELECT MIN(version) AS version FROM app_user WHERE account_id = $1 AND received_at >= $2",
    rows: concat!(
        user_columns!(),
        "AND version > $2 AND (deleted_at IS NULL OR version > $3) ORDER BY version LIMIT $4"
    ),
    read: rows::user,
};

pub(super) async fn load(
    tx: &mut Tx,
    account: AccountId,
    wanted: &Wanted,
    head: Head,
) -> StorageResult<Loaded> {
    let mut loaded = Loaded {
        head,
        ..Loaded::default()
    };
    if !wanted.ops.is_empty() {
        let found = tx.say(looked_up!(
            "op_key" in "SELECT op_key, payload_hash, entity_id, status, conflict, version FROM op WHERE account_id = $1 "
        ));
        let found = found
            .bind(account.0)
            .bind(once(wanted.ops.iter().map(|key| key.0)));
        for row in tx.rows(found).await? {
            loaded.ops.insert(rows::op_key(&row)?, rows::op(&row)?);
        }
    }
    let followed: Vec<EntityId> = loaded.ops.values().map(|op| op.entity).collect();
    let ids = wanted.metrics.iter().chain(&followed).copied();
    for stored in metrics(tx, account, ids).await? {
        loaded.metrics.insert(stored.row.id, stored);
    }
    let followed = followed.into_iter().map(UserRef::Id);
    let names = wanted.users.iter().copied().chain(followed);
    loaded.users = users(tx, account, names).await?;
    if wanted.app_model {
        loaded.app_model = app_model(tx, account).await?;
    }
    Ok(loaded)
}

/// Each key once: a batch names its person with every event.
fn once<T: Ord>(keys: impl Iterator<Item = T>) -> Vec<T> {
    let mut keys: Vec<T> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How an account's head is read, and how it is locked.
pub(super) const HEAD: &str = "SELECT version, user_numbers, received_at, horizon, first_received_at, erased_at FROM account_head \
     WHERE account_id = $1";

pub(super) async fn head(tx: &mut Tx, account: AccountId) -> StorageResult<AccountHead> {
    let row = tx.row(tx.say(HEAD).bind(account.0)).await?;
    row.as_ref().map_or(Ok(AccountHead::default()), head_of)
}

pub(super) fn head_of(row: &PgRow) -> StorageResult<AccountHead> {
    Ok(AccountHead {
        head: Head {
            version: rows::counter(row, "version")?,
            user_numbers: rows::counter(row, "user_numbers")?,
            received_at: Timestamp(rows::counter(row, "received_at")?),
        },
        horizon: rows::counter(row, "horizon")?,
        first_received_at: rows::optional_moment(row, "first_received_at")?,
        is_erased: rows::optional_moment(row, "erased_at")?.is_some(),
    })
}

/// The one question about several accounts. It only reads, and each row on its own: an engine may spread it.
pub(super) async fn heads(
    tx: &mut Tx,
    accounts: &[AccountId],
) -> StorageResult<Vec<(AccountId, u64)>> {
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.0).collect();
    let sql = "SELECT account_id, version FROM account_head WHERE account_id = ANY($1)";
    let found = tx.rows(tx.say(sql).bind(ids)).await?;
    let head = |row: &PgRow| Ok((rows::account_id(row)?, rows::counter(row, "version")?));
    found.iter().map(head).collect()
}

async fn metrics(
    tx: &mut Tx,
    account: AccountId,
    ids: impl Iterator<Item = EntityId>,
) -> StorageResult<Vec<Stored<Metric>>> {
    let ids = once(ids.map(|id| id.0));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = tx.say(looked_up!("id" in metric_columns!()));
    let found = tx.rows(found.bind(account.0).bind(ids)).await?;
    found.iter().map(rows::metric).collect()
}

pub(super) async fn users(
    tx: &mut Tx,
    account: AccountId,
    names: impl Iterator<Item = UserRef>,
) -> StorageResult<Vec<Stored<User>>> {
    let (mut ids, mut numbers) = (Vec::new(), Vec::new());
    for name in names {
        match name {
            UserRef::Id(id) => ids.push(id.0),
            UserRef::Number(number) => numbers.push(rows::from_u64(number)),
        }
    }
    let (ids, numbers) = (once(ids.into_iter()), once(numbers.into_iter()));
    if ids.is_empty() && numbers.is_empty() {
        return Ok(Vec::new());
    }
    let found = tx.say(concat!(
        user_columns!(),
        "AND (id = ANY($2) OR number = ANY($3))"
    ));
    let found = found.bind(account.0).bind(ids).bind(numbers);
    tx.rows(found).await?.iter().map(rows::user).collect()
}

pub(super) async fn app_model(
    tx: &mut Tx,
    account: AccountId,
) -> StorageResult<Option<Stored<AppModel>>> {
    let found = tx.say("SELECT version, model, stamps FROM app_model WHERE account_id = $1");
    let row = tx.row(found.bind(account.0)).await?;
    row.as_ref().map(rows::app_model).transpose()
}

/// A page of a feed; the transaction must see one snapshot.
pub(super) async fn page<R>(
    tx: &mut Tx,
    account: AccountId,
    page: &PageQuery,
    feed: &Feed<R>,
) -> StorageResult<Page<R>> {
    let account_head = head(tx, account).await?;
    let version = account_head.head.version;
    let after = match page.after {
        After::Version(version) => version,
        After::Received(since) => {
            let first = tx.say(feed.first_since);
            let row = tx.row(first.bind(account.0).bind(since.millis())).await?;
            let first = row
                .as_ref()
                .map(|row| rows::optional_counter(row, "version"));
            let first: Option<u64> = first.transpose()?.flatten();
            first.map_or(version, |first| first.saturating_sub(1))
        }
    };
    let omitted_to = match page.tombstones {
        Tombstones::Included => 0,
        Tombstones::OmittedNow => version,
        Tombstones::OmittedUpTo(version) => version,
    };
    let found = tx
        .say(feed.rows)
        .bind(account.0)
        .bind(rows::from_u64(after))
        .bind(rows::from_u64(omitted_to))
        .bind(i64::try_from(page.limit + 1).unwrap_or(i64::MAX));
    let found = tx.rows(found).await?;
    let has_more = found.len() > page.limit;
    let rows = found.iter().take(page.limit);
    let rows = rows.map(|row| (feed.read)(row).map(|stored| stored.row));
    Ok(Page {
        rows: rows.collect::<StorageResult<_>>()?,
        has_more,
        head: version,
        after,
        horizon: account_head.horizon,
        first_received_at: account_head.first_received_at,
    })
}

/// All rows of a feed, deletions too.
pub(super) async fn all<R>(
    tx: &mut Tx,
    account: AccountId,
    feed: &Feed<R>,
) -> StorageResult<Vec<R>> {
    let found = tx.say(feed.rows).bind(account.0);
    let found = found.bind(0_i64).bind(0_i64).bind(i64::MAX);
    let found = tx.rows(found).await?;
    let rows = found
        .iter()
        .map(|row| (feed.read)(row).map(|stored| stored.row));
    rows.collect()
}

pub(super) async fn history(
    tx: &mut Tx,
    account: AccountId,
    id: EntityId,
) -> StorageResult<Option<Vec<HistoryEntry>>> {
    if metrics(tx, account, [id].into_iter()).await?.is_empty() {
        return Ok(None);
    }
    let found = tx.say(
        "SELECT version, at, device, reason, field_values FROM metric_history \
         WHERE account_id = $1 AND metric_id = $2 ORDER BY version DESC, entry_no DESC",
    );
    let found = tx.rows(found.bind(account.0).bind(id.0)).await?;
    let entries: StorageResult<_> = found.iter().map(rows::history).collect();
    entries.map(Some)
}

pub(super) async fn all_history(
    tx: &mut Tx,
    account: AccountId,
) -> StorageResult<Vec<(EntityId, HistoryEntry)>> {
    let found = tx.say(
        "SELECT metric_id, version, at, device, reason, field_values FROM metric_history \
         WHERE account_id = $1 ORDER BY metric_id, entry_no",
    );
    let found = tx.rows(found.bind(account.0)).await?;
    let entry = |row: &PgRow| Ok((rows::metric_id(row)?, rows::history(row)?));
    found.iter().map(entry).collect()
}

pub(super) async fn living(
    tx: &mut Tx,
    account: AccountId,
    user: EntityId,
) -> StorageResult<(u64, Vec<LivingRow>)> {
    let head = head(tx, account).await?.head.version;
    let found = tx.say(
        "SELECT id, version, created_at FROM metric WHERE account_id = $1 AND user_id = $2 AND deleted_at IS NULL",
    );
    let found = tx.rows(found.bind(account.0).bind(user.0)).await?;
    let living: StorageResult<_> = found.iter().map(rows::living).collect();
    Ok((head, living?))
}

pub(super) async fn lost_ranges(tx: &mut Tx, account: AccountId) -> StorageResult<Vec<(u64, u64)>> {
    let found = tx.say(
        "SELECT from_version, to_version FROM lost_range WHERE account_id = $1 ORDER BY from_version",
    );
    let found = tx.rows(found.bind(account.0)).await?;
    found.iter().map(rows::range).collect()
}

pub(super) async fn devices(tx: &mut Tx, account: AccountId) -> StorageResult<Vec<DeviceRow>> {
    let found = tx.say(concat!(device_columns!(), "ORDER BY device_id"));
    let found = tx.rows(found.bind(account.0)).await?;
    found.iter().map(rows::device).collect()
}

pub(super) async fn device(
    tx: &mut Tx,
    account: AccountId,
    device: &DeviceId,
) -> StorageResult<Option<DeviceRow>> {
    let found = tx.say(concat!(device_columns!(), "AND device_id = $2"));
    let row = tx.row(found.bind(account.0).bind(device.as_str())).await?;
    row.as_ref().map(rows::device).transpose()
}
