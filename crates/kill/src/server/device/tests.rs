//! The comparison must find what is wrong.

use super::{Batch, Device, Event, Known, Weight};
use crate::chance::Chance;
use std::collections::HashMap;
use tidemark_protocol::{EntityId, Metric, OpId, Timestamp};
use uuid::Uuid;

fn id(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number))
}

/// What the server answers: number, grams, version.
fn rows(list: &[(u128, u32, u64)]) -> HashMap<EntityId, Metric> {
    let row = |(number, grams, version): &(u128, u32, u64)| {
        let json = serde_json::json!({
            "id": id(*number), "server_id": id(*number), "user_id": id(0), "user_number": 1,
            "weight": f64::from(*grams) / 1000.0, "height": null, "bmi": null, "note": null,
            "created_at": "2026-01-01T00:00:00Z", "utc_offset": null, "updated_at": "2026-01-01T00:00:00Z",
            "updated_by": null, "deleted_at": null, "version": version,
        });
        (id(*number), serde_json::from_value(json).unwrap())
    };
    list.iter().map(row).collect()
}

/// Record 1 says 50 kg at version 5, record 2 is deleted. A batch without an answer sets 1 to 60 kg and makes 3.
fn device(has_unanswered: bool) -> Device {
    let mut device = Device::new(0, "", Chance::new(1));
    let created_at = Timestamp(0);
    for (number, weight, version) in [(1, Some(50_000), 5), (2, None, 6)] {
        let known = Known {
            weight,
            version,
            created_at,
        };
        device.known.insert(id(number), known);
    }
    let event = |number, after: Weight| Event {
        id: id(number),
        op_id: OpId(Uuid::nil()),
        created_at,
        after,
    };
    let events = vec![event(1, Some(60_000)), event(3, Some(70_000))];
    device.unanswered = has_unanswered.then(|| Batch {
        body: String::new(),
        events,
    });
    device
}

#[test]
fn what_was_acknowledged_must_be_there_as_it_was_acknowledged() {
    let cases = [
        (&[(1, 50_000, 5)][..], true),
        (&[], false),
        (&[(1, 50_001, 5)], false),
        (&[(1, 50_000, 7)], false),
        (&[(1, 50_000, 5), (2, 50_000, 6)], false),
    ];
    for (list, is_right) in cases {
        assert_eq!(
            device(false).compare(&rows(list)).is_ok(),
            is_right,
            "{list:?}"
        );
    }
}

#[test]
fn a_batch_without_an_answer_is_there_whole_or_not_at_all() {
    let cases = [
        (&[(1, 50_000, 5)][..], Some(Some(false))),
        (&[(1, 60_000, 7), (3, 70_000, 8)], Some(Some(true))),
        (&[(1, 60_000, 7)], None),
        (&[(1, 50_000, 5), (3, 70_000, 7)], None),
        (&[(1, 55_000, 7), (3, 70_000, 8)], None),
        (&[(3, 70_000, 8)], None),
    ];
    for (list, expected) in cases {
        assert_eq!(device(true).compare(&rows(list)).ok(), expected, "{list:?}");
    }
}
