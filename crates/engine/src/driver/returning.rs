//! Imported rows that were deleted before: whoever imports a file wants its rows, so they come back by an explicit restore.
//!
//! A row's id follows from the file, so another device may have imported and deleted it already while this one knows of
//! neither. What was deleted after the import stays deleted.

use crate::answers::BatchAnswer;
use crate::engine::Engine;
use crate::outbox::{EntryDraft, EntryKind, Lane, OutboxEntry, payload_text};
use crate::outgoing::Outgoing;
use crate::page::PageRow;
use crate::ports::{Clock, Platform, Store, StoreError};
use crate::settle::Settlement;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use tidemark_protocol::{EntityId, EventType, Metric, MetricPatch, OpId, Patch, Timestamp};

impl<P: Platform> Engine<P> {
    /// Queues restores for what this batch should have added and the server has deleted.
    pub(super) async fn bring_back(
        &self,
        events: &[Outgoing],
        answer: &mut BatchAnswer,
    ) -> Result<(), StoreError> {
        let settlement = &answer.settlement;
        let mut gone: HashMap<EntityId, Gone> =
            settlement.rows.iter().filter_map(deleted).collect();
        // Deleted so long ago that the server has forgotten it.
        let forgotten = settlement.cleared.iter().map(|id| (*id, Gone::default()));
        gone.extend(forgotten);
        let parked: HashSet<EntityId> = settlement
            .added
            .iter()
            .map(|draft| draft.entity_id)
            .collect();
        let ended: HashSet<OpId> = settlement.done.iter().copied().collect();
        let mut sent: BTreeMap<EntityId, Vec<&Outgoing>> = BTreeMap::new();
        for event in events {
            let is_gone = gone.contains_key(&event.record) && !parked.contains(&event.record);
            if is_gone && ended.contains(&event.op_id) {
                sent.entry(event.record).or_default().push(event);
            }
        }
        let restores = sent
            .values()
            .filter_map(|events| self.restore_of(events, &gone));
        let restores = restores.collect();
        let restores = self.imported_since(restores, &gone).await?;
        if restores.is_empty() {
            return Ok(());
        }
        let outbox = self.store.outbox().await?;
        let waiting: HashSet<Lane> = outbox.iter().map(OutboxEntry::lane).collect();
        for restore in restores {
            if waiting.contains(&restore.lane()) {
                answer.settlement.put_first(vec![restore], &outbox);
            } else {
                answer.settlement.added.push(restore);
            }
        }
        Ok(())
    }

    /// The same for what a pull says of rows that wait here: their deletion would take their place.
    pub(super) async fn keep_imported(&self, pulled: &[Metric]) -> Result<(), StoreError> {
        let gone: HashMap<EntityId, Gone> = pulled.iter().filter_map(deleted).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let pages = self.store.pages().await?;
        let waiting = pages.iter().flat_map(|page| &page.rows);
        let waiting = waiting.filter(|row| row.unsent);
        let restores = waiting.filter_map(|PageRow { metric, .. }| {
            let event = Outgoing::of_bulk(metric.clone(), 0);
            self.restore_of(&[&event], &gone)
        });
        let restores = self.imported_since(restores.collect(), &gone).await?;
        if restores.is_empty() {
            return Ok(());
        }
        let outbox = self.store.outbox().await?;
        let mut settlement = Settlement {
            cleared: restores.iter().map(|restore| restore.entity_id).collect(),
            ..Settlement::at(self.clock.now())
        };
        for restore in restores {
            settlement.put_first(vec![restore], &outbox);
        }
        self.store.settle(&settlement).await.map(drop)
    }

    /// Of these restores those of rows that were imported when they were deleted already.
    async fn imported_since(
        &self,
        mut restores: Vec<EntryDraft>,
        gone: &HashMap<EntityId, Gone>,
    ) -> Result<Vec<EntryDraft>, StoreError> {
        if restores.is_empty() {
            return Ok(restores);
        }
        let mut imported: HashMap<EntityId, Timestamp> = HashMap::new();
        for note in self.store.imports().await? {
            for id in note.metrics.iter().filter(|id| gone.contains_key(id)) {
                let latest = imported.entry(*id).or_insert(note.at);
                *latest = note.at.max(*latest);
            }
        }
        restores.retain(|restore| {
            let (id, gone) = (restore.entity_id, gone.get(&restore.entity_id));
            let since = gone.and_then(|gone| gone.at);
            imported
                .get(&id)
                .is_some_and(|at| since.is_none_or(|since| since <= *at))
        });
        Ok(restores)
    }

    /// The row that these events of one record make, not deleted; `None` if they do not begin with a whole one, or end it.
    fn restore_of(
        &self,
        events: &[&Outgoing],
        gone: &HashMap<EntityId, Gone>,
    ) -> Option<EntryDraft> {
        let first = events.first().filter(|event| event.base_version == 0)?;
        let mut fields = Map::new();
        for event in events {
            if event.event_type != EventType::UpsertMetric {
                return None;
            }
            fields.extend(serde_json::from_str::<Map<String, Value>>(&event.payload).ok()?);
        }
        let patch: MetricPatch = serde_json::from_value(Value::Object(fields)).ok()?;
        let is_row = patch.weight.is_some() && patch.created_at.is_some();
        let version = gone.get(&first.record).filter(|_| is_row)?.version;
        let patch = MetricPatch {
            deleted_at: Patch::Clear,
            updated_at: Some(self.edit_time()),
            ..patch
        };
        let payload = payload_text(&patch);
        Some(self.draft(EntryKind::UpsertMetric, first.record, payload, version))
    }
}

/// What is known of a deletion.
#[derive(Clone, Copy, Default)]
struct Gone {
    /// When; `None` where it is forgotten.
    at: Option<Timestamp>,
    version: u64,
}

fn deleted(row: &Metric) -> Option<(EntityId, Gone)> {
    let gone = Gone {
        at: Some(row.deleted_at?),
        version: row.version,
    };
    Some((row.id, gone))
}
