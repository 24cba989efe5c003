//! What only this device still holds when a new generation replaces the old one: what a restored server
//! has lost, and rows that the server has forgotten while edits of them wait here.
//!
//! Offering twice is harmless: an offer's operation id comes of the record and its version.

use crate::engine::Engine;
use crate::outbox::{EntryDraft, EntryKind, Lane, OutboxEntry, payload_text};
use crate::page::Page;
use crate::ports::{Clock, Generation, Platform, ProfileReading, Store, StoreError};
use crate::sets::set_of;
use crate::settle::Settlement;
use crate::state::StateChange;
use crate::whole::whole_app_model;
use std::collections::HashSet;
use tidemark_protocol::{AppModel, EntityId, Metric, MetricPatch, OpId, Patch, User};

/// What is compared with the new generation.
struct Rescue<'a> {
    lost: &'a [(u64, u64)],
    outbox: &'a [OutboxEntry],
    /// Records whose edits wait.
    waiting: HashSet<Lane>,
    queued: HashSet<OpId>,
    /// The metrics and the people of the new generation.
    come_again: HashSet<Lane>,
    /// How far the new generation reaches: of a row that is newer, it says nothing.
    head: u64,
}

impl<P: Platform> Engine<P> {
    /// Queues what the new generation lacks, before it takes the place of the old one.
    pub(super) async fn rescue(
        &self,
        generation: &Generation,
        lost: &[(u64, u64)],
    ) -> Result<(), StoreError> {
        let reading = self.store.profile().await?;
        let pages = self.store.pages().await?;
        let rescue = Rescue::new(&reading.outbox, generation, lost);
        let mut settlement = Settlement::at(self.clock.now());
        for user in rescue.people(&reading, &pages) {
            if !rescue.come_again.contains(&Lane::of_person(user.id)) {
                // The account knew this person before, so there is nobody to ask who they are.
                self.store.update(&StateChange::NewPerson(user.id)).await?;
            }
            settlement.put_first(self.offer_user(user, &rescue), &reading.outbox);
        }
        if rescue.is_lost(reading.app_model.version) {
            let offer = self.offer_app_model(&rescue, &reading);
            settlement.put_first(vec![offer], &reading.outbox);
        }
        for page in &pages {
            self.rescue_rows(page, &rescue, &reading, &mut settlement);
            if rescue.knows(page.key.user, &reading) {
                self.offer_deletions(page, &rescue, &mut settlement);
            }
        }
        if settlement.is_empty() {
            return Ok(());
        }
        self.settle_in_queue(&settlement).await.map(drop)
    }

    /// A row whose person nobody knows any more can't come back: the server would refuse it.
    fn rescue_rows(
        &self,
        page: &Page,
        rescue: &Rescue<'_>,
        reading: &ProfileReading,
        settlement: &mut Settlement,
    ) {
        for row in page.rows.iter().filter(|row| !row.unsent) {
            let lane = Lane::of_metric(row.metric.id);
            let is_lost = rescue.is_lost(row.metric.version);
            if rescue.has_offer(row.metric.id, row.metric.version) {
                continue;
            }
            if is_lost {
                if rescue.knows(page.key.user, reading) {
                    // What waits on it goes behind: refused or not, the row itself comes back.
                    settlement.put_first(vec![self.offer_row(&row.metric)], rescue.outbox);
                }
                // Another device may bring the row back: then what waits here still counts.
            } else if rescue.waiting.contains(&lane) && rescue.is_forgotten(&row.metric) {
                self.rescue_edited(&row.metric, rescue, settlement);
            }
        }
    }

    /// A row with edits that wait goes up whole, as it is shown; one that is to be deleted does not.
    fn rescue_edited(&self, row: &Metric, rescue: &Rescue<'_>, settlement: &mut Settlement) {
        match self.whole_row(row.id, Some(row.clone()), rescue.outbox) {
            Some((done, Some(whole))) => {
                settlement.done.extend(done);
                settlement.added.push(whole);
            }
            _ => settlement.take_out(Lane::of_metric(row.id), rescue.outbox),
        }
    }

    fn offer_deletions(&self, page: &Page, rescue: &Rescue<'_>, settlement: &mut Settlement) {
        for gone in &page.tombstones {
            let lane = Lane::of_metric(gone.id);
            if !rescue.is_lost(gone.version) || rescue.waiting.contains(&lane) {
                continue;
            }
            let patch = MetricPatch {
                id: Some(gone.id),
                user_id: Some(page.key.user),
                lost_version: Some(gone.version),
                ..MetricPatch::default()
            };
            let draft = self.draft(
                EntryKind::DeleteMetric,
                gone.id,
                payload_text(&patch),
                gone.version,
            );
            settlement.added.push(as_offer(draft));
        }
    }

    /// The backup may hold what was cleared since, and a deletion that was taken back since: both are said.
    fn offer_row(&self, row: &Metric) -> EntryDraft {
        let patch = MetricPatch {
            height: row.height.map_or(Patch::Clear, Patch::Set),
            bmi: row.bmi.map_or(Patch::Clear, Patch::Set),
            note: row.note.clone().map_or(Patch::Clear, Patch::Set),
            utc_offset: row.utc_offset.map_or(Patch::Clear, Patch::Set),
            deleted_at: Patch::Clear,
            lost_version: Some(row.version),
            ..row.to_patch()
        };
        let payload = payload_text(&patch);
        as_offer(self.draft(EntryKind::UpsertMetric, row.id, payload, row.version))
    }

    fn offer_user(&self, user: &User, rescue: &Rescue<'_>) -> Vec<EntryDraft> {
        let mut person = self.whole_person(user);
        if rescue.come_again.contains(&Lane::of_person(user.id)) {
            person.retain(|draft| draft.kind == EntryKind::UpdateUser);
        }
        let offered = person.into_iter().map(|draft| match draft.kind {
            EntryKind::UpdateUser => as_offer(draft),
            _ => draft,
        });
        offered.collect()
    }

    /// The settings may choose a person who came with an answer, but was never pulled. Where nobody knows them, the other
    /// settings come back: other words than those of who knows them, so an operation of its own.
    fn offer_app_model(&self, rescue: &Rescue<'_>, reading: &ProfileReading) -> EntryDraft {
        let model = &reading.app_model;
        let is_known = |person: &EntityId| rescue.knows(*person, reading);
        let known = AppModel {
            active_user: model.active_user.filter(is_known),
            ..model.clone()
        };
        let nobody = EntityId(uuid::Uuid::nil());
        let payload = payload_text(&whole_app_model(&known));
        let draft = self.draft(EntryKind::UpdateAppModel, nobody, payload, model.version);
        if known == *model {
            as_offer(draft)
        } else {
            draft
        }
    }
}

impl<'a> Rescue<'a> {
    fn new(outbox: &'a [OutboxEntry], generation: &Generation, lost: &'a [(u64, u64)]) -> Self {
        let metrics = generation.metrics.iter().map(|row| Lane::of_metric(row.id));
        let people = generation.users.iter().map(|user| Lane::of_person(user.id));
        Self {
            lost,
            outbox,
            queued: outbox.iter().map(|entry| entry.op_id).collect(),
            waiting: outbox.iter().map(OutboxEntry::lane).collect(),
            come_again: metrics.chain(people).collect(),
            head: generation.head,
        }
    }

    fn is_lost(&self, version: u64) -> bool {
        let mut ranges = self.lost.iter();
        ranges.any(|(from, to)| (*from..=*to).contains(&version))
    }

    /// Whether the server has no row any more that it had before the generation.
    fn is_forgotten(&self, row: &Metric) -> bool {
        row.version <= self.head && !self.come_again.contains(&Lane::of_metric(row.id))
    }

    /// Whether the server or this device knows a person.
    fn knows(&self, user: EntityId, reading: &ProfileReading) -> bool {
        self.come_again.contains(&Lane::of_person(user))
            || reading.users.iter().any(|known| known.id == user)
    }

    /// Whether an attempt that was cut off has queued the offer of a row already.
    fn has_offer(&self, record: EntityId, version: u64) -> bool {
        self.queued.contains(&OpId::for_offer(record, version))
    }

    /// People whom the server has lost, and those who did not come again though something of theirs waits.
    fn people<'b>(&self, reading: &'b ProfileReading, pages: &[Page]) -> Vec<&'b User> {
        let edited = self.outbox.iter().filter_map(OutboxEntry::metric_patch);
        let in_bulk = pages
            .iter()
            .filter(|page| page.rows.iter().any(|row| row.unsent));
        let people = edited
            .filter_map(|patch| patch.user_id)
            .chain(in_bulk.map(|page| page.key.user))
            .chain(self.outbox.iter().filter_map(chosen_person));
        let needed = set_of(people);
        let is_wanted = |user: &&User| {
            let has_come = self.come_again.contains(&Lane::of_person(user.id));
            self.is_lost(user.version) || (!has_come && needed.contains(&user.id))
        };
        reading.users.iter().filter(is_wanted).collect()
    }
}

/// The person whom a waiting setting chooses.
fn chosen_person(entry: &OutboxEntry) -> Option<EntityId> {
    match entry.app_model_patch()?.active_user {
        Patch::Set(person) => Some(person),
        Patch::Keep | Patch::Clear => None,
    }
}

/// The same edit under the operation id of an offer.
fn as_offer(draft: EntryDraft) -> EntryDraft {
    EntryDraft {
        op_id: OpId::for_offer(draft.entity_id, draft.base_version),
        ..draft
    }
}
