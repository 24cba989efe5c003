//! Rows that lie in the browser's store, whoever wrote them: a newer app, an older one, a damaged disk.

use arbitrary::{Arbitrary, Unstructured};
use tidemark_browser::old_row::{OldRow, convert};
use tidemark_engine::columns::Columns;
use tidemark_engine::outbox::{EntryKind, OutboxEntry};
use tidemark_engine::overlay;
use tidemark_engine::page::{Page, PageKey};
use tidemark_testkit::samples;

#[derive(Arbitrary, Debug)]
struct StoredPage {
    month: u32,
    user_number: u32,
    ids: Vec<u8>,
    times: Vec<(f64, f64)>,
    values: Vec<(u32, u16, u32, i16)>,
    changes: Vec<(f64, u8, u16)>,
    device_names: Vec<String>,
    notes: Vec<(u32, String)>,
    deleted_ids: Vec<u8>,
    deleted_versions: Vec<f64>,
    edits: Vec<(u8, u8, String)>,
}

/// What can be read can be shown and stored again unchanged; the rest is refused in words.
pub fn run(data: &[u8]) {
    match data.split_first() {
        Some((b'[', _)) => old_rows(data),
        Some(_) => {
            if let Ok(stored) = StoredPage::arbitrary(&mut Unstructured::new(data)) {
                page(stored);
            }
        }
        None => {}
    }
}

fn old_rows(data: &[u8]) {
    let Ok(rows) = serde_json::from_slice::<Vec<OldRow>>(data) else {
        return;
    };
    let readable = || rows.iter().filter_map(|row| row.read().ok()).collect();
    assert_eq!(
        convert(readable()),
        convert(readable()),
        "converting twice gives the same"
    );
}

fn page(stored: StoredPage) {
    let key = PageKey {
        user: samples::person(),
        month: stored.month,
    };
    let edits = stored
        .edits
        .iter()
        .enumerate()
        .map(|(seq, edit)| entry(seq, edit))
        .collect::<Vec<_>>();
    let Ok(page) = columns(stored).to_page(key) else {
        return;
    };
    let again = Columns::of(&page)
        .to_page(key)
        .expect("what was read can be stored and read again");
    assert_eq!(again.rows.len(), page.rows.len());
    assert_eq!(without_number(again), without_number(page.clone()));
    let shown = overlay::entries(key.user, std::slice::from_ref(&page), &edits);
    assert!(
        shown
            .iter()
            .all(|entry| entry.metric.user_id == key.user || !edits.is_empty())
    );
}

/// A page's number of its person comes from its rows: one without rows has none.
fn without_number(mut page: Page) -> Page {
    for row in &mut page.rows {
        row.metric.user_number = 0;
    }
    page
}

fn columns(stored: StoredPage) -> Columns {
    // Most bytes should get past the lengths, so that what lies behind them is reached.
    let mut ids = stored.ids;
    ids.resize(stored.values.len() * 16, 7);
    let mut deleted_ids = stored.deleted_ids;
    deleted_ids.resize(stored.deleted_versions.len() * 16, 9);
    Columns {
        user_number: stored.user_number,
        ids,
        created_at: stored.times.iter().map(|times| times.0).collect(),
        updated_at: stored.times.iter().map(|times| times.1).collect(),
        grams: stored.values.iter().map(|values| values.0).collect(),
        millimetres: stored.values.iter().map(|values| values.1).collect(),
        bmi: stored.values.iter().map(|values| values.2).collect(),
        utc_offsets: stored.values.iter().map(|values| values.3).collect(),
        versions: stored.changes.iter().map(|changes| changes.0).collect(),
        flags: stored.changes.iter().map(|changes| changes.1).collect(),
        devices: stored.changes.iter().map(|changes| changes.2).collect(),
        device_names: stored.device_names,
        notes: stored.notes,
        deleted_ids,
        deleted_versions: stored.deleted_versions,
    }
}

/// An edit of the row whose id repeats a byte, with any text where a payload should be.
fn entry(seq: usize, (id, kind, payload): &(u8, u8, String)) -> OutboxEntry {
    let kinds = [
        EntryKind::UpsertMetric,
        EntryKind::DeleteMetric,
        EntryKind::UpdateUser,
        EntryKind::Bulk,
    ];
    OutboxEntry {
        op_id: samples::op(seq as u128),
        seq: seq as u64,
        kind: kinds[usize::from(*kind) % kinds.len()],
        entity_id: samples::entity(u128::from_be_bytes([*id; 16])),
        payload: payload.clone(),
        base_version: 0,
        created_at: samples::NOON,
        owner: None,
        attempted_at: None,
        retry_count: 0,
        last_error: None,
        parked: false,
    }
}
