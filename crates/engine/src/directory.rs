//! Which database on this device is whose, and which one is open: one small row beside the databases, changed only
//! through [`DirectoryChange`]. Must not know how a database is opened.
//!
//! A database belongs to one account for good. What was logged before anybody signed in lies in one that is nobody's
//! yet; the first sign-in takes it over as it is.

use serde::{Deserialize, Serialize};
use tidemark_protocol::AccountId;

/// The database that every device begins with; the only one before there were accounts.
pub const FIRST_DATABASE: &str = "tidemark";

/// The databases of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// The one that page and worker open. It is always among the databases.
    pub current: String,
    /// All of them.
    pub databases: Vec<DatabaseEntry>,
    /// How many were made after the first: a name is never given twice.
    #[serde(default)]
    made: u32,
}

/// One database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseEntry {
    /// What the browser calls it.
    pub name: String,
    /// Whose it is; `None` before a sign-in. The current one may know better itself.
    #[serde(default)]
    pub owner: Option<AccountId>,
    /// The account's address, for the screen.
    #[serde(default)]
    pub email: Option<String>,
    /// What becomes of it.
    #[serde(default)]
    pub fate: Fate,
}

/// What becomes of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is kept for its owner.
    #[default]
    Stays,
    /// What it holds goes into the database of this name, when that is the current one; then it is deleted.
    MovesTo(String),
    /// It is deleted.
    Goes,
}

/// The database that a page stands on. It need not be the current one: another page may have gone on meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What the browser calls it.
    pub database: String,
    /// The owner that it names itself: the directory may not have heard of that yet.
    pub owner: Option<AccountId>,
}

/// Something that changes which database is whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryChange {
    /// Somebody has signed in.
    SignedIn {
        /// Who.
        account: AccountId,
        /// Their address.
        email: Option<String>,
        /// Where.
        page: Standing,
    },
    /// Somebody has signed out: their database waits for them. On a page that is left already this changes nothing.
    SignedOut {
        /// Where.
        page: Standing,
    },
    /// The account is no more. What this device holds of it stays here as nobody's, or goes too. On a page that is left
    /// already this changes nothing: the person sees what is current, and did not mean that.
    Left {
        /// Which database was the account's.
        database: String,
        /// Whether it stays.
        keeps: bool,
    },
    /// A database is deleted.
    Deleted(String),
}

impl Default for Directory {
    /// A device on which nobody has signed in.
    fn default() -> Self {
        Self {
            current: FIRST_DATABASE.to_owned(),
            databases: vec![DatabaseEntry::new(FIRST_DATABASE.to_owned())],
            made: 0,
        }
    }
}

impl DatabaseEntry {
    fn new(name: String) -> Self {
        Self {
            name,
            owner: None,
            email: None,
            fate: Fate::Stays,
        }
    }
}

impl Directory {
    /// Carries a change out. The same one again changes nothing more, or at most makes another empty database.
    pub fn apply(&mut self, change: &DirectoryChange) {
        match change {
            DirectoryChange::SignedIn {
                account,
                email,
                page,
            } => {
                self.note_owner(page);
                self.sign_in(*account, email.as_ref());
            }
            DirectoryChange::SignedOut { page } => {
                self.note_owner(page);
                if self.current == page.database {
                    self.make(None);
                }
            }
            DirectoryChange::Left { database, keeps } => {
                if self.current == *database {
                    self.leave(*keeps);
                }
            }
            DirectoryChange::Deleted(name) => {
                if *name != self.current {
                    self.databases.retain(|entry| entry.name != *name);
                }
            }
        }
    }

    /// The current database.
    pub fn current(&self) -> Option<&DatabaseEntry> {
        self.databases
            .iter()
            .find(|entry| entry.name == self.current)
    }

    /// Whose a database is, as far as it was noted.
    pub fn owner_of(&self, database: &str) -> Option<AccountId> {
        let entry = self.databases.iter().find(|entry| entry.name == database);
        entry.and_then(|entry| entry.owner)
    }

    /// Databases whose contents go into the current one, and those that are only deleted.
    pub fn leftovers(&self) -> Vec<&DatabaseEntry> {
        let moves_here = Fate::MovesTo(self.current.clone());
        let leaves = |entry: &&DatabaseEntry| entry.fate == moves_here || entry.fate == Fate::Goes;
        self.databases.iter().filter(leaves).collect()
    }

    fn sign_in(&mut self, account: AccountId, email: Option<&String>) {
        let here = self.current().and_then(|entry| entry.owner);
        let is_theirs =
            |entry: &&DatabaseEntry| entry.owner == Some(account) && entry.fate == Fate::Stays;
        let theirs = self.databases.iter().find(is_theirs);
        let theirs = theirs.map(|entry| entry.name.clone());
        match (here, theirs) {
            (Some(here), _) if here == account => {}
            (None, None) => self.give_current_to(account),
            (None, Some(theirs)) => {
                let unowned = self.current.clone();
                self.give_current_to(account);
                self.set_fate(&unowned, &Fate::MovesTo(theirs.clone()));
                self.current = theirs;
            }
            (Some(_), Some(theirs)) => self.current = theirs,
            (Some(_), None) => self.make(Some(account)),
        }
        if let (Some(entry), Some(email)) = (self.current_mut(), email) {
            entry.email = Some(email.clone());
        }
    }

    fn make(&mut self, owner: Option<AccountId>) {
        self.made += 1;
        let name = format!("{FIRST_DATABASE}-{}", self.made);
        self.current.clone_from(&name);
        self.databases.push(DatabaseEntry {
            owner,
            ..DatabaseEntry::new(name)
        });
    }

    fn leave(&mut self, keeps: bool) {
        let left = self.current.clone();
        self.make(None);
        let fate = if keeps {
            Fate::MovesTo(self.current.clone())
        } else {
            Fate::Goes
        };
        self.set_fate(&left, &fate);
    }

    /// Once somebody's, always theirs.
    fn note_owner(&mut self, page: &Standing) {
        let mut entries = self.databases.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.name == page.database) {
            entry.owner = entry.owner.or(page.owner);
        }
    }

    fn give_current_to(&mut self, account: AccountId) {
        if let Some(entry) = self.current_mut() {
            entry.owner = entry.owner.or(Some(account));
        }
    }

    /// What was to move there goes the same way.
    fn set_fate(&mut self, name: &str, fate: &Fate) {
        let moves_there = Fate::MovesTo(name.to_owned());
        for entry in &mut self.databases {
            if entry.name == name || entry.fate == moves_there {
                entry.fate = fate.clone();
            }
        }
    }

    fn current_mut(&mut self) -> Option<&mut DatabaseEntry> {
        let current = &self.current;
        self.databases
            .iter_mut()
            .find(|entry| entry.name == *current)
    }
}
