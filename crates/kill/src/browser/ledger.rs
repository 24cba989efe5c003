//! What a person has been shown, and whether the app still says so.
//!
//! Every weight of a life is used once, so a weight tells which write it came from.

use anyhow::{Result, bail, ensure};
use serde::Deserialize;
use std::collections::HashMap;

/// A row of the history as the screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// The metric's id.
    pub id: String,
    /// Weight in grams.
    pub weight: u32,
}

/// What an entry says; `None` where there is none, or no longer.
type Weight = Option<u32>;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// Known once it was seen in a list.
    id: Option<String>,
    /// As it was last shown.
    shown: Weight,
    /// What a write makes of it that was begun but not shown as saved.
    begun: Option<Weight>,
}

/// All entries of a life.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Vec<Entry>);

impl Ledger {
    /// A new entry is being written.
    pub fn begin_new(&mut self, weight: u32) {
        self.0.push(Entry {
            id: None,
            shown: None,
            begun: Some(Some(weight)),
        });
    }

    /// The entry with this id is being changed, or deleted.
    pub fn begin_change(&mut self, id: &str, after: Weight) {
        for entry in &mut self.0 {
            if entry.id.as_deref() == Some(id) {
                entry.begun = Some(after);
            }
        }
    }

    /// What was begun has been shown as saved.
    pub fn shown_as_saved(&mut self) {
        for entry in &mut self.0 {
            if let Some(after) = entry.begun.take() {
                entry.shown = after;
            }
        }
    }

    /// Whether something was begun and not shown as saved.
    pub fn has_begun(&self) -> bool {
        self.0.iter().any(|entry| entry.begun.is_some())
    }

    /// Ids of living entries that have been seen in a list.
    pub fn ids(&self) -> Vec<&str> {
        let living = self.0.iter().filter(|entry| entry.shown.is_some());
        living.filter_map(|entry| entry.id.as_deref()).collect()
    }

    /// How many entries there are to see.
    pub fn living(&self) -> usize {
        self.0.iter().filter(|entry| entry.shown.is_some()).count()
    }

    /// Compares with the rows of a list. What was begun is settled by what the list says. Answers how many writes took
    /// effect that had not been shown as saved.
    ///
    /// # Errors
    /// What is lost, wrong or double.
    pub fn settle(&mut self, rows: &[Row]) -> Result<u64> {
        let mut by_weight = HashMap::new();
        for row in rows {
            ensure!(
                by_weight.insert(row.weight, row).is_none(),
                "{} g is there twice",
                row.weight
            );
        }
        let mut settled = Vec::with_capacity(self.0.len());
        let mut unheard = 0;
        for entry in &self.0 {
            let (now, took_effect) = found(entry, &mut by_weight)?;
            unheard += u64::from(took_effect);
            settled.push(now);
        }
        if let Some(weight) = by_weight.keys().next() {
            bail!("{weight} g is there, but was deleted, changed or never written");
        }
        self.0 = settled;
        Ok(unheard)
    }
}

/// The entry as the list has it, and whether what was begun took effect. What is found is taken out of the list.
fn found(entry: &Entry, by_weight: &mut HashMap<u32, &Row>) -> Result<(Entry, bool)> {
    let mut take = |weight: Weight| weight.and_then(|weight| by_weight.remove(&weight));
    let (old, new) = (take(entry.shown), take(entry.begun.flatten()));
    let (row, took_effect) = match (old, new) {
        (Some(_), Some(_)) => bail!("both {:?} and {:?} are there", entry.shown, entry.begun),
        (None, Some(row)) => (Some(row), true),
        (Some(row), None) => (Some(row), false),
        (None, None) => (None, entry.begun == Some(None)),
    };
    let is_allowed = row.is_some() || entry.shown.is_none() || took_effect;
    ensure!(
        is_allowed,
        "{:?} g was shown as saved and is lost",
        entry.shown
    );
    let id = row.map(|row| row.id.clone());
    let is_same = entry.id.is_none() || id.is_none() || entry.id == id;
    ensure!(is_same, "{:?} is now another entry: {row:?}", entry.id);
    let settled = Entry {
        id: id.or_else(|| entry.id.clone()),
        shown: row.map(|row| row.weight),
        begun: None,
    };
    Ok((settled, took_effect))
}

#[cfg(test)]
mod tests {
    use super::{Ledger, Row};

    fn rows(list: &[(&str, u32)]) -> Vec<Row> {
        let row = |(id, weight): &(&str, u32)| Row {
            id: (*id).to_owned(),
            weight: *weight,
        };
        list.iter().map(row).collect()
    }

    /// Two entries shown as saved, seen as `a` and `b`.
    fn two() -> Ledger {
        let mut ledger = Ledger::default();
        for weight in [1, 2] {
            ledger.begin_new(weight);
            ledger.shown_as_saved();
        }
        ledger.settle(&rows(&[("a", 1), ("b", 2)])).unwrap();
        ledger
    }

    #[test]
    fn what_was_shown_as_saved_must_be_there_once_and_nothing_else() {
        let cases = [
            (rows(&[("a", 1), ("b", 2)]), true),
            (rows(&[("b", 2), ("a", 1)]), true),
            (rows(&[("a", 1)]), false),
            (rows(&[("a", 1), ("b", 3)]), false),
            (rows(&[("a", 1), ("b", 2), ("c", 2)]), false),
            (rows(&[("a", 1), ("b", 2), ("c", 3)]), false),
            (rows(&[("c", 1), ("b", 2)]), false),
        ];
        for (rows, is_right) in cases {
            assert_eq!(two().settle(&rows).is_ok(), is_right, "{rows:?}");
        }
    }

    #[test]
    fn an_entry_that_was_only_begun_may_be_there_or_not() {
        for (list, unheard) in [
            (&[("a", 1), ("b", 2)][..], 0),
            (&[("a", 1), ("b", 2), ("c", 3)], 1),
        ] {
            let mut ledger = two();
            ledger.begin_new(3);
            assert_eq!(ledger.settle(&rows(list)).unwrap(), unheard);
            assert!(ledger.settle(&rows(list)).is_ok(), "what was seen stays");
            assert!(!ledger.has_begun());
        }
    }

    #[test]
    fn a_change_that_was_only_begun_leaves_the_old_or_the_new_and_not_both_or_neither() {
        let cases = [
            (&[("a", 1), ("b", 2)][..], Some(0)),
            (&[("a", 9), ("b", 2)], Some(1)),
            (&[("a", 1), ("c", 9), ("b", 2)], None),
            (&[("b", 2)], None),
        ];
        for (list, expected) in cases {
            let mut ledger = two();
            ledger.begin_change("a", Some(9));
            assert_eq!(ledger.settle(&rows(list)).ok(), expected, "{list:?}");
        }
    }

    #[test]
    fn a_deletion_that_was_shown_stays_and_one_that_was_begun_may() {
        let mut ledger = two();
        ledger.begin_change("a", None);
        assert_eq!(
            ledger.clone().settle(&rows(&[("a", 1), ("b", 2)])).ok(),
            Some(0)
        );
        assert_eq!(ledger.clone().settle(&rows(&[("b", 2)])).ok(), Some(1));
        ledger.shown_as_saved();
        assert!(ledger.settle(&rows(&[("a", 1), ("b", 2)])).is_err());
    }
}
