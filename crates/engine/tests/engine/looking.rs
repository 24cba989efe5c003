//! After a sync: what differs from the server is found and mended, and devices are asked how far they are.

use crate::server::{Fault, Server, problem};
use crate::world::Device;
use tidemark_engine::page::PageKey;
use tidemark_engine::ports::{Delta, DeltaRows};
use tidemark_engine::proof::Healing;
use tidemark_engine::{Answer, Clock, Engine, Platform, Store, TickOutcome, Trigger};
use tidemark_protocol::{DeviceInfo, Metric, Timestamp, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::{
    MemoryLock, SeededEntropy, ShakyStore, SwitchedNetwork, VirtualClock, samples,
};

/// How often the server was asked for something that begins so.
fn asked(server: &Server, path: &str) -> usize {
    server.with(|state| {
        let asked = state.asked.iter();
        asked
            .filter(|request| request.path.starts_with(path))
            .count()
    })
}

/// Puts rows into the device's store in the place of those of a month, as a broken disk would.
fn corrupt(device: &Device, rows: Vec<Metric>) {
    let healing = Healing {
        from: device.state().cursor,
        keys: [PageKey::of(&samples::metric(1, 0, 1))].into(),
        rows,
        head: u64::MAX,
    };
    run(device.store.heal(&healing)).unwrap();
}

fn server_with_rows() -> Server {
    let server = Server::default();
    server.add_user(samples::person(), &UserPatch::default());
    for number in 1..=3 {
        server.put(&samples::metric(number, 0, 0));
    }
    server
}

#[test]
fn two_sides_that_hold_the_same_are_said_to_be_identical() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    device.tick();
    let proof = device.state().proof.unwrap();
    assert!(proof.is_identical());
    assert_eq!(
        (proof.at, proof.rows, proof.healed),
        (device.clock.now(), 3, 0)
    );
}

#[test]
fn a_month_that_differs_is_pulled_again_and_logged() {
    let server = server_with_rows();
    let held = |number| server.metric(samples::entity(number)).unwrap();
    let old = Metric {
        version: 1,
        ..held(2)
    };
    let stray = samples::metric(9, 0, 2);
    for (what, rows) in [
        ("a row is missing", vec![held(1), held(2)]),
        ("a row is too much", vec![held(1), held(2), held(3), stray]),
        ("a row is old", vec![held(1), old, held(3)]),
        ("all is gone", vec![]),
    ] {
        let device = Device::synced(&server, 1);
        corrupt(&device, rows);
        let report = device.tick();
        assert_eq!(report.outcome, TickOutcome::Done);
        assert!(report.changed && report.received > 0, "{what}");
        let mut shown = device.rows();
        shown.sort_unstable();
        let all = [(70_001, "synced"), (70_002, "synced"), (70_003, "synced")];
        assert_eq!(shown, all, "{what}");
        let proof = device.state().proof.unwrap();
        assert!(
            proof.is_identical() && proof.healed == 1,
            "{what}: {proof:?}"
        );
        let log = run(device.engine.sync_log(10)).unwrap();
        assert!(log.iter().any(|line| line.outcome == "healed"), "{what}");
    }
}

#[test]
fn unsent_rows_survive_healing() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    corrupt(&device, vec![]);
    server.always(Some(("POST /v1/metrics/batch", Fault::NoAnswer)));
    let id = device.log(71_000);
    device.tick();
    assert_eq!(
        device.rows(),
        [(71_000, "pending")],
        "no end, no comparison"
    );
    server.always(None);
    device.sync();
    assert_eq!(device.rows().len(), 4);
    assert_eq!(device.entry(id).status.as_str(), "synced");
}

#[test]
fn what_another_device_does_meanwhile_is_no_difference() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    let before = device.state().proof;
    device.clock.advance(1);
    let other = server.clone();
    device.store.before("profile", move || {
        other.put(&samples::metric(7, 0, 0));
    });
    // Put in after the pull and before the digests: the counter tells.
    let pulled = |device: &Device| device.rows().len();
    device.tick();
    let is_old = device.state().proof == before;
    let is_whole = pulled(&device) == 4;
    assert!(is_old || is_whole, "nothing is said of what has moved on");
    device.tick();
    assert_eq!(pulled(&device), 4);
    let log = run(device.engine.sync_log(50)).unwrap();
    assert!(log.iter().all(|line| line.outcome != "healed"));
}

#[test]
fn a_row_that_another_tab_has_just_settled_is_no_difference() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    let state = device.state();
    let ahead = Delta {
        rows: DeltaRows::Metrics(vec![samples::metric(8, 0, 99)]),
        from: state.cursor.clone(),
        next: state.cursor.clone().unwrap(),
        head: state.head,
        epoch: state.epoch.clone().unwrap(),
        has_more: false,
    };
    run(device.store.apply(&ahead)).unwrap();
    device.clock.advance(1);
    device.tick();
    assert_eq!(device.state().proof, state.proof, "nothing was compared");
    assert_eq!(device.rows().len(), 4);
}

#[test]
fn by_itself_it_compares_no_more_often_than_every_ten_minutes() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    server.with(|state| state.asked.clear());
    for (minutes, times) in [(1, 0), (8, 0), (2, 1), (1, 1)] {
        device.clock.advance(minutes * 60_000);
        device.tick_by_timer();
        assert_eq!(
            asked(&server, "/v1/digests"),
            times,
            "after {minutes} minutes more"
        );
    }
    device.tick();
    assert_eq!(asked(&server, "/v1/digests"), 2, "somebody asked");
}

#[test]
fn a_server_that_can_not_compare_is_no_failure_but_its_wish_for_a_pause_counts() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    server.always(Some(("GET /v1/digests", Fault::NoAnswer)));
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(device.state().failure, None);
    let busy = Answer {
        retry_after_s: Some(40),
        ..problem(429, "rate_limited")
    };
    server.always(Some(("GET /v1/digests", Fault::Instead(busy))));
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    let until = device.clock.now().plus_millis(40_000);
    assert_eq!(device.state().not_before, Some(until));
    assert_eq!(device.tick().outcome, TickOutcome::Waiting);
}

#[test]
fn devices_are_asked_for_until_all_that_are_around_have_come_along() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    let listed = |acknowledged_version| DeviceInfo {
        device_id: samples::device(),
        name: Some("Tablet".to_owned()),
        created_at: samples::NOON,
        last_seen_at: Timestamp(samples::NOON.millis() + 1),
        acknowledged_version,
    };
    server.with(|state| {
        state.devices = vec![listed(1)];
        state.asked.clear();
    });
    device.tick_by_timer();
    assert_eq!(device.state().devices, [listed(1)]);
    server.with(|state| state.devices = vec![listed(state.data.head)]);
    device.tick_by_timer();
    device.tick_by_timer();
    assert_eq!(asked(&server, "/v1/devices"), 2, "then no more");
    device.log(71_000);
    device.sync();
    assert_eq!(asked(&server, "/v1/devices"), 3);
}

/// A home that only carries messages, as the service worker.
struct Courier;

impl Platform for Courier {
    type Store = ShakyStore;
    type Transport = Server;
    type Network = SwitchedNetwork;
    type Clock = VirtualClock;
    type Entropy = SeededEntropy;
    type Lock = MemoryLock;
    const LOOKS_AROUND: bool = false;
}

#[test]
fn a_home_that_only_carries_messages_sends_and_pulls_and_leaves_the_look_around_to_the_next() {
    let server = server_with_rows();
    let device = Device::synced(&server, 1);
    device.log(78_000);
    server.put(&samples::metric(4, 0, 0));
    let courier: Engine<Courier> = Engine::new(
        device.store.clone(),
        server.clone(),
        SwitchedNetwork::new(true),
        device.clock.clone(),
        SeededEntropy::new(2),
        MemoryLock::default(),
    );
    let report = run(courier.tick(Trigger::Manual));
    assert_eq!((report.sent, report.received), (1, 1));
    assert_eq!(report.outcome, TickOutcome::Done);
    let looks = || (asked(&server, "/v1/digests"), asked(&server, "/v1/devices"));
    assert_eq!(looks(), (0, 0));
    device.tick();
    assert_ne!(looks(), (0, 0), "the page makes up for it");
}
