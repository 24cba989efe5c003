//! Answers of a batch that say that the server does not know a person or a record, or knows them otherwise.

use super::Progress;
use crate::answers::{BatchAnswer, row_as_entry};
use crate::engine::Engine;
use crate::ids::new_op_id;
use crate::outbox::{EntryDraft, EntryKind, Lane, LastError, OutboxEntry, payload_text};
use crate::outgoing::{Outgoing, Source};
use crate::overlay;
use crate::ports::{Platform, ProfileReading, Store, StoreError};
use serde_json::{Map, Value, json};
use tidemark_protocol::{AccountId, EntityId, Metric, OpId};

/// Attempts after which an edit is parked that names another person than its record's, the record being unknown here.
const PULLS_FOR_OWNER_MAX: u32 = 3;

impl<P: Platform> Engine<P> {
    /// Answers what the server does not know: it gets the person, or the whole row, or the edit is parked.
    pub(super) async fn answer_unknown(
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
