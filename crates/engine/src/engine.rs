//! The engine as screens see it: a person's edits in ([`writes`]), what to show out ([`reads`]), files in and
//! out ([`intake`]), signing in and out ([`accounts`]).

mod accounts;
mod completing;
mod deciding;
mod drafts;
mod intake;
mod parked;
mod people;
mod reads;
mod writes;

pub use accounts::{AccountError, Entrance};
pub use writes::Reading;

use crate::ids::{new_device_id, new_op_id};
use crate::outbox::{EntryDraft, EntryKind};
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::state::SyncState;
use std::cell::{Cell, RefCell};
use tidemark_protocol::{AccountId, EntityId, Timestamp, limits};

/// A device's clock counts as wrong when it is off by at least this many milliseconds. Below, it is a
/// better witness than a measurement over a slow network.
const CLOCK_ERROR_MS_MIN: u64 = 60_000;

/// The engine over a set of ports.
pub struct Engine<P: Platform> {
    /// Where everything is kept.
    pub store: P::Store,
    /// The way to the server.
    pub transport: P::Transport,
    /// What is known of the network without trying.
    pub network: P::Network,
    /// The device's clock.
    pub clock: P::Clock,
    /// Chance.
    pub entropy: P::Entropy,
    /// One sync at a time.
    pub lock: P::Lock,
    /// Who the store belongs to, as last read. Once somebody, always the same.
    pub(crate) owner: Cell<Option<AccountId>>,
    /// The server's clock minus this device's, in milliseconds, as last read.
    clock_offset_ms: Cell<i64>,
    /// People of this device who turned out to be one of the account's, as last read.
    adopted: RefCell<Vec<(EntityId, EntityId)>>,
    /// Whether an answer of this tick held something that this version can't read.
    pub(crate) left_out: Cell<bool>,
    /// Whether this context has asked the server who it is.
    pub(crate) greeted: Cell<bool>,
    /// Events in a batch: halved when batches fail as a whole, doubled when one goes through.
    pub(crate) batch_events: Cell<usize>,
    /// Events in a batch at most, as the server says.
    pub(crate) batch_events_max: Cell<usize>,
    /// Called as soon as pulled rows are stored.
    told_of_news: RefCell<Option<Box<dyn Fn()>>>,
}

impl<P: Platform> Engine<P> {
    /// An engine over these ports.
    pub fn new(
        store: P::Store,
        transport: P::Transport,
        network: P::Network,
        clock: P::Clock,
        entropy: P::Entropy,
        lock: P::Lock,
    ) -> Self {
        Self {
            store,
            transport,
            network,
            clock,
            entropy,
            lock,
            owner: Cell::new(None),
            clock_offset_ms: Cell::new(0),
            adopted: RefCell::default(),
            left_out: Cell::new(false),
            greeted: Cell::new(false),
            batch_events: Cell::new(limits::BATCH_EVENTS_MAX),
            batch_events_max: Cell::new(limits::BATCH_EVENTS_MAX),
            told_of_news: RefCell::default(),
        }
    }

    /// Calls `told` as soon as pulled rows are stored: the calls of the same sync that follow may take their time, or
    /// never be answered.
    pub fn on_news(&self, told: impl Fn() + 'static) {
        self.told_of_news.replace(Some(Box::new(told)));
    }

    pub(crate) fn tell_news(&self) {
        if let Some(told) = &*self.told_of_news.borrow() {
            told();
        }
    }

    /// Reads the sync state, making this device known to itself on the first call.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn state(&self) -> Result<SyncState, StoreError> {
        let fresh = new_device_id(&self.clock, &self.entropy);
        let state = self.store.load(&fresh).await?;
        self.owner.set(state.owner);
        self.clock_offset_ms.set(state.clock_offset_ms);
        self.adopted.borrow_mut().clone_from(&state.adopted);
        Ok(state)
    }

    /// Makes sure that what is written next bears the right owner: another context may have signed in.
    async fn know_owner(&self) -> Result<(), StoreError> {
        if self.owner.get().is_none() {
            self.state().await?;
        }
        Ok(())
    }

    /// Under which id a person goes on whom a screen may still show under another.
    pub(crate) fn person_now(&self, shown: EntityId) -> EntityId {
        let adopted = self.adopted.borrow();
        let found = adopted.iter().find(|(ours, _)| *ours == shown);
        found.map_or(shown, |(_, theirs)| *theirs)
    }

    /// Those of this device who turned out to be one of the account's.
    fn adopted_people(&self) -> Vec<EntityId> {
        let adopted = self.adopted.borrow();
        adopted.iter().map(|(ours, _)| *ours).collect()
    }

    pub(crate) fn draft(
        &self,
        kind: EntryKind,
        entity_id: EntityId,
        payload: String,
        base_version: u64,
    ) -> EntryDraft {
        EntryDraft {
            op_id: new_op_id(&self.clock, &self.entropy),
            kind,
            entity_id,
            payload,
            base_version,
            created_at: self.clock.now(),
            owner: self.owner.get(),
            parked: None,
        }
    }

    /// The stamp of an edit made now, which the server weighs against other devices' edits: by the server's
    /// clock where this device's is known to be wrong.
    pub(crate) fn edit_time(&self) -> Timestamp {
        let now = self.clock.now();
        let offset_ms = self.clock_offset_ms.get();
        if offset_ms.unsigned_abs() < CLOCK_ERROR_MS_MIN {
            now
        } else {
            now.plus_millis(offset_ms)
        }
    }
}
