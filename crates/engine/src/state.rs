//! The sync state of a device: one stored row, changed only through [`StateChange`].

use crate::conflicts::Policy;
use crate::outbox::LastError;
use crate::ports::{Delta, DeltaRows, Generation};
use crate::proof::Proof;
use crate::settle::Settlement;
use serde::{Deserialize, Serialize};
use tidemark_protocol::{
    AccountId, AuthMode, Cursor, DeviceId, DeviceInfo, EntityId, Epoch, ProblemCode, Timestamp,
};

pub use crate::conflicts::Conflict;

/// A clock that shows less than a moment noted before counts as set back from so many milliseconds on: what is
/// noted may be stored in another order.
const CLOCK_SET_BACK_MS_MIN: i64 = 60_000;
/// Lines that the sync log keeps.
pub const SYNC_LOG_LINES_MAX: usize = 1000;

/// What a device remembers of syncing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncState {
    /// This device.
    pub device_id: DeviceId,
    /// The account this store belongs to; `None` before the first sign-in.
    #[serde(default)]
    pub owner: Option<AccountId>,
    /// Whether the server asks people to sign in, as it last said.
    #[serde(default)]
    pub auth: Option<AuthMode>,
    /// The life of the server's database, as last seen by a pull.
    #[serde(default)]
    pub epoch: Option<Epoch>,
    /// Where the feed of metrics goes on.
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// Where the feed of users goes on.
    #[serde(default)]
    pub users_cursor: Option<Cursor>,
    /// The account's change counter up to which metrics were pulled.
    #[serde(default)]
    pub head: u64,
    /// The account's change counter up to which users and app model were pulled.
    #[serde(default)]
    pub users_head: u64,
    /// The server's clock minus this device's, in milliseconds.
    #[serde(default)]
    pub clock_offset_ms: i64,
    /// The server's version, as last seen: parked entries are tried again when it changes.
    #[serde(default)]
    pub server_version: Option<String>,
    /// When a sync last came to its end.
    #[serde(default)]
    pub last_success: Option<Timestamp>,
    /// Failures since then.
    #[serde(default)]
    pub failures: u32,
    /// The last failure, until a success.
    #[serde(default)]
    pub failure: Option<SyncFailure>,
    /// Before this moment no attempt is made, unless something new speaks for one.
    #[serde(default)]
    pub retry_at: Option<Timestamp>,
    /// Before this moment no attempt is made at all: the server asked for it.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
    /// When `retry_at` was noted: a clock that shows less was set back since, so it says nothing.
    #[serde(default)]
    pub waits_since: Option<Timestamp>,
    /// The same of `not_before`. A failure in another tab, noted by a clock that jumped meanwhile, does not touch it.
    #[serde(default)]
    pub wish_since: Option<Timestamp>,
    /// The version of the app that left out what it could not read of the server's answers, until another one has
    /// pulled it all.
    #[serde(default)]
    pub behind_as: Option<String>,
    /// People of this device whom somebody has called new to the account.
    #[serde(default)]
    pub new_people: Vec<EntityId>,
    /// People of this device who turned out to be one of the account's: who, and as whom they go on.
    #[serde(default)]
    pub adopted: Vec<(EntityId, EntityId)>,
    /// The account's devices, as the server last listed them.
    #[serde(default)]
    pub devices: Vec<DeviceInfo>,
    /// What the last comparison with the server found.
    #[serde(default)]
    pub proof: Option<Proof>,
    /// Which of two devices' values stand.
    #[serde(default)]
    pub policy: Policy,
    /// Pages of this device that could not be read and lie aside.
    #[serde(default)]
    pub set_aside: u32,
}

/// Why a sync did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncFailure {
    /// Of which kind.
    pub kind: FailureKind,
    /// For the log and the support report; never a health value.
    pub error: LastError,
}

impl SyncFailure {
    /// Whether the account is no more.
    pub fn is_erased(&self) -> bool {
        self.error.code == ProblemCode::AccountErased.as_str()
    }
}

/// Kinds of failure, by what a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No answer, or not from our server: it goes on by itself.
    Offline,
    /// Our server answered that it can't now: it goes on by itself.
    Server,
    /// Sign in.
    SignIn,
    /// Update the app.
    Outdated,
    /// This device's storage fails.
    Storage,
}

/// A change of the sync state.
#[derive(Clone, Debug, PartialEq)]
pub enum StateChange {
    /// The store belongs to this account from now on. Never changes an owner.
    Adopt(AccountId),
    /// The server said who it is.
    Server {
        /// Whether people sign in.
        auth: AuthMode,
        /// Its version.
        version: String,
        /// Its clock minus this device's, in milliseconds.
        clock_offset_ms: i64,
    },
    /// A sync came to its end.
    Succeeded {
        /// When.
        at: Timestamp,
        /// The server's wish, if it has one.
        not_before: Option<Timestamp>,
    },
    /// A sync failed.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        failure: SyncFailure,
        /// When to try again.
        retry_at: Timestamp,
        /// The server's wish, if it has one.
        not_before: Option<Timestamp>,
    },
    /// The server asked for a pause after an answer that was otherwise good.
    Pause {
        /// When it asked.
        at: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// The device's clock, or the server's, was set: the server's minus this device's, in milliseconds.
    Clock(i64),
    /// What this version of the app can't read was left out of what is stored; `None`: everything is here again.
    Behind(Option<String>),
    /// Something speaks for trying at once.
    ForgetBackoff,
    /// This person of this device is none of those the account has.
    NewPerson(EntityId),
    /// The same as the answer to a question: it comes too late where another tab has said that they are one.
    SomebodyNew(EntityId),
    /// This person of this device is that one of the account; too late where another tab has said that they are
    /// somebody new.
    SamePerson {
        /// This device's person.
        ours: EntityId,
        /// The account's person.
        theirs: EntityId,
    },
    /// The server listed the account's devices.
    Devices(Vec<DeviceInfo>),
    /// This device and the server were compared.
    Proved(Proof),
    /// Somebody chose which of two devices' values stand.
    Policy(Policy),
}

impl SyncState {
    /// The state of a device that has never synced.
    pub fn new(device_id: DeviceId) -> Self {
        Self {
            device_id,
            owner: None,
            auth: None,
            epoch: None,
            cursor: None,
            users_cursor: None,
            head: 0,
            users_head: 0,
            clock_offset_ms: 0,
            server_version: None,
            last_success: None,
            failures: 0,
            failure: None,
            retry_at: None,
            not_before: None,
            waits_since: None,
            wish_since: None,
            behind_as: None,
            new_people: Vec::new(),
            adopted: Vec::new(),
            devices: Vec::new(),
            proof: None,
            policy: Policy::default(),
            set_aside: 0,
        }
    }

    /// So many pages could not be read and lie aside: what is here is compared with the server anew.
    pub fn set_aside(&mut self, pages: u32) {
        self.set_aside = self.set_aside.saturating_add(pages);
        self.proof = None;
    }

    /// Carries a change out.
    pub fn apply(&mut self, change: &StateChange) {
        match change {
            StateChange::Adopt(account) => {
                self.owner.get_or_insert(*account);
            }
            StateChange::Server {
                auth,
                version,
                clock_offset_ms,
            } => {
                self.auth = Some(*auth);
                self.server_version = Some(version.clone());
                self.clock_offset_ms = *clock_offset_ms;
            }
            StateChange::Succeeded { at, not_before } => {
                self.last_success = Some(*at);
                self.failures = 0;
                self.failure = None;
                self.retry_at = None;
                self.not_before = *not_before;
            }
            StateChange::Failed {
                at,
                failure,
                retry_at,
                not_before,
            } => {
                self.note_wish(*at, *not_before);
                self.note_failure(*at, failure, *retry_at);
            }
            StateChange::Pause { at, until } => {
                self.note_wish(*at, Some(*until));
            }
            StateChange::Clock(offset_ms) => self.clock_offset_ms = *offset_ms,
            StateChange::Behind(version) => self.behind_as.clone_from(version),
            StateChange::Devices(devices) => self.devices.clone_from(devices),
            StateChange::Proved(proof) => self.proof = Some(proof.clone()),
            StateChange::Policy(policy) => self.policy = policy.clone(),
            StateChange::ForgetBackoff => {
                self.failures = 0;
                self.retry_at = None;
            }
            StateChange::SamePerson { ours, theirs } => self.note_same_person(*ours, *theirs),
            StateChange::NewPerson(person) => self.note_new_person(*person),
            StateChange::SomebodyNew(person) => self.note_somebody_new(*person),
        }
    }

    fn note_failure(&mut self, at: Timestamp, failure: &SyncFailure, retry_at: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.waits_since = Some(at);
        let was_erased = self.failure.as_ref().is_some_and(SyncFailure::is_erased);
        if !(was_erased && failure.kind == FailureKind::SignIn) {
            // Of an account that is no more, the server says so once; from then on, that nobody is signed in.
            self.failure = Some(failure.clone());
        }
        self.retry_at = Some(retry_at);
    }

    fn note_same_person(&mut self, ours: EntityId, theirs: EntityId) {
        if !self.new_people.contains(&ours) {
            self.adopted.retain(|(known, _)| *known != ours);
            self.adopted.push((ours, theirs));
        }
    }

    fn note_somebody_new(&mut self, person: EntityId) {
        if self.adopted.iter().all(|(known, _)| *known != person) {
            self.note_new_person(person);
        }
    }

    fn note_new_person(&mut self, person: EntityId) {
        self.adopted.retain(|(known, _)| *known != person);
        if !self.new_people.contains(&person) {
            self.new_people.push(person);
        }
    }

    /// Whether an answer comes of another life of the server than the one this device has pulled from.
    pub fn is_another_life(&self, epoch: &Epoch) -> bool {
        self.epoch.as_ref().is_some_and(|known| known != epoch)
    }

    /// Whether a settlement says what a life of the server did that is over.
    pub fn is_over(&self, settlement: &Settlement) -> bool {
        let life = settlement.life.as_ref();
        life.is_some_and(|life| self.is_another_life(life))
    }

    /// A failure without a wish does not end one that stands, unless the clock was set back since.
    fn note_wish(&mut self, at: Timestamp, wish: Option<Timestamp>) {
        let is_set_back = |since: Timestamp| since.millis_since(at) > CLOCK_SET_BACK_MS_MIN;
        if wish.is_some() || self.wish_since.is_some_and(is_set_back) {
            self.not_before = wish;
            self.wish_since = Some(at);
        }
    }

    /// Records that a page of a feed was stored.
    pub fn advance(&mut self, delta: &Delta) {
        self.epoch = Some(delta.epoch.clone());
        match &delta.rows {
            DeltaRows::Metrics(_) => {
                self.cursor = Some(delta.next.clone());
                if !delta.has_more {
                    self.head = delta.head;
                }
            }
            DeltaRows::Users(..) => {
                self.users_cursor = Some(delta.next.clone());
                if !delta.has_more {
                    self.users_head = delta.head;
                }
            }
        }
    }

    /// Where the feed of a delta stands.
    pub fn cursor_of(&self, rows: &DeltaRows) -> Option<&Cursor> {
        match rows {
            DeltaRows::Metrics(_) => self.cursor.as_ref(),
            DeltaRows::Users(..) => self.users_cursor.as_ref(),
        }
    }

    /// Records that a new generation was stored.
    pub fn begin_generation(&mut self, generation: &Generation) {
        self.epoch = Some(generation.epoch.clone());
        self.cursor = Some(generation.cursor.clone());
        self.users_cursor = Some(generation.users_cursor.clone());
        self.head = generation.head;
        // People were pulled before the metrics: they are looked at once more.
        self.users_head = 0;
    }
}

/// A line of the sync log: times and counts, never a health value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncLogLine {
    /// When it began.
    pub at: Timestamp,
    /// What set it off.
    pub trigger: String,
    /// Edits that the server settled.
    pub sent: u32,
    /// Rows that were news here.
    pub received: u32,
    /// `ok`, or the code of what failed.
    pub outcome: String,
    /// How long it took.
    pub duration_ms: u32,
}
