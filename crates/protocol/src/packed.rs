//! A page of metrics in columns: what [`MetricsPage`] says, at a fifth of the length, and read in a third of the time.
//!
//! Answered to who accepts [`PACKED_MEDIA_TYPE`]. What the form holds never changes under this name: a row with more in
//! it than these columns would need another one.

use crate::{Cursor, DeviceId, EntityId, Epoch, Metric, MetricsPage, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::Hash;
use tidemark_domain::{bmi::CentiBmi, length::Millimetres, mass::Grams};
use uuid::Uuid;

/// The media type of a [`PackedPage`].
pub const PACKED_MEDIA_TYPE: &str = "application/vnd.tidemark.columns+json";

/// Hexadecimal digits of an id.
const ID_DIGITS: usize = 32;

/// One cell for each row; a single cell where all rows have the same.
type Column = Vec<Option<i64>>;

/// A page of metrics in columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackedPage {
    columns: Columns,
    cursor: Cursor,
    has_more: bool,
    head: u64,
    epoch: Epoch,
    server_time: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Columns {
    /// 32 hexadecimal digits each, without anything between.
    ids: String,
    /// Users' ids and numbers, as they first appear.
    users: Vec<(EntityId, u32)>,
    /// The place in `users`.
    user: Column,
    grams: Column,
    millimetres: Column,
    /// Hundredths of a BMI point.
    bmi: Column,
    /// Milliseconds since the row before; of the first since 1970.
    created_at: Column,
    /// Minutes east of UTC.
    utc_offset: Column,
    /// Milliseconds since `created_at`.
    updated_at: Column,
    /// Devices, as they first appear.
    devices: Vec<DeviceId>,
    /// The place in `devices`.
    updated_by: Column,
    /// Milliseconds since 1970.
    deleted_at: Column,
    /// More than the row before has; the first more than 0.
    version: Column,
    /// The row's place and its note, where it has one.
    notes: Vec<(usize, String)>,
}

/// What was read of a packed page.
#[derive(Clone, Debug, PartialEq)]
pub struct Unpacked {
    /// The page, without the rows that can't be read.
    pub page: MetricsPage,
    /// Whether there are none of these.
    pub is_whole: bool,
}

impl PackedPage {
    /// The page in columns.
    pub fn of(page: MetricsPage) -> Self {
        Self {
            columns: Columns::of(&page.metrics),
            cursor: page.cursor,
            has_more: page.has_more,
            head: page.head,
            epoch: page.epoch,
            server_time: page.server_time,
        }
    }

    /// The page in rows; `None` if its columns do not fit each other.
    pub fn unpack(self) -> Option<Unpacked> {
        let (metrics, is_whole) = self.columns.rows()?;
        let page = MetricsPage {
            metrics,
            cursor: self.cursor,
            has_more: self.has_more,
            head: self.head,
            epoch: self.epoch,
            server_time: self.server_time,
        };
        Some(Unpacked { page, is_whole })
    }
}

/// Values that rows share, each with its place.
struct Shared<T> {
    places: HashMap<T, i64>,
    values: Vec<T>,
}

impl<T: Clone + Eq + Hash> Shared<T> {
    fn new() -> Self {
        Self {
            places: HashMap::new(),
            values: Vec::new(),
        }
    }

    fn place(&mut self, value: &T) -> i64 {
        if let Some(place) = self.places.get(value) {
            return *place;
        }
        let place = i64::try_from(self.values.len()).unwrap_or(i64::MAX);
        self.values.push(value.clone());
        self.places.insert(value.clone(), place);
        place
    }
}

impl Columns {
    fn of(rows: &[Metric]) -> Self {
        let mut users = Shared::new();
        let mut devices = Shared::new();
        let column =
            |cell: &dyn Fn(&Metric) -> Option<i64>| folded(rows.iter().map(cell).collect());
        let notes = rows.iter().enumerate();
        let notes = notes.filter_map(|(place, row)| Some((place, row.note.clone()?)));
        let user = rows
            .iter()
            .map(|row| Some(users.place(&(row.user_id, row.user_number))));
        let user = folded(user.collect());
        let by = |row: &Metric| row.updated_by.as_ref().map(|device| devices.place(device));
        let updated_by = folded(rows.iter().map(by).collect());
        Self {
            ids: digits(rows),
            user,
            users: users.values,
            grams: column(&|row| Some(i64::from(row.weight.get()))),
            millimetres: column(&|row| row.height.map(|height| i64::from(height.get()))),
            bmi: column(&|row| row.bmi.map(|bmi| i64::from(bmi.get()))),
            created_at: steps(rows.iter().map(|row| row.created_at.millis())),
            utc_offset: column(&|row| row.utc_offset.map(i64::from)),
            updated_at: column(&|row| Some(row.updated_at.millis_since(row.created_at))),
            updated_by,
            devices: devices.values,
            deleted_at: column(&|row| row.deleted_at.map(Timestamp::millis)),
            version: steps(rows.iter().map(|row| row.version.cast_signed())),
            notes: notes.collect(),
        }
    }

    /// The rows that can be read, and whether that is all of them.
    fn rows(self) -> Option<(Vec<Metric>, bool)> {
        if !self.ids.is_ascii() || !self.ids.len().is_multiple_of(ID_DIGITS) {
            return None;
        }
        let count = self.ids.len() / ID_DIGITS;
        if !self.columns().iter().all(|column| fits(column, count)) {
            return None;
        }
        let mut notes: HashMap<usize, String> = self.notes.iter().cloned().collect();
        let (mut created_at, mut version) = (0_i64, 0_i64);
        let mut rows = Vec::with_capacity(count);
        for place in 0..count {
            created_at = created_at.checked_add(cell(&self.created_at, place)?)?;
            version = version.checked_add(cell(&self.version, place)?)?;
            let read = self.row(place, Timestamp(created_at), version);
            rows.extend(read.map(|row| Metric {
                note: notes.remove(&place),
                ..row
            }));
        }
        let is_whole = rows.len() == count;
        Some((rows, is_whole))
    }

    fn columns(&self) -> [&Column; 10] {
        [
            &self.user,
            &self.grams,
            &self.millimetres,
            &self.bmi,
            &self.created_at,
            &self.utc_offset,
            &self.updated_at,
            &self.updated_by,
            &self.deleted_at,
            &self.version,
        ]
    }

    fn row(&self, place: usize, created_at: Timestamp, version: i64) -> Option<Metric> {
        let digits = self.ids.get(place * ID_DIGITS..(place + 1) * ID_DIGITS)?;
        let id = EntityId(Uuid::try_parse(digits).ok()?);
        let (user_id, user_number) = *self.users.get(index(cell(&self.user, place)?)?)?;
        let height = match cell(&self.millimetres, place) {
            Some(height) => Some(Millimetres::new(u32::try_from(height).ok()?).ok()?),
            None => None,
        };
        let bmi = match cell(&self.bmi, place) {
            Some(bmi) => Some(CentiBmi::from_hundredths(u32::try_from(bmi).ok()?)),
            None => None,
        };
        let utc_offset = match cell(&self.utc_offset, place) {
            Some(offset) => Some(i16::try_from(offset).ok()?),
            None => None,
        };
        let updated_by = match cell(&self.updated_by, place) {
            Some(device) => Some(self.devices.get(index(device)?)?.clone()),
            None => None,
        };
        Some(Metric {
            id,
            server_id: id,
            user_id,
            user_number,
            weight: Grams::new(u32::try_from(cell(&self.grams, place)?).ok()?).ok()?,
            height,
            bmi,
            note: None,
            created_at,
            utc_offset,
            updated_at: created_at.plus_millis(cell(&self.updated_at, place)?),
            updated_by,
            deleted_at: cell(&self.deleted_at, place).map(Timestamp),
            version: u64::try_from(version).ok()?,
        })
    }
}

fn digits(rows: &[Metric]) -> String {
    let mut digits = String::with_capacity(rows.len() * ID_DIGITS);
    for row in rows {
        // Writing to a string can't fail.
        let _ = write!(digits, "{}", row.id.0.simple());
    }
    digits
}

/// Each number as what it is more than the one before.
fn steps(numbers: impl Iterator<Item = i64>) -> Column {
    let mut before = 0_i64;
    let step = |number| Some(number - std::mem::replace(&mut before, number));
    folded(numbers.map(step).collect())
}

/// A single cell where all are the same.
fn folded(mut column: Column) -> Column {
    if column.windows(2).all(|pair| pair[0] == pair[1]) {
        column.truncate(1);
    }
    column
}

fn fits(column: &Column, rows: usize) -> bool {
    column.len() == rows || (column.len() == 1 && rows > 0)
}

fn cell(column: &Column, place: usize) -> Option<i64> {
    match column.as_slice() {
        [all] => *all,
        cells => *cells.get(place)?,
    }
}

fn index(place: i64) -> Option<usize> {
    usize::try_from(place).ok()
}

#[cfg(test)]
mod tests;
