//! What was decided between two devices' changes of the same thing, and what an account wants decided otherwise.
//!
//! The server decides by the latest edit. Whoever wants another rule has it carried out afterwards, as an ordinary
//! edit, by the device that was told of the conflict: so every device follows, and the server knows nothing of rules.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tidemark_protocol::{
    DeviceId, EntityId, HistoryReason, HistoryResponse, Metric, MetricPatch, Patch, Timestamp,
};

/// Values of a row that another device had set and that this device's edit overruled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// By field, as on the wire.
    pub values: Map<String, Value>,
    /// Who had set them, where the history still tells.
    pub by: Option<DeviceId>,
    /// When.
    pub at: Option<Timestamp>,
}

/// A decision between two devices' changes of the same thing, kept with the value that lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The metric.
    pub entity_id: EntityId,
    /// When this device heard of it.
    pub at: Timestamp,
    /// This device's edit, as sent.
    pub ours: String,
    /// The row that came of it; `None` where the server holds none.
    pub row: Option<Metric>,
    /// What the edit overruled, where it did and the server could tell.
    #[serde(default)]
    pub theirs: Option<Rival>,
    /// Whether that was asked, and the person's rule carried out.
    #[serde(default)]
    pub is_weighed: bool,
}

impl Conflict {
    /// Whether it is about the same edit, and this device heard of it at the same time.
    pub fn is_same(&self, other: &Self) -> bool {
        self.at == other.at && self.entity_id == other.entity_id && self.ours == other.ours
    }
}

/// Which of two devices' values stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Those of the later edit.
    #[default]
    LatestEdit,
    /// Those of this device.
    Prefer(DeviceId),
    /// Those of the later edit until a person has looked.
    AskMe,
}

/// What one side wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Side {
    /// The row so.
    Row(Box<Metric>),
    /// No row.
    Deleted,
    /// Nobody can say any more.
    Unknown,
}

/// A conflict as a person sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The conflict, which names it.
    pub conflict: Conflict,
    /// What stands.
    pub row: Metric,
    /// Whether that is what this device wanted.
    pub is_ours: bool,
    /// What does not stand.
    pub other: Side,
    /// Who wanted that, if it was another device and is known.
    pub by: Option<DeviceId>,
    /// When they did.
    pub at: Option<Timestamp>,
}

/// A conflict as a person sees it; `None` where nothing is left to decide about.
pub fn decision(conflict: &Conflict, own: &DeviceId) -> Option<Decision> {
    let row = conflict.row.clone()?;
    let wanted = wanted(&conflict.ours, &row);
    let is_ours = matches!(&wanted, Side::Row(ours) if has_same_values(ours, &row));
    let decision = Decision {
        conflict: conflict.clone(),
        is_ours,
        other: wanted,
        by: Some(own.clone()),
        at: said_at(&conflict.ours),
        row,
    };
    if !is_ours {
        return Some(decision);
    }
    let rival = conflict.theirs.as_ref();
    Some(Decision {
        other: rival.map_or(Side::Unknown, |rival| side_of(&rival.values, &decision.row)),
        by: rival.and_then(|rival| rival.by.clone()),
        at: rival.and_then(|rival| rival.at),
        ..decision
    })
}

/// What an edit wanted of a row. One without values is a deletion.
fn wanted(payload: &str, row: &Metric) -> Side {
    let patch: MetricPatch = serde_json::from_str(payload).unwrap_or_default();
    let bare = MetricPatch {
        id: patch.id,
        user_id: patch.user_id,
        updated_at: patch.updated_at,
        lost_version: patch.lost_version,
        ..MetricPatch::default()
    };
    if patch == bare {
        return Side::Deleted;
    }
    Side::Row(Box::new(row.clone().patched(&patch)))
}

fn said_at(payload: &str) -> Option<Timestamp> {
    let patch: MetricPatch = serde_json::from_str(payload).ok()?;
    patch.updated_at
}

fn side_of(values: &Map<String, Value>, row: &Metric) -> Side {
    let patch: MetricPatch = match serde_json::from_value(Value::Object(values.clone())) {
        Ok(patch) => patch,
        Err(_) => return Side::Unknown,
    };
    if matches!(patch.deleted_at, Patch::Set(_)) {
        return Side::Deleted;
    }
    Side::Row(Box::new(row.clone().patched(&patch)))
}

/// The edit that sets values of a history again. A deletion and what follows from the rest are left out.
pub fn patch_of(values: &Map<String, Value>) -> MetricPatch {
    let said: MetricPatch =
        serde_json::from_value(Value::Object(values.clone())).unwrap_or_default();
    MetricPatch {
        bmi: Patch::Keep,
        deleted_at: Patch::Keep,
        ..said
    }
}

fn has_same_values(one: &Metric, other: &Metric) -> bool {
    changes(other, one) == MetricPatch::default()
}

/// What has to be set in `row` for it to say what `other` says. BMI follows from the rest.
pub fn changes(row: &Metric, other: &Metric) -> MetricPatch {
    let mut patch = MetricPatch::default();
    if row.weight != other.weight {
        patch.weight = Some(other.weight);
    }
    if row.height != other.height {
        patch.height = Patch::from_option(other.height);
    }
    if row.note != other.note {
        patch.note = Patch::from_option(other.note.clone());
    }
    if row.created_at != other.created_at {
        patch.created_at = Some(other.created_at);
    }
    if row.utc_offset != other.utc_offset {
        patch.utc_offset = Patch::from_option(other.utc_offset);
    }
    patch
}

impl Rival {
    /// What the change that made `row`, this device's own, overruled, as its history tells.
    pub fn of(row: &Metric, own: &DeviceId, history: &HistoryResponse) -> Option<Self> {
        let entries = &history.entries;
        let is_it = |reason: HistoryReason, version: u64| {
            reason == HistoryReason::Conflict && version == row.version
        };
        let overruled = entries
            .iter()
            .find(|entry| is_it(entry.reason, entry.version) && entry.by.as_ref() == Some(own))?;
        let before = entries.iter().find(|entry| entry.version < row.version);
        Some(Self {
            values: overruled.values.clone(),
            by: before.and_then(|entry| entry.by.clone()),
            at: before.map(|entry| entry.at),
        })
    }
}

/// What a rule makes of a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Overruling {
    /// The other side's row.
    Row(Box<Metric>),
    /// The row goes.
    Deletion,
}

/// What this rule wants otherwise than it was decided; `None` where it agrees or can't know.
pub fn overruling(policy: &Policy, decision: &Decision) -> Option<Overruling> {
    let Policy::Prefer(preferred) = policy else {
        return None;
    };
    if decision.by.as_ref() != Some(preferred) {
        return None;
    }
    match &decision.other {
        Side::Row(row) => Some(Overruling::Row(row.clone())),
        Side::Deleted => Some(Overruling::Deletion),
        Side::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overlay::created;
    use serde_json::json;
    use tidemark_domain::mass::Grams;
    use tidemark_protocol::HistoryEntry;
    use uuid::Uuid;

    const NOON: Timestamp = Timestamp(1_771_582_953_000);

    fn device(name: &str) -> DeviceId {
        DeviceId::parse(name).expect("a fit id")
    }

    fn row(grams: u32) -> Metric {
        let id = EntityId(Uuid::from_u128(7));
        let patch = MetricPatch {
            user_id: Some(id),
            weight: Grams::new(grams).ok(),
            created_at: Some(NOON),
            ..MetricPatch::default()
        };
        Metric {
            version: 5,
            ..created(id, &patch, NOON).expect("a whole row")
        }
    }

    fn conflict(ours: &Value, theirs: Option<Value>) -> Conflict {
        let values = theirs.and_then(|theirs| theirs.as_object().cloned());
        Conflict {
            entity_id: row(78_000).id,
            at: NOON,
            ours: ours.to_string(),
            row: Some(row(78_000)),
            theirs: values.map(|values| Rival {
                values,
                by: Some(device("other")),
                at: Some(NOON),
            }),
            is_weighed: true,
        }
    }

    fn decided(conflict: &Conflict) -> Decision {
        decision(conflict, &device("own")).expect("a row to decide about")
    }

    fn grams(side: &Side) -> Option<u32> {
        match side {
            Side::Row(row) => Some(row.weight.get()),
            Side::Deleted | Side::Unknown => None,
        }
    }

    #[test]
    fn a_decision_tells_whose_value_stands_and_what_the_other_was() {
        let bare = json!({"id": row(78_000).id, "updated_at": NOON});
        for (what, conflict, is_ours, other, by) in [
            (
                "ours lost",
                conflict(&json!({"weight": 79.5}), None),
                false,
                Some(79_500),
                Some("own"),
            ),
            (
                "our deletion lost",
                conflict(&bare, None),
                false,
                None,
                Some("own"),
            ),
            (
                "theirs lost",
                conflict(&json!({"weight": 78.0}), Some(json!({"weight": 77.1}))),
                true,
                Some(77_100),
                Some("other"),
            ),
            (
                "theirs lost, nobody knows what",
                conflict(&json!({"weight": 78.0}), None),
                true,
                None,
                None,
            ),
            (
                "their deletion lost",
                conflict(&json!({"weight": 78.0}), Some(json!({"deleted_at": NOON}))),
                true,
                None,
                Some("other"),
            ),
        ] {
            let found = decided(&conflict);
            let by = by.map(device);
            assert_eq!(
                (found.is_ours, grams(&found.other)),
                (is_ours, other),
                "{what}"
            );
            assert_eq!(found.by, by, "{what}");
        }
        let gone = Conflict {
            row: None,
            ..conflict(&json!({}), None)
        };
        assert_eq!(decision(&gone, &device("own")), None);
    }

    #[test]
    fn a_preferred_device_overrules_only_what_it_lost() {
        let ours_lost = decided(&conflict(&json!({"weight": 79.5}), None));
        let theirs_lost = decided(&conflict(
            &json!({"weight": 78.0}),
            Some(json!({"weight": 77.1})),
        ));
        let prefer = |name| Policy::Prefer(device(name));
        for (policy, decision, overrules) in [
            (Policy::LatestEdit, &ours_lost, false),
            (Policy::AskMe, &ours_lost, false),
            (prefer("own"), &ours_lost, true),
            (prefer("other"), &ours_lost, false),
            (prefer("own"), &theirs_lost, false),
            (prefer("other"), &theirs_lost, true),
            (prefer("third"), &theirs_lost, false),
        ] {
            let found = overruling(&policy, decision);
            assert_eq!(found.is_some(), overrules, "{policy:?}");
        }
    }

    #[test]
    fn the_rival_is_read_from_the_history_of_the_row() {
        let entry = |version, by, reason, weight: f64| HistoryEntry {
            version,
            at: NOON.plus_millis(i64::try_from(version).unwrap_or_default()),
            by: Some(device(by)),
            reason,
            values: Map::from_iter([("weight".to_owned(), json!(weight))]),
        };
        let history = HistoryResponse {
            entries: vec![
                entry(5, "own", HistoryReason::Conflict, 77.1),
                entry(4, "other", HistoryReason::Replaced, 70.0),
            ],
        };
        let rival = Rival::of(&row(78_000), &device("own"), &history).expect("a rival");
        assert_eq!(rival.values["weight"], json!(77.1));
        assert_eq!(rival.by, Some(device("other")));
        assert_eq!(rival.at, Some(NOON.plus_millis(4)));
        assert_eq!(Rival::of(&row(78_000), &device("other"), &history), None);
    }
}
