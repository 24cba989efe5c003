//! Pulling: pages of a feed, each stored together with its cursor. Only pulls move a cursor.

use super::{Progress, Stop};
use crate::engine::Engine;
use crate::gathering::Gathering;
use crate::page::Page;
use crate::ports::{Applied, Clock, Delta, DeltaRows, Platform, Store, StoreError};
use crate::retry::CallError;
use crate::state::SyncState;
use std::collections::HashSet;
use tidemark_protocol::{AccountId, Cursor, EntityId, Metric};

/// Pages of a feed in one tick at most.
const PAGES_MAX: usize = 20;

impl<P: Platform> Engine<P> {
    /// Pulls what is new. Answers whether more waits.
    pub(super) async fn pull_all(
        &self,
        account: AccountId,
        progress: &mut Progress,
    ) -> Result<bool, Stop> {
        let state = self.state().await?;
        let has_more = self.pull_metrics(account, &state, progress).await?;
        let state = self.state().await?;
        if state.users_cursor.is_none() || state.users_head != state.head {
            self.pull_users(account, &state, progress).await?;
        }
        Ok(has_more)
    }

    /// Pulls before anything is ever sent. A row that the server takes is held from then on: one that another
    /// device deletes, or a restore loses, is told only to who has a cursor from before that.
    pub(super) async fn pull_first(
        &self,
        account: AccountId,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let state = self.state().await?;
        if state.cursor.is_none() {
            // People first: a row is never held without knowing whose it is.
            self.pull_users(account, &state, progress).await?;
            self.pull_metrics(account, &state, progress).await?;
        }
        Ok(())
    }

    async fn pull_metrics(
        &self,
        account: AccountId,
        state: &SyncState,
        progress: &mut Progress,
    ) -> Result<bool, Stop> {
        let mut gathering = Gathering::default();
        let pulled = self
            .gather_metrics(account, state, &mut gathering, progress)
            .await;
        // What came before a failure is here to stay.
        if let Some(rest) = gathering.rest() {
            self.apply(&rest, progress).await?;
        }
        pulled
    }

    /// Answers whether more waits.
    async fn gather_metrics(
        &self,
        account: AccountId,
        state: &SyncState,
        gathering: &mut Gathering,
        progress: &mut Progress,
    ) -> Result<bool, Stop> {
        let remote = self.remote(Some(account), state);
        let mut from = state.cursor.clone();
        for _ in 0..PAGES_MAX {
            let asked_at = self.clock.now();
            let page = remote.metrics(from.as_ref()).await?;
            self.note_clock(state, asked_at, page.server_time).await?;
            must_move(page.has_more, from.as_ref(), &page.cursor)?;
            let (next, has_more) = (page.cursor.clone(), page.has_more);
            let now = self.clock.now();
            let before = gathering.add(page, from.replace(next), now);
            for delta in before.into_iter().chain(gathering.due(now)) {
                if !self.apply(&delta, progress).await? {
                    return Ok(false);
                }
            }
            if !has_more {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Pulls people, and the app model after the last of them.
    pub(super) async fn pull_users(
        &self,
        account: AccountId,
        state: &SyncState,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let remote = self.remote(Some(account), state);
        let mut from = state.users_cursor.clone();
        for _ in 0..PAGES_MAX {
            let page = remote.users(from.as_ref()).await?;
            must_move(page.has_more, from.as_ref(), &page.cursor)?;
            if state.is_another_life(&page.epoch) {
                // The feed that holds rows of the last life says which of them are lost.
                self.pull_metrics(account, state, progress).await?;
            }
            let app_model = if page.has_more {
                None
            } else {
                Some(remote.app_model().await?)
            };
            let delta = Delta {
                rows: DeltaRows::Users(page.users, app_model),
                from,
                next: page.cursor.clone(),
                head: page.head,
                epoch: page.epoch,
                has_more: page.has_more,
            };
            if !self.apply(&delta, progress).await? || !page.has_more {
                break;
            }
            from = Some(page.cursor);
        }
        Ok(())
    }

    /// Leaves out answered living rows that came late: what another context has pulled since would hold them, had the server
    /// not deleted and forgotten them.
    pub(super) async fn leave_out_forgotten(
        &self,
        state: &SyncState,
        rows: &mut Vec<Metric>,
    ) -> Result<(), StoreError> {
        let is_news = |row: &Metric| row.version > state.head || row.deleted_at.is_some();
        if rows.iter().all(is_news) {
            return Ok(());
        }
        let pages = self.store.pages().await?;
        let held: HashSet<EntityId> = pages.iter().flat_map(Page::ids).collect();
        rows.retain(|row| is_news(row) || held.contains(&row.id));
        Ok(())
    }

    /// Stores a pulled page. Answers `false` if another context has pulled meanwhile.
    async fn apply(&self, delta: &Delta, progress: &mut Progress) -> Result<bool, StoreError> {
        self.note_left_out().await?;
        if let DeltaRows::Metrics(rows) = &delta.rows {
            self.keep_imported(rows).await?;
        }
        match self.store.apply(delta).await? {
            Applied::Stored { changed } => {
                progress.received += changed;
                if changed > 0 {
                    progress.changed = true;
                    self.tell_news();
                }
                Ok(true)
            }
            Applied::CursorMoved => Ok(false),
        }
    }
}

/// A feed that says there is more but stays where it is would be pulled for ever.
pub(super) fn must_move(
    has_more: bool,
    from: Option<&Cursor>,
    next: &Cursor,
) -> Result<(), CallError> {
    if has_more && from == Some(next) {
        return Err(CallError::NotOurs {
            status: 200,
            retry_after_s: None,
        });
    }
    Ok(())
}
