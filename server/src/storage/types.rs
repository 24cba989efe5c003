//! What goes into a storage and comes out of it.

use std::collections::{HashMap, HashSet};
use tidemark_protocol::merge::Stored;
use tidemark_protocol::{
    AppModel, DeviceId, EntityId, EventStatus, HistoryEntry, Metric, OpId, PayloadHash, Timestamp,
    User, UserRef,
};
use uuid::Uuid;

/// Under what an operation is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpKey(pub Uuid);

impl OpKey {
    /// The client's own key.
    pub fn of_op(op_id: OpId) -> Self {
        Self(op_id.0)
    }

    /// The key of an event that names none: device, local record and content.
    pub fn of_content(device: &DeviceId, local_id: i64, hash: PayloadHash) -> Self {
        Self(Uuid::new_v5(
            &hash.0,
            format!("{}\n{local_id}", device.as_str()).as_bytes(),
        ))
    }
}

/// An operation that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpRow {
    /// Tells a replay from a second use of the key.
    pub hash: PayloadHash,
    /// The record that it was about.
    pub entity: EntityId,
    /// What the first attempt was answered.
    pub status: EventStatus,
    /// Whether a value of someone lost then.
    pub conflict: bool,
    /// The record's version after it.
    pub version: u64,
}

/// What a change has to know.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Metrics by id.
    pub metrics: Vec<EntityId>,
    /// Operations; the records that they were about are loaded too.
    pub ops: Vec<OpKey>,
    /// Users by any name.
    pub users: Vec<UserRef>,
    /// Whether the app model.
    pub app_model: bool,
}

impl Wanted {
    /// Whether every metric that changes was looked for: then one that was not found is new.
    pub(super) fn looked_for_all(&self, changes: &Changes) -> bool {
        let wanted: HashSet<EntityId> = self.metrics.iter().copied().collect();
        let mut stored = changes.metrics.iter();
        stored.all(|stored| wanted.contains(&stored.row.id))
    }
}

/// The account's counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The change counter.
    pub version: u64,
    /// The highest user number given.
    pub user_numbers: u32,
    /// When the last change was received; never goes back, whatever the clock does.
    pub received_at: Timestamp,
}

/// What was there when the change began.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Counters.
    pub head: Head,
    /// The wanted metrics that exist.
    pub metrics: HashMap<EntityId, Stored<Metric>>,
    /// The wanted operations that took effect.
    pub ops: HashMap<OpKey, OpRow>,
    /// The wanted users that exist.
    pub users: Vec<Stored<User>>,
    /// The app model, if wanted and ever set.
    pub app_model: Option<Stored<AppModel>>,
}

impl Loaded {
    /// A loaded user by any name.
    pub fn user(&self, name: UserRef) -> Option<&Stored<User>> {
        self.users.iter().find(|user| match name {
            UserRef::Id(id) => user.row.id == id,
            UserRef::Number(number) => u64::from(user.row.number) == number,
        })
    }
}

/// What a change stores: rows as they are now, each at most once.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Counters after the change.
    pub head: Head,
    /// Metrics that changed or came.
    pub metrics: Vec<Stored<Metric>>,
    /// Users that changed or came.
    pub users: Vec<Stored<User>>,
    /// The app model, if it changed.
    pub app_model: Option<Stored<AppModel>>,
    /// Operations that took effect.
    pub ops: Vec<(OpKey, OpRow)>,
    /// Replaced values by metric, oldest first.
    pub history: Vec<(EntityId, HistoryEntry)>,
    /// Who was here.
    pub device: Option<DeviceSeen>,
}

impl Changes {
    /// Whether there is nothing to store.
    pub fn is_nothing_since(&self, head: Head) -> bool {
        let rows = self.metrics.len() + self.users.len() + self.ops.len() + self.history.len();
        rows == 0 && self.app_model.is_none() && self.device.is_none() && self.head == head
    }
}

/// A device that was here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSeen {
    /// Which.
    pub device: DeviceId,
    /// When.
    pub at: Timestamp,
    /// The version up to which it surely holds everything, if it told.
    pub acknowledged: Option<u64>,
}

/// A device as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Which.
    pub device: DeviceId,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it was last seen, within a minute.
    pub last_seen_at: Timestamp,
    /// The version up to which it surely holds everything.
    pub acknowledged_version: u64,
}

/// `last_seen_at` is right within this, which saves a write per request.
const SEEN_WITHIN_MS: i64 = 60_000;

impl DeviceRow {
    /// Whether noting this would only repeat what is known.
    pub fn tells_nothing_new(&self, seen: &DeviceSeen) -> bool {
        seen.acknowledged.unwrap_or(0) <= self.acknowledged_version
            && seen.at.millis_since(self.last_seen_at) < SEEN_WITHIN_MS
    }
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// After a version.
    Version(u64),
    /// At the first row received at or after a moment.
    Received(Timestamp),
}

/// Which deletions a page leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tombstones {
    /// None.
    Included,
    /// Those up to the head of this snapshot.
    OmittedNow,
    /// Those up to a version.
    OmittedUpTo(u64),
}

/// A page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageQuery {
    /// Where it begins.
    pub after: After,
    /// Which deletions are left out.
    pub tombstones: Tombstones,
    /// Rows at most.
    pub limit: usize,
}

/// A page of one snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<R> {
    /// In version order.
    pub rows: Vec<R>,
    /// Whether rows follow.
    pub has_more: bool,
    /// The change counter of the snapshot.
    pub head: u64,
    /// Where the page began: rows of higher versions follow.
    pub after: u64,
    /// Deletions up to this version may have been forgotten.
    pub horizon: u64,
    /// When the account's first change was received.
    pub first_received_at: Option<Timestamp>,
}

/// What a digest needs of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LivingRow {
    /// Which.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// The moment of measurement.
    pub created_at: Timestamp,
}
