//! What a person wants, and what came of it. Screens make these; only the service carries them out.

use super::{AccountIntent, Memory};
use tidemark_domain::{length::Millimetres, mass::Grams};
use tidemark_engine::StoreError;
use tidemark_engine::conflicts::{Decision, Policy};
use tidemark_engine::view::Entry;
use tidemark_protocol::{
    AppModelPatch, EntityId, HistoryEntry, MetricPatch, OpId, Timestamp, User, UserPatch,
};

/// A new entry, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct LogForm {
    /// The weight.
    pub weight: Grams,
    /// The moment of measurement.
    pub created_at: Timestamp,
    /// Minutes east of UTC at that moment, here.
    pub utc_offset: i16,
    /// Free text, where there is any.
    pub note: Option<String>,
    /// The person's height, where the sheet asked for it.
    pub height: Option<Millimetres>,
}

/// Called once with the outcome. `Ok` means that the page has taken the edit over: it is stored, or it is said to be not
/// saved and tried again until it is.
pub type Reply = Box<dyn FnOnce(Result<(), Fault>)>;

/// Something to do.
pub enum Intent {
    /// Store a new entry.
    Log(LogForm, Reply),
    /// Change fields of an entry.
    Edit(EntityId, MetricPatch, Reply),
    /// Delete an entry, with a way back.
    Delete(EntityId),
    /// Take a deletion back.
    Restore(Entry),
    /// Change fields of the active person.
    SavePerson(UserPatch, Reply),
    /// Change settings of the app.
    SaveSettings(AppModelPatch, Reply),
    /// Sync at once.
    SyncNow,
    /// Keep the sync log fresh, or no longer.
    ShowSyncDetails(bool),
    /// Do something about what was refused or decided, or look it up.
    Mend(Mend),
    /// Store what is not stored and read everything anew, after the storage had failed.
    Reread,
    /// Something was stored from elsewhere, as by an import: show it and sync it.
    Stored,
    /// Load the page anew.
    Reload,
    /// This device's person is one of the account's, or (none) somebody new.
    AnswerQuestion(Option<User>),
    /// Start the new version of the app.
    ApplyUpdate,
    /// Make a person and show them.
    AddPerson(UserPatch, Reply),
    /// Show another person.
    ShowPerson(EntityId),
    /// Take the person who is shown off the list, with a way back.
    RemovePerson,
    /// Take that back.
    RestorePerson(Box<User>),
    /// Change what this device remembers for itself.
    Remember(Box<dyn FnOnce(&mut Memory)>),
    /// Find out what the browser promises about the data.
    LookAtStorage,
    /// Show the browser's offer to install the app.
    Install,
    /// Delete everything on this device.
    EraseDevice,
    /// Something with the account.
    Account(AccountIntent),
    /// Put a text where it can be pasted from.
    CopyText(String),
}

/// What a person makes of refusals and conflicts, and what they look up about them.
pub enum Mend {
    /// Send refused edits again as they are.
    RetryRefused(Vec<OpId>),
    /// Let a refused edit go.
    Discard(OpId),
    /// Decide a conflict.
    Decide(Box<Decision>, Choice),
    /// Choose which of two devices' values stand.
    ChoosePolicy(Policy),
    /// Tell what an entry said before; none where the server can't be asked.
    LookBack(EntityId, Box<dyn FnOnce(Option<Earlier>)>),
    /// Put a text where it can be pasted from, and tell whether that worked.
    Copy(String, Box<dyn FnOnce(bool)>),
    /// Make the support report.
    Report(Box<dyn FnOnce(String)>),
}

/// What becomes of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The other value takes the place of the one that was kept.
    TakeOther,
    /// The other value becomes an entry of its own.
    KeepBoth,
    /// It stands as it was decided.
    LetStand,
}

/// What an entry said before, newest first, each with the edit that says it again.
pub type Earlier = Vec<(HistoryEntry, MetricPatch)>;

/// What the browser promises about the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageState {
    /// Whether it keeps them even when it runs short; none where it does not say.
    pub is_kept: Option<bool>,
    /// Bytes that are stored; none where it does not say.
    pub usage_bytes: Option<u64>,
}

/// How the app can be installed here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Install {
    /// It is, or the browser offers no way.
    #[default]
    None,
    /// The browser has an offer to show.
    Offer,
    /// By hand through the share menu, as on iPhone and iPad.
    ByHand,
}

/// Why something could not be stored, by what a person can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The storage does not answer: try again.
    NotSaved,
    /// There is no room.
    NoRoom,
    /// The data are newer than this app.
    NewerData,
    /// Another tab is in the way.
    OtherTab,
    /// A stored row can't be read.
    Unreadable,
}

impl From<&StoreError> for Fault {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::NotSaved,
            StoreError::QuotaExceeded => Self::NoRoom,
            StoreError::NewerSchema { .. } => Self::NewerData,
            StoreError::Blocked => Self::OtherTab,
            StoreError::Unreadable(_) => Self::Unreadable,
        }
    }
}

/// The one short message at the bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Snack {
    /// An entry was stored.
    Saved,
    /// An entry was deleted; it can be taken back.
    Deleted(Box<Entry>),
    /// A deletion was taken back.
    Restored(Grams),
    /// A person was taken off the list; it can be taken back.
    PersonRemoved(Box<User>),
    /// Something could not be stored.
    Failed(Fault),
}
