//! A page in columns: how it lies in the store. Typed arrays keep a month of rows at a few dozen bytes each.

use crate::page::{Page, PageKey, PageRow, Tombstone};
use tidemark_domain::{bmi::CentiBmi, length::Millimetres, mass::Grams};
use tidemark_protocol::{DeviceId, EntityId, Metric, Timestamp};
use uuid::Uuid;

/// In [`Columns::flags`]: the row came in bulk and still has to go up.
const UNSENT: u8 = 1;
/// In [`Columns::utc_offsets`]: none is known.
const NO_OFFSET: i16 = i16::MIN;

/// The columns of a page. All columns of living rows have one cell for each row, in the page's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// The person's number within the account; 0 if unknown.
    pub user_number: u32,
    /// 16 bytes for each row.
    pub ids: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: Vec<f64>,
    /// Milliseconds since 1970.
    pub updated_at: Vec<f64>,
    /// Whole grams.
    pub grams: Vec<u32>,
    /// Whole millimetres; 0 where unknown.
    pub millimetres: Vec<u16>,
    /// Hundredths of a BMI point; 0 where unknown.
    pub bmi: Vec<u32>,
    /// Minutes east of UTC; `i16::MIN` where unknown.
    pub utc_offsets: Vec<i16>,
    /// The account's change counter at the last change; below 2⁵³.
    pub versions: Vec<f64>,
    /// Bit 0: unsent.
    pub flags: Vec<u8>,
    /// One more than the place in [`Columns::device_names`]; 0 where unknown.
    pub devices: Vec<u16>,
    /// The devices that changed rows of this page.
    pub device_names: Vec<String>,
    /// The rare text: row and note.
    pub notes: Vec<(u32, String)>,
    /// 16 bytes for each deleted row.
    pub deleted_ids: Vec<u8>,
    /// The versions of the deleted rows.
    pub deleted_versions: Vec<f64>,
}

/// A stored page that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a page's {0} can't be read")]
pub struct UnreadablePage(pub &'static str);

#[expect(
    clippy::cast_precision_loss,
    reason = "times and versions stay below 2⁵³"
)]
fn number(value: i64) -> f64 {
    value as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a stored number is whole and below 2⁵³"
)]
fn whole(value: f64) -> i64 {
    value as i64
}

fn version_number(version: u64) -> f64 {
    number(i64::try_from(version).unwrap_or(i64::MAX))
}

fn version(value: f64) -> u64 {
    u64::try_from(whole(value)).unwrap_or(0)
}

impl Columns {
    /// The columns of a page.
    pub fn of(page: &Page) -> Self {
        let mut columns = Self::default();
        for row in &page.rows {
            columns.push(row);
        }
        for tombstone in &page.tombstones {
            columns
                .deleted_ids
                .extend_from_slice(tombstone.id.0.as_bytes());
            columns
                .deleted_versions
                .push(version_number(tombstone.version));
        }
        columns
    }

    fn push(&mut self, row: &PageRow) {
        let metric = &row.metric;
        let position = u32::try_from(self.grams.len()).unwrap_or(u32::MAX);
        self.user_number = self.user_number.max(metric.user_number);
        self.ids.extend_from_slice(metric.id.0.as_bytes());
        self.created_at.push(number(metric.created_at.millis()));
        self.updated_at.push(number(metric.updated_at.millis()));
        self.grams.push(metric.weight.get());
        let millimetres = metric.height.map_or(0, Millimetres::get);
        self.millimetres
            .push(u16::try_from(millimetres).unwrap_or(0));
        self.bmi.push(metric.bmi.map_or(0, CentiBmi::get));
        self.utc_offsets
            .push(metric.utc_offset.unwrap_or(NO_OFFSET));
        self.versions.push(version_number(metric.version));
        self.flags.push(if row.unsent { UNSENT } else { 0 });
        let device = self.device_number(metric.updated_by.as_ref());
        self.devices.push(device);
        if let Some(note) = &metric.note {
            self.notes.push((position, note.clone()));
        }
    }

    fn device_number(&mut self, device: Option<&DeviceId>) -> u16 {
        let Some(device) = device else { return 0 };
        let known = self
            .device_names
            .iter()
            .position(|name| name == device.as_str());
        let place = known.unwrap_or_else(|| {
            self.device_names.push(device.as_str().to_owned());
            self.device_names.len() - 1
        });
        // A name that finds no place in 16 bits is left out: it is shown, never decided on.
        u16::try_from(place + 1).unwrap_or(0)
    }

    /// The page that lies in these columns.
    ///
    /// # Errors
    /// Names the first column that is too short or holds what no row can have.
    pub fn to_page(&self, key: PageKey) -> Result<Page, UnreadablePage> {
        let devices = self.device_ids()?;
        let mut rows = (0..self.grams.len())
            .map(|position| self.row(key, position, &devices))
            .collect::<Result<Vec<_>, _>>()?;
        for (position, note) in &self.notes {
            let row = rows
                .get_mut(*position as usize)
                .ok_or(UnreadablePage("notes"))?;
            row.metric.note = Some(note.clone());
        }
        if self.ids.len() != rows.len() * 16 {
            return Err(UnreadablePage("ids"));
        }
        if self.deleted_ids.len() != self.deleted_versions.len() * 16 {
            return Err(UnreadablePage("deleted ids"));
        }
        let ids = self.deleted_ids.chunks_exact(16);
        let tombstones = ids
            .zip(&self.deleted_versions)
            .map(|(id, at)| {
                Ok(Tombstone {
                    id: entity_id(id)?,
                    version: version(*at),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page {
            key,
            rows,
            tombstones,
        })
    }

    fn device_ids(&self) -> Result<Vec<DeviceId>, UnreadablePage> {
        let names = self.device_names.iter();
        names
            .map(|name| DeviceId::parse(name).ok_or(UnreadablePage("device names")))
            .collect()
    }

    fn row(
        &self,
        key: PageKey,
        position: usize,
        devices: &[DeviceId],
    ) -> Result<PageRow, UnreadablePage> {
        let id = self
            .ids
            .get(position * 16..position * 16 + 16)
            .ok_or(UnreadablePage("ids"))?;
        let id = entity_id(id)?;
        let grams = cell(&self.grams, position, "weights")?;
        let millimetres = cell(&self.millimetres, position, "heights")?;
        let bmi = cell(&self.bmi, position, "BMI")?;
        let utc_offset = cell(&self.utc_offsets, position, "offsets")?;
        let device = cell(&self.devices, position, "devices")?;
        let height = match millimetres {
            0 => None,
            known => {
                Some(Millimetres::new(u32::from(known)).map_err(|_| UnreadablePage("heights"))?)
            }
        };
        let metric = Metric {
            id,
            server_id: id,
            user_id: key.user,
            user_number: self.user_number,
            weight: Grams::new(grams).map_err(|_| UnreadablePage("weights"))?,
            height,
            bmi: (bmi != 0).then(|| CentiBmi::from_hundredths(bmi)),
            note: None,
            created_at: Timestamp(whole(cell(&self.created_at, position, "times")?)),
            utc_offset: (utc_offset != NO_OFFSET).then_some(utc_offset),
            updated_at: Timestamp(whole(cell(&self.updated_at, position, "times")?)),
            updated_by: usize::from(device)
                .checked_sub(1)
                .and_then(|at| devices.get(at))
                .cloned(),
            deleted_at: None,
            version: version(cell(&self.versions, position, "versions")?),
        };
        Ok(PageRow {
            metric,
            unsent: cell(&self.flags, position, "flags")? & UNSENT != 0,
        })
    }
}

fn cell<T: Copy>(column: &[T], position: usize, name: &'static str) -> Result<T, UnreadablePage> {
    column.get(position).copied().ok_or(UnreadablePage(name))
}

fn entity_id(bytes: &[u8]) -> Result<EntityId, UnreadablePage> {
    Uuid::from_slice(bytes)
        .map(EntityId)
        .map_err(|_| UnreadablePage("ids"))
}
