//! Batches of metric events.

use super::push::Round;
use super::{Progress, Stop};
use crate::answers::{BatchAnswer, row_as_entry};
use crate::engine::Engine;
use crate::ids::new_op_id;
use crate::outbox::{EntryDraft, EntryKind, Lane, LastError, OutboxEntry, payload_text};
use crate::outgoing::{BATCH_PAYLOAD_BYTES_MAX, Outgoing, Source, batch_body, fit};
use crate::overlay;
use crate::planner::Plan;
use crate::ports::{Clock, Platform, ProfileReading, Store, StoreError};
use crate::retry::CallError;
use crate::settle::Settlement;
use serde_json::{Map, Value, json};
use tidemark_protocol::{AccountId, EntityId, Metric, OpId};

/// Attempts after which an edit is parked that names another person than its record's, the record being unknown here.
const PULLS_FOR_OWNER_MAX: u32 = 3;

impl<P: Platform> Engine<P> {
    /// Sends the next batch of a plan.
    pub(super) async fn push_batch(
        &self,
        account: AccountId,
        plan: &Plan<'_>,
        progress: &mut Progress,
    ) -> Result<Round, Stop> {
        let mut events = self.bulk_events(plan, progress).await?;
        events.extend(
            plan.edits
                .iter()
                .filter_map(|entry| Outgoing::of_entry(entry)),
        );
        let events_max = self.batch_events.get();
        fit(&mut events, events_max, BATCH_PAYLOAD_BYTES_MAX);
        if events.is_empty() {
            return Ok(Round::Idle);
        }
        let state = self.state().await?;
        let body = batch_body(&events, &state.device_id, self.clock.now());
        let response = match self.remote(Some(account), &state).push(body).await {
            Ok(response) => response,
            Err(error) => return self.batch_failed(account, &events, error, progress).await,
        };
        let state = self.state().await?;
        if state.is_another_life(&response.epoch) {
            // What that life took or refused says nothing of the one that this device knows: first the resync.
            let lanes = events.iter().map(|event| Lane::of_metric(event.record));
            progress.put_off.extend(lanes);
            return Ok(Round::Moved);
        }
        let grown = (events.len() * 2).max(self.batch_events.get());
        self.batch_events
            .set(grown.min(self.batch_events_max.get()));
        let mut answer = BatchAnswer::read(&events, &response, account, self.clock.now());
        self.answer_unknown(account, &events, &mut answer, progress)
            .await?;
        self.bring_back(&events, &mut answer).await?;
        self.leave_out_forgotten(&state, &mut answer.settlement.rows)
            .await?;
        answer.settlement.life = Some(response.epoch);
        if !self.settle_in_order(&mut answer.settlement).await? {
            // Another context knows a newer life by now: what waits goes there.
            return Ok(Round::Moved);
        }
        progress.sent += answer.settled;
        progress.changed = true;
        progress.retry_after_s = progress.retry_after_s.max(answer.retry_after_s);
        let put_off = answer.put_off.into_iter().map(Lane::of_metric);
        progress.put_off.extend(put_off);
        Ok(match response.backoff_s {
            0 => Round::Moved,
            seconds => Round::Paused(seconds),
        })
    }

    /// The events of rows that came in bulk. Markers of which nothing is left go.
    async fn bulk_events(
        &self,
        plan: &Plan<'_>,
        progress: &Progress,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let Some(marker) = plan.bulk.first() else {
            return Ok(Vec::new());
        };
        let pages = plan.bulk_pages();
        let limit = self.batch_events.get() + progress.put_off.len();
        let rows = self.store.unsent(&pages.ready, limit).await?;
        if rows.is_empty() && pages.is_all {
            let settlement = Settlement {
                done: plan.bulk.iter().map(|marker| marker.op_id).collect(),
                ..Settlement::at(self.clock.now())
            };
            self.store.settle(&settlement).await?;
        }
        let rows = rows
            .into_iter()
            .filter(|row| !progress.put_off.contains(&Lane::of_metric(row.id)));
        Ok(rows.map(|row| Outgoing::of_bulk(row, marker.seq)).collect())
    }

    /// A batch that failed as a whole: nothing was processed.
    async fn batch_failed(
        &self,
        account: AccountId,
        events: &[Outgoing],
        error: CallError,
        progress: &mut Progress,
    ) -> Result<Round, Stop> {
        let is_refused = error.refuses_batch();
        if is_refused || error.may_be_the_content() {
            self.batch_events.set((events.len() / 2).max(1));
        }
        let reason = error.failure().error;
        let mut answer = BatchAnswer::at(self.clock.now());
        match events {
            [alone] if is_refused => answer.park(alone, reason, account),
            _ if is_refused => return Ok(Round::Moved),
            _ => answer.settlement = self.attempted(account, events, &error, &reason),
        }
        self.settle_in_order(&mut answer.settlement).await?;
        progress.changed = true;
        if is_refused {
            Ok(Round::Moved)
        } else {
            Err(error.into())
        }
    }

    /// Counts the vain attempt. A row of a bulk over which something stumbles when it is sent alone becomes
    /// an entry of its own: rows carry no count, so it would hold back the others.
    fn attempted(
        &self,
        account: AccountId,
        events: &[Outgoing],
        error: &CallError,
        reason: &LastError,
    ) -> Settlement {
        let now = self.clock.now();
        if let [event] = events
            && let Source::Bulk(row) = &event.source
            && error.may_be_the_content()
        {
            return Settlement {
                cleared: vec![row.id],
                added: vec![row_as_entry(event, row, account, None)],
                ..Settlement::at(now)
            };
        }
        let entries = events.iter().filter(|event| event.is_entry());
        Settlement::failed(entries.map(|event| event.op_id), reason, now)
    }

    /// Settles. Where an entry takes the place of a row, the edits of that row that wait go behind it.
    async fn settle_in_order(&self, settlement: &mut Settlement) -> Result<bool, StoreError> {
        if !settlement.cleared.is_empty() {
            let outbox = self.store.outbox().await?;
            for row in std::mem::take(&mut settlement.added) {
                settlement.put_first(vec![row], &outbox);
            }
        }
        self.settle_in_queue(settlement).await
    }

    /// Answers what the server does not know: it gets the person, or the whole row, or the edit is parked.
    async fn answer_unknown(
        &self,
        account: AccountId,
        events: &[Outgoing],
        answer: &mut BatchAnswer,
        progress: &mut Progress,
    ) -> Result<(), StoreError> {
        let is_all_known = answer.unknown_users.is_empty() && answer.unknown_metrics.is_empty();
        if is_all_known && answer.misnamed.is_empty() && answer.reused.is_empty() {
            return Ok(());
        }
        let reading = self.store.profile().await?;
        let unknown: Vec<OpId> = std::mem::take(&mut answer.unknown_users);
        for event in events.iter().filter(|event| unknown.contains(&event.op_id)) {
            self.answer_unknown_user(account, event, &reading, answer, progress);
        }
        for (op, error) in std::mem::take(&mut answer.reused) {
            let Some(event) = events.iter().find(|event| event.op_id == op) else {
                continue;
            };
            // Once again, as an operation of its own: what the first one did is not undone by it.
            let is_first = progress.offered.insert(Lane::of_metric(event.record));
            match event.user().filter(|_| is_first) {
                Some(person) => self.send_as(person, account, event, &reading, answer),
                None => answer.park(event, error, account),
            }
        }
        for (op, error) in std::mem::take(&mut answer.misnamed) {
            if let Some(event) = events.iter().find(|event| event.op_id == op) {
                self.answer_misnamed(account, event, error, &reading, answer)
                    .await?;
            }
        }
        for (record, error) in std::mem::take(&mut answer.unknown_metrics) {
            let rewritten = self.whole_again(record, &reading.outbox).await?;
            match rewritten.filter(|_| progress.offered.insert(Lane::of_metric(record))) {
                Some((done, whole)) => {
                    answer.settlement.done.extend(done);
                    answer.settlement.added.extend(whole);
                }
                None => park_record(events, record, error, answer, account),
            }
        }
        Ok(())
    }

    fn answer_unknown_user(
        &self,
        account: AccountId,
        event: &Outgoing,
        reading: &ProfileReading,
        answer: &mut BatchAnswer,
        progress: &mut Progress,
    ) {
        let user = event.user();
        let is_queued = |entry: &OutboxEntry| {
            entry.kind == EntryKind::CreateUser && Some(entry.entity_id) == user
        };
        if reading.outbox.iter().any(is_queued) {
            return;
        }
        let Some(user) = reading.users.iter().find(|known| Some(known.id) == user) else {
            if !self.send_as_adopted(account, event, reading, answer) {
                answer.park(event, LastError::plain("unknown_user"), account);
            }
            return;
        };
        let is_in_answer = answer
            .settlement
            .added
            .iter()
            .any(|draft| draft.lane() == Lane::of_person(user.id));
        if is_in_answer {
            return;
        }
        if progress.offered.insert(Lane::of_person(user.id)) {
            let person = self.whole_person(user);
            answer.settlement.put_first(person, &reading.outbox);
        } else {
            answer.put_off.insert(event.record);
        }
    }

    /// A form that stayed open while its person became another one names the old one. Whose the record is, is
    /// fixed: the edit goes again as that person's.
    async fn answer_misnamed(
        &self,
        account: AccountId,
        event: &Outgoing,
        error: LastError,
        reading: &ProfileReading,
        answer: &mut BatchAnswer,
    ) -> Result<(), StoreError> {
        let answered = answer.settlement.rows.iter();
        let mut owner = owner_of(event.record, answered);
        if owner.is_none() {
            let pages = self.store.pages().await?;
            let held = pages.iter().flat_map(|page| &page.rows);
            owner = owner_of(event.record, held.map(|row| &row.metric));
        }
        match owner {
            Some(owner) if Some(owner) != event.user() => {
                self.send_as(owner, account, event, reading, answer);
            }
            // The next pull says whose it is.
            None if tries(event, reading) < PULLS_FOR_OWNER_MAX => {
                answer.put_off.insert(event.record);
            }
            _ => answer.park(event, error, account),
        }
        Ok(())
    }

    /// An edit that was written while its person became another one goes again as that one's. Answers `false`
    /// if its person did not.
    fn send_as_adopted(
        &self,
        account: AccountId,
        event: &Outgoing,
        reading: &ProfileReading,
        answer: &mut BatchAnswer,
    ) -> bool {
        let Some((ours, theirs)) = event.user().map(|ours| (ours, self.person_now(ours))) else {
            return false;
        };
        if ours != theirs {
            self.send_as(theirs, account, event, reading, answer);
        }
        ours != theirs
    }

    /// Queues an edit anew as another person's, in the place of what was refused.
    fn send_as(
        &self,
        person: EntityId,
        account: AccountId,
        event: &Outgoing,
        reading: &ProfileReading,
        answer: &mut BatchAnswer,
    ) {
        let mut draft = match &event.source {
            Source::Bulk(row) => {
                answer.settlement.cleared.push(row.id);
                row_as_entry(event, row, account, None)
            }
            Source::Entry { .. } => {
                let is_it = |entry: &&OutboxEntry| entry.op_id == event.op_id;
                let Some(entry) = reading.outbox.iter().find(is_it) else {
                    return;
                };
                answer
                    .settlement
                    .failed
                    .retain(|(op, _)| *op != event.op_id);
                answer.settlement.done.push(event.op_id);
                entry.to_draft()
            }
        };
        let mut fields: Map<String, Value> =
            serde_json::from_str(&event.payload).unwrap_or_default();
        fields.insert("user_id".to_owned(), json!(person));
        draft.payload = Value::Object(fields).to_string();
        draft.op_id = new_op_id(&self.clock, &self.entropy);
        answer.settlement.put_first(vec![draft], &reading.outbox);
    }

    /// The edits of a record that the server does not know, and the one that says the whole row in their
    /// place; none where the record is deleted anyway. `None` if this device does not know the row either.
    pub(super) async fn whole_again(
        &self,
        record: EntityId,
        outbox: &[OutboxEntry],
    ) -> Result<Option<(Vec<OpId>, Option<EntryDraft>)>, StoreError> {
        let pages = self.store.pages().await?;
        let base = pages
            .iter()
            .flat_map(|page| &page.rows)
            .find(|row| row.metric.id == record)
            .map(|row| row.metric.clone());
        Ok(self.whole_row(record, base, outbox))
    }

    pub(super) fn whole_row(
        &self,
        record: EntityId,
        base: Option<Metric>,
        outbox: &[OutboxEntry],
    ) -> Option<(Vec<OpId>, Option<EntryDraft>)> {
        let edits: Vec<&OutboxEntry> = outbox
            .iter()
            .filter(|entry| entry.lane() == Lane::of_metric(record))
            .collect();
        let row = overlay::laid_over_all(base, &edits)?;
        let done = edits.iter().map(|edit| edit.op_id).collect();
        if row.deleted_at.is_some() {
            return Some((done, None));
        }
        let payload = payload_text(&row.to_patch());
        let draft = self.draft(EntryKind::UpsertMetric, record, payload, row.version);
        Some((done, Some(draft)))
    }
}

fn tries(event: &Outgoing, reading: &ProfileReading) -> u32 {
    let mut entries = reading.outbox.iter();
    let entry = entries.find(|entry| entry.op_id == event.op_id);
    entry.map_or(0, |entry| entry.retry_count)
}

fn owner_of<'a>(record: EntityId, mut rows: impl Iterator<Item = &'a Metric>) -> Option<EntityId> {
    rows.find(|row| row.id == record).map(|row| row.user_id)
}

fn park_record(
    events: &[Outgoing],
    record: EntityId,
    error: LastError,
    answer: &mut BatchAnswer,
    account: AccountId,
) {
    let first = events
        .iter()
        .find(|event| event.record == record && !answer.settlement.done.contains(&event.op_id));
    if let Some(event) = first {
        answer.park(event, error, account);
    }
}
