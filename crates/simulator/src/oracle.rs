//! What the server may and must do, told independently of its code: each operation once, causality before clocks,
//! absent fields untouched, a concurrent edit before a delete, and every pulled row as it was answered.

mod batch;
mod call;
mod case;

use crate::ledger::Ledger;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use tidemark_protocol::{AppModel, DeviceId, EntityId, Epoch, Metric, OpId, User};

/// A mark in the note of an entry that the server must refuse: the note is too long.
pub const POISON: &str = "poison poison poison";
/// The fields that a metric's edit can change.
const FIELDS: [&str; 6] = [
    "weight",
    "height",
    "bmi",
    "note",
    "created_at",
    "utc_offset",
];

/// The last change of a field.
#[derive(Clone, Debug)]
struct Stamp {
    /// The version that it made; of an offer the lost one.
    version: u64,
    /// By whom.
    by: DeviceId,
    /// Whether it was an offer to a restored server.
    is_offer: bool,
}

#[derive(Clone, Debug)]
struct Row {
    metric: Metric,
    fields: Map<String, Value>,
    stamps: BTreeMap<&'static str, Stamp>,
}

/// What a life of the server holds.
#[derive(Clone, Debug, Default)]
pub struct Life {
    epoch: Option<Epoch>,
    head: u64,
    /// What took effect, and the version of the row that was answered, if one was.
    effects: HashMap<OpId, Option<u64>>,
    rows: BTreeMap<EntityId, Row>,
    users: BTreeMap<EntityId, User>,
    app_model: AppModel,
}

/// A row that a restore lost.
#[derive(Clone, Debug)]
pub struct LostRow {
    /// As it was.
    pub row: Metric,
    /// Who holds exactly that, and how often their storage had been cleared.
    pub holders: Vec<(usize, u32)>,
}

/// The independent judge.
#[derive(Debug, Default)]
pub struct Oracle {
    life: Life,
    ever: HashSet<OpId>,
    /// Rows that restores lost.
    pub lost: BTreeMap<EntityId, LostRow>,
    /// Records that were edited after the last restore by anything but an offer.
    pub edited_since: HashSet<EntityId>,
    /// Records that the server did not have at some time, having had them.
    gone: HashSet<EntityId>,
    restores: u32,
    /// Records that somebody deleted with effect.
    deleted: HashSet<EntityId>,
    /// Conflicts that were decided.
    pub conflicts: u64,
}

type Checked = Result<(), String>;

impl Oracle {
    /// Whether an operation took effect in this life of the server.
    pub fn took_effect(&self, op: OpId) -> bool {
        self.life.effects.contains_key(&op)
    }

    /// The version of the row that an operation left in this life, if it was about one.
    pub fn version_of(&self, op: OpId) -> Option<u64> {
        self.life.effects.get(&op).copied().flatten()
    }

    /// Whether an operation took effect in any life.
    pub fn ever_took_effect(&self, op: OpId) -> bool {
        self.ever.contains(&op)
    }

    /// The life of the server, once it was told.
    pub fn epoch(&self) -> Option<&Epoch> {
        self.life.epoch.as_ref()
    }

    /// The newest version that was given out.
    pub fn head(&self) -> u64 {
        self.life.head
    }

    /// Whether the server lacks a living record, or did at some time.
    pub fn lacked(&self, record: EntityId) -> bool {
        let row = self.life.rows.get(&record);
        self.gone.contains(&record) || row.is_none_or(|row| row.metric.deleted_at.is_some())
    }

    /// Whether somebody deleted a record with effect; whose storage was cleared since has forgotten it.
    pub fn was_deleted(&self, record: EntityId) -> bool {
        self.deleted.contains(&record)
    }

    /// How often the server was restored.
    pub fn restores(&self) -> u32 {
        self.restores
    }

    /// The rows of this life.
    pub fn rows(&self) -> impl Iterator<Item = &Metric> {
        self.life.rows.values().map(|row| &row.metric)
    }

    /// The people of this life.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.life.users.values()
    }

    /// What a backup of the server would hold now.
    pub fn backup(&self) -> Life {
        self.life.clone()
    }

    /// The server was restored from a backup.
    pub fn restore(&mut self, backup: Life, epoch: Epoch, ledger: &Ledger) {
        let lost = self.life.rows.values().filter(|row| {
            let kept = backup
                .rows
                .get(&row.metric.id)
                .map(|kept| kept.metric.version);
            kept != Some(row.metric.version)
        });
        for row in lost {
            let (id, version) = (row.metric.id, row.metric.version);
            let lost = LostRow {
                row: row.metric.clone(),
                holders: ledger.holders(id, version),
            };
            self.lost.insert(id, lost);
            self.gone.insert(id);
        }
        self.edited_since.clear();
        self.restores += 1;
        // Versions are never reused, not even after a restore.
        let head = self.life.head.max(backup.head);
        self.life = Life {
            epoch: Some(epoch),
            head,
            ..backup
        };
    }

    /// The server forgot deletions up to a version.
    pub fn prune(&mut self, up_to: u64) {
        let gone = &mut self.gone;
        self.life.rows.retain(|id, row| {
            let stays = row.metric.deleted_at.is_none() || row.metric.version > up_to;
            if !stays {
                gone.insert(*id);
            }
            stays
        });
    }
}
