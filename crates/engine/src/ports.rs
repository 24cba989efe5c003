//! What the engine needs from the world, named by job. Each port has an in-memory twin in the testkit.
//!
//! The traits are plain `async fn` without `Send`: all three homes are single-threaded.
#![allow(
    async_fn_in_trait,
    reason = "the engine's homes are single-threaded, so no `Send` is wanted"
)]

use crate::adoption::PersonAdoption;
use crate::imports::ImportNote;
use crate::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use crate::page::{Page, PageKey};
use crate::proof::Healing;
use crate::settle::Settlement;
use crate::state::{Conflict, StateChange, SyncLogLine, SyncState};
use tidemark_protocol::{
    AccountId, AppModel, Cursor, DeviceId, EntityId, Epoch, Metric, OpId, Timestamp, User,
};

/// The set of ports that an engine is built from.
pub trait Platform {
    /// Where everything is kept.
    type Store: Store;
    /// The way to the server.
    type Transport: Transport;
    /// What is known of the network without trying.
    type Network: Network;
    /// The device's clock.
    type Clock: Clock;
    /// Chance.
    type Entropy: Entropy;
    /// One sync at a time over all contexts of a device.
    type Lock: Lock;
    /// Whether a sync that came to its end is followed by a look around: digests, other devices, overruled edits. A
    /// home that only carries messages leaves that to the next, and is a smaller program.
    const LOOKS_AROUND: bool = true;
}

/// The device's store. The outbox half of it is the plan's `OutboxCache`.
///
/// Every method is one whole transaction: done when the transaction has completed, undone wholly on an
/// error. A method that failed by deadline may have happened; all of them may be called again with the
/// same arguments to the same end. Every error is a [`StoreError`].
pub trait Store {
    /// The sync state; made with `fresh` as the device's id where there is none yet.
    async fn load(&self, fresh: &DeviceId) -> Result<SyncState, StoreError>;

    /// Stores a person's edits, durably before it returns. Entries get the next numbers of the queue. An
    /// entry whose `op_id` is stored already stays as it is and is answered.
    ///
    /// With a `pack` (nobody is signed in and nothing was ever sent) the oldest entries above
    /// [`crate::packing::ENTRIES_MAX`] go into pages in the same transaction, marked by a bulk entry of
    /// that operation; without anything to pack there is no marker either.
    async fn commit(
        &self,
        drafts: &[EntryDraft],
        pack: Option<OpId>,
    ) -> Result<Vec<OutboxEntry>, StoreError>;

    /// Stores an edit that stands for itself, as [`Store::commit`] would, in one transaction with the look at what it
    /// presumes ([`PlainEdit`]). Answers `false`, and stores nothing, where one of these does not hold.
    async fn commit_plain(&self, plain: &PlainEdit) -> Result<bool, StoreError>;

    /// Stores many rows at once as unsent page rows, with `marker` in the outbox. Rows that a page
    /// already holds are left alone. Answers how many were new.
    async fn bulk(&self, rows: &[Metric], marker: &EntryDraft) -> Result<usize, StoreError>;

    /// The whole outbox in the order of `seq`.
    async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError>;

    /// Up to `limit` rows of these pages that still have to go up.
    async fn unsent(&self, pages: &[PageKey], limit: usize) -> Result<Vec<Metric>, StoreError>;

    /// Stores what became of entries that were sent: rows and the entries' removal together. Answers `false`, and
    /// stores nothing, where the life of the server that it comes of is over ([`Settlement::life`]).
    async fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError>;

    /// Stores a pulled page of a feed together with its cursor, only if the feed's cursor is still the
    /// one that the pull began from.
    async fn apply(&self, delta: &Delta) -> Result<Applied, StoreError>;

    /// Puts a whole new generation in place of all acknowledged rows; unsent rows and entries stay.
    async fn replace_all(&self, generation: &Generation) -> Result<(), StoreError>;

    /// Puts months as the server holds them in the place of what lies here, only if the metrics' cursor is still the
    /// one that the difference was found at. Unsent rows stay, and so does what is newer.
    async fn heal(&self, healing: &Healing) -> Result<Applied, StoreError>;

    /// Makes a person of this device the same as one of the account, in everything never sent.
    async fn adopt_person(&self, adoption: &PersonAdoption) -> Result<(), StoreError>;

    /// Changes the sync state and answers it.
    async fn update(&self, change: &StateChange) -> Result<SyncState, StoreError>;

    /// Pages of a person and the outbox, read in one transaction so that no moment shows half a change.
    async fn history(&self, user: EntityId, window: Window) -> Result<HistoryReading, StoreError>;

    /// Every page of everybody.
    async fn pages(&self) -> Result<Vec<Page>, StoreError>;

    /// People, app model and outbox, read in one transaction.
    async fn profile(&self) -> Result<ProfileReading, StoreError>;

    /// Adds a line to the sync log, dropping the oldest beyond [`crate::state::SYNC_LOG_LINES_MAX`].
    async fn log(&self, line: &SyncLogLine) -> Result<(), StoreError>;

    /// The newest lines of the sync log, newest first.
    async fn sync_log(&self, limit: usize) -> Result<Vec<SyncLogLine>, StoreError>;

    /// Values that lost against another device's, newest first.
    async fn conflicts(&self, limit: usize) -> Result<Vec<Conflict>, StoreError>;

    /// Forgets a conflict: somebody has looked at it. One that is gone is no error.
    async fn forget_conflict(&self, conflict: &Conflict) -> Result<(), StoreError>;

    /// Remembers what an import adds, durably, in the place of a note of the same id; the oldest beyond
    /// [`crate::imports::IMPORTS_MAX`] go.
    async fn note_import(&self, note: &ImportNote) -> Result<(), StoreError>;

    /// The notes of imports, newest first.
    async fn imports(&self) -> Result<Vec<ImportNote>, StoreError>;

    /// Forgets the note of an import. One that is gone is no error.
    async fn forget_import(&self, id: OpId) -> Result<(), StoreError>;
}

/// How much of a person's history to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// All pages.
    All,
    /// The newest pages until they hold at least this many living rows.
    Newest(usize),
}

/// Pages of one person, newest month first, and the outbox in the order of `seq`.
#[derive(Clone, Debug, Default)]
pub struct HistoryReading {
    /// Newest month first.
    pub pages: Vec<Page>,
    /// In the order of `seq`.
    pub outbox: Vec<OutboxEntry>,
}

/// What the device knows of people and app model.
#[derive(Clone, Debug, Default)]
pub struct ProfileReading {
    /// As the server holds them.
    pub users: Vec<User>,
    /// As the server holds it.
    pub app_model: AppModel,
    /// In the order of `seq`.
    pub outbox: Vec<OutboxEntry>,
}

/// A pulled page.
#[derive(Clone, Debug)]
pub struct Delta {
    /// The rows.
    pub rows: DeltaRows,
    /// The feed's cursor when the pull began.
    pub from: Option<Cursor>,
    /// The feed's cursor after it.
    pub next: Cursor,
    /// The account's change counter in the page's snapshot.
    pub head: u64,
    /// The life of the server's database.
    pub epoch: Epoch,
    /// Whether the feed has more behind this page.
    pub has_more: bool,
}

/// The rows of a pulled page, by feed.
#[derive(Clone, Debug)]
pub enum DeltaRows {
    /// The feed of metrics.
    Metrics(Vec<Metric>),
    /// The feed of users, with the app model as it was read after them.
    Users(Vec<User>, Option<AppModel>),
}

/// What became of a pulled page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Stored; this many rows were news.
    Stored {
        /// Rows that changed something here.
        changed: usize,
    },
    /// Not stored: another context has moved the cursor meanwhile.
    CursorMoved,
}

/// Everything the server holds, pulled from the start.
#[derive(Clone, Debug)]
pub struct Generation {
    /// All living metrics.
    pub metrics: Vec<Metric>,
    /// All users.
    pub users: Vec<User>,
    /// The app model.
    pub app_model: AppModel,
    /// The metrics' cursor at its end.
    pub cursor: Cursor,
    /// The users' cursor at its end.
    pub users_cursor: Cursor,
    /// The account's change counter.
    pub head: u64,
    /// The life of the server's database.
    pub epoch: Epoch,
}

/// Why a store operation failed. Nothing of it has been stored, unless it timed out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The browser's store does not answer or refuses; trying again may help.
    #[error("the browser's storage does not answer: {0}")]
    Unavailable(String),
    /// The device or the browser's share of it is full.
    #[error("there is no room left on this device")]
    QuotaExceeded,
    /// The store was written by a newer version of the app: it is left alone.
    #[error(
        "this data was written by a newer version of the app (version {found}, this one knows {known})"
    )]
    NewerSchema {
        /// The stored version.
        found: u32,
        /// The newest version this app knows.
        known: u32,
    },
    /// Another tab holds an older version open.
    #[error("another tab with an older version is open")]
    Blocked,
    /// A stored row can't be read; it is left where it is.
    #[error("stored data can't be read: {0}")]
    Unreadable(String),
}

/// The way to the server; the plan's `RemoteRepository` ([`crate::remote`]) stands on it.
pub trait Transport {
    /// Sends one request and answers whatever came back, from whomever.
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable>;
}

/// A request to our server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST` or `PATCH`.
    pub method: &'static str,
    /// Path and query, beginning with `/v1/`.
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// Who asks, for the header `Tidemark-Account`.
    pub account: Option<AccountId>,
    /// Which device asks, for the header `Tidemark-Device`.
    pub device: DeviceId,
}

/// Whatever answered, unjudged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `Tidemark-Protocol`.
    pub protocol: Option<String>,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The header `Retry-After`, where it is a number of seconds.
    pub retry_after_s: Option<u32>,
    /// The body as text.
    pub body: String,
}

/// No answer came: no network, no name, no connection, cut off, or too late.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {0}")]
pub struct Unreachable(pub String);

/// What is known of the network without trying; the plan's `NetworkInfoService`.
pub trait Network {
    /// The browser's opinion. A hint only: trying is the test.
    fn online_hint(&self) -> bool;
}

/// The device's clock.
pub trait Clock {
    /// The device's idea of now, which may be wrong by any amount.
    fn now(&self) -> Timestamp;
}

/// Chance.
pub trait Entropy {
    /// Fills `bytes` with unpredictable ones.
    fn fill(&self, bytes: &mut [u8]);
}

/// One sync at a time over all contexts of a device. An economy, not a guarantee: two at once stay harmless.
pub trait Lock {
    /// Held until dropped.
    type Guard;
    /// Waits a bounded time; `None` if somebody else keeps it.
    async fn acquire(&self) -> Option<Self::Guard>;
}
