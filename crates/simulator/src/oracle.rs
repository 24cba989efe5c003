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
    /// Whether it was an offer to a restored server, or made before the last restore.
    is_of_lost_life: bool,
}

#[derive(Clone, Debug)]
struct Row {
    metric: Metric,
    fields: Map<String, Value>,
    stamps: BTreeMap<&'static str, Stamp>,
    /// The version of the latest offer that said of some field what the row says from before the lost life.
    offered: u64,
}

/// What a life of the server holds.
#[derive(Clone, Debug, Default)]
pub struct Life {
    epoch: Option<Epoch>,
    head: u64,
    /// What took effect, and the version of the row that was answered, if one was.
    effects: HashMap<OpId, Option<u64>>,
    rows: BTreeMap<EntityId, Row>,
    /// The last version of records whose deletion the server forgot; some were made anew since.
    forgotten: BTreeMap<EntityId, u64>,
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

    /// The version of a record that an operation left in this life and that its answer must show. A row that is gone is
    /// in no answer, and one that was forgotten since the operation may have been gone when the answer was given, though
    /// somebody has made it anew.
    pub fn version_due(&self, op: OpId, record: EntityId) -> Option<u64> {
        let version = self.life.effects.get(&op).copied().flatten()?;
        let forgotten = self.life.forgotten.get(&record);
        let was_gone = forgotten.is_some_and(|forgotten| version <= *forgotten);
        (self.life.rows.contains_key(&record) && !was_gone).then_some(version)
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
        let rows = self.life.rows.values_mut();
        for stamp in rows.flat_map(|row| row.stamps.values_mut()) {
            stamp.is_of_lost_life = true;
        }
    }

    /// The server forgot deletions up to a version.
    pub fn prune(&mut self, up_to: u64) {
        let (gone, forgotten) = (&mut self.gone, &mut self.life.forgotten);
        self.life.rows.retain(|id, row| {
            let stays = row.metric.deleted_at.is_none() || row.metric.version > up_to;
            if !stays {
                gone.insert(*id);
                forgotten.insert(*id, row.metric.version);
            }
            stays
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidemark_domain::mass::Grams;
    use tidemark_protocol::Timestamp;
    use uuid::Uuid;

    const RECORD: EntityId = EntityId(Uuid::from_u128(1));

    fn op(number: u128) -> OpId {
        OpId(Uuid::from_u128(number))
    }

    fn put(oracle: &mut Oracle, by: OpId, version: u64, is_deleted: bool) {
        let at = Timestamp(0);
        let metric = Metric {
            id: RECORD,
            server_id: RECORD,
            user_id: RECORD,
            user_number: 1,
            weight: Grams::new(70_000).expect("in range"),
            height: None,
            bmi: None,
            note: None,
            created_at: at,
            utc_offset: None,
            updated_at: at,
            updated_by: None,
            deleted_at: is_deleted.then_some(at),
            version,
        };
        let (fields, stamps) = (Map::new(), BTreeMap::new());
        let row = Row {
            metric,
            fields,
            stamps,
            offered: 0,
        };
        oracle.life.rows.insert(RECORD, row);
        oracle.life.effects.insert(by, Some(version));
    }

    /// The answer "it is gone" may come after the row was made anew (seed 1,139,279).
    #[test]
    fn a_row_that_was_forgotten_and_made_anew_is_not_due_from_those_who_knew_the_first() {
        let mut oracle = Oracle::default();
        put(&mut oracle, op(1), 4, false);
        put(&mut oracle, op(2), 5, true);
        assert_eq!(oracle.version_due(op(1), RECORD), Some(4));
        assert_eq!(oracle.version_due(op(2), RECORD), Some(5));
        oracle.prune(5);
        assert_eq!(oracle.version_due(op(2), RECORD), None);
        put(&mut oracle, op(3), 6, false);
        assert_eq!(oracle.version_due(op(1), RECORD), None);
        assert_eq!(oracle.version_due(op(2), RECORD), None);
        assert_eq!(oracle.version_due(op(3), RECORD), Some(6));
    }
}
