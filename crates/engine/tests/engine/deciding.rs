//! Conflicts that this device was told of: what the other side was, and what a person or a rule makes of them.

use crate::server::Server;
use crate::world::{Device, grams};
use serde_json::{Map, json};
use tidemark_engine::conflicts::{Decision, Policy, Side};
use tidemark_engine::{Clock, TickOutcome};
use tidemark_protocol::{DeviceId, EntityId, HistoryEntry, HistoryReason, HistoryResponse, Metric};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

fn tablet() -> DeviceId {
    DeviceId::parse("tablet").unwrap()
}

/// Lets the server tell that the device's next edit of the record overruled another device's weight.
fn contest(server: &Server, device: &Device, id: EntityId, overruled: f64) {
    let own = device.state().device_id;
    server.with(|state| {
        state.contested.insert(id);
        let at = |version| samples::NOON.plus_millis(i64::try_from(version).unwrap());
        let entry = |version, by: &DeviceId, reason| HistoryEntry {
            version,
            at: at(version),
            by: Some(by.clone()),
            reason,
            values: Map::from_iter([("weight".to_owned(), json!(overruled))]),
        };
        let head = state.data.head;
        let entries = vec![
            entry(head + 1, &own, HistoryReason::Conflict),
            entry(head, &tablet(), HistoryReason::Replaced),
        ];
        state.past.insert(id, HistoryResponse { entries });
    });
}

/// A device whose edit to 72 kg overruled the tablet's 71 kg.
fn overruler(server: &Server, policy: Policy) -> (Device, EntityId) {
    let device = Device::synced(server, 1);
    run(device.engine.choose_policy(policy)).unwrap();
    let id = device.log(70_000);
    device.sync();
    contest(server, &device, id, 71.0);
    server.with(|state| state.writer = Some(device.state().device_id));
    device.edit(id, 72_000);
    (device, id)
}

/// A device whose edit to 72 kg lost against the tablet's 71 kg.
fn loser(server: &Server, policy: Policy) -> (Device, EntityId) {
    let device = Device::synced(server, 1);
    run(device.engine.choose_policy(policy)).unwrap();
    let id = device.log(70_000);
    device.sync();
    device.edit(id, 72_000);
    let kept = Metric {
        weight: grams(71_000),
        ..server.metric(id).unwrap()
    };
    server.with(|state| {
        state.contested.insert(id);
        state.writer = Some(tablet());
        state.stands = Some(kept);
    });
    device.tick();
    server.with(|state| {
        state.contested.clear();
        state.stands = None;
        state.writer = None;
    });
    (device, id)
}

fn only(device: &Device) -> Decision {
    let decisions = run(device.engine.decisions(10)).unwrap();
    let [decision] = <[Decision; 1]>::try_from(decisions).expect("one decision");
    decision
}

fn other_grams(decision: &Decision) -> u32 {
    match &decision.other {
        Side::Row(row) => row.weight.get(),
        other => panic!("no row but {other:?}"),
    }
}

#[test]
fn what_an_edit_has_overruled_is_asked_for_after_the_sync() {
    let server = Server::default();
    let (device, _) = overruler(&server, Policy::LatestEdit);
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    let decision = only(&device);
    assert!(decision.is_ours);
    assert_eq!(decision.row.weight.get(), 72_000);
    assert_eq!(
        (other_grams(&decision), decision.by),
        (71_000, Some(tablet()))
    );
    assert_eq!(device.outbox(), [], "the later edit stands");
}

#[test]
fn an_edit_that_lost_is_kept_as_the_other_side() {
    let server = Server::default();
    let (device, _) = loser(&server, Policy::LatestEdit);
    let decision = only(&device);
    assert!(!decision.is_ours);
    assert_eq!(decision.row.weight.get(), 71_000);
    assert_eq!(other_grams(&decision), 72_000);
    assert_eq!(decision.by, Some(device.state().device_id));
}

#[test]
fn a_preferred_device_gets_its_value_back_by_an_ordinary_edit() {
    let server = Server::default();
    let (device, id) = overruler(&server, Policy::Prefer(tablet()));
    assert_eq!(device.tick().outcome, TickOutcome::More);
    server.with(|state| state.contested.clear());
    device.sync();
    assert_eq!(server.metric(id).unwrap().weight.get(), 71_000);
    assert_eq!(device.entry(id).metric.weight.get(), 71_000);
}

#[test]
fn a_rule_leaves_alone_what_was_edited_since() {
    let server = Server::default();
    let (device, id) = overruler(&server, Policy::Prefer(tablet()));
    // Written while the sync runs, after the edit was settled.
    let (again, clock) = (device.again(2), device.clock.clone());
    device.store.before("conflicts", move || {
        clock.set(clock.now().plus_millis(5));
        again.edit(id, 73_000);
    });
    device.tick();
    server.with(|state| state.contested.clear());
    device.sync();
    assert_eq!(server.metric(id).unwrap().weight.get(), 73_000);
}

#[test]
fn one_tap_takes_the_other_side_or_keeps_both_or_lets_it_stand() {
    for (what, weights) in [
        ("take", vec![72_000]),
        ("both", vec![71_000, 72_000]),
        ("stand", vec![71_000]),
    ] {
        let server = Server::default();
        let (device, id) = loser(&server, Policy::AskMe);
        let decision = only(&device);
        match what {
            "take" => run(device.engine.take_other(&decision)).unwrap(),
            "both" => run(device.engine.keep_both(&decision)).unwrap(),
            _ => run(device.engine.let_stand(&decision)).unwrap(),
        }
        assert_eq!(run(device.engine.decisions(10)).unwrap(), [], "{what}");
        device.sync();
        let mut there: Vec<u32> = device.rows().iter().map(|row| row.0).collect();
        there.sort_unstable();
        assert_eq!(there, weights, "{what}");
        let on_server = server.metric(id).unwrap().weight.get();
        assert_eq!(
            on_server,
            if what == "take" { 72_000 } else { 71_000 },
            "{what}"
        );
    }
}

#[test]
fn an_edit_that_two_tabs_sent_is_shown_once_and_goes_as_a_whole() {
    let server = Server::default();
    let (device, _) = loser(&server, Policy::LatestEdit);
    let decision = only(&device);
    let twice = tidemark_engine::settle::Settlement {
        conflicts: vec![tidemark_engine::conflicts::Conflict {
            at: device.clock.now().plus_millis(9),
            ..decision.conflict.clone()
        }],
        ..tidemark_engine::settle::Settlement::at(samples::NOON)
    };
    run(tidemark_engine::Store::settle(&device.store, &twice)).unwrap();
    run(device.engine.let_stand(&only(&device))).unwrap();
    assert_eq!(run(device.engine.decisions(10)).unwrap(), []);
}

#[test]
fn earlier_values_are_told_with_the_edit_that_sets_them_again() {
    let server = Server::default();
    let (device, id) = overruler(&server, Policy::LatestEdit);
    device.sync();
    let told = run(device.engine.earlier_values(id)).unwrap();
    let (entry, patch) = &told[0];
    assert_eq!(entry.reason, HistoryReason::Conflict);
    run(device.engine.edit(&device.entry(id), patch.clone())).unwrap();
    assert_eq!(device.entry(id).metric.weight.get(), 71_000);
    server.always(Some(("GET ", crate::server::Fault::NoAnswer)));
    assert_eq!(
        run(device.engine.earlier_values(id)),
        None,
        "nobody can be asked"
    );
}
