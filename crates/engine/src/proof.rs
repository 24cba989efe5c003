//! The proof that this device and the server hold the same: digests of both sides, month by month. What differs is
//! pulled again.
//!
//! A digest counts ids and versions, so it tells a row that is missing, too much or old; a value that a broken disk
//! changed inside a row of the right version it does not tell.

use crate::page::{Page, PageIndex, PageKey, PageRow, Pages, merge};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use tidemark_protocol::{Cursor, EntityId, Metric, MonthDigest, Timestamp, digest};

/// A proof younger than this, in milliseconds, stands, unless somebody asks.
const STANDS_MS: i64 = 10 * 60_000;

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When.
    pub at: Timestamp,
    /// Living rows that were compared.
    pub rows: u64,
    /// Months of a person that differed and were pulled again.
    pub healed: u32,
    /// Months of a person that still differ.
    pub differing: u32,
}

impl Proof {
    /// Whether both sides hold the same.
    pub fn is_identical(&self) -> bool {
        self.differing == 0
    }
}

/// Whether it is time to compare again.
pub fn is_due(proof: Option<&Proof>, now: Timestamp) -> bool {
    proof.is_none_or(|proof| !(0..STANDS_MS).contains(&now.millis_since(proof.at)))
}

/// The pages of a person in which this device and the server differ.
pub fn differing(user: EntityId, pages: &[Page], theirs: &[MonthDigest]) -> BTreeSet<PageKey> {
    let rows = acknowledged_of(user, pages);
    let ours = digest::by_month(rows.map(|row| (row.created_at, row.id, row.version)));
    let either = ours.iter().chain(theirs);
    let both: HashSet<&str> = either
        .filter(|month| ours.contains(month) && theirs.contains(month))
        .map(|month| month.month.as_str())
        .collect();
    let either = ours.iter().chain(theirs);
    let differing = either.filter(|month| !both.contains(month.month.as_str()));
    let mut keys = BTreeSet::new();
    keys.extend(differing.filter_map(|month| page_of(user, &month.month)));
    keys
}

/// The rows of a person that the server is said to hold too.
pub fn acknowledged_of(user: EntityId, pages: &[Page]) -> impl Iterator<Item = &Metric> {
    let own = pages.iter().filter(move |page| page.key.user == user);
    let rows = own.flat_map(|page| &page.rows);
    rows.filter(|row| !row.unsent).map(|row| &row.metric)
}

/// Whether these pages hold something that the server had not yet told when its counter stood at `head`.
pub fn is_ahead(pages: &[Page], head: u64) -> bool {
    pages.iter().any(|page| {
        let rows = page.rows.iter().map(|row| row.metric.version);
        let gone = page.tombstones.iter().map(|gone| gone.version);
        rows.chain(gone).any(|version| version > head)
    })
}

fn page_of(user: EntityId, month: &str) -> Option<PageKey> {
    let (year, number) = month.split_once('-')?;
    let month = year.parse::<u32>().ok()? * 100 + number.parse::<u32>().ok()?;
    Some(PageKey { user, month })
}

/// Months as the server holds them, to be put in the place of what lies here.
#[derive(Clone, Debug)]
pub struct Healing {
    /// The metrics' cursor when the difference was found: with another one nothing is stored.
    pub from: Option<Cursor>,
    /// The pages that differ.
    pub keys: BTreeSet<PageKey>,
    /// The server's living rows of these pages.
    pub rows: Vec<Metric>,
    /// The account's change counter when they were read: what lies here with a higher version stays.
    pub head: u64,
}

impl Healing {
    /// The rows as rows of pages.
    pub fn page_rows(&self) -> Vec<PageRow> {
        let rows = self.rows.iter().cloned();
        rows.map(|metric| PageRow {
            metric,
            unsent: false,
        })
        .collect()
    }

    /// Puts the server's rows in the place of the acknowledged ones. `pages` must hold the differing pages and what
    /// [`PageIndex::touched`] names of the rows, as far as they exist. Answers the pages that must be stored and how
    /// many rows came, went or changed.
    pub fn carry_out(
        &self,
        pages: &mut Pages,
        index: &mut PageIndex,
    ) -> (BTreeSet<PageKey>, usize) {
        let before = self.versions(pages);
        let healed: HashSet<EntityId> = self.rows.iter().map(|row| row.id).collect();
        for key in &self.keys {
            let Some(page) = pages.get_mut(key) else {
                continue;
            };
            index.leave(page.ids());
            page.rows
                .retain(|row| row.unsent || row.metric.version > self.head);
            page.tombstones
                .retain(|gone| gone.version > self.head || !healed.contains(&gone.id));
            index.enter(page);
        }
        let mut changed = merge(pages, index, self.page_rows()).changed;
        changed.extend(self.keys.iter().copied());
        let after = self.versions(pages);
        (changed, before.symmetric_difference(&after).count())
    }

    fn versions(&self, pages: &Pages) -> HashSet<(EntityId, u64)> {
        let pages = self.keys.iter().filter_map(|key| pages.get(key));
        let rows = pages.flat_map(|page| &page.rows);
        rows.map(|row| (row.metric.id, row.metric.version))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overlay::created;
    use tidemark_domain::mass::Grams;
    use tidemark_protocol::MetricPatch;
    use uuid::Uuid;

    const FEBRUARY: Timestamp = Timestamp(1_771_582_953_000);

    fn id(number: u128) -> EntityId {
        EntityId(Uuid::from_u128(number))
    }

    fn row(number: u128, version: u64) -> PageRow {
        let patch = MetricPatch {
            user_id: Some(id(1)),
            weight: Grams::new(70_000).ok(),
            created_at: Some(FEBRUARY),
            ..MetricPatch::default()
        };
        let metric = created(id(number), &patch, FEBRUARY).expect("a whole row");
        PageRow {
            metric: Metric { version, ..metric },
            unsent: version == 0,
        }
    }

    fn page(rows: &[PageRow]) -> Page {
        let key = PageKey {
            user: id(1),
            month: 202_602,
        };
        Page {
            rows: rows.to_vec(),
            ..Page::new(key)
        }
    }

    fn digests(rows: &[PageRow]) -> Vec<MonthDigest> {
        let metrics = rows.iter().map(|row| &row.metric);
        digest::by_month(metrics.map(|row| (row.created_at, row.id, row.version)))
    }

    #[test]
    fn a_month_differs_where_a_row_is_missing_too_much_or_of_another_version() {
        let theirs = digests(&[row(2, 5), row(3, 6)]);
        let key = PageKey {
            user: id(1),
            month: 202_602,
        };
        for (what, ours, differs) in [
            ("the same", page(&[row(3, 6), row(2, 5)]), false),
            (
                "an unsent row beside",
                page(&[row(2, 5), row(3, 6), row(9, 0)]),
                false,
            ),
            ("one missing", page(&[row(2, 5)]), true),
            (
                "one too much",
                page(&[row(2, 5), row(3, 6), row(4, 7)]),
                true,
            ),
            ("an old one", page(&[row(2, 4), row(3, 6)]), true),
        ] {
            let found = differing(id(1), &[ours], &theirs);
            assert_eq!(found.contains(&key), differs, "{what}");
        }
        assert_eq!(
            differing(id(1), &[], &theirs),
            BTreeSet::from([key]),
            "all missing"
        );
        let ours = page(&[row(2, 5)]);
        assert_eq!(
            differing(id(1), &[ours], &[]),
            BTreeSet::from([key]),
            "none there"
        );
    }

    #[test]
    fn a_healed_month_holds_the_servers_rows_and_what_is_unsent_or_newer() {
        let held = page(&[row(2, 4), row(4, 7), row(8, 90), row(9, 0)]);
        let key = held.key;
        let mut index = PageIndex::of([&held]);
        let mut pages = Pages::from([(key, held)]);
        let healing = Healing {
            from: None,
            keys: BTreeSet::from([key]),
            rows: vec![row(2, 5).metric, row(3, 6).metric],
            head: 10,
        };
        let (changed, rows) = healing.carry_out(&mut pages, &mut index);
        assert_eq!(
            (changed, rows),
            (BTreeSet::from([key]), 4),
            "two came, two went"
        );
        let left: Vec<_> = pages[&key]
            .rows
            .iter()
            .map(|row| row.metric.version)
            .collect();
        assert_eq!(left, [5, 6, 90, 0]);
        assert_eq!((index.get(id(3)), index.get(id(4))), (Some(key), None));
    }

    #[test]
    fn a_proof_stands_for_ten_minutes_unless_the_clock_was_set_back() {
        let proof = Proof {
            at: FEBRUARY,
            rows: 1,
            healed: 0,
            differing: 0,
        };
        for (ms, due) in [(0, false), (599_999, false), (600_000, true), (-1, true)] {
            assert_eq!(
                is_due(Some(&proof), FEBRUARY.plus_millis(ms)),
                due,
                "after {ms} ms"
            );
        }
        assert!(is_due(None, FEBRUARY));
    }
}
