//! Files that a person takes away.

use crate::message::Refusal;
use tidemark_engine::imports::Everything;
use tidemark_formats::{Backup, Rejected, export_csv};
use tidemark_protocol::{EntityId, Timestamp};

/// Everything as a backup; the ordinary one, and that of what waits unsent.
pub fn backup_of(everything: Everything, now: Timestamp) -> Backup {
    Backup {
        exported_at: Some(now),
        people: everything.people,
        app_model: everything.app_model,
        metrics: everything.metrics,
    }
}

/// A person's living entries as a table.
pub(crate) fn csv_of(everything: &Everything, person: EntityId) -> String {
    let rows = everything.metrics.iter();
    export_csv(rows.filter(|row| row.user_id == person && row.deleted_at.is_none()))
}

/// Refused lines: where, why, and as they stand.
pub(crate) fn refused_text(rejected: &[Rejected], words: &[(Refusal, String)]) -> String {
    let mut text = String::new();
    for line in rejected {
        let refusal = Refusal::from(line.reason);
        let why = words.iter().find(|(reason, _)| *reason == refusal);
        let why = why.map_or("", |(_, words)| words.as_str());
        let file = line.file.as_deref().unwrap_or_default();
        let place = format!(
            "{file}{}{}",
            if file.is_empty() { "" } else { ":" },
            line.line
        );
        text.extend([&place, "\t", why, "\t", &line.raw, "\n"]);
    }
    text
}

/// `tidemark-2026-03-16.csv`
pub(crate) fn file_name(now: Timestamp, ending: &str) -> String {
    let date = now.to_rfc3339();
    format!("tidemark-{}{ending}", date.get(..10).unwrap_or_default())
}
