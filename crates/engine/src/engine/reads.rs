//! What screens show.

use crate::engine::Engine;
use crate::outbox::{EntryKind, OutboxEntry};
use crate::overlay;
use crate::page::PageKey;
use crate::ports::{Platform, Store, StoreError, Window};
use crate::state::{Conflict, SyncLogLine};
use crate::view::{Entry, Overview, Profile};
use std::collections::BTreeSet;
use tidemark_protocol::EntityId;

impl<P: Platform> Engine<P> {
    /// All living entries of a person, newest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn history(&self, user: EntityId) -> Result<Vec<Entry>, StoreError> {
        let reading = self.store.history(user, Window::All).await?;
        Ok(overlay::entries(user, &reading.pages, &reading.outbox))
    }

    /// The newest living entries of a person, newest first: at least `count` where there are as many.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn newest(&self, user: EntityId, count: usize) -> Result<Vec<Entry>, StoreError> {
        let reading = self.store.history(user, Window::Newest(count)).await?;
        let entries = overlay::entries(user, &reading.pages, &reading.outbox);
        let is_whole = overlay::shows_all_edits(user, &reading.pages, &reading.outbox);
        if is_whole && entries.len() >= count {
            return Ok(entries);
        }
        // Unsent edits delete rows that were read, or are about rows that were not.
        self.history(user).await
    }

    /// People, units, language, theme and goal.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn profile(&self) -> Result<Profile, StoreError> {
        Ok(overlay::profile(&self.store.profile().await?))
    }

    /// Whether anything waits that goes by itself. A marker counts whose rows have all gone: the next tick removes it.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn has_unsent(&self) -> Result<bool, StoreError> {
        let outbox = self.store.outbox().await?;
        Ok(outbox.iter().any(|entry| !entry.parked))
    }

    /// Where syncing stands.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        self.overview_and_outbox()
            .await
            .map(|(overview, _)| overview)
    }

    /// Where syncing stands, and what waits, in the order in which it goes: one reading of the queue for both.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn overview_and_outbox(&self) -> Result<(Overview, Vec<OutboxEntry>), StoreError> {
        let state = self.state().await?;
        let reading = self.store.profile().await?;
        let outbox = &reading.outbox;
        let pages: BTreeSet<PageKey> = outbox.iter().flat_map(OutboxEntry::bulk_pages).collect();
        let pages: Vec<PageKey> = pages.into_iter().collect();
        let in_bulk = self.store.unsent(&pages, usize::MAX).await?.len();
        let overview = Overview {
            pending: outbox.iter().filter(|entry| waits(entry)).count() + in_bulk,
            parked: outbox.iter().filter(|entry| entry.parked).count(),
            question: Self::question(&reading, &state),
            state,
        };
        Ok((overview, reading.outbox))
    }

    /// What waits, in the order in which it goes.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn outbox(&self) -> Result<Vec<OutboxEntry>, StoreError> {
        self.store.outbox().await
    }

    /// The newest lines of the sync log, newest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sync_log(&self, limit: usize) -> Result<Vec<SyncLogLine>, StoreError> {
        self.store.sync_log(limit).await
    }

    /// Values that lost against another device's, newest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn conflicts(&self, limit: usize) -> Result<Vec<Conflict>, StoreError> {
        self.store.conflicts(limit).await
    }
}

/// Whether an entry goes by itself and stands for something that a person did.
fn waits(entry: &OutboxEntry) -> bool {
    !entry.parked && entry.kind != EntryKind::Bulk && !entry.is_bare_person()
}
