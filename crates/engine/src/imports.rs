//! Rows from a file against what is here: which are new, which are known, and what an import has added, so
//! that it can be taken back as a whole.

use crate::outbox::OutboxEntry;
use crate::overlay::{edits_by_record, laid_over_all};
use crate::page::Page;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use tidemark_domain::mass::Grams;
use tidemark_protocol::{AppModel, EntityId, Metric, OpId, Timestamp, User};

/// Imports that a device can take back; older ones stay for good.
pub const IMPORTS_MAX: usize = 5;

/// What an import adds, written before the first of its rows is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportNote {
    /// Names the import.
    pub id: OpId,
    /// When.
    pub at: Timestamp,
    /// The file's name, as the person knows it.
    pub label: String,
    /// Measurements that were not here, or deleted.
    pub metrics: Vec<EntityId>,
    /// People who were not here.
    pub people: Vec<EntityId>,
    /// Measurements that it changes, as they were.
    pub changed: Vec<Metric>,
}

/// What a file holds, as records of ours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intake {
    /// The file's name.
    pub label: String,
    /// People to add.
    pub people: Vec<User>,
    /// Settings, taken only where nobody lives here yet.
    pub app_model: Option<AppModel>,
    /// Measurements, deleted ones among them.
    pub metrics: Vec<Metric>,
    /// Whether measurements that were deleted here come back.
    pub brings_back: bool,
}

/// How many measurements of a file are what here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Not here.
    pub fresh: usize,
    /// Here, and as new as in the file.
    pub known: usize,
    /// Deleted here.
    pub deleted: usize,
    /// Here, and changed later in the file than here.
    pub newer: usize,
}

/// Everything that a device has, deleted rows included as far as they are still known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everything {
    /// By number, then id.
    pub people: Vec<User>,
    /// Units, language, theme, goal, active person.
    pub app_model: AppModel,
    /// By `created_at`, then `id`.
    pub metrics: Vec<Metric>,
}

/// A record as it is held here.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    user: EntityId,
    version: u64,
    /// `None` where only the deletion is left.
    metric: Option<Metric>,
}

/// All records of a device, unsent edits laid over them.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    places: HashMap<EntityId, Place>,
}

/// A file's measurements by what they are here.
#[derive(Debug, Default)]
pub(crate) struct Sorted<'a> {
    pub fresh: Vec<&'a Metric>,
    /// New here, and deleted already.
    pub fresh_deleted: Vec<&'a Metric>,
    pub known: usize,
    /// With the version of the deletion.
    pub deleted: Vec<(&'a Metric, u64)>,
    /// With the row as it is here.
    pub newer: Vec<(&'a Metric, &'a Metric)>,
}

impl Holdings {
    /// What lies in these pages and this outbox.
    pub fn of(pages: &[Page], outbox: &[OutboxEntry]) -> Self {
        let mut places = HashMap::new();
        for page in pages {
            for gone in &page.tombstones {
                let place = Place {
                    user: page.key.user,
                    version: gone.version,
                    metric: None,
                };
                places.insert(gone.id, place);
            }
            for row in &page.rows {
                let place = Place {
                    user: row.metric.user_id,
                    version: row.metric.version,
                    metric: Some(row.metric.clone()),
                };
                places.insert(row.metric.id, place);
            }
        }
        for (id, edits) in edits_by_record(outbox) {
            let place = places.remove(&id);
            let version = place.as_ref().map_or(0, |place| place.version);
            let user = place.as_ref().map(|place| place.user);
            let metric = laid_over_all(place.and_then(|place| place.metric), &edits);
            let user = metric.as_ref().map(|metric| metric.user_id).or(user);
            if let Some(user) = user {
                let place = Place {
                    user,
                    version,
                    metric,
                };
                places.insert(id, place);
            }
        }
        Self { places }
    }

    /// Whose record this is, where it is known here.
    pub fn owner_of(&self, id: EntityId) -> Option<EntityId> {
        self.places.get(&id).map(|place| place.user)
    }

    /// The living record as shown, and the version beneath.
    pub(crate) fn living(&self, id: EntityId) -> Option<(&Metric, u64)> {
        let place = self.places.get(&id)?;
        let metric = place.metric.as_ref()?;
        metric
            .deleted_at
            .is_none()
            .then_some((metric, place.version))
    }

    fn contents(&self) -> HashSet<(EntityId, Timestamp, Grams)> {
        let living = self.places.keys().filter_map(|id| self.living(*id));
        living.map(|(metric, _)| content(metric)).collect()
    }

    /// People with a living record besides these.
    pub(crate) fn busy(&self, except: &HashSet<EntityId>) -> HashSet<EntityId> {
        let others = self.places.keys().filter(|id| !except.contains(id));
        let living = others.filter_map(|id| self.living(*id));
        living.map(|(metric, _)| metric.user_id).collect()
    }

    /// All records whose values are known, deleted ones among them.
    pub(crate) fn into_metrics(self) -> Vec<Metric> {
        let places = self.places.into_values();
        let mut metrics: Vec<Metric> = places.filter_map(|place| place.metric).collect();
        metrics.sort_by_key(Metric::order_key);
        metrics
    }

    /// What measurements of a file are here.
    pub fn compare(&self, metrics: &[Metric]) -> Comparison {
        let sorted = self.sort(metrics);
        Comparison {
            fresh: sorted.fresh.len(),
            known: sorted.known,
            deleted: sorted.deleted.len(),
            newer: sorted.newer.len(),
        }
    }

    /// Deleted measurements count as new where nothing is known of them, else as known. So does a measurement that is
    /// here under another name: the same weight of the same person at the same moment, brought by another file, or
    /// by this one before its person turned out to be one of the account's.
    pub(crate) fn sort<'a>(&'a self, metrics: &'a [Metric]) -> Sorted<'a> {
        let contents = self.contents();
        let mut sorted = Sorted::default();
        for metric in metrics {
            let place = self.places.get(&metric.id);
            match (place, self.living(metric.id)) {
                (None, _) if metric.deleted_at.is_some() => sorted.fresh_deleted.push(metric),
                (None, _) if contents.contains(&content(metric)) => sorted.known += 1,
                (None, _) => sorted.fresh.push(metric),
                (Some(_), Some((here, _))) if is_newer(metric, here) => {
                    sorted.newer.push((metric, here));
                }
                (Some(place), None) if metric.deleted_at.is_none() => {
                    sorted.deleted.push((metric, place.version));
                }
                (Some(_), _) => sorted.known += 1,
            }
        }
        sorted
    }
}

fn content(metric: &Metric) -> (EntityId, Timestamp, Grams) {
    (metric.user_id, metric.created_at, metric.weight)
}

/// Whether a file's row was changed after the one here, and says something else.
fn is_newer(file: &Metric, here: &Metric) -> bool {
    let values = |metric: &Metric| {
        (
            metric.weight,
            metric.height,
            metric.note.clone(),
            metric.created_at,
            metric.utc_offset,
            metric.deleted_at.is_some(),
        )
    };
    file.user_id == here.user_id
        && file
            .updated_at
            .max(file.deleted_at.unwrap_or(file.updated_at))
            > here.updated_at
        && values(file) != values(here)
}

/// Puts a note in its place, newest first: one of the same id is replaced, the oldest go.
pub fn remember(notes: &mut Vec<ImportNote>, note: ImportNote) {
    notes.retain(|known| known.id != note.id);
    notes.insert(0, note);
    notes.truncate(IMPORTS_MAX);
}
