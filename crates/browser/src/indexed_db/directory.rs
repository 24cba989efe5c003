//! The directory of the device's databases: a tiny database of its own with one row. What the row says is decided in
//! the engine ([`tidemark_engine::directory`]).

use super::connection::Connection;
use super::database::{Database, Deadlines, Scope};
use super::failure::Failure;
use super::schema::{DIRECTORY, OF_DIRECTORY};
use super::transaction::{Mode, Tx, with_transaction};
use crate::timer::within;
use std::rc::Rc;
use tidemark_engine::StoreError;
use tidemark_engine::directory::{Directory, DirectoryChange};
use wasm_bindgen::JsValue;

/// What the browser calls it.
pub(crate) const NAME: &str = "tidemark-directory";

/// The directory of this device.
pub struct IdbDirectory {
    database: Database,
}

impl std::fmt::Debug for IdbDirectory {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("IdbDirectory").finish_non_exhaustive()
    }
}

impl Default for IdbDirectory {
    fn default() -> Self {
        Self::named(NAME)
    }
}

impl IdbDirectory {
    /// A directory of this name.
    pub fn named(name: &str) -> Self {
        Self {
            database: Database::new(&OF_DIRECTORY, Some(name), Deadlines::default()),
        }
    }

    /// What it says. A device that has none is one from before, or a new one: it has its first database.
    ///
    /// # Errors
    /// If the browser fails.
    pub async fn read(&self) -> Result<Directory, StoreError> {
        self.database
            .run(Scope::new(&[DIRECTORY], Mode::Read), row)
            .await
    }

    /// Carries a change out, durably before it returns, and answers what the directory says now.
    ///
    /// # Errors
    /// If the browser fails: then nothing has changed, unless it timed out.
    pub async fn change(&self, change: &DirectoryChange) -> Result<Directory, StoreError> {
        self.database
            .run(Scope::new(&[DIRECTORY], Mode::Strict), async |tx| {
                let mut directory = row(tx).await?;
                directory.apply(change);
                tx.put_at(DIRECTORY, &directory, &key())?;
                Ok(directory)
            })
            .await
    }
}

/// Which database is current, in one attempt: whoever asks tries again as a whole.
pub(super) async fn current_name(deadlines: Deadlines) -> Result<String, Failure> {
    let told = Rc::new(|| {});
    let connection = Connection::open_as(&OF_DIRECTORY, NAME, deadlines.open_ms, told).await?;
    let read = with_transaction(connection.raw(), &[DIRECTORY], Mode::Read, row);
    let directory = within(deadlines.transaction_ms, read).await;
    Ok(directory
        .unwrap_or(Err(Failure::Deadline("a transaction")))?
        .current)
}

async fn row(tx: &Tx) -> Result<Directory, Failure> {
    Ok(tx.get(DIRECTORY, key()).await?.unwrap_or_default())
}

fn key() -> JsValue {
    JsValue::from_str("databases")
}
