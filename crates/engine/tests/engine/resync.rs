//! When a cursor no longer holds: everything is pulled anew, and nothing unsent is lost.

use crate::server::{Fault, Server, Verdict, problem};
use crate::world::{Device, failure_code, wait_ms};
use tidemark_engine::TickOutcome;
use tidemark_protocol::{Metric, Patch, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

pub fn named(name: &str) -> UserPatch {
    UserPatch {
        name: Patch::Set(name.to_owned()),
        ..UserPatch::default()
    }
}

/// A device that holds five rows of another's, and a server that has forgotten where the device stood.
fn behind_the_horizon() -> (Server, Device, Vec<Metric>) {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows: Vec<Metric> = (1..=5)
        .map(|number| samples::metric(number, 0, 0))
        .collect();
    for row in &rows {
        server.put(row);
    }
    device.sync();
    assert_eq!(device.rows().len(), 5);
    server.with(|state| {
        state.data.metrics.remove(&rows[0].id);
        state.data.metrics.remove(&rows[1].id);
        state.data.metrics.remove(&rows[2].id);
        state.data.head += 10;
        state.horizon = state.data.head;
    });
    (server, device, rows)
}

#[test]
fn behind_the_horizon_clean_rows_that_do_not_come_again_are_dropped_and_unsent_ones_stay() {
    let (server, device, rows) = behind_the_horizon();
    device.edit(rows[1].id, 90_000);
    run(device.engine.delete(&device.entry(rows[2].id))).unwrap();
    let new = device.log(95_000);
    run(device.engine.import(&[samples::metric(77, -1, 0)])).unwrap();
    // They can't be sent before the resync.
    server.with(|state| {
        for id in [rows[1].id, rows[2].id, new, samples::entity(77)] {
            state.verdicts.insert(id, Verdict::Retry(None));
        }
    });
    device.tick();
    let mut shown = device.rows();
    shown.sort_unstable();
    assert_eq!(
        shown,
        [
            (70_004, "synced"),
            (70_005, "synced"),
            (70_077, "pending"),
            (90_000, "pending"),
            (95_000, "pending"),
        ]
    );
    server.with(|state| state.verdicts.clear());
    device.sync();
    assert!(
        device.rows().iter().all(|row| row.1 == "synced"),
        "{:?}",
        device.rows()
    );
    let edited = server.metric(rows[1].id).unwrap();
    assert_eq!(
        (edited.weight.get(), edited.height),
        (90_000, rows[1].height),
        "whole again"
    );
    assert_eq!(server.living(), 5);
}

#[test]
fn the_generation_takes_its_place_at_once_or_not_at_all() {
    for (method, route) in [
        ("replace_all", ""),
        ("", "GET /v1/metrics?limit"),
        ("settle", ""),
    ] {
        let (server, device, rows) = behind_the_horizon();
        device.edit(rows[1].id, 90_000);
        server.with(|state| state.verdicts.insert(rows[1].id, Verdict::Retry(None)));
        if method == "settle" {
            // The batch's own settlement goes through first.
            server.with(|state| state.verdicts.clear());
        }
        device.store.fail(method, 1);
        if !route.is_empty() {
            server.next(route, Fault::NoAnswer);
        }
        let report = device.tick();
        assert!(
            matches!(report.outcome, TickOutcome::Failed(_)),
            "{method}{route}"
        );
        assert_eq!(device.rows().len(), 5, "{method}{route}: as before");
        server.with(|state| state.verdicts.clear());
        device.wake(&report);
        device.sync();
        assert_eq!(device.rows().len(), 3, "{method}{route}");
    }
}

#[test]
fn pulling_goes_on_from_the_new_generation() {
    let (server, device, _) = behind_the_horizon();
    device.sync();
    server.put(&samples::metric(50, 0, 0));
    server.take_asked();
    device.tick();
    assert_eq!(device.rows().len(), 3);
    let asked = server.take_asked();
    assert!(asked[0].0.contains("since="), "{asked:?}");
}

#[test]
fn a_person_who_does_not_come_again_but_of_whom_something_waits_is_queued_again() {
    let (server, device, _) = behind_the_horizon();
    server.with(|state| state.data.users.clear());
    let id = device.log(78_200);
    server.with(|state| state.verdicts.insert(id, Verdict::Retry(None)));
    device.tick();
    server.with(|state| state.verdicts.clear());
    device.sync();
    assert!(server.metric(id).is_some());
    assert_eq!(device.outbox(), []);
}

#[test]
fn a_deleted_person_is_not_brought_back_to_life() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let bob = server.add_user(samples::entity(0xb0b), &named("Bob"));
    let backup = server.with(|state| state.data.clone());
    device.sync();
    let gone = UserPatch {
        deleted_at: Patch::Set(samples::NOON),
        ..UserPatch::default()
    };
    let known = device.again(2);
    run(known.engine.save_person(Some(&bob), gone)).unwrap();
    known.sync();
    server.restore(backup);
    known.sync();
    assert!(server.with(|state| state.data.users[&bob.id].deleted_at.is_some()));
}

#[test]
fn a_bad_cursor_leads_to_a_resync_too() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    server.put(&samples::metric(1, 0, 0));
    server.next(
        "GET /v1/metrics",
        Fault::Instead(problem(400, "bad_cursor")),
    );
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(device.rows().len(), 1);
}

#[test]
fn a_server_that_asks_for_one_resync_after_another_is_asked_once_a_minute() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    server.always(Some((
        "GET /v1/metrics?since",
        Fault::Instead(problem(410, "resync_required")),
    )));
    let report = device.tick();
    assert_eq!(failure_code(&report), "resync_required");
    assert_eq!(wait_ms(&device, &report), 60_000);
    let full = |server: &Server| {
        let asked = server.take_asked();
        asked
            .iter()
            .filter(|(route, _)| route.starts_with("GET /v1/metrics?limit"))
            .count()
    };
    assert_eq!(full(&server), 1);
    assert_eq!(device.tick().outcome, TickOutcome::Waiting);
    let id = device.log(78_200);
    device.wake(&report);
    assert_eq!(full(&server), 1);
    assert!(
        server.metric(id).is_some(),
        "what waits goes up all the same"
    );
}
