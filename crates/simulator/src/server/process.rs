//! A server process of the real code, whatever its rows lie in, and the hand of the operator who starts, stops, backs up
//! and restores it.

use axum::Router;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use tempfile::TempDir;
use tidemark_protocol::{Epoch, MetricsPage, Timestamp};
use tidemark_server::http::{App, Environment, Settings, Store, router};
use tidemark_server::storage::{
    Keep, PostgresStorage, SqliteStorage, Storage, StorageResult, Upkeep, back_up, restore,
};
use tidemark_server::sync::{self, BUILT_IN_ACCOUNT, Caller, PullRequest};
use tidemark_testdb::Postgres;
use tokio::runtime::Runtime;

const DATABASE: &str = "tidemark.db";
const HOUR_MS: i64 = 3_600_000;

/// A running process.
pub struct Process {
    /// What answers requests.
    pub router: Router,
    /// What the router stands on.
    pub inside: Box<dyn Inside>,
}

impl Process {
    /// Starts one over a storage.
    pub fn over(storage: impl Store + Upkeep, settings: Settings, chance: Environment) -> Self {
        let app = Arc::new(App::new(storage, settings, chance));
        Self {
            router: router(Arc::clone(&app)),
            inside: Box::new(app),
        }
    }
}

/// What an operator and the judge may do beside asking the router.
pub trait Inside {
    /// Ends the process in order.
    fn close(&self, runtime: &Runtime);
    /// Forgets deletions; answers up to which version the account without sign-in is by then.
    fn prune(&self, runtime: &Runtime, keep: &Keep) -> Option<u64>;
    /// A page of an account's rows.
    fn pull(&self, runtime: &Runtime, caller: &Caller, asked: &PullRequest) -> Option<MetricsPage>;
}

impl<S: Store + Upkeep> Inside for Arc<App<S>> {
    fn close(&self, runtime: &Runtime) {
        runtime.block_on(self.storage.close());
    }

    fn prune(&self, runtime: &Runtime, keep: &Keep) -> Option<u64> {
        runtime.block_on(async {
            self.storage.prune(keep).await.ok()?;
            self.storage.head(BUILT_IN_ACCOUNT).await.ok()
        })
    }

    fn pull(&self, runtime: &Runtime, caller: &Caller, asked: &PullRequest) -> Option<MetricsPage> {
        let page = sync::pull_metrics(&self.storage, caller, asked);
        runtime.block_on(page).ok()
    }
}

/// Where rows lie while no process runs.
#[derive(Debug)]
pub enum Place {
    /// In a SQLite file of a folder that is removed in the end.
    File(TempDir),
    /// In a database on a real PostgreSQL, which ends with this program.
    Postgres {
        /// Its name; a restore makes another.
        database: RefCell<String>,
        /// Lives begun.
        lives: Cell<i64>,
    },
}

impl Place {
    /// Room for a SQLite file. Panics if no temporary folder can be made.
    pub fn file() -> Self {
        Self::File(TempDir::new().expect("a temporary folder can be made"))
    }

    /// An empty database. Panics if PostgreSQL can't be started.
    pub fn postgres() -> Self {
        let database = Postgres::shared().database(None);
        Self::Postgres {
            database: RefCell::new(database.expect("a database can be made")),
            lives: Cell::new(0),
        }
    }

    /// Starts a process here; an empty database begins its life as `epoch`. Panics if the database can't be opened.
    pub fn start(
        &self,
        runtime: &Runtime,
        epoch: &Epoch,
        settings: Settings,
        chance: Environment,
    ) -> Process {
        let opened: StorageResult<Process> = runtime.block_on(async {
            Ok(match self {
                Self::File(folder) => {
                    let file = folder.path().join(DATABASE);
                    Process::over(SqliteStorage::open(&file, epoch).await?, settings, chance)
                }
                Self::Postgres { database, .. } => {
                    let address = Postgres::shared().url(&database.borrow());
                    let storage = PostgresStorage::open(&address, epoch).await?;
                    Process::over(storage, settings, chance)
                }
            })
        });
        opened.expect("the database opens")
    }

    /// Whether only a stopped process can be backed up: a database is copied by copying what nobody uses.
    pub fn rests_for_backups(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// Makes a backup; answers its name. Panics if there is no room for it.
    pub fn back_up(&self, runtime: &Runtime, number: usize) -> String {
        match self {
            Self::File(folder) => {
                let name = format!("backup-{number}.db");
                let (from, to) = (folder.path().join(DATABASE), folder.path().join(&name));
                let written = runtime.block_on(back_up(&from, &to));
                written.expect("a running database can be backed up");
                name
            }
            Self::Postgres { database, .. } => copy(&database.borrow()),
        }
    }

    /// Puts a backup in place, while no process runs. Panics if it can't be.
    pub fn restore(&self, runtime: &Runtime, backup: &str, epoch: &Epoch, now: Timestamp) {
        let restored = match self {
            Self::File(folder) => {
                let (from, to) = (folder.path().join(backup), folder.path().join(DATABASE));
                runtime.block_on(restore(&from, &to, epoch, now)).map(drop)
            }
            Self::Postgres { database, lives } => {
                database.replace(copy(backup));
                // Lives are told apart by the hour in which they begin: an operator begins one an hour at most.
                let now = now.plus_millis(lives.replace(lives.get() + 1) * HOUR_MS);
                let address = Postgres::shared().url(&database.borrow());
                runtime.block_on(async {
                    let storage = PostgresStorage::open(&address, epoch).await?;
                    storage.begin_life(epoch, now).await?;
                    storage.close().await;
                    Ok(())
                })
            }
        };
        restored.expect("a backup can be put in place");
    }
}

fn copy(database: &str) -> String {
    let copy = Postgres::shared().database(Some(database));
    copy.expect("a database at rest can be copied")
}
