//! Receipts: how far an entry has come. Saved here, on the server, on the other devices: each step is said only when
//! somebody who knows has said so.

use crate::state::SyncState;
use crate::view::{Entry, SyncStatus};
use tidemark_protocol::{DeviceInfo, Timestamp};

/// A device that was not seen for so many milliseconds is not waited for: it may be gone for good.
const ABSENT_MS: i64 = 30 * 86_400_000;

/// The last step that an entry has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Saved on this device.
    ThisDevice = 1,
    /// On the server.
    Server = 2,
    /// On every other device that was seen lately.
    Everywhere = 3,
}

/// How far an entry has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The last step that it has reached.
    pub step: Step,
    /// The account's other devices, and whether each has said that it holds the entry as it is.
    pub others: Vec<(DeviceInfo, bool)>,
    /// Whether it is on the server, and a device that was seen lately does not have it yet.
    pub is_under_way: bool,
}

/// How far this entry has come, as far as this device knows.
pub fn receipt(entry: &Entry, state: &SyncState, now: Timestamp) -> Receipt {
    if entry.status != SyncStatus::Synced {
        return Receipt {
            step: Step::ThisDevice,
            others: Vec::new(),
            is_under_way: false,
        };
    }
    let others = others(state).map(|device| {
        let has_it = device.acknowledged_version >= entry.metric.version;
        (device.clone(), has_it)
    });
    let others: Vec<_> = others.collect();
    let lately: Vec<bool> = others
        .iter()
        .filter(|(device, _)| is_present(device, now))
        .map(|(_, has_it)| *has_it)
        .collect();
    let is_under_way = lately.contains(&false);
    Receipt {
        step: if lately.is_empty() || is_under_way {
            Step::Server
        } else {
            Step::Everywhere
        },
        others,
        is_under_way,
    }
}

/// Whether it is worth asking the server how far the other devices are.
pub fn is_worth_asking(state: &SyncState, now: Timestamp) -> bool {
    let is_behind = |device: &DeviceInfo| device.acknowledged_version < state.head;
    state.devices.is_empty()
        || others(state).any(|device| is_present(device, now) && is_behind(device))
}

/// Whether a device is one that entries are expected to reach soon.
fn is_present(device: &DeviceInfo, now: Timestamp) -> bool {
    now.millis_since(device.last_seen_at) < ABSENT_MS
}

/// The account's other devices.
pub fn others(state: &SyncState) -> impl Iterator<Item = &DeviceInfo> {
    let own = &state.device_id;
    let devices = state.devices.iter();
    devices.filter(move |device| device.device_id != *own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::LastError;
    use crate::overlay::created;
    use tidemark_domain::mass::Grams;
    use tidemark_protocol::{DeviceId, EntityId, Metric, MetricPatch};
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(1_771_582_953_000);
    const DAY_MS: i64 = 86_400_000;

    fn name(text: &str) -> DeviceId {
        DeviceId::parse(text).expect("a fit id")
    }

    fn device(id: &str, acknowledged_version: u64, seen_days_ago: i64) -> DeviceInfo {
        DeviceInfo {
            device_id: name(id),
            name: None,
            created_at: NOW,
            last_seen_at: NOW.plus_millis(-seen_days_ago * DAY_MS),
            acknowledged_version,
        }
    }

    fn entry(version: u64, status: SyncStatus) -> Entry {
        let id = EntityId(Uuid::from_u128(7));
        let patch = MetricPatch {
            user_id: Some(id),
            weight: Grams::new(70_000).ok(),
            created_at: Some(NOW),
            ..MetricPatch::default()
        };
        let metric = created(id, &patch, NOW).expect("a whole row");
        Entry {
            metric: Metric { version, ..metric },
            status,
        }
    }

    fn state(devices: Vec<DeviceInfo>) -> SyncState {
        SyncState {
            devices,
            head: 9,
            ..SyncState::new(name("own"))
        }
    }

    #[test]
    fn a_receipt_says_no_more_than_is_known() {
        let waiting = || SyncStatus::Pending {
            retry_count: 0,
            last_error: None,
        };
        let refused = || SyncStatus::Failed {
            error: LastError::plain("invalid_field"),
        };
        let own = device("own", 0, 0);
        for (what, status, devices, step) in [
            ("waiting", waiting(), vec![], Step::ThisDevice),
            ("refused", refused(), vec![], Step::ThisDevice),
            (
                "sent, devices unknown",
                SyncStatus::Synced,
                vec![],
                Step::Server,
            ),
            (
                "no other device",
                SyncStatus::Synced,
                vec![own.clone()],
                Step::Server,
            ),
            (
                "one has it",
                SyncStatus::Synced,
                vec![own.clone(), device("b", 5, 0)],
                Step::Everywhere,
            ),
            (
                "one of two has it",
                SyncStatus::Synced,
                vec![device("b", 5, 0), device("c", 4, 1)],
                Step::Server,
            ),
            (
                "the other one is gone for long",
                SyncStatus::Synced,
                vec![device("b", 5, 0), device("c", 4, 31)],
                Step::Everywhere,
            ),
            (
                "nobody is left",
                SyncStatus::Synced,
                vec![device("c", 9, 31)],
                Step::Server,
            ),
        ] {
            let receipt = receipt(&entry(5, status), &state(devices), NOW);
            assert_eq!(receipt.step, step, "{what}");
            assert_eq!(receipt.is_under_way, what == "one of two has it", "{what}");
        }
    }

    #[test]
    fn devices_are_asked_for_while_one_that_is_around_lags() {
        for (what, devices, asks) in [
            ("none is known", vec![], true),
            (
                "all are there",
                vec![device("own", 9, 0), device("b", 9, 0)],
                false,
            ),
            ("only this one lags", vec![device("own", 3, 0)], false),
            ("one lags", vec![device("b", 8, 0)], true),
            ("one that is gone lags", vec![device("b", 8, 31)], false),
        ] {
            assert_eq!(is_worth_asking(&state(devices), NOW), asks, "{what}");
        }
    }
}
