//! What an operator does beside serving: backup, restore, prune. Answers sentences for the operator; must not print.

use crate::storage::{
    Keep, PostgresStorage, SqliteStorage, Storage, StorageError, StorageResult, Upkeep, back_up,
    is_postgres, path_of, restore,
};
use clap::Subcommand;
use std::path::PathBuf;
use tidemark_protocol::{Epoch, Timestamp};

/// What to do with the database instead of serving it.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Operation {
    /// Write a whole copy of the database into a new file; the server may be running.
    Backup {
        /// The new file.
        #[arg(long)]
        to: PathBuf,
    },
    /// Put a backup in the place of the database file; the server must be stopped. Devices bring back what they hold of
    /// what was lost.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
    },
    /// Forget deletions that are older than 180 days and that every active device has seen, and those older than 400
    /// days. A running server does so each day.
    Prune,
    /// Say that PostgreSQL's own tools have put a backup in place; every server must be stopped. Devices bring back what
    /// they hold of what was lost.
    BeginLife,
}

impl Operation {
    /// Does it. `fresh` is the epoch of a restored database.
    ///
    /// # Errors
    /// The storage's; then nothing has changed.
    pub async fn run(
        &self,
        database: &str,
        fresh: &Epoch,
        now: Timestamp,
    ) -> StorageResult<String> {
        if is_postgres(database) {
            return self.run_on_postgres(database, fresh, now).await;
        }
        let database = path_of(database)?;
        match self {
            Self::Backup { to } => {
                back_up(database, to).await?;
                Ok(format!("backed up to {}", to.display()))
            }
            Self::Restore { from } => Ok(match restore(from, database, fresh, now).await? {
                Some(kept) => format!("restored; what was there before is now {}", kept.display()),
                None => "restored".to_owned(),
            }),
            Self::Prune => {
                if !database.is_file() {
                    return Err(StorageError::NotOurs(database.to_owned()));
                }
                let storage = SqliteStorage::open(database, fresh).await?;
                let told = pruned(&storage, now).await;
                storage.close().await;
                told
            }
            Self::BeginLife => Err(StorageError::Elsewhere("a file is put back with `restore`")),
        }
    }

    async fn run_on_postgres(
        &self,
        database: &str,
        fresh: &Epoch,
        now: Timestamp,
    ) -> StorageResult<String> {
        if matches!(self, Self::Backup { .. } | Self::Restore { .. }) {
            return Err(StorageError::Elsewhere(
                "PostgreSQL has its own tools for backups; after putting one back, `begin-life`",
            ));
        }
        let storage = PostgresStorage::open(database, fresh).await?;
        let told = match self {
            Self::BeginLife => storage.begin_life(fresh, now).await.map(|()| {
                "the database begins another life; devices bring back what they hold".to_owned()
            }),
            _ => pruned(&storage, now).await,
        };
        storage.close().await;
        told
    }
}

async fn pruned(storage: &impl Upkeep, now: Timestamp) -> StorageResult<String> {
    let gone = storage.prune(&Keep::at(now)).await?;
    Ok(format!("{gone} deletions forgotten"))
}
