//! A device that several people share: its browser's cookies, its directory, its databases, and the pages that stand on
//! them. A page can be killed at any of its waits; one that waits for what never comes is taken for killed.

use super::House;
use super::server::Jar;
use crate::bugs::Bug;
use crate::faults::Fault;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use tidemark_engine::directory::{Directory, DirectoryChange};
use tidemark_engine::household::Databases;
use tidemark_engine::imports::Everything;
use tidemark_engine::session::Renewing;
use tidemark_engine::{Answer, Engine, Platform, Request, StoreError, Transport, Unreachable};
use tidemark_protocol::{AccountId, SignInResponse};
use tidemark_testkit::{MemoryLock, MemoryStore, SeededEntropy, SwitchedNetwork, VirtualClock};

/// How often a page dies at one of its waits, in thousandths.
const DEATH: u32 = 12;
/// How often a request or its answer is lost, in thousandths.
const LOSS: u32 = 60;

/// A device.
#[derive(Debug, Default)]
pub struct Device {
    /// Its place in the house.
    pub index: usize,
    /// What its browser keeps of sign-ins.
    pub jar: RefCell<Jar>,
    /// Whom those cookies sign in.
    pub signed_in: Cell<Option<AccountId>>,
    /// Who uses it now, as they would say.
    pub person: Cell<Option<AccountId>>,
    /// Which database is whose.
    pub directory: RefCell<Directory>,
    /// The databases.
    pub databases: RefCell<BTreeMap<String, MemoryStore>>,
    /// The pages that are open.
    pub pages: RefCell<Vec<Rc<Page>>>,
    /// One sync at a time.
    sync: MemoryLock,
    /// One renewal at a time.
    renewal: MemoryLock,
}

/// A page.
pub struct Page {
    /// Whom it is for, as the person before it would say.
    pub person: Cell<Option<AccountId>>,
    /// Its engine.
    pub engine: Engine<HousePlatform>,
    /// Its databases, and which of them it stands on.
    pub shelf: Shelf,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a page on {}", self.shelf.database)
    }
}

impl Device {
    /// A device that was never used.
    pub fn new(index: usize) -> Self {
        Self {
            index,
            ..Self::default()
        }
    }

    /// A database, made where there is none.
    pub fn store(&self, database: &str) -> MemoryStore {
        let mut stores = self.databases.borrow_mut();
        stores.entry(database.to_owned()).or_default().clone()
    }

    /// Opens a page on a database.
    pub fn open(
        self: &Rc<Self>,
        house: &Rc<House>,
        database: &str,
        person: Option<AccountId>,
    ) -> Rc<Page> {
        let standing = Shelf {
            house: Rc::clone(house),
            device: Rc::clone(self),
            database: database.to_owned(),
        };
        let page = Rc::new(Page {
            person: Cell::new(person),
            engine: standing.engine_on(database),
            shelf: standing,
        });
        self.pages.borrow_mut().push(Rc::clone(&page));
        page
    }

    /// A page ends.
    pub fn close(&self, page: &Rc<Page>) {
        self.pages
            .borrow_mut()
            .retain(|other| !Rc::ptr_eq(other, page));
    }
}

impl Page {
    /// Does something on the page to its end; `None` if the page died of it.
    pub fn attempt<T>(self: &Rc<Self>, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        match work.as_mut().poll(&mut context) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => {
                self.shelf.device.close(self);
                None
            }
        }
    }
}

/// The ports of a page in the house.
#[derive(Debug)]
pub struct HousePlatform;

impl Platform for HousePlatform {
    type Store = MemoryStore;
    type Transport = Renewing<Way, MemoryLock>;
    type Network = SwitchedNetwork;
    type Clock = VirtualClock;
    type Entropy = SeededEntropy;
    type Lock = MemoryLock;
}

/// The way from a device to the server.
#[derive(Debug)]
pub struct Way {
    house: Rc<House>,
    device: Rc<Device>,
}

impl Transport for Way {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        let house = &self.house;
        house.may_die().await;
        if house.strikes(LOSS) {
            return Err(Unreachable("lost on the way".to_owned()));
        }
        let mut request = request.clone();
        if house.has(Bug::AccountUnnamed) {
            request.account = None;
        }
        let jar = self.device.jar.borrow().clone();
        let (answer, jar) = house.server.answer(&request, &jar);
        house.heard(&request, &answer);
        if house.strikes(LOSS) {
            return Err(Unreachable("no answer".to_owned()));
        }
        self.device.jar.replace(jar);
        if let Ok(welcome) = serde_json::from_str::<SignInResponse>(&answer.body) {
            self.device.signed_in.set(Some(welcome.account.id));
        }
        house.may_die().await;
        Ok(answer)
    }
}

/// A device's databases, as the page sees them that stands on one of them.
#[derive(Clone, Debug)]
pub struct Shelf {
    house: Rc<House>,
    /// The device.
    pub device: Rc<Device>,
    /// The one that the page stands on.
    pub database: String,
}

impl Shelf {
    fn engine_on(&self, database: &str) -> Engine<HousePlatform> {
        let way = Way {
            house: Rc::clone(&self.house),
            device: Rc::clone(&self.device),
        };
        Engine::new(
            self.device.store(database),
            Renewing::new(way, self.device.renewal.clone()),
            SwitchedNetwork::new(true),
            self.house.clock.clone(),
            self.house.chance.fork(),
            self.device.sync.clone(),
        )
    }

    /// The directory after a change, as a device with the sown bug has it.
    fn changed(&self, change: &DirectoryChange) -> Directory {
        let mut directory = self.device.directory.borrow().clone();
        let before = directory.current.clone();
        match change {
            DirectoryChange::Left { database, .. } if self.house.has(Bug::ErasedIsNotKept) => {
                directory.apply(&DirectoryChange::Left {
                    database: database.clone(),
                    keeps: false,
                });
            }
            _ => directory.apply(change),
        }
        match change {
            DirectoryChange::SignedIn { .. } if self.house.has(Bug::OneDatabaseForAll) => {
                directory.current = before;
            }
            DirectoryChange::SignedOut { page } if self.house.has(Bug::SignOutForgets) => {
                let empty = MemoryStore::default();
                let mut databases = self.device.databases.borrow_mut();
                databases.insert(page.database.clone(), empty);
            }
            _ => {}
        }
        directory
    }
}

impl Databases for Shelf {
    type Alone = ();

    fn here(&self) -> String {
        self.database.clone()
    }

    async fn directory(&self) -> Result<Directory, StoreError> {
        self.house.may_die().await;
        Ok(self.device.directory.borrow().clone())
    }

    async fn change_directory(&self, change: DirectoryChange) -> Result<Directory, StoreError> {
        self.house.may_die().await;
        let after = self.changed(&change);
        self.house.directory_changes(&self.device, &change, &after);
        self.device.directory.replace(after.clone());
        self.house.may_die().await;
        Ok(after)
    }

    /// Whoever can't have it alone waits; no page that stands there goes meanwhile.
    async fn alone_with(&self, database: &str) {
        let is_used = {
            let pages = self.device.pages.borrow();
            pages.iter().any(|page| page.shelf.database == database)
        };
        if is_used {
            pending::<()>().await;
        }
    }

    async fn everything_in(&self, database: &str) -> Result<Everything, StoreError> {
        self.house.may_die().await;
        let mut everything = self.engine_on(database).everything().await?;
        if self.house.has(Bug::MoveForgets) {
            everything.metrics.pop();
        }
        Ok(everything)
    }

    async fn delete_database(&self, database: &str) {
        self.house.may_die().await;
        self.device.databases.borrow_mut().remove(database);
        self.house.may_die().await;
    }
}

impl House {
    /// A wait, at which the page may be killed.
    async fn may_die(&self) {
        if self.strikes(DEATH) {
            self.counts.count(Fault::CrashBusy);
            pending::<()>().await;
        }
    }
}
