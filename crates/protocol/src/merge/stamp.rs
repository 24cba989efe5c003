//! Who changed a field last, when, and at which version.

use crate::{DeviceId, Timestamp};
use serde::{Deserialize, Serialize};

/// When an edit was made, as far as it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditTime {
    /// Never later than the server's own time.
    pub at: Timestamp,
    /// Whether it is the time of receipt, because the edit named none or one that lies ahead.
    pub is_receipt: bool,
}

impl EditTime {
    /// Normalises what the edit says against the time of receipt.
    pub fn normalised(sent: Option<Timestamp>, received_at: Timestamp) -> Self {
        match sent.filter(|sent| *sent <= received_at) {
            Some(at) => Self {
                at,
                is_receipt: false,
            },
            None => Self {
                at: received_at,
                is_receipt: true,
            },
        }
    }

    /// Last write wins: whether an edit of this time and device beats the change of a stamp. Among receipt times the
    /// later commit, which is the edit's, wins.
    pub(super) fn beats(self, device: Option<&DeviceId>, stamp: &Stamp) -> bool {
        (self.is_receipt && stamp.is_receipt) || (self.at, device) >= stamp.order()
    }
}

/// The last change of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The account's change counter; 0 where the field was never set.
    pub version: u64,
    /// When, normalised.
    pub at: Timestamp,
    /// Whether `at` is a time of receipt.
    pub is_receipt: bool,
    /// Who.
    pub by: Option<DeviceId>,
}

impl Stamp {
    /// The order of last write wins: time, then the device's bytes.
    pub(super) fn order(&self) -> (Timestamp, Option<&DeviceId>) {
        (self.at, self.by.as_ref())
    }

    /// The time as an edit's.
    pub(super) fn time(&self) -> EditTime {
        EditTime {
            at: self.at,
            is_receipt: self.is_receipt,
        }
    }
}

/// The stamps of a row's fields, in the order of [`super::Record::FIELDS`].
///
/// Stored as runs of equal stamps: most rows were written once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<StampRun>", into = "Vec<StampRun>")]
pub struct Stamps(Vec<Stamp>);

/// Length, version, milliseconds, whether they are the receipt's, device.
type StampRun = (usize, u64, i64, bool, Option<DeviceId>);

/// More than any record has fields: a damaged row must not fill the memory.
const RUN_MAX: usize = 64;

/// Behind all fields that a record may ever have: the place of the latest offer that the row was like already.
const OFFER: usize = RUN_MAX - 1;

impl Stamps {
    /// The same stamp for every field.
    pub fn all(fields: usize, stamp: &Stamp) -> Self {
        Self(vec![stamp.clone(); fields])
    }

    /// The stamp of a field; of one that came with a later version of the server, that of a field never set.
    pub fn get(&self, field: usize) -> Stamp {
        self.0.get(field).cloned().unwrap_or_default()
    }

    /// The latest offer to a restored server that said of some fields what the row says from before the lost life: the
    /// stamps of these fields stay, but no older offer may change them.
    pub(super) fn offer(&self) -> Stamp {
        self.get(OFFER)
    }

    pub(super) fn set_offer(&mut self, stamp: &Stamp) {
        self.set(OFFER, stamp);
    }

    pub(super) fn set(&mut self, field: usize, stamp: &Stamp) {
        if self.0.len() <= field {
            self.0.resize(field + 1, Stamp::default());
        }
        self.0[field] = stamp.clone();
    }
}

impl From<Vec<StampRun>> for Stamps {
    fn from(runs: Vec<StampRun>) -> Self {
        let stamps = runs
            .into_iter()
            .flat_map(|(length, version, at, is_receipt, by)| {
                let stamp = Stamp {
                    version,
                    at: Timestamp(at),
                    is_receipt,
                    by,
                };
                std::iter::repeat_n(stamp, length.min(RUN_MAX))
            });
        Self(stamps.collect())
    }
}

impl From<Stamps> for Vec<StampRun> {
    fn from(stamps: Stamps) -> Self {
        let runs = stamps.0.chunk_by(|left, right| left == right);
        let run = |run: &[Stamp]| {
            let stamp = run[0].clone();
            (
                run.len(),
                stamp.version,
                stamp.at.millis(),
                stamp.is_receipt,
                stamp.by,
            )
        };
        runs.map(run).collect()
    }
}
