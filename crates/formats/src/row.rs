//! What an import gives: a measurement, a person, settings.
//!
//! Must not know how they were written in the file.

use tidemark_domain::bmi::CentiBmi;
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_protocol::{EntityId, Gender, Timestamp};
use uuid::Uuid;

/// The root of all ids that imports derive.
const IMPORTS: Uuid = Uuid::from_u128(0x7a1d_e3a2_c5f0_5b0e_9d4e_1f0c_6b7a_8e21);

/// One measurement from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedMetric {
    /// Who the row is; [`ImportedMetric::id_for`] makes an id of it.
    pub identity: Identity,
    /// The moment of measurement.
    pub measured_at: Timestamp,
    /// Minutes east of UTC where it was measured: from the file, or where the file has none as the caller's zone says;
    /// so the row stays on the day on which it was written. `None` only where our own CSV leaves it open.
    pub utc_offset: Option<i16>,
    /// The weight.
    pub weight: Grams,
    /// The height, where the file has one on the row.
    pub height: Option<Millimetres>,
    /// The BMI as the file gives it; where the row has a height it is to be recomputed.
    pub bmi: Option<CentiBmi>,
    /// The person's words; at most 500 characters, never empty.
    pub note: Option<String>,
    /// When the row was last changed; only our own CSV tells.
    pub updated_at: Option<Timestamp>,
    /// The number of the [`ImportedPerson`], in a file that holds several.
    pub person: Option<i64>,
}

/// How a row keeps its id from one import to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// Our own id, from our own CSV.
    Given(EntityId),
    /// Follows from the file.
    Derived(SourceKey),
}

/// Names a row within all files: derived from the format and the source's own id, or else from the time as written and
/// the weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey(Uuid);

/// A person from a file that holds several.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedPerson {
    /// The file's number for the person.
    pub number: i64,
    /// First name.
    pub name: Option<String>,
    /// Family name.
    pub surname: Option<String>,
    /// As stated.
    pub gender: Option<Gender>,
    /// The source app's name of a picture.
    pub avatar: Option<String>,
    /// The height.
    pub height: Option<Millimetres>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
}

/// Settings from a file that has some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportedApp {
    /// The number of the person who was shown last.
    pub active_person: Option<i64>,
    /// Whether onboarding was done.
    pub is_complete_onboard: Option<bool>,
}

impl ImportedMetric {
    /// The id of the row as a measurement of `person`: always the same for the same row and person, and another for
    /// another person, because a measurement never changes hands. A row of our own CSV keeps the id that it has; where
    /// that belongs to somebody else already, the caller wants [`ImportedMetric::copy_id_for`].
    pub fn id_for(&self, person: EntityId) -> EntityId {
        match self.identity {
            Identity::Given(id) => id,
            Identity::Derived(SourceKey(key)) => derived(person, key),
        }
    }

    /// The id of a copy of the row for `person`, whatever id it has of its own.
    pub fn copy_id_for(&self, person: EntityId) -> EntityId {
        match self.identity {
            Identity::Given(EntityId(key)) | Identity::Derived(SourceKey(key)) => {
                derived(person, key)
            }
        }
    }
}

impl ImportedPerson {
    /// The id of the person when they are added to the data that `owner` names (an account, or any id that stays the
    /// same on this device): the same file adds nobody twice.
    pub fn id_for(&self, owner: EntityId) -> EntityId {
        let name = format!("person\n{}", self.number);
        EntityId(Uuid::new_v5(&owner.0, name.as_bytes()))
    }
}

impl SourceKey {
    /// The key of what `name` describes completely.
    pub(crate) fn of(name: &str) -> Self {
        Self(Uuid::new_v5(&IMPORTS, name.as_bytes()))
    }
}

/// The id of a copy that `person` gets of a measurement of somebody else: always the same for both.
pub fn copy_id(id: EntityId, person: EntityId) -> EntityId {
    derived(person, id.0)
}

fn derived(person: EntityId, key: Uuid) -> EntityId {
    EntityId(Uuid::new_v5(&person.0, key.as_bytes()))
}
