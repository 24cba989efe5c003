//! Entries for native tests of this room.

use tidemark_domain::mass::Grams;
use tidemark_engine::view::{Entry, SyncStatus};
use tidemark_protocol::{EntityId, Metric, Timestamp};

/// An acknowledged entry with the id `number`.
pub fn entry(number: u8, created_at: &str, grams: u32) -> Entry {
    let id = EntityId::parse(&format!("00000000-0000-7000-8000-0000000000{number:02x}"));
    let id = id.expect("a well-formed id");
    let at = Timestamp::parse(created_at).expect("a test's time is written right");
    let metric = Metric {
        id,
        server_id: id,
        user_id: id,
        user_number: 1,
        weight: Grams::new(grams).expect("a weight in range"),
        height: None,
        bmi: None,
        note: None,
        created_at: at,
        utc_offset: None,
        updated_at: at,
        updated_by: None,
        deleted_at: None,
        version: 1,
    };
    Entry {
        metric,
        status: SyncStatus::Synced,
    }
}

/// Signals of a page at a fixed moment, two hours east, in English.
pub fn app() -> crate::state::App {
    crate::state::App::new(|_| 120, || Timestamp(1_771_582_953_000), "en", false)
}
