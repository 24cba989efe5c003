//! What the merge must know of a kind of record: its fields, one by one.

use super::Stamps;
use crate::{
    AppModel, AppModelPatch, DeviceId, Metric, MetricPatch, Patch, Timestamp, User, UserPatch,
};
use serde::Serialize;

/// A row and the stamps of its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<R> {
    /// The row as it travels.
    pub row: R,
    /// One stamp per field of [`Record::FIELDS`].
    pub stamps: Stamps,
}

/// A kind of record whose fields are merged one by one. A field is named by its place in [`Self::FIELDS`].
pub trait Record: Clone + Serialize {
    /// A partial update.
    type Patch;
    /// The names on the wire of the fields that can change.
    const FIELDS: &'static [&'static str];
    /// The field that tells whether the record is deleted, if records of this kind can be.
    const DELETED: Option<usize>;

    /// The row with the update laid over it.
    #[must_use]
    fn patched(self, patch: &Self::Patch) -> Self;
    /// Whether the update says something about the field.
    fn touches(patch: &Self::Patch, field: usize) -> bool;
    /// Whether both rows hold the same value; for the deletion only whether, not when.
    fn same(&self, other: &Self, field: usize) -> bool;
    /// Takes the field's value from the other row.
    fn take(&mut self, other: &Self, field: usize);
    /// Whether the record is deleted.
    fn is_deleted(&self) -> bool;
    /// Makes a deleted record live.
    fn revive(&mut self);
    /// Whether the field's value follows from the others, so that what an edit says about it does not count.
    fn is_derived(&self, _field: usize) -> bool {
        false
    }
    /// Computes derived values.
    fn settle(&mut self) {}
    /// The row's version.
    fn version(&self) -> u64;
    /// Notes the change on the row itself.
    fn set_change(&mut self, version: u64, at: Timestamp, by: Option<&DeviceId>);
}

/// Whether a partial update says something about a field.
trait Says {
    fn says(&self) -> bool;
}

impl<T> Says for Option<T> {
    fn says(&self) -> bool {
        self.is_some()
    }
}

impl<T> Says for Patch<T> {
    fn says(&self) -> bool {
        !self.is_keep()
    }
}

/// The functions that go field by field; `deletion` is compared by presence only.
macro_rules! by_field {
    ($patch:ty, [$($field:ident),*], deletion: [$($deletion:ident)?]) => {
        type Patch = $patch;
        const FIELDS: &'static [&'static str] = &[$(stringify!($field),)* $(stringify!($deletion))?];
        const DELETED: Option<usize> = {
            let deletion: &[&str] = &[$(stringify!($deletion))?];
            if deletion.is_empty() { None } else { Some(Self::FIELDS.len() - 1) }
        };

        fn touches(patch: &$patch, field: usize) -> bool {
            match Self::FIELDS[field] {
                $(stringify!($field) => patch.$field.says(),)*
                $(stringify!($deletion) => patch.$deletion.says(),)?
                _ => false,
            }
        }

        fn same(&self, other: &Self, field: usize) -> bool {
            match Self::FIELDS[field] {
                $(stringify!($field) => self.$field == other.$field,)*
                $(stringify!($deletion) => self.$deletion.is_some() == other.$deletion.is_some(),)?
                _ => true,
            }
        }

        fn take(&mut self, other: &Self, field: usize) {
            match Self::FIELDS[field] {
                $(stringify!($field) => self.$field.clone_from(&other.$field),)*
                $(stringify!($deletion) => self.$deletion.clone_from(&other.$deletion),)?
                _ => {}
            }
        }
    };
}

impl Record for Metric {
    by_field!(MetricPatch, [weight, height, bmi, note, created_at, utc_offset], deletion: [deleted_at]);

    fn patched(self, patch: &MetricPatch) -> Self {
        Self::patched(self, patch)
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn revive(&mut self) {
        self.deleted_at = None;
    }

    fn is_derived(&self, field: usize) -> bool {
        Self::FIELDS[field] == "bmi" && self.height.is_some()
    }

    fn settle(&mut self) {
        self.recompute_bmi();
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn set_change(&mut self, version: u64, at: Timestamp, by: Option<&DeviceId>) {
        self.version = version;
        self.updated_at = at;
        self.updated_by = by.cloned();
    }
}

impl Record for User {
    by_field!(UserPatch, [name, surname, gender, avatar, height, birth_date], deletion: [deleted_at]);

    fn patched(self, patch: &UserPatch) -> Self {
        Self::patched(self, patch)
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn revive(&mut self) {
        self.deleted_at = None;
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn set_change(&mut self, version: u64, at: Timestamp, _by: Option<&DeviceId>) {
        self.version = version;
        self.updated_at = at;
    }
}

impl Record for AppModel {
    by_field!(
        AppModelPatch,
        [active_user, is_complete_onboard, units, language, theme, goal],
        deletion: []
    );

    fn patched(self, patch: &AppModelPatch) -> Self {
        Self::patched(self, patch)
    }

    fn is_deleted(&self) -> bool {
        false
    }

    fn revive(&mut self) {}

    fn version(&self) -> u64 {
        self.version
    }

    fn set_change(&mut self, version: u64, at: Timestamp, _by: Option<&DeviceId>) {
        self.version = version;
        self.updated_at = Some(at);
    }
}
