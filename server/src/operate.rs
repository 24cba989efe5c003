//! What an operator does beside serving: backup, restore, prune. Answers sentences for the operator; must not print.

use crate::storage::{
    Keep, SqliteStorage, Storage, StorageError, StorageResult, Upkeep, back_up, restore,
};
use clap::Subcommand;
use std::path::{Path, PathBuf};
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
    /// Put a backup in the place of the database; the server must be stopped. Devices bring back what they hold of
    /// what was lost.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
    },
    /// Forget deletions that are older than 180 days and that every active device has seen, and those older than 400
    /// days. A running server does so each day.
    Prune,
}

impl Operation {
    /// Does it. `fresh` is the epoch of a restored database.
    ///
    /// # Errors
    /// The storage's; then nothing has changed.
    pub async fn run(
        &self,
        database: &Path,
        fresh: &Epoch,
        now: Timestamp,
    ) -> StorageResult<String> {
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
                let gone = storage.prune(&Keep::at(now)).await?;
                storage.close().await;
                Ok(format!("{gone} deletions forgotten"))
            }
        }
    }
}
