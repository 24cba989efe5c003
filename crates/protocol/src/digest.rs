//! Proof that two sides hold the same rows: one order-independent digest per month.

use crate::{EntityId, Epoch, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tidemark_domain::calendar::{Month, utc_month};
use uuid::Uuid;

/// Sum over (id, version): the order of rows does not count, and a row can be taken out again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsDigest(u128);

impl RowsDigest {
    /// Adds a row.
    pub fn add(&mut self, id: EntityId, version: u64) {
        self.0 = self.0.wrapping_add(Self::of_row(id, version));
    }

    /// Takes a row out that was added before.
    pub fn remove(&mut self, id: EntityId, version: u64) {
        self.0 = self.0.wrapping_sub(Self::of_row(id, version));
    }

    /// As it travels: 32 hexadecimal digits.
    pub fn to_hex(self) -> String {
        format!("{:032x}", self.0)
    }

    fn of_row(id: EntityId, version: u64) -> u128 {
        Uuid::new_v5(&id.0, format!("digest {version}").as_bytes()).as_u128()
    }
}

/// The living rows of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthDigest {
    /// Month of `created_at` in UTC, as `2026-02`.
    pub month: String,
    /// How many living rows it has.
    pub rows: u64,
    /// See [`RowsDigest::to_hex`].
    pub digest: String,
}

/// The digests of living rows, each given as `created_at`, id and version, by month and oldest first.
pub fn by_month(rows: impl Iterator<Item = (Timestamp, EntityId, u64)>) -> Vec<MonthDigest> {
    let mut months: BTreeMap<Month, (u64, RowsDigest)> = BTreeMap::new();
    for (created_at, id, version) in rows {
        let (count, digest) = months.entry(utc_month(created_at.millis())).or_default();
        *count += 1;
        digest.add(id, version);
    }
    let month = |(month, (rows, digest)): (Month, (u64, RowsDigest))| MonthDigest {
        month: month.to_string(),
        rows,
        digest: digest.to_hex(),
    };
    months.into_iter().map(month).collect()
}

/// The answer to `GET /v1/digests`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestsResponse {
    /// Months with living rows, oldest first.
    pub months: Vec<MonthDigest>,
    /// The account's change counter in the same snapshot.
    pub head: u64,
    /// The life of the server's database.
    pub epoch: Epoch,
}

#[cfg(test)]
mod tests {
    use super::{RowsDigest, by_month};
    use crate::{EntityId, Timestamp};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn digest_of(rows: &[(u128, u64)]) -> RowsDigest {
        let mut digest = RowsDigest::default();
        for (id, version) in rows {
            digest.add(EntityId(Uuid::from_u128(*id)), *version);
        }
        digest
    }

    #[test]
    fn a_row_more_or_another_version_shows() {
        let rows = [(1, 1), (2, 5)];
        assert_ne!(digest_of(&rows), digest_of(&rows[..1]));
        assert_ne!(digest_of(&rows), digest_of(&[(1, 1), (2, 6)]));
        assert_ne!(digest_of(&rows), digest_of(&[(1, 5), (2, 1)]));
        assert_eq!(RowsDigest::default().to_hex(), "0".repeat(32));
    }

    #[test]
    fn rows_are_counted_by_their_month_in_utc_whatever_their_order() {
        const LAST_OF_JANUARY: Timestamp = Timestamp(1_769_903_999_999);
        let row = |at: Timestamp, id: u128| (at, EntityId(Uuid::from_u128(id)), 1);
        let february = LAST_OF_JANUARY.plus_millis(1);
        let rows = [row(february, 1), row(LAST_OF_JANUARY, 2), row(february, 3)];
        let months = by_month(rows.into_iter());
        let counted: Vec<_> = months
            .iter()
            .map(|it| (it.month.as_str(), it.rows))
            .collect();
        assert_eq!(counted, [("2026-01", 1), ("2026-02", 2)]);
        assert_eq!(months, by_month(rows.into_iter().rev()));
    }

    proptest! {
        #[test]
        fn the_order_of_rows_does_not_count(rows in proptest::collection::vec(any::<(u128, u64)>(), 0..20)) {
            let mut reversed = rows.clone();
            reversed.reverse();
            prop_assert_eq!(digest_of(&rows), digest_of(&reversed));
        }

        #[test]
        fn a_row_that_is_taken_out_leaves_no_trace(
            rows in proptest::collection::vec(any::<(u128, u64)>(), 0..20), row: (u128, u64),
        ) {
            let mut digest = digest_of(&rows);
            digest.add(EntityId(Uuid::from_u128(row.0)), row.1);
            digest.remove(EntityId(Uuid::from_u128(row.0)), row.1);
            prop_assert_eq!(digest, digest_of(&rows));
        }
    }
}
