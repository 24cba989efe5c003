//! The sync state and the sync log.

use super::StoreFactory;
use super::given::{error, loaded};
use crate::samples::{NOON, device, entity};
use tidemark_engine::Store;
use tidemark_engine::state::{
    FailureKind, SYNC_LOG_LINES_MAX, StateChange, SyncFailure, SyncLogLine, SyncState,
};
use tidemark_protocol::{AccountId, AuthMode, DeviceId};

/// Whoever comes second takes the id that is there.
pub async fn a_device_keeps_the_id_that_it_first_made(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let first = store.load(&device()).await.unwrap();
    assert_eq!(first, SyncState::new(device()));
    let other = DeviceId::parse("another").unwrap();
    assert_eq!(store.load(&other).await.unwrap(), first);
    drop(store);
    let store = factory.open().await;
    assert_eq!(store.load(&other).await.unwrap().device_id, device());
}

/// The same changes as on the state alone.
pub async fn changes_add_up_and_are_answered(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let failure = SyncFailure {
        kind: FailureKind::Offline,
        error: error("unreachable"),
    };
    let failed = StateChange::Failed {
        at: NOON,
        failure,
        retry_at: NOON.plus_millis(500),
        not_before: Some(NOON.plus_millis(900)),
    };
    let server = StateChange::Server {
        auth: AuthMode::Off,
        version: "1.2.3".to_owned(),
        clock_offset_ms: -86_400_000,
    };
    let changes = [
        server,
        failed.clone(),
        failed,
        StateChange::NewPerson(entity(5)),
        StateChange::SomebodyNew(entity(6)),
        StateChange::Behind(Some("0.1.0".to_owned())),
        StateChange::ForgetBackoff,
        StateChange::Succeeded {
            at: NOON,
            not_before: None,
        },
    ];
    let mut expected = SyncState::new(device());
    for change in changes {
        expected.apply(&change);
        assert_eq!(store.update(&change).await.unwrap(), expected, "{change:?}");
        assert_eq!(store.load(&device()).await.unwrap(), expected);
    }
}

/// Nobody else can adopt what somebody has.
pub async fn the_first_owner_stays(factory: &impl StoreFactory) {
    let store = loaded(factory.open().await).await;
    let (first, second) = (AccountId(entity(1).0), AccountId(entity(2).0));
    store.update(&StateChange::Adopt(first)).await.unwrap();
    let state = store.update(&StateChange::Adopt(second)).await.unwrap();
    assert_eq!(state.owner, Some(first));
}

/// There is no device to change anything of.
pub async fn a_change_before_the_first_load_is_refused(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let refused = store.update(&StateChange::ForgetBackoff).await;
    assert!(refused.is_err());
    let state = store.load(&device()).await.unwrap();
    assert_eq!(state, SyncState::new(device()));
}

fn line(number: u32) -> SyncLogLine {
    SyncLogLine {
        at: NOON.plus_millis(i64::from(number)),
        trigger: "manual".to_owned(),
        sent: number,
        received: 2,
        outcome: "ok".to_owned(),
        duration_ms: 31,
    }
}

/// In the order of writing, whatever the clock said.
pub async fn the_sync_log_is_read_newest_first(factory: &impl StoreFactory) {
    let store = factory.open().await;
    for number in [5, 1, 3] {
        store.log(&line(number)).await.unwrap();
    }
    let all = store.sync_log(10).await.unwrap();
    assert_eq!(all, [line(3), line(1), line(5)]);
    assert_eq!(store.sync_log(2).await.unwrap(), [line(3), line(1)]);
    assert_eq!(store.sync_log(0).await.unwrap(), []);
}

/// It can't fill the device.
pub async fn the_sync_log_keeps_its_newest_thousand_lines(factory: &impl StoreFactory) {
    let store = factory.open().await;
    let lines = u32::try_from(SYNC_LOG_LINES_MAX).unwrap();
    for number in 1..=lines + 3 {
        store.log(&line(number)).await.unwrap();
    }
    let kept = store.sync_log(usize::MAX).await.unwrap();
    assert_eq!(kept.len(), SYNC_LOG_LINES_MAX);
    assert_eq!(kept.first(), Some(&line(lines + 3)));
    assert_eq!(kept.last(), Some(&line(4)));
}
