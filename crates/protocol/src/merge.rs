//! The merge rule: what becomes of an edit, decided from the row, the stamps of its fields and the edit alone.
//!
//! Each field keeps who changed it last, when and at which version. In this order:
//!
//! 1. What a device has changed itself counts as seen by it, whatever its clock says.
//! 2. An edit whose base is the row's version or above, or since whose base nobody else changed the row, is causally
//!    newer: it wins.
//! 3. With an older base each field is judged for itself: one that nobody else changed since is taken, for the others
//!    the later `updated_at` wins, ties go to the bytewise larger device id.
//! 4. Without a base the whole record is judged so, against the latest change of others.
//! 5. `updated_at` is never later than the server's time ([`EditTime`]).
//! 6. A delete loses against a concurrent edit of another device, in either order; a later edit of a deleted row needs
//!    an explicit restore.
//! 7. An offer of what a restore lost stands where it stood: its fields keep the version of the lost life. So the
//!    later of two offers wins, in either order and whoever makes them; edits made since are judged as above.
//!
//! One machinery for metrics, users and the app model. Must not know of storage, of operations already seen, nor of
//! the clock: time and version are arguments.

mod act;
mod app_model;
mod judge;
mod metric;
mod record;
mod stamp;

pub use app_model::merge_app_model;
pub use metric::{MetricOutcome, Receipt, merge_metric};
pub use record::{Record, Stored};
pub use stamp::{EditTime, Stamp, Stamps};

use crate::{DeviceId, EventStatus, HistoryEntry};

/// An edit of one row, ready to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Edit<'a, R: Record> {
    /// The fields it carries.
    pub patch: &'a R::Patch,
    /// The version that it was made on.
    pub base_version: Option<u64>,
    /// When it was made.
    pub time: EditTime,
    /// Who made it; unknown is nobody's own.
    pub device: Option<&'a DeviceId>,
    /// The version that the row gets if it changes.
    pub next_version: u64,
    /// On an offer to a server that was restored from a backup: the version that the row had in the lost life.
    pub lost_version: Option<u64>,
}

/// No life of a database sees more changes; a restore raises the counter by twice as much.
const CHANGES_OF_A_LIFE_MAX: u64 = 1 << 31;

/// What became of an edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<R> {
    /// `Applied`, `Merged` or `Superseded`.
    pub status: EventStatus,
    /// Whether a value of someone lost.
    pub conflict: bool,
    /// The row as it is now.
    pub stored: Stored<R>,
    /// Whether it changed, and so has the edit's version.
    pub changed: bool,
    /// Values that are not the row's any more, or never became so.
    pub history: Vec<HistoryEntry>,
}

/// Judges an edit of a row that exists, and carries it out.
pub fn merge<R: Record>(current: &Stored<R>, edit: &Edit<'_, R>) -> Outcome<R> {
    let candidate = current.row.clone().patched(edit.patch);
    let verdict = judge::judge(current, &candidate, edit);
    act::act(current, &candidate, edit, &verdict)
}

/// A row that did not exist: every field is the edit's.
pub fn create<R: Record>(mut row: R, edit: &Edit<'_, R>) -> Outcome<R> {
    row.settle();
    row.set_change(edit.next_version, edit.time.at, edit.device);
    let stamp = edit.field_stamp();
    Outcome {
        status: EventStatus::Applied,
        conflict: false,
        stored: Stored {
            row,
            stamps: Stamps::all(R::FIELDS.len(), &stamp),
        },
        changed: true,
        history: Vec::new(),
    }
}

impl<R: Record> Edit<'_, R> {
    /// Whether the device made the change that this stamp stands for.
    fn owns(&self, stamp: &Stamp) -> bool {
        self.device.is_some() && self.device == stamp.by.as_ref()
    }

    /// Whether the edit was made knowing the change that this stamp stands for.
    fn has_seen(&self, stamp: &Stamp) -> bool {
        let within_base = self.base_version.is_some_and(|base| stamp.version <= base);
        stamp.version == 0 || within_base || (self.owns(stamp) && self.lost_version.is_none())
    }

    /// Whether the edit is an offer, and the stamp that of a later one.
    fn is_outdated_offer(&self, stamp: &Stamp) -> bool {
        let is_of_lost_life =
            self.next_version.saturating_sub(stamp.version) > CHANGES_OF_A_LIFE_MAX;
        is_of_lost_life && self.lost_version.is_some_and(|lost| stamp.version > lost)
    }

    /// Whether the edit is an offer, and a later one was made already that found the row as it says.
    fn is_overtaken(&self, stamps: &Stamps) -> bool {
        let offer = stamps.offer();
        offer.version > 0 && self.is_outdated_offer(&offer)
    }

    /// The stamp that the fields which it changes keep.
    fn field_stamp(&self) -> Stamp {
        Stamp {
            version: self.lost_version.unwrap_or(self.next_version),
            ..self.stamp()
        }
    }

    /// The stamp of the change.
    fn stamp(&self) -> Stamp {
        Stamp {
            version: self.next_version,
            at: self.time.at,
            is_receipt: self.time.is_receipt,
            by: self.device.cloned(),
        }
    }
}

#[cfg(test)]
mod tests;
