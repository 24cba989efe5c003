//! Bugs that can be sown, one at a time, to check the checker. They sit in the wrappers around store, transport and
//! server: each makes a part behave as it would with that bug in it.

macro_rules! bugs {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A sown bug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug {
            $($(#[$doc])* $name,)*
        }

        impl Bug {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// For the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// In words.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Finds one by its name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|bug| bug.name() == name)
            }
        }
    };
}

bugs! {
    // The device's store.
    /// `commit` answers before its transaction is done.
    AcknowledgeBeforeComplete = "write acknowledged before the transaction completed",
    /// An abort is taken for success.
    AbortSwallowed = "aborted transaction reported as saved",
    /// The entries go in one transaction, the rows come in the next.
    SettleNotAtomic = "settle: entries removed first, rows stored later",
    /// The rows of an answer are not stored.
    SettleForgetsRows = "settle: rows of the answer not stored",
    /// What failed is removed.
    DropOnFailure = "entry dropped after a failed attempt",
    /// What was refused is removed.
    DropOnRejection = "entry dropped after a rejection",
    /// Entries go after five attempts.
    RetryLimit = "entry dropped after five attempts",
    /// Entries go after a week.
    AgeLimit = "entry dropped when older than a week",
    /// The queue is read in the order of the device's clock.
    OrderByClock = "outbox ordered by the clock instead of the queue's number",
    /// A parked entry blocks the queue.
    ParkedBlocksAll = "one parked entry blocks the whole queue",
    /// Cursor first, rows in the next transaction.
    CursorBeforeRows = "pull: cursor stored before its rows",
    /// Rows are applied wherever the cursor is.
    CursorUnchecked = "pull: applied although the cursor has moved",
    /// Any pulled row replaces the one that is held.
    OlderOverNewer = "pull: an older row replaces a newer one",
    /// A pull removes the unsent edits of what it brings.
    PullOverPending = "pull overwrites an unsent edit",
    /// A resync removes unsent entries.
    ResyncDropsUnsent = "resync drops unsent entries",
    /// A resync keeps rows that did not come again.
    ResyncKeepsStale = "resync keeps rows that the server no longer has",
    /// An import's rows are stored without their marker.
    ImportUnmarked = "import stored without its outbox marker",
    /// Bulk rows count as sent before they are.
    BulkDoneEarly = "bulk marker settled while rows wait",
    /// Packing forgets what it packs.
    PackForgets = "packing loses entries",
    /// The first push's answer moves the cursor.
    PushMovesCursor = "cursor moved by a push",
    /// Cleared storage keeps its cursor.
    CursorOutlivesEviction = "cursor kept outside of the cleared storage",
    /// A new edit takes the place of a waiting one of its record.
    EditReplacesWaiting = "new edit drops the waiting one of the same record",
    // The driver and its homes.
    /// After a failure nobody calls again.
    LostWakeUp = "no wake-up after a failure",
    /// The lock outlives its dead holder.
    LockLeaks = "sync lock never freed by a killed context",
    /// A retry carries a new operation id.
    RetryNewId = "retry sent under a new operation id",
    /// Nobody listens to `Retry-After`.
    RetryAfterIgnored = "Retry-After ignored",
    /// A wish of a server is kept for hours.
    BackoffUncapped = "backoff without a cap",
    // The way.
    /// Any 200 counts as success.
    PortalTaken = "captive portal's 200 taken as success",
    /// A cut answer counts as success for all.
    CutTaken = "cut answer taken as success",
    /// An answer of 400 counts as success.
    DropOn400 = "entries dropped on 400",
    /// An answer of 401 counts as success.
    DropOn401 = "entries dropped on 401",
    /// An answer of 5xx counts as success.
    DropOn5xx = "entries dropped on 5xx",
    /// No answer counts as success.
    DropOnTimeout = "entries dropped when no answer came",
    /// Pulls go by the device's clock.
    PullByClock = "pull since the device's own last sync time",
    /// Absent fields travel as null.
    AbsentAsNull = "absent field sent as null",
    // Accounts.
    /// Requests do not say whose they are.
    AccountUnnamed = "requests that do not name their account",
    /// Whoever signs in gets the database that is there.
    OneDatabaseForAll = "one database for all who sign in",
    /// Signing out clears the database.
    SignOutForgets = "sign-out drops unsent entries",
    /// What moves into another database loses an entry.
    MoveForgets = "entry lost on the way into the account's database",
    /// What should stay of an erased account goes.
    ErasedIsNotKept = "erased account's entries dropped though they should stay",
    /// A recovery leaves other devices signed in.
    RecoveryKeepsSessions = "recovery leaves other devices signed in",
    // The server.
    /// A replay takes effect again.
    NoDedupe = "no deduplication",
    /// The key is stored in a transaction of its own, which a kill can lose.
    DedupeLostByKill = "operation keys not stored with the change",
    /// Each page begins one row late.
    CursorOffByOne = "page begins one version late",
    /// The cursor jumps to the head though more waits.
    CursorSkipsRest = "cursor at the head of a page that has more",
    /// Deletions are not pulled.
    TombstonesMissing = "deletions left out of ordinary pulls",
    /// Only clocks decide.
    WallClockWins = "wall clock decides against causality",
    /// A delete always wins.
    DeleteWins = "delete wins over a concurrent edit",
    /// Whoever comes last overwrites all fields.
    LastRowWins = "whole row overwritten by a stale edit",
    /// A refused operation stays refused.
    RejectionRemembered = "rejection remembered",
    /// Edits of a wrong clock are refused.
    SkewRefused = "edit refused for its clock",
    /// A batch stops at the first refusal.
    BatchStopsAtRejection = "events after a rejection are not processed, and reported as applied",
    /// A restore keeps the counter.
    RestoreReusesVersions = "restored server reuses versions",
    /// A restore keeps the epoch.
    RestoreKeepsEpoch = "restored server keeps its epoch",
    /// A restore does not say what is lost.
    RestoreHidesLost = "restored server does not name what it lost",
    /// Pruning does not raise the horizon.
    HorizonHidden = "old cursor served after tombstones were pruned",
    /// The batch commits half on a full disk.
    HalfBatch = "half of a batch committed, all of it reported as failed, keys lost",
}
