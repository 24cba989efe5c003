//! A device: one store, a wrong clock, a way to the server, and the homes (tabs, worker) that share them.

use crate::bugs::Bug;
use crate::executor::{HomeId, Turn};
use crate::faults::Fault;
use crate::session::Session;
use crate::store::SimStore;
use crate::transport::{SimTransport, SimWay};
use crate::world::World;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tidemark_engine::session::Renewing;
use tidemark_engine::view::Entry;
use tidemark_engine::{Clock, Engine, Lock, Network, Platform, Trigger};
use tidemark_protocol::Timestamp;
use tidemark_testkit::{MemoryStore, SeededEntropy};

/// A wrong clock is wrong by this much at most: 400 days in milliseconds.
pub const WRONG_MS_MAX: i64 = 400 * 86_400_000;
/// Milliseconds between two tries for the lock.
const LOCK_TRY_MS: i64 = 500;
/// Tries before a home gives the lock up.
const LOCK_TRIES: u32 = 4;

/// A device.
#[derive(Debug)]
pub struct Device {
    /// Its place in the world.
    pub index: usize,
    /// Its clock minus the true one, in milliseconds.
    pub offset_ms: Cell<i64>,
    /// What its browser keeps; replaced when that is cleared.
    pub store: RefCell<MemoryStore>,
    /// Who holds the sync lock.
    pub lock_holder: Cell<Option<HomeId>>,
    /// Who renews the sign-in.
    pub renewal_holder: Cell<Option<HomeId>>,
    /// Whether requests arrive.
    pub sends: Cell<bool>,
    /// Whether answers arrive.
    pub receives: Cell<bool>,
    /// Whether the network goes on and off.
    pub flaps: Cell<bool>,
    /// Whether there is no room left.
    pub is_full: Cell<bool>,
    /// Homes that are open.
    pub homes: RefCell<Vec<Rc<Home>>>,
    /// Entries as they were before their deletion.
    pub deleted: RefCell<Vec<Entry>>,
    /// Before this virtual moment nothing may be sent: the server asked for it.
    pub quiet_until_ms: Cell<i64>,
    /// Whose cookies its browser holds.
    pub session: Session,
}

/// A context in which an engine runs.
pub struct Home {
    /// Which.
    pub id: HomeId,
    /// The engine under test.
    pub engine: Engine<SimPlatform>,
    /// What speaks for a sync now.
    pub nudge: Cell<Option<Trigger>>,
    /// When its sync loop goes on.
    pub turn: Turn,
    /// Until when it is frozen, in virtual milliseconds.
    pub frozen_until_ms: Cell<i64>,
    /// Writes and syncs that run now.
    pub busy: Cell<u32>,
    /// Until when, in virtual milliseconds, it sleeps because the server asked for that when it fell asleep. Its clock
    /// may jump meanwhile; the timer does not hear of it.
    pub asked_sleep_until_ms: Cell<i64>,
    /// The clock jumped since its tick began: what it notes may be of the time before.
    pub clock_jumped: Cell<bool>,
}

impl std::fmt::Debug for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.id)
    }
}

impl Device {
    /// A device that was never used.
    pub fn new(index: usize, offset_ms: i64) -> Self {
        Self {
            index,
            offset_ms: Cell::new(offset_ms),
            store: RefCell::default(),
            lock_holder: Cell::new(None),
            renewal_holder: Cell::new(None),
            sends: Cell::new(true),
            receives: Cell::new(true),
            flaps: Cell::new(false),
            is_full: Cell::new(false),
            homes: RefCell::default(),
            deleted: RefCell::default(),
            quiet_until_ms: Cell::new(0),
            session: Session::default(),
        }
    }

    /// What the device believes the time to be.
    pub fn now(&self, world: &World) -> Timestamp {
        world.true_now().plus_millis(self.offset_ms.get())
    }

    /// Opens a home on it.
    pub fn open(self: &Rc<Self>, world: &Rc<World>) -> Rc<Home> {
        let id = HomeId(world.next_number());
        let parts = || (Rc::clone(world), Rc::clone(self));
        let has_lock = !(world.plan.no_lock && world.chance.happens(500));
        let lock = |holder: Holder| {
            let (world, device) = parts();
            SimLock {
                world,
                device,
                holder,
                home: id,
                works: has_lock,
            }
        };
        let way = if world.signs_in {
            let renewal = lock(|device| &device.renewal_holder);
            SimWay::SignedIn(Renewing::new(SimTransport::new(parts()), renewal))
        } else {
            SimWay::Open(SimTransport::new(parts()))
        };
        let home = Rc::new(Home {
            id,
            engine: Engine::new(
                SimStore::new(parts(), id),
                way,
                SimNetwork(Rc::clone(self)),
                SimClock(Rc::clone(world), Rc::clone(self)),
                world.chance.fork(),
                lock(|device| &device.lock_holder),
            ),
            nudge: Cell::new(None),
            turn: Rc::new(Cell::new(world.reactor.now_ms())),
            frozen_until_ms: Cell::new(0),
            busy: Cell::new(0),
            asked_sleep_until_ms: Cell::new(0),
            clock_jumped: Cell::new(false),
        });
        self.homes.borrow_mut().push(Rc::clone(&home));
        home
    }

    /// Ends a home where it stands, as closing or a kill does.
    pub fn close(&self, world: &World, id: HomeId) {
        self.homes.borrow_mut().retain(|home| home.id != id);
        // It may die with a wish of the server that it has not stored.
        self.quiet_until_ms.set(0);
        world.orders.kill(id);
    }

    /// Tells all homes that something speaks for a sync.
    pub fn nudge_all(&self, world: &World, trigger: Trigger) {
        for home in self.homes.borrow().iter() {
            home.nudge(world, trigger);
        }
    }
}

impl Home {
    /// Tells its sync loop that something speaks for a sync.
    pub fn nudge(&self, world: &World, trigger: Trigger) {
        self.nudge.set(Some(trigger));
        let now = world.reactor.now_ms();
        if self.frozen_until_ms.get() <= now {
            self.turn.set(self.turn.get().min(now));
        }
    }
}

/// The ports of a simulated device.
#[derive(Debug)]
pub struct SimPlatform;

impl Platform for SimPlatform {
    type Store = SimStore;
    type Transport = SimWay;
    type Network = SimNetwork;
    type Clock = SimClock;
    type Entropy = SeededEntropy;
    type Lock = SimLock;
}

/// The device's clock.
#[derive(Debug)]
pub struct SimClock(Rc<World>, Rc<Device>);

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        self.1.now(&self.0)
    }
}

/// The browser's opinion of the network.
#[derive(Debug)]
pub struct SimNetwork(Rc<Device>);

impl Network for SimNetwork {
    fn online_hint(&self) -> bool {
        self.0.sends.get()
    }
}

/// Where a device notes who holds one of its locks.
type Holder = fn(&Device) -> &Cell<Option<HomeId>>;

/// A lock that the homes of a device share, where their browser has one.
#[derive(Debug)]
pub struct SimLock {
    world: Rc<World>,
    device: Rc<Device>,
    holder: Holder,
    home: HomeId,
    works: bool,
}

/// Frees the lock when dropped, also by death.
#[derive(Debug)]
pub struct SimLockGuard(Option<(Rc<World>, Rc<Device>, Holder)>);

impl Drop for SimLockGuard {
    fn drop(&mut self) {
        if let Some((world, device, holder)) = &self.0
            && !(world.has(Bug::LockLeaks) && world.chance.happens(50))
        {
            holder(device).set(None);
        }
    }
}

impl Lock for SimLock {
    type Guard = SimLockGuard;

    async fn acquire(&self) -> Option<SimLockGuard> {
        self.world.pause(0).await;
        if !self.works {
            if self
                .device
                .homes
                .borrow()
                .iter()
                .any(|home| home.id != self.home && home.busy.get() > 0)
            {
                self.world.note(Fault::NoLock);
            }
            return Some(SimLockGuard(None));
        }
        for _ in 0..LOCK_TRIES {
            let holder = (self.holder)(&self.device);
            if holder.get().is_none() {
                holder.set(Some(self.home));
                return Some(SimLockGuard(Some((
                    Rc::clone(&self.world),
                    Rc::clone(&self.device),
                    self.holder,
                ))));
            }
            self.world.pause(LOCK_TRY_MS).await;
        }
        None
    }
}
