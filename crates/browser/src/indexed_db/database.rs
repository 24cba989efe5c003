//! The database as the store sees it: one connection, renewed when it fails, and whole operations that
//! are tried again.

use super::connection::Connection;
use super::directory::current_name;
use super::failure::Failure;
use super::schema::Schema;
use super::store::Guess;
use super::transaction::{Mode, Tx, with_transaction};
use crate::BrowserEntropy;
use crate::timer::{sleep, within};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tidemark_engine::page::PageIndex;
use tidemark_engine::{Entropy, StoreError};

/// Attempts of an operation, each on a connection of its own.
const TRIES: u32 = 5;
/// The shortest pause between two attempts, in milliseconds.
const PAUSE_MS_MIN: u32 = 50;
/// The longest pause between two attempts, in milliseconds.
const PAUSE_MS_MAX: u32 = 2_000;

/// How long the browser may take, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Opening the database, an upgrade included.
    pub open_ms: u32,
    /// A transaction.
    pub transaction_ms: u32,
    /// A transaction that writes whole histories.
    pub long_ms: u32,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            open_ms: 3_000,
            transaction_ms: 5_000,
            long_ms: 60_000,
        }
    }
}

/// What an operation reaches, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) stores: &'static [&'static str],
    pub(super) mode: Mode,
    pub(super) is_long: bool,
}

impl Scope {
    pub(super) const fn new(stores: &'static [&'static str], mode: Mode) -> Self {
        Self {
            stores,
            mode,
            is_long: false,
        }
    }

    pub(super) const fn long(stores: &'static [&'static str], mode: Mode) -> Self {
        Self {
            stores,
            mode,
            is_long: true,
        }
    }
}

/// Where each record's row lies, as of a revision of the pages.
pub(super) type IndexAt = (u64, PageIndex);

/// Called once a newer version of the app has asked for the database.
type Told = RefCell<Option<Box<dyn Fn()>>>;

pub(super) struct Database {
    schema: &'static Schema,
    /// None until it was asked for: the current one of the device, whichever that is. From then on always that one.
    name: RefCell<Option<String>>,
    deadlines: Deadlines,
    connection: RefCell<Option<Rc<Connection>>>,
    /// The index as it was when a transaction of this context last wrote pages.
    pub(super) index: RefCell<Option<IndexAt>>,
    /// What this context's last plain edit found.
    pub(super) guess: Cell<Option<Guess>>,
    superseded: Rc<Superseded>,
}

#[derive(Default)]
struct Superseded {
    is_so: Cell<bool>,
    told: Told,
}

impl Database {
    /// The database of this name, else the device's current one.
    pub(super) fn new(schema: &'static Schema, name: Option<&str>, deadlines: Deadlines) -> Self {
        Self {
            schema,
            name: RefCell::new(name.map(str::to_owned)),
            deadlines,
            connection: RefCell::default(),
            index: RefCell::default(),
            guess: Cell::default(),
            superseded: Rc::default(),
        }
    }

    /// What it is called, as far as that is known.
    pub(super) fn name(&self) -> Option<String> {
        self.name.borrow().clone()
    }

    /// Whether a newer version of the app has asked for the database.
    pub(super) fn is_superseded(&self) -> bool {
        self.superseded.is_so.get()
    }

    pub(super) fn on_superseded(&self, told: impl Fn() + 'static) {
        self.superseded.told.replace(Some(Box::new(told)));
    }

    /// Opens the database, as often as it may take.
    pub(super) async fn open(&self) -> Result<(), StoreError> {
        self.tried(async || self.connection().await.map(drop)).await
    }

    /// Runs a transaction to its completion, as often as it may take: `body` may have happened before.
    pub(super) async fn run<T>(
        &self,
        scope: Scope,
        body: impl AsyncFn(&Tx) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        self.tried(async || {
            let connection = self.connection().await?;
            let ms = if scope.is_long {
                self.deadlines.long_ms
            } else {
                self.deadlines.transaction_ms
            };
            let work = with_transaction(connection.raw(), scope.stores, scope.mode, &body);
            within(ms, work)
                .await
                .unwrap_or(Err(Failure::Deadline("a transaction")))
        })
        .await
    }

    async fn tried<T>(
        &self,
        attempt: impl AsyncFn() -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        for tried in 1.. {
            match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(failure) if failure.is_final() || tried == TRIES => {
                    return Err(failure.into_store_error());
                }
                Err(_) => {
                    self.disconnect();
                    sleep(pause_ms(tried)).await;
                }
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn connection(&self) -> Result<Rc<Connection>, Failure> {
        let known = self.connection.borrow().clone();
        if let Some(connection) = known.filter(|connection| connection.is_open()) {
            return Ok(connection);
        }
        self.disconnect();
        let superseded = Rc::clone(&self.superseded);
        let tell = move || {
            superseded.is_so.set(true);
            if let Some(told) = &*superseded.told.borrow() {
                told();
            }
        };
        let known = self.name();
        let name = match known {
            Some(name) => name,
            None => current_name(self.deadlines).await?,
        };
        self.name.replace(Some(name.clone()));
        let open_ms = self.deadlines.open_ms;
        let opened = Connection::open_as(self.schema, &name, open_ms, Rc::new(tell)).await?;
        let opened = Rc::new(opened);
        self.connection.replace(Some(Rc::clone(&opened)));
        Ok(opened)
    }

    /// Lets the connection go. What is known of the pages goes with it: the database may be another one
    /// when it is opened again.
    fn disconnect(&self) {
        self.connection.take();
        self.index.take();
        self.guess.take();
    }

    /// The connection as it stands, for suites that take it away.
    pub(super) fn current(&self) -> Option<Rc<Connection>> {
        self.connection.borrow().clone()
    }
}

/// A pause that grows with the attempts, with chance in it, so that tabs do not keep step.
fn pause_ms(tried: u32) -> u32 {
    let mut chance = [0; 4];
    BrowserEntropy.fill(&mut chance);
    let longest = PAUSE_MS_MIN
        .saturating_mul(4_u32.saturating_pow(tried))
        .min(PAUSE_MS_MAX);
    PAUSE_MS_MIN + u32::from_le_bytes(chance) % (longest - PAUSE_MS_MIN)
}
