//! Sets without a sort.

use std::collections::BTreeSet;

/// A set of these items. `collect` would sort them first, by a sort of its own for every kind of item: kilobytes of
/// what a phone downloads, and the sets here are small.
pub fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}
