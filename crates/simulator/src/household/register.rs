//! What must and may be in whose account, told without the directory: by whom a person believes to be signed in when they
//! log, and by what they said should become of what is here.

use std::collections::{BTreeMap, BTreeSet};
use tidemark_protocol::AccountId;

/// A database of a device.
pub type Shelved = (usize, String);

/// Where an entry belongs. Entries are told apart by their notes.
#[derive(Clone, Debug, Default)]
struct Entry {
    /// Accounts that must hold it.
    must: BTreeSet<AccountId>,
    /// Accounts that may hold it.
    may: BTreeSet<AccountId>,
    /// Databases in which it lies as nobody's.
    nobodys_in: BTreeSet<Shelved>,
    /// Whether the person was told that it is saved.
    is_saved: bool,
}

/// The register.
#[derive(Debug, Default)]
pub struct Register {
    entries: BTreeMap<String, Entry>,
    /// Whose databases are.
    holders: BTreeMap<Shelved, AccountId>,
    /// Databases whose account was left, and where what they hold goes; some page may still write into one.
    kept: BTreeMap<Shelved, Shelved>,
    /// Accounts that are no more.
    erased: BTreeSet<AccountId>,
}

type Checked = Result<(), String>;

impl Register {
    /// Whose a database is.
    pub fn holder(&self, shelved: &Shelved) -> Option<AccountId> {
        self.holders.get(shelved).copied()
    }

    /// Databases of an account on a device.
    pub fn held_by(&self, device: usize, account: AccountId) -> Vec<String> {
        let held = self.holders.iter();
        held.filter(|((on, _), holder)| *on == device && **holder == account)
            .map(|((_, name), _)| name.clone())
            .collect()
    }

    /// Somebody logs, believing to be signed in as `person`.
    pub fn log(&mut self, note: &str, shelved: &Shelved, person: Option<AccountId>) {
        let mut shelved = shelved;
        let mut person = person;
        while let Some(next) = self.kept.get(shelved) {
            (shelved, person) = (next, None);
        }
        let entry = self.entries.entry(note.to_owned()).or_default();
        // On a page that still shows nobody's things, in a database that was given to somebody meanwhile.
        match person.or_else(|| self.holders.get(shelved).copied()) {
            Some(account) => drop(entry.may.insert(account)),
            None => drop(entry.nobodys_in.insert(shelved.clone())),
        }
    }

    /// They were told that it is saved.
    pub fn save(&mut self, note: &str) {
        if let Some(entry) = self.entries.get_mut(note) {
            entry.is_saved = true;
            entry.must = entry.may.clone();
        }
    }

    /// What lies in a database as nobody's becomes an account's.
    pub fn give(&mut self, shelved: &Shelved, account: AccountId) {
        self.holders.entry(shelved.clone()).or_insert(account);
        for entry in self.entries.values_mut() {
            if entry.nobodys_in.remove(shelved) {
                entry.may.insert(account);
                if entry.is_saved {
                    entry.must.insert(account);
                }
            }
        }
    }

    /// These entries of some databases lie in the next one as nobody's from now on, or will.
    pub fn keep(&mut self, notes: &BTreeSet<String>, left: &[Shelved], next: &Shelved) {
        for note in notes {
            let entry = self.entries.get_mut(note);
            entry.map(|entry| entry.nobodys_in.insert(next.clone()));
        }
        for shelved in left {
            self.kept.insert(shelved.clone(), next.clone());
        }
    }

    /// An account is no more.
    pub fn erase(&mut self, account: AccountId) {
        self.erased.insert(account);
    }

    /// Whether an account is no more.
    pub fn is_erased(&self, account: AccountId) -> bool {
        self.erased.contains(&account)
    }

    /// Saved entries that are nobody's on a device.
    pub fn nobodys(&self, device: usize) -> BTreeSet<&str> {
        let saved = self.entries.iter().filter(|(_, entry)| entry.is_saved);
        let here = |entry: &Entry| entry.nobodys_in.iter().any(|(on, _)| *on == device);
        saved
            .filter(|(_, entry)| here(entry))
            .map(|(note, _)| note.as_str())
            .collect()
    }

    /// Judges what the server holds of an account: all that must be there, once, and nothing that may not.
    pub fn check(&self, account: AccountId, held: Option<&[String]>) -> Checked {
        let Some(held) = held.filter(|_| !self.is_erased(account)) else {
            return Ok(());
        };
        for (index, note) in held.iter().enumerate() {
            let entry = self.entries.get(note);
            if !entry.is_some_and(|entry| entry.may.contains(&account)) {
                return Err(format!("I8: {note} went to {account:?}, whose it is not"));
            }
            if held[..index].contains(note) {
                return Err(format!("I3: {account:?} has {note} twice"));
            }
        }
        let must = self.entries.iter();
        let mut must = must.filter(|(_, entry)| entry.must.contains(&account));
        match must.find(|(note, _)| !held.contains(note)) {
            Some((note, _)) => Err(format!(
                "I1: {note} of {account:?} was saved and is not there"
            )),
            None => Ok(()),
        }
    }
}
