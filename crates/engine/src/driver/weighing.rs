//! Conflicts that this device was told of, weighed after the sync: what its edit has overruled is asked for, and the rule
//! that the person has chosen is carried out. What was written on the record meanwhile stands.

use super::Stop;
use crate::conflicts::{self, Conflict, Rival};
use crate::engine::Engine;
use crate::outbox::EntryDraft;
use crate::page::Page;
use crate::ports::{Clock, Platform, Store};
use crate::retry::Disposition;
use crate::settle::Settlement;
use crate::state::SyncState;
use tidemark_protocol::{AccountId, Metric};

/// Conflicts weighed after one sync.
const WEIGHED_MAX: usize = 20;
/// Conflicts that are looked at for those.
const CONFLICTS_READ_MAX: usize = 200;

impl<P: Platform> Engine<P> {
    /// Weighs what was not weighed yet. Answers whether an edit was queued.
    pub(super) async fn weigh_conflicts(&self, account: AccountId) -> Result<bool, Stop> {
        let mut conflicts = self.store.conflicts(CONFLICTS_READ_MAX).await?;
        conflicts.retain(|conflict| !conflict.is_weighed);
        conflicts.truncate(WEIGHED_MAX);
        if conflicts.is_empty() {
            return Ok(false);
        }
        let state = self.state().await?;
        let mut settlement = Settlement::at(self.clock.now());
        for conflict in conflicts {
            let theirs = self.rival(account, &state, &conflict).await?;
            let weighed = Conflict {
                theirs,
                is_weighed: true,
                ..conflict
            };
            settlement
                .added
                .extend(self.overruling(&state, &weighed).await?);
            settlement.conflicts.push(weighed);
        }
        self.settle_in_queue(&settlement).await?;
        Ok(!settlement.added.is_empty())
    }

    /// What this device's edit has overruled, where it did.
    async fn rival(
        &self,
        account: AccountId,
        state: &SyncState,
        conflict: &Conflict,
    ) -> Result<Option<Rival>, Stop> {
        let own = &state.device_id;
        let made = |row: &&Metric| row.updated_by.as_ref() == Some(own);
        let Some(row) = conflict.row.as_ref().filter(made) else {
            return Ok(None);
        };
        let remote = self.remote(Some(account), state);
        match remote.entry_history(conflict.entity_id).await {
            Ok(history) => Ok(Rival::of(row, own, &history)),
            Err(error) => match error.disposition() {
                Disposition::NotFound(_) => Ok(None),
                _ => Err(error.into()),
            },
        }
    }

    async fn overruling(
        &self,
        state: &SyncState,
        conflict: &Conflict,
    ) -> Result<Option<EntryDraft>, Stop> {
        let decision = conflicts::decision(conflict, &state.device_id);
        let draft = decision.and_then(|decision| self.overruled(&decision, &state.policy));
        let Some(draft) = draft else {
            return Ok(None);
        };
        let outbox = self.store.outbox().await?;
        let is_edited = outbox.iter().any(|entry| entry.lane() == draft.lane());
        let pages = self.store.pages().await?;
        let is_now = |page: &Page| page.holds(conflict.entity_id, draft.base_version);
        Ok((!is_edited && pages.iter().any(is_now)).then_some(draft))
    }
}
