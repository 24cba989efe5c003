//! The harness's records as rows, and rows as columns that JavaScript makes its objects of.

use js_sys::Float64Array;
use std::fmt::Write as _;
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::mass::Grams;
use tidemark_engine::view::Entry;
use tidemark_protocol::{EntityId, Metric, Timestamp};
use wasm_bindgen::prelude::*;

/// Characters of an id.
const ID_CHARS: usize = 36;
/// Numbers of a record: weight, BMI, `created_at`, `updated_at`.
const NUMBERS: usize = 4;
/// Stands between notes, and for itself where there is none.
const BETWEEN_NOTES: char = '\u{1f}';

/// Records side by side: ids without a gap, four numbers each, notes with a separator between.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Columns {
    ids: String,
    numbers: Vec<f64>,
    notes: String,
}

#[wasm_bindgen]
impl Columns {
    /// Columns that came from JavaScript.
    #[wasm_bindgen(constructor)]
    pub fn new(ids: String, numbers: Vec<f64>, notes: String) -> Self {
        Self {
            ids,
            numbers,
            notes,
        }
    }

    /// 36 characters each.
    pub fn ids(&self) -> String {
        self.ids.clone()
    }

    /// Weight, BMI, `created_at` and `updated_at` of each.
    pub fn numbers(&self) -> Float64Array {
        Float64Array::from(self.numbers.as_slice())
    }

    /// One for each, empty where there is none.
    pub fn notes(&self) -> String {
        self.notes.clone()
    }
}

impl Columns {
    /// The columns of entries.
    pub fn of<'a>(entries: impl ExactSizeIterator<Item = &'a Entry>) -> Self {
        let count = entries.len();
        let mut columns = Self {
            ids: String::with_capacity(count * ID_CHARS),
            numbers: Vec::with_capacity(count * NUMBERS),
            notes: String::new(),
        };
        for Entry { metric, .. } in entries {
            columns.push(metric);
        }
        columns
    }

    fn push(&mut self, metric: &Metric) {
        // Writing to a string can't fail.
        let _ = write!(self.ids, "{}", metric.id.0);
        self.numbers.extend([
            metric.weight.to_kg(),
            metric.bmi.map_or(0.0, CentiBmi::to_number),
            millis(metric.created_at),
            millis(metric.updated_at),
        ]);
        self.notes += metric.note.as_deref().unwrap_or_default();
        self.notes.push(BETWEEN_NOTES);
    }

    /// The rows of `user` that the columns stand for, as no server has them yet.
    pub fn rows(&self, user: EntityId) -> Result<Vec<Metric>, JsValue> {
        let ids = self.ids.as_bytes().chunks(ID_CHARS);
        let numbers = self.numbers.chunks_exact(NUMBERS);
        ids.zip(numbers)
            .zip(self.notes.split(BETWEEN_NOTES))
            .map(|((id, numbers), note)| row(user, id, numbers, note))
            .collect::<Option<_>>()
            .ok_or_else(|| JsValue::from_str("a record is not as the harness describes it"))
    }
}

fn row(user: EntityId, id: &[u8], numbers: &[f64], note: &str) -> Option<Metric> {
    let id = EntityId::parse(str::from_utf8(id).ok()?)?;
    Some(Metric {
        id,
        server_id: id,
        user_id: user,
        user_number: 0,
        weight: Grams::from_kg(numbers[0]).ok()?,
        height: None,
        bmi: CentiBmi::from_number(numbers[1]).ok(),
        note: (!note.is_empty()).then(|| note.to_owned()),
        created_at: moment(numbers[2]),
        utc_offset: None,
        updated_at: moment(numbers[3]),
        updated_by: None,
        deleted_at: None,
        version: 0,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole milliseconds below 2^53"
)]
fn moment(millis: f64) -> Timestamp {
    Timestamp(millis as i64)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds are below 2^53")]
fn millis(moment: Timestamp) -> f64 {
    moment.millis() as f64
}
