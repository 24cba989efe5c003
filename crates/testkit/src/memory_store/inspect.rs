//! Looking into a database from outside of the port, for checkers.

use super::MemoryStore;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use tidemark_engine::outbox::OutboxEntry;
use tidemark_engine::page::Pages;
use tidemark_engine::state::SyncState;
use tidemark_protocol::{AppModel, EntityId, OpId, User};

/// What lies in a database.
#[derive(Clone, Copy, Debug)]
pub struct Inside<'a> {
    /// The sync state, if the store was ever loaded.
    pub state: Option<&'a SyncState>,
    /// Pages by key.
    pub pages: &'a Pages,
    /// Entries by operation, not in order.
    pub outbox: &'a BTreeMap<OpId, OutboxEntry>,
    /// People by id.
    pub users: &'a BTreeMap<EntityId, User>,
    /// The app model.
    pub app_model: &'a AppModel,
}

impl MemoryStore {
    /// Looks into the database.
    pub fn look<T>(&self, look: impl FnOnce(Inside<'_>) -> T) -> T {
        let database = self.database.borrow();
        look(Inside {
            state: database.state.as_ref(),
            pages: &database.pages,
            outbox: &database.outbox,
            users: &database.users,
            app_model: &database.app_model,
        })
    }

    /// A database of its own with the same content.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            database: Rc::new(RefCell::new(self.database.borrow().clone())),
        }
    }
}
