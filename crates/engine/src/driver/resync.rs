//! The way back when a cursor no longer holds: pull everything into a new generation that replaces the
//! old one in one transaction. Before that, what only this device still holds is queued.

use super::pull::must_move;
use super::{Progress, Stop};
use crate::engine::Engine;
use crate::ports::{Generation, Platform, Store};
use crate::retry::{CallError, Disposition};
use crate::state::SyncState;
use tidemark_protocol::{AccountId, Cursor, Epoch, MetricsPage, UsersPage};

/// Pages of a feed in one generation at most: a million rows.
const GENERATION_PAGES_MAX: usize = 1_000;

impl<P: Platform> Engine<P> {
    /// Pulls everything anew. Unsent entries stay. `told` are the versions that the server said it has lost.
    pub(super) async fn resync(
        &self,
        account: AccountId,
        told: &[(u64, u64)],
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let state = self.state().await?;
        let generation = self.pull_generation(account, &state).await?;
        let lost = self.lost_before(account, &state, told, &generation).await?;
        self.note_left_out().await?;
        self.rescue(&generation, &lost).await?;
        self.store.replace_all(&generation).await?;
        progress.received += generation.metrics.len();
        progress.changed = true;
        Ok(())
    }

    /// The version ranges that the generation's life of the server does not have. They are asked for after it
    /// was pulled: the server may have been restored since the answer that called for a resync.
    async fn lost_before(
        &self,
        account: AccountId,
        state: &SyncState,
        told: &[(u64, u64)],
        generation: &Generation,
    ) -> Result<Vec<(u64, u64)>, CallError> {
        if !state.is_another_life(&generation.epoch) {
            return Ok(told.to_vec());
        }
        let (Some(metrics), Some(users)) = (&state.cursor, &state.users_cursor) else {
            return Ok(vec![(1, u64::MAX)]);
        };
        let remote = self.remote(Some(account), state);
        let asked = remote.metrics(Some(metrics)).await;
        if let Some(lost) = lost_in(asked.map(|page| page.epoch), generation)? {
            return Ok(lost);
        }
        // Two contexts at once can leave the feeds in two lives: the one that is behind says what is lost.
        let asked = remote.users(Some(users)).await;
        Ok(lost_in(asked.map(|page| page.epoch), generation)?.unwrap_or_default())
    }

    async fn pull_generation(
        &self,
        account: AccountId,
        state: &SyncState,
    ) -> Result<Generation, CallError> {
        let users = self.pull_every_user(account, state).await?;
        let app_model = self.remote(Some(account), state).app_model().await?;
        let metrics = self.pull_every_metric(account, state).await?;
        if users.epoch != metrics.epoch {
            return Err(changing());
        }
        Ok(Generation {
            metrics: metrics.metrics,
            users: users.users,
            app_model,
            cursor: metrics.cursor,
            users_cursor: users.cursor,
            head: metrics.head,
            epoch: metrics.epoch,
        })
    }

    /// The last page of the feed, with the rows of all.
    pub(super) async fn pull_every_metric(
        &self,
        account: AccountId,
        state: &SyncState,
    ) -> Result<MetricsPage, CallError> {
        let remote = self.remote(Some(account), state);
        let mut rows = Vec::new();
        let mut from: Option<Cursor> = None;
        for _ in 0..GENERATION_PAGES_MAX {
            let mut page = remote.metrics(from.as_ref()).await?;
            must_move(page.has_more, from.as_ref(), &page.cursor)?;
            rows.append(&mut page.metrics);
            if !page.has_more {
                page.metrics = rows;
                return Ok(page);
            }
            from = Some(page.cursor);
        }
        Err(endless())
    }

    /// The last page of the feed, with the rows of all.
    async fn pull_every_user(
        &self,
        account: AccountId,
        state: &SyncState,
    ) -> Result<UsersPage, CallError> {
        let remote = self.remote(Some(account), state);
        let mut rows = Vec::new();
        let mut from: Option<Cursor> = None;
        for _ in 0..GENERATION_PAGES_MAX {
            let mut page = remote.users(from.as_ref()).await?;
            must_move(page.has_more, from.as_ref(), &page.cursor)?;
            rows.append(&mut page.users);
            if !page.has_more {
                page.users = rows;
                return Ok(page);
            }
            from = Some(page.cursor);
        }
        Err(endless())
    }
}

/// What a feed's answer says is lost; `None` where its cursor is of the generation's life.
fn lost_in(
    answered: Result<Epoch, CallError>,
    generation: &Generation,
) -> Result<Option<Vec<(u64, u64)>>, CallError> {
    match answered {
        Ok(epoch) if epoch == generation.epoch => Ok(None),
        Ok(_) => Err(changing()),
        Err(error) => match error.disposition() {
            Disposition::Resync(problem) => Ok(Some(problem.lost.unwrap_or_default())),
            _ => Err(error),
        },
    }
}

/// A server that was restored while it answered: another attempt finds one life.
fn changing() -> CallError {
    CallError::NotOurs {
        status: 200,
        retry_after_s: None,
    }
}

/// A feed without end is not one of ours.
fn endless() -> CallError {
    CallError::NotOurs {
        status: 200,
        retry_after_s: None,
    }
}
