//! The faults that a run can play, each with a counter. A set of runs that never met one of them proves nothing about it.

use std::cell::Cell;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// In words.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

faults! {
    /// The request never arrives.
    RequestLost = "request lost",
    /// The server did it; the answer never arrives.
    ReplyLost = "reply lost after commit",
    /// The request arrives twice.
    Duplicate = "duplicate delivery",
    /// A copy of the request arrives much later, after others.
    LateCopy = "reordered: a copy arrives late",
    /// Up to a minute on the way.
    Delay = "delay up to 60 s",
    /// The answer's body breaks off.
    CutBody = "cut body",
    /// A portal answers 200 with a page of its own.
    CaptivePortal = "captive portal's 200",
    /// Too many requests.
    TooMany = "429 with Retry-After",
    /// A proxy's 502 or 504.
    BadGateway = "502 or 504 of a proxy",
    /// A proxy's 4xx.
    StrangeRefusal = "4xx of a proxy",
    /// Our own 503.
    Overloaded = "503 of ours with Retry-After",
    /// A sign-in that ran out, as our server says it.
    SignedOut = "401 of ours",
    /// An access token is over in the middle of the work.
    TokenOver = "token over in the middle",
    /// The answer to its renewal never arrives.
    RenewalLost = "answer to a renewal lost",
    /// The device was signed out from another one.
    DeviceRevoked = "device signed out from elsewhere",
    /// Somebody else has signed in on the device.
    SomebodyElse = "another account signed in on the device",
    /// An account is erased while some device holds entries of it that were not sent.
    AccountErased = "account erased while entries of it are unsent",
    /// Somebody signs out with entries unsent.
    SignedOutUnsent = "signed out with entries unsent",
    /// Somebody signs in again where entries of theirs had waited.
    SignedInAgain = "signed in again where entries waited",
    /// A second account gets its own database on a device.
    SecondAccount = "second account with its own database",
    /// Local entries are taken along to an account that has some already.
    AdoptedOntoFull = "local entries onto an account that has some",
    /// A recovery signs other devices out.
    Recovered = "recovery signs other devices out",
    /// A page does something on a database that another page has left.
    LeftPage = "page on a database that was left",
    /// On and off every few seconds.
    Flapping = "flapping network",
    /// No way for long.
    Partition = "partition",
    /// Requests arrive, answers do not.
    OneWay = "one-way partition",
    /// All devices clogged, freed one by one.
    SwizzleClog = "all devices clogged, freed one by one",
    /// Killed before the commit.
    KilledBefore = "server killed before commit",
    /// Killed after the commit, before the answer.
    KilledAfter = "server killed after commit",
    /// Down for a while.
    Restart = "server restarting",
    /// An older backup put in place.
    Restored = "server restored from a backup",
    /// No room on the server.
    DiskFull = "server disk full",
    /// The server's clock jumps.
    ServerClock = "server clock jumps",
    /// The server forgets old deletions.
    Horizon = "tombstones pruned",
    /// A device came back with a cursor from before that.
    LongOffline = "offline beyond the tombstone horizon",
    /// A device learnt of a new life of the server.
    NewEpoch = "resync for a new epoch",
    /// No room on the device.
    Quota = "device quota exceeded",
    /// A transaction aborts.
    Aborted = "transaction aborted",
    /// The connection to the database breaks, the work undone.
    ConnectionLost = "store connection lost, not done",
    /// The connection to the database breaks, the work done.
    ConnectionLostDone = "store connection lost, done",
    /// The store hangs for long.
    SlowStore = "store slow",
    /// The browser clears the site's storage.
    Evicted = "storage evicted",
    /// A tab or the worker dies where it stands.
    Crash = "context killed",
    /// It dies in the middle of a sync or a write.
    CrashBusy = "context killed between two awaits",
    /// Two contexts sync at once.
    NoLock = "two contexts sync without a lock",
    /// A device sleeps.
    Suspended = "suspended",
    /// A device's clock is wrong by up to 400 days.
    WrongClock = "clock wrong from the start",
    /// A device's clock jumps.
    ClockJump = "clock jumps",
    /// Fields that this version does not know.
    UnknownField = "answer of a newer server: unknown fields",
    /// A problem code that this version does not know.
    UnknownCode = "answer of a newer server: unknown code",
    /// An envelope with fields that the server does not know.
    NewerClient = "request of a newer client: unknown fields",
    /// The plan's own minimal client beside ours.
    PlainClient = "the plan's minimal client",
    /// An entry that the server refuses.
    Poison = "entry that the server refuses",
    /// The outbox is packed while nobody is signed in.
    Packed = "outbox packed into pages",
}

/// A counter for each fault.
#[derive(Debug)]
pub struct FaultCounts(Vec<Cell<u64>>);

impl Default for FaultCounts {
    fn default() -> Self {
        Self(Fault::ALL.iter().map(|_| Cell::new(0)).collect())
    }
}

impl FaultCounts {
    /// Counts one.
    pub fn count(&self, fault: Fault) {
        let cell = &self.0[fault as usize];
        cell.set(cell.get() + 1);
    }

    /// How often it was played.
    pub fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize].get()
    }

    /// Adds another run's counts.
    pub fn add(&self, other: &Self) {
        for (sum, more) in self.0.iter().zip(&other.0) {
            sum.set(sum.get() + more.get());
        }
    }

    /// Faults that were never played.
    pub fn missing(&self) -> Vec<Fault> {
        Fault::ALL
            .iter()
            .copied()
            .filter(|fault| self.of(*fault) == 0)
            .collect()
    }
}
