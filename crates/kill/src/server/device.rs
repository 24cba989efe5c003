//! A device that writes batches as fast as they are answered. Its records are its own, so what the server must hold is
//! known exactly: all that was acknowledged, and of the one batch without an answer everything or nothing.

use crate::chance::Chance;
use crate::client::{Answer, Client};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use tidemark_protocol::limits::BATCH_EVENTS_MAX;
use tidemark_protocol::{
    BatchResponse, EntityId, EventResult, EventStatus, Metric, OpId, Timestamp,
};

/// 2025-01-01T00:00:00Z: the first of the months that rows are spread over.
const FIRST_MOMENT: i64 = 1_735_689_600_000;
const MONTHS: usize = 14;
const SMALL_BATCH_MAX: usize = 12;
/// Answered batches that are kept, to be sent once more some time.
const KEPT_BATCHES: usize = 8;

/// What a record says, as far as this test changes it; `None` while it is deleted.
type Weight = Option<u32>;

/// A record as the server acknowledged it.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// In grams.
    pub weight: Weight,
    /// The row's version.
    pub version: u64,
    /// The moment of measurement.
    pub created_at: Timestamp,
}

/// One event of a batch, and what the record says once it has taken effect.
#[derive(Clone, Copy, Debug)]
struct Event {
    id: EntityId,
    op_id: OpId,
    created_at: Timestamp,
    after: Weight,
}

/// A batch, as bytes that never change.
#[derive(Clone, Debug)]
struct Batch {
    body: String,
    events: Vec<Event>,
}

/// The device.
pub struct Device {
    name: String,
    user: String,
    chance: Chance,
    /// What the server acknowledged.
    pub known: BTreeMap<EntityId, Known>,
    /// Acknowledged events. Each of them changes something, so each raises the account's change counter by one.
    pub effective: u64,
    unanswered: Option<Batch>,
    kept: Vec<Batch>,
}

impl Device {
    /// A device that has written nothing.
    pub fn new(number: usize, user: &str, chance: Chance) -> Self {
        Self {
            name: format!("device-{number}"),
            user: user.to_owned(),
            chance,
            known: BTreeMap::new(),
            effective: 0,
            unanswered: None,
            kept: Vec::new(),
        }
    }

    /// Whether a batch has no answer.
    pub fn waits(&self) -> bool {
        self.unanswered.is_some()
    }

    /// Sends batch after batch until one is not answered.
    pub async fn write_until_cut(&mut self, client: &Client) -> Result<()> {
        loop {
            let batch = self.next_batch();
            match client.push(&batch.body).await? {
                Answer::Whole(response) => {
                    self.acknowledge(&batch, &response, EventStatus::Applied)?;
                    self.keep(batch);
                }
                Answer::Cut => {
                    self.unanswered = Some(batch);
                    return Ok(());
                }
            }
        }
    }

    /// Compares what the server holds with what it must hold. Answers whether the batch without an answer took effect,
    /// where that can be seen.
    ///
    /// # Errors
    /// What is lost, wrong or torn.
    pub fn compare(&self, rows: &HashMap<EntityId, Metric>) -> Result<Option<bool>> {
        let mut after: BTreeMap<EntityId, Weight> = BTreeMap::new();
        for event in self.unanswered.iter().flat_map(|batch| &batch.events) {
            after.insert(event.id, event.after);
        }
        for (id, known) in &self.known {
            if after.contains_key(id) {
                continue;
            }
            let found = rows.get(id);
            let weight = found.map(|row| row.weight.get());
            ensure!(
                weight == known.weight,
                "{id} was acknowledged as {known:?}, but is {found:?}"
            );
            let is_same = found.is_none_or(|row| row.version == known.version);
            ensure!(
                is_same,
                "{id} was acknowledged as {known:?}, but is {found:?}"
            );
        }
        let mut took_effect = None;
        for (id, after) in after {
            let before = self.known.get(&id).and_then(|known| known.weight);
            let found = rows.get(&id).map(|row| row.weight.get());
            ensure!(
                found == before || found == after,
                "{id} is {found:?}, neither {before:?} nor {after:?}"
            );
            if before != after {
                let took = found == after;
                ensure!(
                    took_effect
                        .replace(took)
                        .is_none_or(|others| others == took),
                    "half of a batch took effect: {id} is {found:?}"
                );
            }
        }
        Ok(took_effect)
    }

    /// Sends the batch without an answer once more, and some batch that was answered. Answers how many events turned out
    /// to have taken effect unheard.
    pub async fn replay(&mut self, client: &Client, took_effect: Option<bool>) -> Result<u64> {
        let mut unheard = 0;
        if let Some(batch) = self.unanswered.take() {
            let response = whole(client.push(&batch.body).await?)?;
            let first = response.results.first().map(|result| result.status);
            let took = first == Some(EventStatus::Duplicate);
            ensure!(
                took_effect.is_none_or(|seen| seen == took),
                "the rows say {took_effect:?}, the replay says {took}"
            );
            let status = if took {
                EventStatus::Duplicate
            } else {
                EventStatus::Applied
            };
            self.acknowledge(&batch, &response, status)?;
            if took {
                unheard = batch.events.len() as u64;
            }
            self.keep(batch);
        }
        if !self.kept.is_empty() {
            let batch = self.chance.pick(&self.kept);
            let response = whole(client.push(&batch.body).await?)?;
            check(batch, &response, EventStatus::Duplicate)?;
        }
        Ok(unheard)
    }

    /// Events that were acknowledged or will be, in one batch.
    fn next_batch(&self) -> Batch {
        let most = if self.chance.one_in(8) {
            BATCH_EVENTS_MAX
        } else {
            SMALL_BATCH_MAX
        };
        let count = 1 + self.chance.below(most);
        let mut living: Vec<(EntityId, Known)> = self
            .known
            .iter()
            .filter(|(_, known)| known.weight.is_some())
            .map(|(id, known)| (*id, *known))
            .collect();
        let mut events = Vec::with_capacity(count);
        let mut bodies = Vec::with_capacity(count);
        for local_id in 0..count {
            let (event, base) = match self.chance.below(10) {
                0..=2 if !living.is_empty() => {
                    let at = self.chance.below(living.len());
                    let next = self.other_weight(living[at].1.weight);
                    living[at].1.weight = Some(next);
                    (
                        self.event(living[at].0, living[at].1.created_at, Some(next)),
                        living[at].1.version,
                    )
                }
                3 if !living.is_empty() => {
                    let (id, known) = living.swap_remove(self.chance.below(living.len()));
                    (self.event(id, known.created_at, None), known.version)
                }
                _ => self.creation(),
            };
            bodies.push(self.wire(&event, base, local_id));
            events.push(event);
        }
        let body = json!({ "device_id": self.name, "events": bodies }).to_string();
        Batch { body, events }
    }

    fn creation(&self) -> (Event, u64) {
        let month_ms = 30 * 86_400_000;
        let moment = self.chance.below(MONTHS * month_ms);
        let created_at = Timestamp(FIRST_MOMENT + i64::try_from(moment).unwrap_or(0));
        let weight = self.other_weight(None);
        let event = self.event(EntityId(self.chance.uuid()), created_at, Some(weight));
        (event, 0)
    }

    fn event(&self, id: EntityId, created_at: Timestamp, after: Weight) -> Event {
        Event {
            id,
            op_id: OpId(self.chance.uuid()),
            created_at,
            after,
        }
    }

    /// A weight that differs from the one there is: every event must change something.
    fn other_weight(&self, now: Weight) -> u32 {
        let weight = 40_000 + u32::try_from(self.chance.below(80_000)).unwrap_or(0);
        if now == Some(weight) {
            weight + 1
        } else {
            weight
        }
    }

    fn wire(&self, event: &Event, base_version: u64, local_id: usize) -> Value {
        let (kind, payload) = match event.after {
            None => (
                "DELETE_METRIC",
                json!({ "id": event.id, "user_id": self.user }),
            ),
            Some(grams) => (
                "UPSERT_METRIC",
                json!({
                    "id": event.id, "user_id": self.user, "weight": f64::from(grams) / 1000.0,
                    "created_at": event.created_at,
                }),
            ),
        };
        json!({
            "local_id": local_id, "type": kind, "op_id": event.op_id, "base_version": base_version,
            "payload": payload,
        })
    }

    fn acknowledge(
        &mut self,
        batch: &Batch,
        response: &BatchResponse,
        status: EventStatus,
    ) -> Result<()> {
        check(batch, response, status)?;
        for (event, result) in batch.events.iter().zip(&response.results) {
            let version = result.version.context("a result has a version")?;
            let known = Known {
                weight: event.after,
                version,
                created_at: event.created_at,
            };
            self.known.insert(event.id, known);
        }
        self.effective += batch.events.len() as u64;
        Ok(())
    }

    fn keep(&mut self, batch: Batch) {
        if self.kept.len() < KEPT_BATCHES {
            self.kept.push(batch);
        } else {
            let at = self.chance.below(KEPT_BATCHES);
            self.kept[at] = batch;
        }
    }
}

fn whole<T>(answer: Answer<T>) -> Result<T> {
    match answer {
        Answer::Whole(value) => Ok(value),
        Answer::Cut => anyhow::bail!("a server that runs does not answer"),
    }
}

/// One result for each event, in order, all with this status: events of this test can't be refused.
fn check(batch: &Batch, response: &BatchResponse, status: EventStatus) -> Result<()> {
    ensure!(
        response.results.len() == batch.events.len(),
        "results and events differ in number"
    );
    for (event, result) in batch.events.iter().zip(&response.results) {
        let first = (status == EventStatus::Duplicate).then_some(EventStatus::Applied);
        let is_right = result.status == status
            && result.first_status == first
            && result.op_id == Some(event.op_id)
            && !result.conflict
            && (status == EventStatus::Duplicate || weight_of(result) == event.after);
        ensure!(
            is_right,
            "{event:?} should be {status:?}, but was answered {result:?}"
        );
    }
    Ok(())
}

fn weight_of(result: &EventResult) -> Weight {
    let row = result.metric.as_ref()?;
    row.deleted_at.is_none().then_some(row.weight.get())
}

#[cfg(test)]
mod tests;
