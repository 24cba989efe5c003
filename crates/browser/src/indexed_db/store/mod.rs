//! The engine's `Store` port on IndexedDB: each method names the object stores that it reaches, and how
//! surely they must be written.

mod aside;
mod edits;
mod imports;
mod people;
mod pulls;
mod reads;
mod settling;

use super::connection::Connection;
use super::database::{Database, Deadlines, IndexAt, Scope};
use super::failure::Failure;
use super::page_work::PageWork;
use super::schema::{
    APP_MODEL, CONFLICTS, DATA, OUTBOX, PAGES, SYNC_LOG, SYNC_STATE, UNREADABLE, USER,
};
use super::transaction::{Mode, Tx};
pub(super) use aside::keep_aside;
pub(super) use edits::Guess;
use std::cell::Cell;
use std::rc::Rc;
use tidemark_engine::adoption::PersonAdoption;
use tidemark_engine::imports::ImportNote;
use tidemark_engine::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use tidemark_engine::page::{Page, PageKey};
use tidemark_engine::ports::{
    Applied, Delta, DeltaRows, Generation, HistoryReading, ProfileReading, Window,
};
use tidemark_engine::proof::Healing;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::{Conflict, StateChange, SyncLogLine, SyncState};
use tidemark_engine::{Store, StoreError};
use tidemark_protocol::{DeviceId, EntityId, Metric, OpId};

/// What a settlement with rows reaches.
const SETTLED: &[&str] = &[OUTBOX, USER, APP_MODEL, CONFLICTS, PAGES, SYNC_STATE];

/// What a plain edit reaches.
const PLAIN: Scope = Scope::new(&[OUTBOX, USER, SYNC_STATE], Mode::Strict);

/// The device's store. The outbox half of it is the plan's `OutboxCache`. Clones share a connection.
#[derive(Clone)]
pub struct IdbStore {
    database: Rc<Database>,
}

impl std::fmt::Debug for IdbStore {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("IdbStore").finish_non_exhaustive()
    }
}

impl Default for IdbStore {
    fn default() -> Self {
        Self::new()
    }
}

impl IdbStore {
    /// The store that is the device's current one when the first operation opens it, and that one from then on: what
    /// [`IdbStore::open`] may answer, that operation answers.
    pub fn new() -> Self {
        Self::over(None, Deadlines::default())
    }

    fn over(name: Option<&str>, deadlines: Deadlines) -> Self {
        Self {
            database: Rc::new(Database::new(&DATA, name, deadlines)),
        }
    }

    /// What its database is called, once that is known.
    pub fn name(&self) -> Option<String> {
        self.database.name()
    }

    /// Opens the database `name`, making it or bringing it up to date where needed.
    ///
    /// # Errors
    /// [`StoreError::Blocked`] if another tab keeps an older version open, [`StoreError::NewerSchema`] if
    /// a newer app has written it (it is left alone), [`StoreError::Unavailable`] if the browser fails.
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        Self::open_within(name, Deadlines::default()).await
    }

    /// The same with other deadlines.
    ///
    /// # Errors
    /// As [`IdbStore::open`].
    pub async fn open_within(name: &str, deadlines: Deadlines) -> Result<Self, StoreError> {
        let store = Self::over(Some(name), deadlines);
        store.database.open().await?;
        Ok(store)
    }

    /// Whether a newer version of the app has asked for the database: then this page should be loaded anew.
    pub fn is_superseded(&self) -> bool {
        self.database.is_superseded()
    }

    /// Calls `told` when a newer version of the app asks for the database. The connection is closed by
    /// then; operations that follow fail with [`StoreError::NewerSchema`].
    pub fn on_superseded(&self, told: impl Fn() + 'static) {
        self.database.on_superseded(told);
    }

    /// How many rows could not be read, pages and those of an older version. They are kept as they were.
    ///
    /// # Errors
    /// If the browser fails.
    pub async fn unreadable_rows(&self) -> Result<usize, StoreError> {
        let scope = Scope::new(&[UNREADABLE], Mode::Read);
        self.database
            .run(scope, async |tx| {
                tx.ask_count(UNREADABLE, None)?.count().await
            })
            .await
    }

    /// The connection as it stands, for suites that take it away.
    #[doc(hidden)]
    pub fn connection(&self) -> Option<Rc<Connection>> {
        self.database.current()
    }

    /// Runs a transaction that writes pages, and keeps the index that comes of it.
    async fn run_on_pages<T>(
        &self,
        scope: Scope,
        body: impl AsyncFn(&Tx, &mut PageWork<'_>) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let work = async |tx: &Tx| -> Result<(T, IndexAt), Failure> {
            let mut work = PageWork::begin(tx, &self.database.index).await?;
            let answer = body(tx, &mut work).await?;
            Ok((answer, work.finish()?))
        };
        let run = async || self.database.run(scope, &work).await;
        let (answer, index) = self.reading_pages(run).await?;
        self.database.index.replace(Some(index));
        Ok(answer)
    }
}

impl IdbStore {
    /// Stores a plain edit by what the last one found. Answers whether that held: else nothing is stored.
    async fn commit_guessed(&self, plain: &PlainEdit, guess: Guess) -> Result<bool, StoreError> {
        let is_wrong = Cell::new(false);
        let guessed = async |tx: &Tx| {
            let found = edits::commit_guessed(tx, plain, guess).await;
            is_wrong.set(!matches!(found, Ok((true, _))));
            match found {
                Ok((false, _)) => Err(Failure::Final(StoreError::Unavailable("a guess".into()))),
                found => found,
            }
        };
        match self.database.run(PLAIN, guessed).await {
            Ok((_, guess)) => {
                self.database.guess.set(Some(guess));
                Ok(true)
            }
            Err(_) if is_wrong.get() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Store for IdbStore {
    async fn load(&self, fresh: &DeviceId) -> Result<SyncState, StoreError> {
        let read = Scope::new(&[SYNC_STATE], Mode::Read);
        if let Some(state) = self.database.run(read, pulls::known_state).await? {
            return Ok(state);
        }
        let write = Scope::new(&[SYNC_STATE], Mode::Strict);
        self.database
            .run(write, async |tx| pulls::load(tx, fresh).await)
            .await
    }

    async fn commit(
        &self,
        drafts: &[EntryDraft],
        pack: Option<OpId>,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        let scope = Scope::new(&[OUTBOX], Mode::Strict);
        let committed = self.database.run(scope, async |tx| {
            edits::commit(tx, drafts, pack.is_some()).await
        });
        match (committed.await?, pack) {
            (Some(entries), _) => Ok(entries),
            (None, marker) => {
                let scope = Scope::long(&[OUTBOX, PAGES, SYNC_STATE], Mode::Strict);
                self.run_on_pages(scope, async |tx, pages| {
                    edits::commit_and_pack(tx, pages, drafts, marker).await
                })
                .await
            }
        }
    }

    async fn commit_plain(&self, plain: &PlainEdit) -> Result<bool, StoreError> {
        let guess = self.database.guess.take();
        if let Some(guess) = guess.filter(|guess| guess.serves(plain))
            && self.commit_guessed(plain, guess).await?
        {
            return Ok(true);
        }
        let plainly = async |tx: &Tx| edits::commit_plain(tx, plain).await;
        let (holds, guess) = self.database.run(PLAIN, plainly).await?;
        self.database.guess.set(Some(guess));
        Ok(holds)
    }

    async fn bulk(&self, rows: &[Metric], marker: &EntryDraft) -> Result<usize, StoreError> {
        let scope = Scope::long(&[OUTBOX, PAGES, SYNC_STATE], Mode::Strict);
        self.run_on_pages(scope, async |tx, pages| {
            edits::bulk(tx, pages, rows, marker).await
        })
        .await
    }

    async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        let scope = Scope::new(&[OUTBOX], Mode::Read);
        self.database.run(scope, reads::outbox).await
    }

    async fn unsent(&self, pages: &[PageKey], limit: usize) -> Result<Vec<Metric>, StoreError> {
        let scope = Scope::new(&[PAGES], Mode::Read);
        let read = async |tx: &Tx| reads::unsent(tx, pages, limit).await;
        self.reading_pages(async || self.database.run(scope, read).await)
            .await
    }

    async fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let mode = if settlement.must_be_durable() {
            Mode::Strict
        } else {
            Mode::Relaxed
        };
        if settlement.rows.is_empty() && settlement.cleared.is_empty() {
            let scope = Scope::new(&[OUTBOX, USER, APP_MODEL, CONFLICTS, SYNC_STATE], mode);
            return self
                .database
                .run(scope, async |tx| {
                    let is_over = settling::is_over(tx, settlement).await?;
                    if !is_over {
                        settling::settle(tx, settlement).await?;
                    }
                    Ok(!is_over)
                })
                .await;
        }
        self.run_on_pages(Scope::new(SETTLED, mode), async |tx, pages| {
            let is_over = settling::is_over(tx, settlement).await?;
            if !is_over {
                settling::settle_pages(pages, settlement).await?;
                settling::settle(tx, settlement).await?;
            }
            Ok(!is_over)
        })
        .await
    }

    async fn apply(&self, delta: &Delta) -> Result<Applied, StoreError> {
        match &delta.rows {
            DeltaRows::Metrics(rows) => {
                let scope = Scope::new(&[PAGES, SYNC_STATE], Mode::Relaxed);
                self.run_on_pages(scope, async |tx, pages| {
                    pulls::apply_metrics(tx, pages, delta, rows).await
                })
                .await
            }
            DeltaRows::Users(users, model) => {
                let scope = Scope::new(&[USER, APP_MODEL, SYNC_STATE], Mode::Relaxed);
                let model = model.as_ref();
                self.database
                    .run(scope, async |tx| {
                        pulls::apply_users(tx, delta, users, model).await
                    })
                    .await
            }
        }
    }

    async fn replace_all(&self, generation: &Generation) -> Result<(), StoreError> {
        let scope = Scope::long(&[PAGES, SYNC_STATE, USER, APP_MODEL], Mode::Strict);
        self.run_on_pages(scope, async |tx, pages| {
            pulls::replace_all(tx, pages, generation).await
        })
        .await
    }

    async fn heal(&self, healing: &Healing) -> Result<Applied, StoreError> {
        let scope = Scope::long(&[PAGES, SYNC_STATE], Mode::Relaxed);
        self.run_on_pages(scope, async |tx, pages| {
            pulls::heal(tx, pages, healing).await
        })
        .await
    }

    async fn adopt_person(&self, adoption: &PersonAdoption) -> Result<(), StoreError> {
        let scope = Scope::long(&[OUTBOX, PAGES, SYNC_STATE], Mode::Strict);
        self.run_on_pages(scope, async |tx, pages| {
            people::adopt(tx, pages, adoption).await
        })
        .await
    }

    async fn update(&self, change: &StateChange) -> Result<SyncState, StoreError> {
        let mode = match change {
            StateChange::Adopt(_)
            | StateChange::Behind(_)
            | StateChange::NewPerson(_)
            | StateChange::SomebodyNew(_) => Mode::Strict,
            _ => Mode::Relaxed,
        };
        self.database
            .run(Scope::new(&[SYNC_STATE], mode), async |tx| {
                pulls::update(tx, change).await
            })
            .await
    }

    async fn history(&self, user: EntityId, window: Window) -> Result<HistoryReading, StoreError> {
        let scope = Scope::new(&[PAGES, OUTBOX], Mode::Read);
        let read = async |tx: &Tx| reads::history(tx, user, window).await;
        self.reading_pages(async || self.database.run(scope, read).await)
            .await
    }

    async fn pages(&self) -> Result<Vec<Page>, StoreError> {
        let scope = Scope::new(&[PAGES], Mode::Read);
        self.reading_pages(async || self.database.run(scope, reads::pages).await)
            .await
    }

    async fn profile(&self) -> Result<ProfileReading, StoreError> {
        let scope = Scope::new(&[USER, APP_MODEL, OUTBOX], Mode::Read);
        self.database.run(scope, people::profile).await
    }

    async fn log(&self, line: &SyncLogLine) -> Result<(), StoreError> {
        let scope = Scope::new(&[SYNC_LOG], Mode::Relaxed);
        self.database
            .run(scope, async |tx| reads::log(tx, line).await)
            .await
    }

    async fn sync_log(&self, limit: usize) -> Result<Vec<SyncLogLine>, StoreError> {
        let scope = Scope::new(&[SYNC_LOG], Mode::Read);
        self.database
            .run(scope, async |tx| reads::newest(tx, SYNC_LOG, limit).await)
            .await
    }

    async fn conflicts(&self, limit: usize) -> Result<Vec<Conflict>, StoreError> {
        let scope = Scope::new(&[CONFLICTS], Mode::Read);
        self.database
            .run(scope, async |tx| reads::newest(tx, CONFLICTS, limit).await)
            .await
    }

    async fn forget_conflict(&self, conflict: &Conflict) -> Result<(), StoreError> {
        let scope = Scope::new(&[CONFLICTS], Mode::Relaxed);
        self.database
            .run(scope, async |tx| settling::forget_conflict(tx, conflict))
            .await
    }

    async fn note_import(&self, note: &ImportNote) -> Result<(), StoreError> {
        let scope = Scope::new(&[SYNC_STATE], Mode::Strict);
        self.database
            .run(scope, async |tx| imports::note(tx, note).await)
            .await
    }

    async fn imports(&self) -> Result<Vec<ImportNote>, StoreError> {
        let scope = Scope::new(&[SYNC_STATE], Mode::Read);
        self.database.run(scope, imports::all).await
    }

    async fn forget_import(&self, id: OpId) -> Result<(), StoreError> {
        let scope = Scope::new(&[SYNC_STATE], Mode::Strict);
        self.database
            .run(scope, async |tx| imports::forget(tx, id).await)
            .await
    }
}
