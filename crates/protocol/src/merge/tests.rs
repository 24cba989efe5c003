//! The merge rule, rule by rule as case tables, and its laws as properties.

mod app_model;
mod creation;
mod deletion;
mod fields;
mod laws;
mod offers;
mod whole;

use super::{Edit, EditTime, Outcome, Record, Stored, create, merge};
use crate::{
    DeviceId, EntityId, EventStatus, HistoryReason, Metric, MetricPatch, Patch, Timestamp,
};
use serde_json::{Value, json};
use tidemark_domain::mass::Grams;
use uuid::Uuid;

/// The server's time in all tests.
const NOW: i64 = 1_000_000;

fn device(name: &str) -> DeviceId {
    DeviceId::parse(name).unwrap()
}

fn kg(number: f64) -> Grams {
    Grams::from_kg(number).unwrap()
}

fn weight(number: f64) -> MetricPatch {
    MetricPatch {
        weight: Some(kg(number)),
        ..MetricPatch::default()
    }
}

fn note(text: &str) -> MetricPatch {
    MetricPatch {
        note: Patch::Set(text.to_owned()),
        ..MetricPatch::default()
    }
}

fn deletion(at: i64) -> MetricPatch {
    MetricPatch {
        deleted_at: Patch::Set(Timestamp(at)),
        ..MetricPatch::default()
    }
}

fn restoration() -> MetricPatch {
    MetricPatch {
        deleted_at: Patch::Clear,
        ..MetricPatch::default()
    }
}

fn new_metric() -> Metric {
    let id = EntityId(Uuid::from_u128(1));
    Metric {
        id,
        server_id: id,
        user_id: EntityId(Uuid::from_u128(2)),
        user_number: 1,
        weight: kg(80.0),
        height: None,
        bmi: None,
        note: None,
        created_at: Timestamp(5),
        utc_offset: None,
        updated_at: Timestamp(0),
        updated_by: None,
        deleted_at: None,
        version: 0,
    }
}

/// A row and what happened to it, one edit after another.
#[derive(Clone, Debug)]
struct Story {
    row: Stored<Metric>,
    head: u64,
}

/// Who edits, on which base, at which time (`None`: told no time).
type By = (&'static str, Option<u64>, Option<i64>);

impl Story {
    /// Device `a` made the row at 10, as version 1: 80 kg, nothing else.
    fn begin() -> Self {
        let patch = MetricPatch::default();
        let by = device("a");
        let edit = Edit {
            patch: &patch,
            base_version: Some(0),
            time: EditTime {
                at: Timestamp(10),
                is_receipt: false,
            },
            device: Some(&by),
            next_version: 1,
            lost_version: None,
        };
        Self {
            row: create(new_metric(), &edit).stored,
            head: 1,
        }
    }

    fn edit(&mut self, (by, base_version, at): By, patch: &MetricPatch) -> Outcome<Metric> {
        let by = device(by);
        let edit = Edit {
            patch,
            base_version,
            time: EditTime::normalised(at.map(Timestamp), Timestamp(NOW)),
            device: Some(&by),
            next_version: self.head + 1,
            lost_version: None,
        };
        let outcome = merge(&self.row, &edit);
        self.row = outcome.stored.clone();
        self.head += u64::from(outcome.changed);
        assert_eq!(self.row.row.version == edit.next_version, outcome.changed);
        outcome
    }

    fn weight(&self) -> f64 {
        self.row.row.weight.to_kg()
    }

    fn note(&self) -> Option<&str> {
        self.row.row.note.as_deref()
    }

    fn is_deleted(&self) -> bool {
        self.row.row.is_deleted()
    }
}

/// Status and conflict of an outcome.
fn verdict(outcome: &Outcome<Metric>) -> (EventStatus, bool) {
    (outcome.status, outcome.conflict)
}

/// History as (reason, version, values).
fn history(outcome: &Outcome<Metric>) -> Vec<(HistoryReason, u64, Value)> {
    let entries = outcome.history.iter();
    entries
        .map(|entry| (entry.reason, entry.version, json!(entry.values)))
        .collect()
}
