//! People of one device: the steps of signing in, signing out and leaving an account, each of which may be the last one
//! before the page dies. Which database is whose, the directory decides ([`crate::directory`]); this sees to it that page
//! and database agree, and that what is left behind is taken in.

use crate::directory::{Directory, DirectoryChange, Fate, Standing};
use crate::engine::{AccountError, Engine};
use crate::imports::Everything;
use crate::ports::{Platform, StoreError};
use tidemark_protocol::AccountInfo;

/// The databases of a device.
#[allow(
    async_fn_in_trait,
    reason = "the page is single-threaded, so no `Send` is wanted"
)]
pub trait Databases {
    /// A database that nobody else uses, as long as this is held.
    type Alone;
    /// Which one the page stands on. The directory may have gone on to another one since.
    fn here(&self) -> String;
    /// The directory of them.
    async fn directory(&self) -> Result<Directory, StoreError>;
    /// Changes it, and answers what it says now.
    async fn change_directory(&self, change: DirectoryChange) -> Result<Directory, StoreError>;
    /// Waits until no page uses this database.
    async fn alone_with(&self, database: &str) -> Self::Alone;
    /// Everything that another database holds.
    async fn everything_in(&self, database: &str) -> Result<Everything, StoreError>;
    /// Deletes another database.
    async fn delete_database(&self, database: &str);
}

/// Where a page belongs after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where it is.
    Here,
    /// On this database: the page ends, another one begins there.
    At(String),
}

/// What came of settling in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettledIn {
    /// The database learnt whose it is.
    pub is_owned_now: bool,
    /// Something was taken in from other databases.
    pub has_taken_in: bool,
}

impl<P: Platform> Engine<P> {
    async fn standing(&self, databases: &impl Databases) -> Result<Standing, StoreError> {
        Ok(Standing {
            database: databases.here(),
            owner: self.state().await?.owner,
        })
    }

    async fn signed_in(
        &self,
        databases: &impl Databases,
        account: &AccountInfo,
    ) -> Result<DirectoryChange, StoreError> {
        Ok(DirectoryChange::SignedIn {
            account: account.id,
            email: account.email.clone(),
            page: self.standing(databases).await?,
        })
    }

    /// Whether whoever has signed in goes on in this page.
    ///
    /// # Errors
    /// If a store fails.
    pub async fn stays_here(
        &self,
        databases: &impl Databases,
        account: &AccountInfo,
    ) -> Result<bool, StoreError> {
        let mut directory = databases.directory().await?;
        directory.apply(&self.signed_in(databases, account).await?);
        Ok(directory.current == databases.here())
    }

    /// Whoever has signed in gets their database: this one, or another one and with it another page.
    ///
    /// # Errors
    /// If a store fails.
    pub async fn take_up(
        &self,
        databases: &impl Databases,
        account: &AccountInfo,
    ) -> Result<Place, StoreError> {
        let change = self.signed_in(databases, account).await?;
        let place = go_on(databases, change).await?;
        if place == Place::Here {
            self.own(account.id).await?;
        }
        Ok(place)
    }

    /// Signs out, here and at the server: the database waits for its owner, unsent entries and all.
    ///
    /// # Errors
    /// If the server is not reached or can't now, then the device is still signed in; or if a store fails.
    pub async fn part(&self, databases: &impl Databases) -> Result<Place, AccountError> {
        self.sign_out().await?;
        let page = self.standing(databases).await?;
        Ok(go_on(databases, DirectoryChange::SignedOut { page }).await?)
    }

    /// Erases the account whose database the page stands on: two people may share a device's cookies. What the page's
    /// database holds stays until [`Engine::leave`].
    ///
    /// # Errors
    /// If the server refuses or is not reached, or a store fails.
    pub async fn erase_account(&self, databases: &impl Databases) -> Result<(), AccountError> {
        let state = self.state().await?;
        // A page that was broken off at the sign-in has not noted it, but the directory has.
        let noted = databases.directory().await?.owner_of(&databases.here());
        let owner = state.owner.or(noted);
        Ok(self.remote(owner, &state).erase_account().await?)
    }

    /// Goes on without an account that is no more. What the page's database holds stays as nobody's, or goes.
    ///
    /// # Errors
    /// If a store fails.
    pub async fn leave(
        &self,
        databases: &impl Databases,
        keeps: bool,
    ) -> Result<Place, StoreError> {
        let database = databases.here();
        go_on(databases, DirectoryChange::Left { database, keeps }).await
    }

    /// Sees to it, when a page begins, that its database is whose the directory says, and takes in what other databases
    /// leave to it. Broken off, it can be called again.
    ///
    /// # Errors
    /// If a store fails.
    pub async fn settle_in(&self, databases: &impl Databases) -> Result<SettledIn, StoreError> {
        let mut settled = SettledIn::default();
        let directory = databases.directory().await?;
        if directory.current != databases.here() {
            return Ok(settled); // another page has gone on, and this one is about to
        }
        let owner = directory.current().and_then(|entry| entry.owner);
        if let Some(owner) = owner
            && self.state().await?.owner.is_none()
        {
            self.own(owner).await?;
            settled.is_owned_now = true;
        }
        for left in directory.leftovers() {
            let _alone = databases.alone_with(&left.name).await;
            // Another page may have been quicker.
            let now = databases.directory().await?;
            if !now.leftovers().contains(&left) {
                continue;
            }
            if left.fate != Fate::Goes {
                self.move_in(databases.everything_in(&left.name).await?)
                    .await?;
                settled.has_taken_in = true;
            }
            databases.delete_database(&left.name).await;
            let deleted = DirectoryChange::Deleted(left.name.clone());
            databases.change_directory(deleted).await?;
        }
        Ok(settled)
    }
}

async fn go_on(databases: &impl Databases, change: DirectoryChange) -> Result<Place, StoreError> {
    let directory = databases.change_directory(change).await?;
    if directory.current == databases.here() {
        Ok(Place::Here)
    } else {
        Ok(Place::At(directory.current))
    }
}
