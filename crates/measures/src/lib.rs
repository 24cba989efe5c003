//! What is measured, and the data for it: ten thousand rows over ten years, a page of the wire, a batch.
//!
//! Each function gives work that can be repeated; `rooms.rs` repeats it. Must not read a clock.

use serde_json::{Value, json};
use tidemark_domain::mass::Grams;
use tidemark_engine::page::{self, PageIndex, PageRow, Pages};
use tidemark_protocol::merge::{Edit, EditTime, Outcome, Stamp, Stamps, Stored, merge};
use tidemark_protocol::validate::{BatchRequest, read_batch};
use tidemark_protocol::{
    Cursor, Epoch, Metric, MetricPatch, MetricsPage, PackedPage, Patch, Timestamp,
};
use tidemark_server::sync::{BUILT_IN_ACCOUNT, Caller};
use tidemark_testkit::samples;
use uuid::Uuid;

/// Rows of a history.
pub const ROWS: usize = 10_000;
/// Rows of a pulled page.
pub const PAGE_ROWS: usize = 1_000;
/// Events of a batch.
pub const EVENTS: usize = 500;
/// Hours between two rows: ten years in all.
const STEP_HOURS: i64 = 8;
const DAY_MS: i64 = 86_400_000;

/// The first rows of a history, in the order of their versions.
pub fn rows(count: usize) -> Vec<Metric> {
    (1..=count)
        .map(|number| {
            let hours = STEP_HOURS * i64::try_from(number).unwrap_or(0);
            samples::metric(number as u128, hours, number as u64)
        })
        .collect()
}

/// Their days and weights.
pub fn entries(rows: &[Metric]) -> Vec<(i32, Grams)> {
    let day = |row: &Metric| i32::try_from(row.created_at.0.div_euclid(DAY_MS)).unwrap_or(0);
    rows.iter().map(|row| (day(row), row.weight)).collect()
}

/// Rows as a pull hands them to the store.
pub fn page_rows(rows: &[Metric]) -> Vec<PageRow> {
    let row = |metric: &Metric| PageRow {
        metric: metric.clone(),
        unsent: false,
    };
    rows.iter().map(row).collect()
}

/// Pages and index after a merge of all rows.
pub fn merged(rows: Vec<PageRow>) -> (Pages, PageIndex) {
    let (mut pages, mut index) = (Pages::new(), PageIndex::default());
    page::merge(&mut pages, &mut index, rows);
    (pages, index)
}

/// A page of the wire, in rows and in columns.
pub fn wire() -> (String, String) {
    let page = MetricsPage {
        metrics: rows(PAGE_ROWS),
        cursor: Cursor("cursor".to_owned()),
        has_more: false,
        head: PAGE_ROWS as u64,
        epoch: epoch(),
        server_time: samples::NOON,
    };
    let text =
        |value: Result<String, _>| value.unwrap_or_else(|_: serde_json::Error| String::new());
    let in_rows = text(serde_json::to_string(&page));
    (in_rows, text(serde_json::to_string(&PackedPage::of(page))))
}

/// A row that the server holds.
pub fn stored() -> Stored<Metric> {
    let stamp = Stamp {
        version: 1,
        at: samples::NOON,
        is_receipt: false,
        by: None,
    };
    Stored {
        row: samples::metric(1, 0, 1),
        stamps: Stamps::all(8, &stamp),
    }
}

/// Judges an edit of the row's weight that was made on `base_version`.
pub fn judged(stored: &Stored<Metric>, base_version: u64) -> Outcome<Metric> {
    let patch = MetricPatch {
        weight: Some(stored.row.weight),
        note: Patch::Set("after a run".to_owned()),
        ..MetricPatch::default()
    };
    let device = samples::device();
    let edit = Edit {
        patch: &patch,
        base_version: Some(base_version),
        time: EditTime::normalised(Some(samples::NOON), samples::NOON),
        device: Some(&device),
        next_version: 2,
        lost_version: None,
    };
    merge(stored, &edit)
}

/// The body of a batch of new entries of the person with number 1.
pub fn batch() -> Vec<u8> {
    let event = |number: usize| {
        let id = Uuid::from_u128(number as u128);
        json!({
            "local_id": number, "type": "UPSERT_METRIC", "op_id": id,
            "payload": { "id": id, "user_id": 1, "weight": 78.2, "created_at": Timestamp(1_700_000_000_000) },
        })
    };
    let events: Vec<Value> = (1..=EVENTS).map(event).collect();
    let body = json!({ "device_id": samples::device(), "events": events });
    body.to_string().into_bytes()
}

/// That batch, read.
pub fn request(body: &[u8]) -> Option<BatchRequest> {
    read_batch(body).ok()
}

/// The life of a database.
pub fn epoch() -> Epoch {
    Epoch("00000000-0000-0000-0000-000000000001".to_owned())
}

/// Whoever sends it.
pub fn caller() -> Caller {
    Caller {
        account: BUILT_IN_ACCOUNT,
        device: None,
        now: samples::NOON,
    }
}
