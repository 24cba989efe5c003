//! Events on metrics that may not exist yet, and clocks that are ahead.

use super::{NOW, device, history as history_of_row, kg, new_metric};
use crate::merge::{MetricOutcome, Outcome, Receipt, merge_metric};
use crate::validate::MetricEvent;
use crate::{
    EntityId, EventStatus, EventType, HistoryReason, MetricPatch, Patch, Rejection, RejectionCode,
    Timestamp,
};
use serde_json::json;
use uuid::Uuid;

const USER: (EntityId, u32) = (EntityId(Uuid::from_u128(2)), 1);

fn event(patch: MetricPatch, base_version: Option<u64>) -> MetricEvent {
    MetricEvent {
        kind: EventType::UpsertMetric,
        base_version,
        user: None,
        patch,
    }
}

fn whole_row(created_at: i64) -> MetricPatch {
    MetricPatch {
        weight: Some(kg(80.0)),
        created_at: Some(Timestamp(created_at)),
        ..MetricPatch::default()
    }
}

fn send(
    event: &MetricEvent,
    user: Option<(EntityId, u32)>,
    sent_at: Option<i64>,
) -> Result<MetricOutcome, Rejection> {
    let by = device("a");
    let receipt = Receipt {
        device: &by,
        received_at: Timestamp(NOW),
        sent_at: sent_at.map(Timestamp),
        next_version: 7,
    };
    merge_metric(None, EntityId(Uuid::from_u128(1)), user, event, &receipt)
}

#[test]
fn a_whole_row_creates_the_metric_whatever_its_base() {
    for base in [None, Some(0), Some(41)] {
        let outcome = send(&event(whole_row(5), base), Some(USER), None).unwrap();
        let row = outcome.stored.unwrap().row;
        assert_eq!(
            (outcome.status, outcome.conflict, outcome.changed),
            (EventStatus::Applied, false, true)
        );
        assert_eq!(
            (row.version, row.updated_at, row.updated_by),
            (7, Timestamp(NOW), Some(device("a")))
        );
        assert_eq!((row.user_id, row.user_number), USER);
        assert!(outcome.history.is_empty());
    }
}

#[test]
fn a_partial_row_of_an_unknown_id_is_refused_by_its_base() {
    let without_weight = MetricPatch {
        weight: None,
        ..whole_row(5)
    };
    let without_time = MetricPatch {
        created_at: None,
        ..whole_row(5)
    };
    let cases = [
        (without_weight, Some(USER), "weight"),
        (without_time, Some(USER), "created_at"),
        (whole_row(5), None, "user_id"),
    ];
    for (patch, user, field) in cases {
        for base in [None, Some(0)] {
            let rejection = send(&event(patch.clone(), base), user, None).unwrap_err();
            assert_eq!(rejection, Rejection::missing(field));
        }
        let rejection = send(&event(patch, Some(3)), user, None).unwrap_err();
        assert_eq!(rejection.code, RejectionCode::UnknownMetric);
    }
}

#[test]
fn a_delete_of_an_unknown_metric_has_nothing_to_do() {
    let delete = MetricEvent {
        kind: EventType::DeleteMetric,
        ..event(MetricPatch::default(), Some(3))
    };
    let outcome = send(&delete, None, None).unwrap();
    assert_eq!(
        (outcome.status, outcome.stored, outcome.changed),
        (EventStatus::Applied, None, false)
    );
}

#[test]
fn another_user_of_an_existing_metric_is_refused() {
    let current = super::Story::begin().row;
    let by = device("a");
    let receipt = Receipt {
        device: &by,
        received_at: Timestamp(NOW),
        sent_at: None,
        next_version: 2,
    };
    let other = (EntityId(Uuid::from_u128(3)), 2);
    let send = |user| {
        merge_metric(
            Some(&current),
            current.row.id,
            user,
            &event(whole_row(6), Some(1)),
            &receipt,
        )
    };
    assert_eq!(
        send(Some(other)).unwrap_err().field.as_deref(),
        Some("user_id")
    );
    assert!(send(Some(USER)).is_ok());
    assert!(send(None).is_ok());
}

#[test]
fn a_measurement_in_the_future_is_shifted_by_the_clock_error_or_gets_the_time_of_receipt() {
    let hour = 3_600_000;
    // (created_at, sent_at, what is kept, adjusted)
    let cases = [
        (NOW, None, NOW, false),
        (NOW + 1, None, NOW, true),
        (NOW + hour, Some(NOW + hour), NOW, true),
        (NOW + hour - 60_000, Some(NOW + hour), NOW - 60_000, true),
        (NOW + 2 * hour, Some(NOW + hour), NOW, true),
        (NOW + hour, Some(NOW - hour), NOW, true),
        (NOW - 5, Some(NOW + hour), NOW - 5, false),
        (NOW + 1, Some(253_402_300_799_999), NOW, true),
    ];
    for (created_at, sent_at, kept, adjusted) in cases {
        let outcome = send(&event(whole_row(created_at), None), Some(USER), sent_at).unwrap();
        assert_eq!(
            outcome.stored.as_ref().unwrap().row.created_at,
            Timestamp(kept),
            "{created_at} {sent_at:?}"
        );
        assert_eq!(
            outcome.adjusted,
            if adjusted { vec!["created_at"] } else { vec![] }
        );
        let entries = outcome.history;
        assert_eq!(entries.len(), usize::from(adjusted));
        if let Some(entry) = entries.first() {
            assert_eq!((entry.reason, entry.version), (HistoryReason::Adjusted, 7));
            assert_eq!(
                json!(entry.values),
                json!({"created_at": Timestamp(created_at)})
            );
        }
    }
}

#[test]
fn an_upsert_that_deletes_does_nothing_else_and_a_delete_is_not_in_the_future() {
    let current = super::Story::begin().row;
    let by = device("a");
    let receipt = Receipt {
        device: &by,
        received_at: Timestamp(NOW),
        sent_at: None,
        next_version: 2,
    };
    let deleted_at = Patch::Set(Timestamp(NOW * 9));
    let delete = MetricEvent {
        kind: EventType::DeleteMetric,
        ..event(
            MetricPatch {
                deleted_at,
                weight: Some(kg(99.0)),
                ..whole_row(NOW * 2)
            },
            Some(1),
        )
    };
    let outcome = merge_metric(Some(&current), current.row.id, None, &delete, &receipt).unwrap();
    let stored = outcome.stored.unwrap();
    assert_eq!(
        (stored.row.weight, stored.row.deleted_at),
        (kg(80.0), Some(Timestamp(NOW)))
    );
    assert!(outcome.adjusted.is_empty());
}

#[test]
fn creation_stamps_every_field() {
    let outcome: Outcome<_> = {
        let patch = MetricPatch::default();
        let edit = crate::merge::Edit {
            patch: &patch,
            base_version: None,
            time: crate::merge::EditTime::normalised(None, Timestamp(NOW)),
            device: None,
            next_version: 3,
            lost_version: None,
        };
        crate::merge::create(new_metric(), &edit)
    };
    assert!((0..7).all(|field| outcome.stored.stamps.get(field).version == 3));
    assert!(history_of_row(&outcome).is_empty());
}
