//! Rows of the app's first version, which kept one row for each reading and knew no sync, as what today's
//! app stores: rows that came in bulk, and the edits that create their people.
//!
//! Ids are derived from the old rows, so that converting them twice gives the same. Pure: must not know
//! where the rows lie.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::calendar::{parse_date, parse_instant};
use tidemark_domain::ranges::check_created_at;
use tidemark_domain::{length::Millimetres, mass::Grams};
use tidemark_engine::outbox::{EntryDraft, EntryKind, payload_text};
use tidemark_engine::packing::marker;
use tidemark_engine::page::PageKey;
use tidemark_protocol::{EntityId, Metric, OpId, Patch, Timestamp, UserPatch};
use uuid::Uuid;

/// The namespace of all ids that are derived from old rows.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f2d_6c1e_5a34_4b7d_9e02_71d3_a6c4_b815);

/// A number as the old forms left it: as such, or as text.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Loose {
    /// As such.
    Number(f64),
    /// As somebody typed it.
    Text(String),
}

/// A row of the first version's `user_metrics`. Fields that it also kept but that follow from these are left out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct OldRow {
    /// Counted up by the database.
    pub id: f64,
    /// Which person of that device.
    #[serde(default)]
    pub user_id: Option<Loose>,
    /// Kilograms.
    pub weight: Loose,
    /// Centimetres.
    #[serde(default)]
    pub height: Option<Loose>,
    /// kg/m².
    #[serde(default)]
    pub bmi: Option<Loose>,
    /// `dd-MM-yyyy`, or ISO 8601.
    #[serde(default)]
    pub date: Option<String>,
    /// ISO 8601, with or without an offset.
    #[serde(default)]
    pub created_at: Option<String>,
}

/// Why an old row can't be converted; it is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableRow {
    /// No weight, or none that a person can have.
    #[error("the weight can't be read")]
    Weight,
    /// Neither `created_at` nor `date` names a day since 1900.
    #[error("the date can't be read")]
    Date,
}

/// A converted row, before its person is known.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadRow {
    person: String,
    metric: Metric,
}

/// What old rows have become.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversion {
    /// To be stored as unsent rows of pages.
    pub metrics: Vec<Metric>,
    /// Edits that create the people, and the bulk entry that stands for the rows.
    pub drafts: Vec<EntryDraft>,
}

impl Loose {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().replace(',', ".").parse().ok(),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl OldRow {
    /// The row as a metric. A height or BMI that nobody can have is left out; a row needs weight and time.
    ///
    /// # Errors
    /// Names what is missing.
    pub fn read(&self) -> Result<ReadRow, UnreadableRow> {
        let weight = self.weight.number().map(Grams::from_kg);
        let weight = weight.and_then(Result::ok).ok_or(UnreadableRow::Weight)?;
        let created_at = self.moment().ok_or(UnreadableRow::Date)?;
        let height = self.height.as_ref().and_then(Loose::number);
        let bmi = self.bmi.as_ref().and_then(Loose::number);
        let person = self.user_id.as_ref().map(Loose::text).unwrap_or_default();
        let id = self.record_id(&person, weight, created_at);
        let mut metric = Metric {
            id,
            server_id: id,
            user_id: id,
            user_number: 0,
            weight,
            height: height.and_then(|height| Millimetres::from_cm(height).ok()),
            bmi: bmi.and_then(|bmi| CentiBmi::from_number(bmi).ok()),
            note: None,
            created_at,
            utc_offset: None,
            updated_at: created_at,
            updated_by: None,
            deleted_at: None,
            version: 0,
        };
        metric.recompute_bmi();
        Ok(ReadRow { person, metric })
    }

    /// The same old row is the same record; two devices that counted alike are told apart by what they stored.
    fn record_id(&self, person: &str, weight: Grams, created_at: Timestamp) -> EntityId {
        let row = format!(
            "{}\n{person}\n{}\n{}",
            self.id,
            weight.get(),
            created_at.millis()
        );
        EntityId(Uuid::new_v5(&NAMESPACE, row.as_bytes()))
    }

    /// `created_at`; where that is missing or no time, the day's noon stands in.
    fn moment(&self) -> Option<Timestamp> {
        let created_at = self.created_at.as_deref().and_then(instant);
        let moment = created_at.or_else(|| day_or_instant(self.date.as_deref()?));
        moment.filter(|moment| check_created_at(moment.millis()).is_ok())
    }
}

/// A time of day without an offset was somebody's local time; nobody knows where, so it counts as UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    let read = parse_instant(&text).or_else(|_| parse_instant(&format!("{text}Z")));
    read.ok().map(Timestamp)
}

fn day_or_instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let is_day_first = text.as_bytes().get(2) == Some(&b'-');
    let day = match text.splitn(3, '-').collect::<Vec<_>>()[..] {
        [day, month, year] if is_day_first => format!("{year}-{month}-{day}"),
        _ => text.to_owned(),
    };
    if parse_date(&day).is_ok() {
        instant(&format!("{day}T12:00:00Z"))
    } else {
        instant(text)
    }
}

/// All rows of a device together: each old person becomes one of today's, known by the first of their rows.
pub fn convert(rows: Vec<ReadRow>) -> Conversion {
    let Some(newest) = rows.iter().map(|row| row.metric.created_at).max() else {
        return Conversion::default();
    };
    let mut people: BTreeMap<String, Vec<Metric>> = BTreeMap::new();
    for row in rows {
        people.entry(row.person).or_default().push(row.metric);
    }
    let mut conversion = Conversion::default();
    for (name, mut metrics) in people {
        metrics.sort_by_key(Metric::order_key);
        let person = person_id(&name, &metrics);
        conversion.drafts.push(create(person, &metrics, newest));
        conversion
            .metrics
            .extend(metrics.into_iter().map(|metric| Metric {
                user_id: person,
                ..metric
            }));
    }
    let pages: BTreeSet<PageKey> = conversion.metrics.iter().map(PageKey::of).collect();
    let pages: Vec<PageKey> = pages.into_iter().collect();
    let first = conversion.metrics.first().map(|metric| metric.id.0);
    let op = OpId(Uuid::new_v5(&first.unwrap_or(NAMESPACE), b"bulk"));
    conversion.drafts.push(marker(op, &pages, newest));
    conversion
}

/// Devices counted their people alike, so the first row tells them apart.
fn person_id(name: &str, metrics: &[Metric]) -> EntityId {
    let first = metrics.first().map_or(NAMESPACE, |metric| metric.id.0);
    EntityId(Uuid::new_v5(&first, format!("user\n{name}").as_bytes()))
}

fn create(person: EntityId, metrics: &[Metric], now: Timestamp) -> EntryDraft {
    let height = metrics.iter().rev().find_map(|metric| metric.height);
    let patch = UserPatch {
        height: height.map_or(Patch::Keep, Patch::Set),
        updated_at: Some(now),
        ..UserPatch::default()
    };
    EntryDraft {
        op_id: OpId::for_bulk_create(person),
        kind: EntryKind::CreateUser,
        entity_id: person,
        payload: payload_text(&patch),
        base_version: 0,
        created_at: now,
        owner: None,
        parked: None,
    }
}
