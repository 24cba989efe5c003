//! Edits of people and of the app model: one call each.

use super::push::Round;
use super::{Progress, Stop};
use crate::engine::Engine;
use crate::ids::new_op_id;
use crate::outbox::{EntryDraft, EntryKind, Lane, LastError, OutboxEntry};
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::retry::{CallError, Disposition};
use crate::settle::Settlement;
use crate::state::SyncState;
use serde_json::{Value, json};
use tidemark_protocol::{AccountId, Patch};

impl<P: Platform> Engine<P> {
    pub(super) async fn push_call(
        &self,
        account: AccountId,
        entry: &OutboxEntry,
        progress: &mut Progress,
    ) -> Result<Round, Stop> {
        let state = self.state().await?;
        let mut settlement = match self.call(account, entry, &state).await {
            Ok(settlement) => {
                progress.sent += 1;
                settlement
            }
            Err(error) => self.call_failed(account, entry, error, progress).await?,
        };
        settlement.life.clone_from(&state.epoch);
        // Where another context knows a newer life by now, nothing is stored, and what waits goes there.
        progress.changed |= self.settle_in_queue(&settlement).await?;
        Ok(Round::Moved)
    }

    async fn call(
        &self,
        account: AccountId,
        entry: &OutboxEntry,
        state: &SyncState,
    ) -> Result<Settlement, CallError> {
        let remote = self.remote(Some(account), state);
        let body = body_of(entry);
        let mut settlement = Settlement::done(entry.op_id, self.clock.now());
        match entry.kind {
            EntryKind::CreateUser => settlement.users.push(remote.create_user(body).await?),
            EntryKind::UpdateUser => {
                let user = remote.patch_user(entry.entity_id, body).await?;
                settlement.users.push(user);
            }
            EntryKind::UpdateAppModel => {
                settlement.app_model = Some(remote.patch_app_model(body).await?);
            }
            EntryKind::UpsertMetric | EntryKind::DeleteMetric | EntryKind::Bulk => {}
        }
        Ok(settlement)
    }

    /// What becomes of an edit whose call failed. An error ends the push; the vain attempt is counted.
    async fn call_failed(
        &self,
        account: AccountId,
        entry: &OutboxEntry,
        error: CallError,
        progress: &mut Progress,
    ) -> Result<Settlement, Stop> {
        let now = self.clock.now();
        match error.disposition() {
            Disposition::Refused(reason) => {
                match self.chosen_again(entry, &reason, progress).await? {
                    Some(person) => Ok(person),
                    None => self.park_call(account, entry, reason, progress).await,
                }
            }
            Disposition::NotFound(reason) if entry.kind == EntryKind::UpdateUser => {
                match self.person_again(entry, progress).await? {
                    Some(person) => Ok(person),
                    None => self.park_call(account, entry, reason, progress).await,
                }
            }
            _ => {
                let failed = Settlement::failed([entry.op_id], &error.failure().error, now);
                self.store.settle(&failed).await?;
                progress.changed = true;
                Err(error.into())
            }
        }
    }

    /// Parks a refused edit, unless another life of the server refused it: then the resync comes first.
    async fn park_call(
        &self,
        account: AccountId,
        entry: &OutboxEntry,
        reason: LastError,
        progress: &mut Progress,
    ) -> Result<Settlement, Stop> {
        let state = self.state().await?;
        let now = self.clock.now();
        let server = self.remote(Some(account), &state).server().await?;
        if state.is_another_life(&server.epoch) {
            progress.put_off.insert(entry.lane());
            return Ok(Settlement::failed([entry.op_id], &reason, now));
        }
        Ok(Settlement::parked(entry.op_id, reason, now))
    }

    /// What becomes of a setting that chooses a person whom the server lacks: it waits for them, or chooses who they
    /// have become; `None` if this device does not know them either, or has told the server already.
    async fn chosen_again(
        &self,
        entry: &OutboxEntry,
        reason: &LastError,
        progress: &mut Progress,
    ) -> Result<Option<Settlement>, StoreError> {
        let chosen = entry.app_model_patch().map(|patch| patch.active_user);
        let (Some("active_user"), Some(Patch::Set(person))) = (reason.field.as_deref(), chosen)
        else {
            return Ok(None);
        };
        let now = self.clock.now();
        let now_as = self.person_now(person);
        if now_as != person {
            let mut fields = entry.fields().unwrap_or_default();
            fields.insert("active_user".to_owned(), json!(now_as));
            let mut settlement = Settlement::done(entry.op_id, now);
            settlement.added.push(EntryDraft {
                op_id: new_op_id(&self.clock, &self.entropy),
                payload: Value::Object(fields).to_string(),
                ..entry.to_draft()
            });
            return Ok(Some(settlement));
        }
        let mut settlement = Settlement::failed([entry.op_id], reason, now);
        let reading = self.store.profile().await?;
        let lane = Lane::of_person(person);
        let makes = |entry: &OutboxEntry| entry.kind == EntryKind::CreateUser;
        let mut waiting = reading.outbox.iter();
        if waiting.any(|entry| makes(entry) && entry.lane() == lane) {
            return Ok(Some(settlement));
        }
        let known = reading.users.iter().find(|user| user.id == person);
        let Some(user) = known.filter(|_| progress.offered.insert(lane)) else {
            return Ok(None);
        };
        settlement.put_first(self.whole_person(user), &reading.outbox);
        Ok(Some(settlement))
    }

    /// Queues a person whom the server lacks before their edits, or an edit as that of the person they have
    /// become; `None` if this device does not know them either, or has told the server already.
    async fn person_again(
        &self,
        entry: &OutboxEntry,
        progress: &mut Progress,
    ) -> Result<Option<Settlement>, StoreError> {
        let now_as = self.person_now(entry.entity_id);
        if now_as != entry.entity_id {
            // It was written while this person became one of the account's.
            let draft = EntryDraft {
                entity_id: now_as,
                base_version: 0,
                ..entry.to_draft()
            };
            let mut settlement = Settlement::done(entry.op_id, self.clock.now());
            settlement.added.push(draft);
            return Ok(Some(settlement));
        }
        let reading = self.store.profile().await?;
        let mut waiting = reading.outbox.iter();
        let is_maker = |other: &&OutboxEntry| {
            other.kind == EntryKind::CreateUser && other.lane() == entry.lane()
        };
        let known = reading.users.iter().find(|user| user.id == entry.entity_id);
        let person = match (waiting.find(is_maker), known) {
            // Another context has queued the person, and this edit got before them: they go first.
            (Some(maker), _) => vec![maker.to_draft()],
            (None, Some(user)) if progress.offered.insert(entry.lane()) => self.whole_person(user),
            _ => return Ok(None),
        };
        let mut settlement = Settlement::at(self.clock.now());
        settlement.put_first(person, &reading.outbox);
        Ok(Some(settlement))
    }
}

/// The body of a call: the payload as it stands, with what the protocol wants beside it.
fn body_of(entry: &OutboxEntry) -> String {
    let mut body = entry.fields().unwrap_or_default();
    body.insert("op_id".to_owned(), json!(entry.op_id));
    if entry.kind == EntryKind::CreateUser {
        body.insert("id".to_owned(), json!(entry.entity_id));
    } else {
        body.insert("base_version".to_owned(), json!(entry.base_version));
    }
    Value::Object(body).to_string()
}
