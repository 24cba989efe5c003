//! The device's databases, carried out: the directory, which of them this page stands on, and what lies beside it.

use std::cell::RefCell;
use std::rc::Rc;
use tidemark_browser::lock::{alone, shared};
use tidemark_browser::{
    BrowserClock, BrowserEntropy, BrowserNetwork, BrowserPlatform, IdbDirectory, IdbStore, Journal,
    WebLock, WebLockGuard, memory, storage, transport,
};
use tidemark_engine::directory::{Directory, DirectoryChange};
use tidemark_engine::household;
use tidemark_engine::imports::Everything;
use tidemark_engine::{Engine, StoreError};

/// The page's database and those beside it.
pub struct Databases {
    store: IdbStore,
    directory: Rc<IdbDirectory>,
    held: RefCell<Option<WebLockGuard>>,
}

/// The engine over a store, with the browser's other adapters.
pub fn engine_over(store: IdbStore) -> Engine<BrowserPlatform> {
    Engine::new(
        store,
        transport(),
        BrowserNetwork,
        BrowserClock,
        BrowserEntropy,
        WebLock::new("sync"),
    )
}

impl Databases {
    /// This page's store, and the directory that names it.
    pub fn new(store: IdbStore) -> Self {
        Self {
            store,
            directory: Rc::default(),
            held: RefCell::default(),
        }
    }

    /// What the page's database is called: before it is open, the one that was last known to be current.
    fn name(&self) -> String {
        self.store.name().unwrap_or_else(memory::current)
    }

    /// Whether another page has gone on to another database.
    pub fn is_left(&self) -> bool {
        self.store
            .name()
            .is_some_and(|name| name != memory::current())
    }

    /// What the page keeps for itself beside its database.
    pub fn recall(&self) -> Option<String> {
        memory::recall(&self.name())
    }

    /// Keeps it.
    pub fn remember(&self, text: &str) {
        memory::remember(&self.name(), text);
    }

    /// Copies of what is still to go into this page's database.
    pub fn journal(&self) -> Journal {
        Journal::beside(&self.name())
    }

    /// Uses the page's database from now on; it is the one to look for before the directory has been read.
    pub async fn hold(&self) {
        let name = self.name();
        memory::note_current(&name);
        let guard = shared(&lock_of(&name)).await;
        self.held.replace(Some(guard));
    }

    /// The next page stands on this database.
    pub fn leave_for(database: &str) {
        memory::note_current(database);
    }
}

impl household::Databases for Databases {
    type Alone = WebLockGuard;

    fn here(&self) -> String {
        self.name()
    }

    async fn directory(&self) -> Result<Directory, StoreError> {
        self.directory.read().await
    }

    async fn change_directory(&self, change: DirectoryChange) -> Result<Directory, StoreError> {
        self.directory.change(&change).await
    }

    async fn alone_with(&self, database: &str) -> WebLockGuard {
        alone(&lock_of(database)).await
    }

    async fn everything_in(&self, database: &str) -> Result<Everything, StoreError> {
        let engine = engine_over(IdbStore::open(database).await?);
        engine.everything().await
    }

    async fn delete_database(&self, database: &str) {
        storage::delete(database).await;
    }
}

fn lock_of(database: &str) -> String {
    format!("database:{database}")
}
