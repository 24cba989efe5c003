//! The events of a batch.

use serde::{Deserialize, Serialize};

/// What an event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// Creates a metric or changes the fields it carries.
    UpsertMetric,
    /// Deletes a metric softly.
    DeleteMetric,
}

impl EventType {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpsertMetric => "UPSERT_METRIC",
            Self::DeleteMetric => "DELETE_METRIC",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::UpsertMetric, Self::DeleteMetric]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}
