//! Mending: one new edit takes the place of all that wait on a record of which one was refused.

use crate::outbox::{EntryDraft, EntryKind, OutboxEntry};
use crate::settle::Settlement;
use serde_json::{Map, Value};
use tidemark_protocol::Timestamp;

/// A field that only an offer carries; what a person writes is no offer.
const LOST_VERSION: &str = "lost_version";

/// The settlement that puts `edit` in the place of what waits on its record, or `None` where nothing of it
/// was refused. What waited and `edit` does not say anew goes with it.
pub fn mend(edit: EntryDraft, outbox: &[OutboxEntry], at: Timestamp) -> Option<Settlement> {
    let waiting = outbox.iter().filter(|entry| entry.lane() == edit.lane());
    // A person is made before they can be described: that edit says nothing, so there is nothing to mend.
    let (makers, waiting): (Vec<&OutboxEntry>, Vec<&OutboxEntry>) =
        waiting.partition(|entry| entry.is_bare_person());
    let parked = |entry: &&OutboxEntry| entry.parked;
    if !makers.iter().chain(&waiting).any(parked) {
        return None;
    }
    let payload = if edit.kind == EntryKind::DeleteMetric {
        edit.payload
    } else {
        merged(&waiting, &edit.payload)
    };
    let kind = if waiting
        .iter()
        .any(|entry| entry.kind == EntryKind::CreateUser)
    {
        EntryKind::CreateUser
    } else {
        edit.kind
    };
    Some(Settlement {
        done: waiting.iter().map(|entry| entry.op_id).collect(),
        resumed: makers.iter().map(|entry| entry.op_id).collect(),
        added: vec![EntryDraft {
            kind,
            payload,
            ..edit
        }],
        ..Settlement::at(at)
    })
}

/// The fields of all edits, later ones over earlier ones.
fn merged(waiting: &[&OutboxEntry], last: &str) -> String {
    let mut fields = Map::new();
    for entry in waiting {
        fields.extend(entry.fields().unwrap_or_default());
    }
    fields.remove(LOST_VERSION);
    fields.extend(serde_json::from_str::<Map<String, Value>>(last).unwrap_or_default());
    Value::Object(fields).to_string()
}
