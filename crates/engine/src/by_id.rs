//! Maps and sets by id, with a hash that is made for ids.
//!
//! The library's own hash is made to withstand keys that somebody chose; it costs a merge of ten thousand rows more than
//! all the rest. Ids here come from this device or from its owner's server.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map by id.
pub(crate) type ById<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;
/// A set of ids.
pub(crate) type IdSet<K> = HashSet<K, BuildHasherDefault<IdHasher>>;

/// Multiplies eight bytes at a time by an odd number without a pattern and folds both halves of the product, as `wyhash` and
/// `foldhash` do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdHasher(u64);

const FACTOR: u128 = 0xf135_7aea_2e62_a9c5;

impl IdHasher {
    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word).wrapping_mul(FACTOR);
        let [low, high] = [product, product >> 64].map(|half| half & u128::from(u64::MAX));
        self.0 = u64::try_from(low ^ high).unwrap_or_default();
    }
}

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_usize(&mut self, _length: usize) {
        // All ids have the same.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::BuildHasher;
    use tidemark_protocol::EntityId;
    use uuid::Uuid;

    /// How many of 1,024 buckets these ids fall into; of as many random ones it would be 647 at the mean.
    fn buckets(ids: impl Iterator<Item = u128>) -> usize {
        let builder = BuildHasherDefault::<IdHasher>::default();
        let places = ids.map(|id| builder.hash_one(EntityId(Uuid::from_u128(id))) % 1024);
        places.collect::<HashSet<u64>>().len()
    }

    #[test]
    fn ids_that_differ_in_few_bits_fall_into_many_buckets() {
        // As a device makes them one after the other, and as a test numbers them.
        let of_a_day = |number: u128| (0x019c_7a92_0000 + number * 60_000) << 80 | 7 << 76;
        for (name, found) in [
            ("numbered", buckets(0..1024)),
            ("a minute apart", buckets((0..1024).map(of_a_day))),
            ("high bits", buckets((0..1024).map(|number| number << 118))),
        ] {
            assert!(found > 500, "{name}: {found}");
        }
    }
}
