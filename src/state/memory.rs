//! What this device remembers for itself and no server is told: how it shows things, the goals of people who
//! are not shown now, and what was deleted here lately.
//!
//! It is kept as one short text beside the database. Losing it costs comfort, never an entry.

use crate::components::chart::range::ChartRange;
use serde::{Deserialize, Serialize};
use tidemark_engine::view::{Entry, SyncStatus};
use tidemark_protocol::{EntityId, Goal, Metric, Timestamp};

/// How long a deleted entry can be restored from the list.
pub const DELETED_DAYS_MAX: i64 = 30;
/// Deleted entries that are kept at most.
const DELETED_MAX: usize = 200;
const DAY_MS: i64 = 86_400_000;

/// The memory as it is stored; a field that an older version did not know has its default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Whether weights are drawn as dots, for looking at the app among people.
    pub hides_numbers: bool,
    /// Whether BMI is read by the lower thresholds.
    pub uses_lower_thresholds: bool,
    /// The chart's range.
    pub range: ChartRange,
    /// Whether the hint to install was put away for good.
    pub is_install_hint_done: bool,
    /// Each person's goal as last seen here: the account keeps only that of the person shown.
    pub goals: Vec<(EntityId, Goal)>,
    /// Entries deleted here, newest first.
    pub deleted: Vec<Deleted>,
}

/// An entry as it was before it was deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// The row.
    pub metric: Metric,
    /// When it was deleted.
    pub at: Timestamp,
}

impl Deleted {
    /// As the engine takes it back.
    pub fn entry(&self) -> Entry {
        Entry {
            metric: self.metric.clone(),
            status: SyncStatus::Synced,
        }
    }
}

impl Memory {
    /// Reads a stored text; one that can't be read is forgotten.
    pub fn read(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }

    /// The text to store.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("plain data has a text")
    }

    /// A person's goal, as last seen here.
    pub fn goal_of(&self, person: EntityId) -> Option<Goal> {
        let found = self.goals.iter().find(|(owner, _)| *owner == person);
        found.map(|(_, goal)| *goal)
    }

    /// Keeps a person's goal, or that they have none.
    pub fn keep_goal(&mut self, person: EntityId, goal: Option<Goal>) {
        self.goals.retain(|(owner, _)| *owner != person);
        self.goals.extend(goal.map(|goal| (person, goal)));
    }

    /// Keeps an entry that is deleted now, and lets go of what was deleted long ago.
    pub fn keep_deleted(&mut self, metric: Metric, now: Timestamp) {
        self.forget_deleted(metric.id);
        self.deleted.insert(0, Deleted { metric, at: now });
        self.deleted
            .retain(|deleted| now.millis_since(deleted.at) <= DELETED_DAYS_MAX * DAY_MS);
        self.deleted.truncate(DELETED_MAX);
    }

    /// The entry is back.
    pub fn forget_deleted(&mut self, id: EntityId) {
        self.deleted.retain(|deleted| deleted.metric.id != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests_support::entry;
    use tidemark_domain::mass::Grams;
    use tidemark_protocol::GoalKind;

    const NOW: Timestamp = Timestamp(1_773_720_853_123);

    #[test]
    fn what_is_written_reads_back_and_nonsense_is_forgotten() {
        let mut memory = Memory {
            hides_numbers: true,
            range: ChartRange::Year,
            ..Memory::default()
        };
        let lost = entry(1, "2026-03-01T07:00:00Z", 80_000).metric;
        let goal = Goal {
            weight: Grams::new(75_000).expect("a weight in range"),
            kind: GoalKind::Lose,
        };
        memory.keep_goal(lost.user_id, Some(goal));
        memory.keep_deleted(lost, NOW);
        assert_eq!(Memory::read(Some(&memory.write())), memory);
        for text in [None, Some(""), Some("{\"deleted\":3}")] {
            assert_eq!(Memory::read(text), Memory::default());
        }
    }

    #[test]
    fn an_older_text_without_a_field_keeps_the_others() {
        let memory = Memory::read(Some("{\"hides_numbers\":true}"));
        assert!(memory.hides_numbers && memory.deleted.is_empty());
    }

    #[test]
    fn a_deleted_entry_is_kept_once_and_for_thirty_days() {
        let mut memory = Memory::default();
        let old = entry(1, "2026-01-01T07:00:00Z", 80_000).metric;
        let young = entry(2, "2026-01-02T07:00:00Z", 81_000).metric;
        memory.keep_deleted(old.clone(), NOW.plus_millis(-30 * DAY_MS - 1));
        memory.keep_deleted(young.clone(), NOW.plus_millis(-30 * DAY_MS));
        memory.keep_deleted(young.clone(), NOW.plus_millis(-1));
        let again = entry(3, "2026-01-03T07:00:00Z", 82_000).metric;
        memory.keep_deleted(again.clone(), NOW);
        let ids: Vec<_> = memory.deleted.iter().map(|gone| gone.metric.id).collect();
        assert_eq!(ids, [again.id, young.id]);
        memory.forget_deleted(young.id);
        assert_eq!(memory.deleted.len(), 1);
    }

    #[test]
    fn a_goal_belongs_to_one_person_and_can_be_given_up() {
        let mut memory = Memory::default();
        let person = entry(1, "2026-01-01T07:00:00Z", 80_000).metric.user_id;
        let goal = |grams| Goal {
            weight: Grams::new(grams).expect("a weight in range"),
            kind: GoalKind::Keep,
        };
        memory.keep_goal(person, Some(goal(75_000)));
        memory.keep_goal(person, Some(goal(76_000)));
        assert_eq!(memory.goal_of(person), Some(goal(76_000)));
        memory.keep_goal(person, None);
        assert_eq!(memory.goal_of(person), None);
    }
}
