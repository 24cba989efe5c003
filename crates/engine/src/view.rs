//! What a screen shows of the store, in plain data.

use crate::outbox::LastError;
use crate::state::{FailureKind, SyncState};
use tidemark_protocol::{AppModel, AuthMode, Metric, Timestamp, User};

/// How far a record has come (the plan's `sync_status`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncStatus {
    /// Saved on this device, on its way to the server.
    Pending {
        /// How often it was sent in vain.
        retry_count: u32,
        /// Why the last attempt failed.
        last_error: Option<LastError>,
    },
    /// The server holds it.
    Synced,
    /// Not accepted as it is; it waits for a person to mend it.
    Failed {
        /// Why.
        error: LastError,
    },
}

impl SyncStatus {
    /// `pending`, `synced` or `failed`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pending { .. } => "pending",
            Self::Synced => "synced",
            Self::Failed { .. } => "failed",
        }
    }
}

/// A measurement with this device's unsent edits laid over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The row as it is shown; `version` is that of the acknowledged row beneath, 0 if there is none.
    pub metric: Metric,
    /// How far it has come.
    pub status: SyncStatus,
}

/// A person with this device's unsent edits laid over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The person as shown; `version` is that of the acknowledged row beneath, 0 if there is none.
    pub user: User,
    /// How far they have come.
    pub status: SyncStatus,
}

/// The app model with this device's unsent edits laid over it, and the living people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Units, language, theme, goal, active person.
    pub app_model: AppModel,
    /// Living people: first those the account numbers, by number, then this device's own.
    pub people: Vec<Person>,
}

impl Profile {
    /// Who is shown: the one chosen, else the first.
    pub fn active(&self) -> Option<&Person> {
        let chosen = self.app_model.active_user;
        let found = self
            .people
            .iter()
            .find(|person| Some(person.user.id) == chosen);
        found.or_else(|| self.people.first())
    }
}

/// Before anything is sent for the first time: is the person of this device one the account already knows?
#[derive(Clone, Debug, PartialEq)]
pub struct PersonQuestion {
    /// This device's person, never sent.
    pub ours: User,
    /// The account's people.
    pub theirs: Vec<User>,
}

/// Where syncing stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// Unsent entries that go by themselves, those in bulk among them. That a person is made along with the
    /// first entry is not counted: nobody did it.
    pub pending: usize,
    /// Entries that wait for a person to mend them.
    pub parked: usize,
    /// The sync state.
    pub state: SyncState,
    /// A question that holds the first send back.
    pub question: Option<PersonQuestion>,
}

/// The state of the sync chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipState {
    /// Nothing leaves this device.
    Local,
    /// Entries wait.
    Pending,
    /// A sync runs.
    Syncing,
    /// No network.
    Offline,
    /// All is on the server.
    Synced,
    /// The server or the storage has trouble; it goes on by itself.
    Error,
    /// Sign in to sync.
    SignedOut,
}

impl ChipState {
    /// The value of `data-state`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Pending => "pending",
            Self::Syncing => "syncing",
            Self::Offline => "offline",
            Self::Synced => "synced",
            Self::Error => "error",
            Self::SignedOut => "signed-out",
        }
    }
}

impl Overview {
    /// What the chip says while `syncing` or not, at a browser that believes itself `online` or not.
    pub fn chip(&self, syncing: bool, online: bool) -> ChipState {
        match self.state.failure.as_ref().map(|failure| failure.kind) {
            Some(FailureKind::SignIn) => ChipState::SignedOut,
            _ if !online && self.state.owner.is_some() => ChipState::Offline,
            _ if self.state.owner.is_none() && self.state.auth != Some(AuthMode::Off) => {
                ChipState::Local
            }
            _ if syncing && self.pending > 0 => ChipState::Syncing,
            Some(FailureKind::Offline) => ChipState::Offline,
            Some(FailureKind::Server | FailureKind::Outdated | FailureKind::Storage) => {
                ChipState::Error
            }
            None if self.pending > 0 => ChipState::Pending,
            None if self.parked > 0 => ChipState::Error,
            None if self.state.last_success.is_none() => ChipState::Local,
            None => ChipState::Synced,
        }
    }

    /// When a waiting sync is tried again.
    pub fn next_attempt(&self) -> Option<Timestamp> {
        self.state.retry_at.max(self.state.not_before)
    }
}
