//! Steps of the schema, one file each. A step that was ever released is never changed again.

pub(super) mod v1;
pub(super) mod v1_to_v2;
pub(super) mod v2_to_v3;
