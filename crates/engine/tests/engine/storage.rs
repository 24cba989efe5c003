//! A store that fails.

use crate::server::Server;
use crate::world::{Device, failure_code, wait_ms, weight};
use tidemark_engine::TickOutcome;
use tidemark_engine::state::FailureKind;
use tidemark_testkit::fakes::run;

#[test]
fn a_store_that_fails_anywhere_in_a_tick_costs_nothing_but_time() {
    let methods = [
        "load", "outbox", "settle", "apply", "update", "profile", "log",
    ];
    for method in methods {
        let server = Server::default();
        let device = Device::new(&server, 1);
        let id = device.log(78_200);
        for times in 1..4 {
            device.store.fail(method, times);
            let report = device.tick();
            if let TickOutcome::Failed(failure) = &report.outcome {
                assert_eq!(failure.kind, FailureKind::Storage, "{method}");
                let wait = wait_ms(&device, &report);
                assert!((200..=15_000).contains(&wait), "{method} {times}: {wait}");
            }
        }
        device.store.fail(method, 0);
        device.sync();
        assert_eq!(device.rows(), [(78_200, "synced")], "{method}");
        assert_eq!(
            server.metric(id).unwrap().version,
            2,
            "{method}: it took effect once"
        );
    }
}

#[test]
fn where_not_even_the_failure_can_be_stored_the_next_tick_comes_after_a_wait() {
    // It used to come at once, and at once again.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    device.store.fail("update", 1_000);
    let mut report = device.tick();
    for _ in 0..20 {
        assert_eq!(failure_code(&report), "storage");
        assert!(wait_ms(&device, &report) >= 200);
        report = device.wake(&report);
    }
}

#[test]
fn an_edit_that_can_not_be_stored_is_said_to_the_caller_and_leaves_nothing() {
    let device = Device::new(&Server::default(), 1);
    let id = device.log(78_200);
    let entry = device.entry(id);
    device.store.fail("commit", 1);
    assert!(run(device.engine.edit(&entry, weight(80_000))).is_err());
    assert_eq!(device.rows(), [(78_200, "pending")]);
}

#[test]
fn the_log_tells_what_happened_and_keeps_quiet_when_nothing_did() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let before = run(device.engine.sync_log(100)).unwrap().len();
    device.tick_by_timer();
    assert_eq!(run(device.engine.sync_log(100)).unwrap().len(), before);
    device.log(78_200);
    device.tick_by_timer();
    device.tick();
    let log = run(device.engine.sync_log(100)).unwrap();
    assert_eq!(log.len(), before + 2);
    assert_eq!(
        (
            log[1].trigger.as_str(),
            log[1].sent,
            log[1].outcome.as_str()
        ),
        ("interval", 1, "ok")
    );
    assert_eq!((log[0].trigger.as_str(), log[0].sent), ("manual", 0));
}
