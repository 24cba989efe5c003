//! Conflicts, decided otherwise: by a person who has looked, or by the rule that the person has chosen. Either way it is
//! an ordinary edit.

use crate::conflicts::{self, Conflict, Decision, Overruling, Policy, Side, overruling};
use crate::engine::Engine;
use crate::outbox::EntryDraft;
use crate::overlay;
use crate::ports::{Platform, Store, StoreError, Window};
use crate::state::StateChange;
use crate::view::{Entry, SyncStatus};
use tidemark_protocol::{Metric, MetricPatch};

impl<P: Platform> Engine<P> {
    /// What was decided between devices, newest first, each edit once.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn decisions(&self, limit: usize) -> Result<Vec<Decision>, StoreError> {
        let own = self.state().await?.device_id;
        let mut conflicts: Vec<Conflict> = self.store.conflicts(limit).await?;
        let mut seen = Vec::new();
        conflicts.retain(|conflict| {
            // Two tabs that sent the same edit were both told.
            let is_first = !seen.contains(&(conflict.entity_id, conflict.ours.clone()));
            seen.push((conflict.entity_id, conflict.ours.clone()));
            is_first
        });
        let decisions = conflicts.iter();
        Ok(decisions
            .filter_map(|conflict| conflicts::decision(conflict, &own))
            .collect())
    }

    /// Puts what did not stand in the place of what did.
    ///
    /// # Errors
    /// If the store fails: then the decision stands and is still shown.
    pub async fn take_other(&self, decision: &Decision) -> Result<(), StoreError> {
        let shown = self.shown(&decision.row).await?;
        let draft = match (&decision.other, shown) {
            (Side::Row(other), Some(shown)) => {
                let patch = conflicts::changes(&shown.metric, other);
                (patch != MetricPatch::default()).then(|| self.draft_edit(&shown, patch))
            }
            (Side::Row(other), None) => Some(self.draft_return(&entry_of(other))),
            (Side::Deleted, Some(shown)) => Some(self.draft_deletion(&shown)),
            (Side::Deleted, None) | (Side::Unknown, _) => None,
        };
        if let Some(draft) = draft {
            self.write(&draft).await?;
        }
        self.let_stand(decision).await
    }

    /// Keeps both: what did not stand becomes an entry of its own.
    ///
    /// # Errors
    /// If the store fails: then the decision is still shown.
    pub async fn keep_both(&self, decision: &Decision) -> Result<(), StoreError> {
        if let Side::Row(other) = &decision.other {
            let reading = super::Reading {
                weight: other.weight,
                height: other.height,
                note: other.note.clone(),
                created_at: other.created_at,
                utc_offset: other.utc_offset,
            };
            self.write(&self.draft_log(Some(other.user_id), reading))
                .await?;
        }
        self.let_stand(decision).await
    }

    /// Somebody has looked and lets it stand.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn let_stand(&self, decision: &Decision) -> Result<(), StoreError> {
        let named = &decision.conflict;
        for conflict in self.store.conflicts(usize::MAX).await? {
            if conflict.entity_id == named.entity_id && conflict.ours == named.ours {
                self.store.forget_conflict(&conflict).await?;
            }
        }
        Ok(())
    }

    /// Chooses which of two devices' values stand.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn choose_policy(&self, policy: Policy) -> Result<(), StoreError> {
        self.store
            .update(&StateChange::Policy(policy))
            .await
            .map(drop)
    }

    /// The edit that the chosen rule wants, where it wants something else than was decided.
    pub(crate) fn overruled(&self, decision: &Decision, policy: &Policy) -> Option<EntryDraft> {
        let entry = entry_of(&decision.row);
        Some(match overruling(policy, decision)? {
            Overruling::Row(other) if decision.row.deleted_at.is_some() => EntryDraft {
                base_version: decision.row.version,
                ..self.draft_return(&entry_of(&other))
            },
            Overruling::Row(other) => {
                self.draft_edit(&entry, conflicts::changes(&decision.row, &other))
            }
            Overruling::Deletion => self.draft_deletion(&entry),
        })
    }

    /// The record as it is shown now; `None` if it is deleted.
    async fn shown(&self, row: &Metric) -> Result<Option<Entry>, StoreError> {
        let reading = self.store.history(row.user_id, Window::All).await?;
        let entries = overlay::entries(row.user_id, &reading.pages, &reading.outbox);
        Ok(entries.into_iter().find(|entry| entry.metric.id == row.id))
    }
}

fn entry_of(row: &Metric) -> Entry {
    Entry {
        metric: Metric {
            deleted_at: None,
            ..row.clone()
        },
        status: SyncStatus::Synced,
    }
}
