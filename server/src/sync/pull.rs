//! `GET /v1/metrics` and `GET /v1/users`: a page of changes and where the next one begins.

use super::cursor::{self, Feed, Position};
use super::{Caller, SyncError};
use crate::storage::{After, DeviceSeen, Page, PageQuery, Storage, Tombstones};
use tidemark_protocol::problem::ResyncReason;
use tidemark_protocol::{Cursor, Metric, MetricsPage, Timestamp, User, UsersPage};

/// Rows received this long before a given time are answered too.
const OVERLAP_MS: i64 = 60_000;
/// Above every version: a device may hold rows newer than its cursor, since what it pushed is answered at once. What
/// every JSON reader keeps exact.
const VERSION_MAX: u64 = (1 << 53) - 1;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// A cursor or an RFC 3339 time; absent for a first pull.
    pub since: Option<String>,
    /// Rows at most.
    pub limit: usize,
}

/// Where a pull begins.
enum Start {
    First,
    At(Position),
    Time(Timestamp),
}

/// A page of metrics. A cursor that comes back tells what the device holds.
///
/// # Errors
/// A bad or outdated cursor, or the storage.
pub async fn pull_metrics<S: Storage>(
    storage: &S,
    caller: &Caller,
    request: &PullRequest,
) -> Result<MetricsPage, SyncError> {
    let start = start(storage, caller, Feed::Metrics, request).await?;
    let page = storage
        .metrics_page(caller.account, &query(&start, request))
        .await?;
    check_page(&start, &page)?;
    if let Some(device) = &caller.device {
        let acknowledged = match &start {
            Start::At(position) => Some(position.after),
            Start::First | Start::Time(_) => None,
        };
        let seen = DeviceSeen {
            device: device.clone(),
            at: caller.now,
            acknowledged,
        };
        storage.note_device(caller.account, &seen).await?;
    }
    let cursor = next_cursor(
        storage,
        caller,
        Feed::Metrics,
        &start,
        &page,
        |row: &Metric| row.version,
    );
    Ok(MetricsPage {
        metrics: page.rows,
        cursor,
        has_more: page.has_more,
        head: page.head,
        epoch: storage.epoch(),
        server_time: caller.now,
    })
}

/// A page of users.
///
/// # Errors
/// A bad or outdated cursor, or the storage.
pub async fn pull_users<S: Storage>(
    storage: &S,
    caller: &Caller,
    request: &PullRequest,
) -> Result<UsersPage, SyncError> {
    let start = start(storage, caller, Feed::Users, request).await?;
    let page = storage
        .users_page(caller.account, &query(&start, request))
        .await?;
    check_page(&start, &page)?;
    let cursor = next_cursor(storage, caller, Feed::Users, &start, &page, |row: &User| {
        row.version
    });
    Ok(UsersPage {
        users: page.rows,
        cursor,
        has_more: page.has_more,
        head: page.head,
        epoch: storage.epoch(),
        server_time: caller.now,
    })
}

async fn start<S: Storage>(
    storage: &S,
    caller: &Caller,
    feed: Feed,
    request: &PullRequest,
) -> Result<Start, SyncError> {
    let Some(since) = &request.since else {
        return Ok(Start::First);
    };
    // A plus sign that was not escaped arrives as a space.
    let escaped = || Timestamp::parse(&since.replace(' ', "+"));
    if let Some(time) = Timestamp::parse(since).or_else(escaped) {
        return Ok(Start::Time(time.min(caller.now).plus_millis(-OVERLAP_MS)));
    }
    let epoch = storage.epoch();
    let position = cursor::read(caller.account, feed, &epoch, since).ok_or(SyncError::BadCursor)?;
    if position.epoch == epoch {
        return Ok(Start::At(position));
    }
    let known = storage.lost_ranges(caller.account).await?;
    let lost = if known.is_empty() {
        vec![(1, VERSION_MAX)]
    } else {
        known
    };
    Err(SyncError::ResyncRequired {
        reason: ResyncReason::Epoch,
        lost: Some(lost),
    })
}

fn query(start: &Start, request: &PullRequest) -> PageQuery {
    let (after, tombstones) = match start {
        Start::First => (After::Version(0), Tombstones::OmittedNow),
        Start::At(Position {
            after,
            omits_deleted_to: None,
            ..
        }) => (After::Version(*after), Tombstones::Included),
        Start::At(Position {
            after,
            omits_deleted_to: Some(to),
            ..
        }) => (After::Version(*after), Tombstones::OmittedUpTo(*to)),
        Start::Time(time) => (After::Received(*time), Tombstones::Included),
    };
    PageQuery {
        after,
        tombstones,
        limit: request.limit,
    }
}

/// Whether what the client holds and this page make a whole.
fn check_page<R>(start: &Start, page: &Page<R>) -> Result<(), SyncError> {
    let knows_deletions_to = match start {
        Start::First => return Ok(()),
        Start::At(position) if position.after > page.head => {
            // The database went back without anyone telling: an older copy of the file.
            let lost = Some(vec![(page.head + 1, VERSION_MAX)]);
            return Err(SyncError::ResyncRequired {
                reason: ResyncReason::Epoch,
                lost,
            });
        }
        Start::At(position) => position.omits_deleted_to.unwrap_or(position.after),
        Start::Time(time) if page.first_received_at.is_none_or(|first| *time < first) => {
            return Ok(());
        }
        Start::Time(_) => page.after,
    };
    if knows_deletions_to < page.horizon {
        return Err(SyncError::ResyncRequired {
            reason: ResyncReason::Horizon,
            lost: None,
        });
    }
    Ok(())
}

fn next_cursor<S: Storage, R>(
    storage: &S,
    caller: &Caller,
    feed: Feed,
    start: &Start,
    page: &Page<R>,
    version: impl Fn(&R) -> u64,
) -> Cursor {
    let omitted = match start {
        Start::First => Some(page.head),
        Start::At(position) => position.omits_deleted_to,
        // A pull from before the first change goes on past what was forgotten before it began.
        Start::Time(time) => page
            .first_received_at
            .is_none_or(|first| *time < first)
            .then_some(page.horizon),
    };
    let position = match page.rows.last() {
        Some(last) if page.has_more => Position {
            epoch: storage.epoch(),
            after: version(last),
            omits_deleted_to: omitted,
        },
        _ => Position {
            epoch: storage.epoch(),
            after: page.head,
            omits_deleted_to: None,
        },
    };
    cursor::write(caller.account, feed, &position)
}
