//! Batches of metric events.

use super::push::Round;
use super::{Progress, Stop};
use crate::answers::{BatchAnswer, row_as_entry};
use crate::engine::Engine;
use crate::outbox::{Lane, LastError};
use crate::outgoing::{BATCH_PAYLOAD_BYTES_MAX, Outgoing, Source, batch_body, fit};
use crate::planner::Plan;
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::retry::CallError;
use crate::settle::Settlement;
use tidemark_protocol::{AccountId, BatchResponse};

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
        self.batch_answered(account, &events, response, progress)
            .await
    }

    /// A batch that was answered, event by event.
    async fn batch_answered(
        &self,
        account: AccountId,
        events: &[Outgoing],
        response: BatchResponse,
        progress: &mut Progress,
    ) -> Result<Round, Stop> {
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
        let mut answer = BatchAnswer::read(events, &response, account, self.clock.now());
        self.answer_unknown(account, events, &mut answer, progress)
            .await?;
        self.bring_back(events, &mut answer).await?;
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
}
