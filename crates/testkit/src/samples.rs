//! Sample rows for suites: made up, never anyone's.

use tidemark_domain::{length::Millimetres, mass::Grams};
use tidemark_engine::outbox::{EntryDraft, EntryKind, payload_text};
use tidemark_protocol::{DeviceId, EntityId, Metric, OpId, Timestamp};
use uuid::Uuid;

/// 2026-02-20T10:22:33Z.
pub const NOON: Timestamp = Timestamp(1_771_582_953_000);

/// The sample id number `number`.
pub fn entity(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number))
}

/// The sample operation number `number`.
pub fn op(number: u128) -> OpId {
    OpId(Uuid::from_u128(0xf000_0000_0000 + number))
}

/// The sample device.
pub fn device() -> DeviceId {
    DeviceId::parse("sample-device").expect("a fit id")
}

/// The person of the sample rows.
pub fn person() -> EntityId {
    entity(0xa11ce)
}

/// A row of [`person`] at `version`, measured `hours` after [`NOON`].
pub fn metric(number: u128, hours: i64, version: u64) -> Metric {
    let at = NOON.plus_millis(hours * 3_600_000);
    let grams = 70_000 + u32::try_from(number % 10_000).unwrap_or(0);
    let mut row = Metric {
        id: entity(number),
        server_id: entity(number),
        user_id: person(),
        user_number: u32::from(version > 0),
        weight: Grams::new(grams).expect("in range"),
        height: Some(Millimetres::new(1_783).expect("in range")),
        bmi: None,
        note: None,
        created_at: at,
        utc_offset: Some(180),
        updated_at: at,
        updated_by: (version > 0).then(device),
        deleted_at: None,
        version,
    };
    row.recompute_bmi();
    row
}

/// The edit number `number` that creates a row.
pub fn create(number: u128, row: &Metric) -> EntryDraft {
    draft(
        number,
        EntryKind::UpsertMetric,
        row.id,
        payload_text(&row.to_patch()),
        row.version,
    )
}

/// An edit.
pub fn draft(
    number: u128,
    kind: EntryKind,
    entity_id: EntityId,
    payload: String,
    base_version: u64,
) -> EntryDraft {
    EntryDraft {
        op_id: op(number),
        kind,
        entity_id,
        payload,
        base_version,
        created_at: NOON,
        owner: None,
        parked: None,
    }
}
