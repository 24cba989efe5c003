//! A clock that stands until it is told, chance from a seed, a network with a switch, a lock in memory.

use crate::{ScriptedServer, ShakyStore};
use std::cell::Cell;
use std::rc::Rc;
use tidemark_engine::{Clock, Engine, Entropy, Lock, Network, Platform};
use tidemark_protocol::Timestamp;

/// A clock that moves only when it is told to.
#[derive(Clone, Debug)]
pub struct VirtualClock(Rc<Cell<i64>>);

impl VirtualClock {
    /// A clock at a moment.
    pub fn at(now: Timestamp) -> Self {
        Self(Rc::new(Cell::new(now.millis())))
    }

    /// Moves the clock, backwards for a negative number.
    pub fn advance(&self, millis: i64) {
        self.0.set(self.0.get() + millis);
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        self.0.set(now.millis());
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.get())
    }
}

/// Chance from a seed: the same seed, the same bytes (`SplitMix64`, Steele and others 2014).
#[derive(Clone, Debug)]
pub struct SeededEntropy(Rc<Cell<u64>>);

impl SeededEntropy {
    /// Chance from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(Cell::new(seed)))
    }

    /// The next number.
    pub fn next_u64(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which must not be 0.
    pub fn below(&self, bound: u64) -> u64 {
        self.next_u64() % bound
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A network whose opinion of itself can be switched.
#[derive(Clone, Debug)]
pub struct SwitchedNetwork(Rc<Cell<bool>>);

impl SwitchedNetwork {
    /// A network that believes itself online or not.
    pub fn new(online: bool) -> Self {
        Self(Rc::new(Cell::new(online)))
    }
}

impl Network for SwitchedNetwork {
    fn online_hint(&self) -> bool {
        self.0.get()
    }
}

/// A lock that all its clones share.
#[derive(Clone, Debug, Default)]
pub struct MemoryLock(Rc<Cell<bool>>);

/// Frees the lock when dropped.
#[derive(Debug)]
pub struct MemoryLockGuard(Rc<Cell<bool>>);

impl Drop for MemoryLockGuard {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Lock for MemoryLock {
    type Guard = MemoryLockGuard;

    async fn acquire(&self) -> Option<Self::Guard> {
        (!self.0.replace(true)).then(|| MemoryLockGuard(self.0.clone()))
    }
}

/// The platform of the twins.
#[derive(Debug)]
pub struct TestPlatform;

impl Platform for TestPlatform {
    type Store = ShakyStore;
    type Transport = ScriptedServer;
    type Network = SwitchedNetwork;
    type Clock = VirtualClock;
    type Entropy = SeededEntropy;
    type Lock = MemoryLock;
}

/// An engine over the twins: one context of a device whose chance is seeded with `seed`.
pub fn test_engine(
    store: ShakyStore,
    server: ScriptedServer,
    clock: VirtualClock,
    seed: u64,
) -> Engine<TestPlatform> {
    Engine::new(
        store,
        server,
        SwitchedNetwork::new(true),
        clock,
        SeededEntropy::new(seed),
        MemoryLock::default(),
    )
}

/// Runs a future of the twins, which never wait, to its end.
///
/// # Panics
/// If the future waits for something: then it is not one of theirs.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("a future of the twins waited"),
    }
}
