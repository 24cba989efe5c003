//! The active person's entries as the screens hold them. Knows nothing of how they were read.

use std::sync::Arc;
use tidemark_engine::view::Entry;

/// Living entries, newest first by `created_at`, then `id`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum History {
    /// Nothing was read yet.
    #[default]
    Loading,
    /// The newest entries, for the first paint.
    Newest(Arc<Vec<Entry>>),
    /// All entries.
    All(Arc<Vec<Entry>>),
}

impl History {
    /// What is there so far.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Self::Loading => &[],
            Self::Newest(entries) | Self::All(entries) => entries,
        }
    }

    /// Whether nothing was read yet.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading)
    }

    /// Whether it is known that there is no entry.
    pub fn is_empty(&self) -> bool {
        !self.is_loading() && self.entries().is_empty()
    }
}

/// Sorts as every screen shows it: newest first by `created_at`, then `id`, the same on every device.
pub fn newest_first(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.retain(|entry| entry.metric.deleted_at.is_none());
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.metric.order_key()));
    entries
}
