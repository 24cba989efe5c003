//! Mending what was refused: one new edit takes the place of all that waited on its record.

use crate::server::{Server, Verdict};
use crate::world::{Device, grams, weight};
use tidemark_engine::outbox::EntryKind;
use tidemark_engine::{Reading, TickOutcome};
use tidemark_protocol::{AppModelPatch, MetricPatch, Patch, Units, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

#[test]
fn mending_replaces_all_waiting_edits_of_the_record_by_one() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    device.edit(id, 71_100);
    let other = device.log(72_000);
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    let refused: Vec<_> = device.outbox().iter().map(|entry| entry.op_id).collect();
    server.with(|state| state.verdicts.clear());

    device.edit(id, 71_200);

    let outbox = device.outbox();
    assert_eq!(outbox.len(), 1);
    assert!(
        !refused.contains(&outbox[0].op_id),
        "a new edit has a new name"
    );
    assert!(!outbox[0].parked);
    assert_eq!(device.entry(id).status.as_str(), "pending");
    device.sync();
    assert_eq!(server.metric(id).unwrap().weight.get(), 71_200);
    assert_eq!(device.entry(other).status.as_str(), "synced");
}

#[test]
fn mending_keeps_what_the_refused_edits_said_of_other_fields_clearing_included() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let reading = Reading {
        weight: grams(70_000),
        height: None,
        note: Some("after a run".to_owned()),
        created_at: samples::NOON,
        utc_offset: None,
    };
    let id = run(device.engine.log(None, reading)).unwrap().metric.id;
    device.sync();
    let cleared = MetricPatch {
        note: Patch::Clear,
        utc_offset: Patch::Set(60),
        ..MetricPatch::default()
    };
    run(device.engine.edit(&device.entry(id), cleared)).unwrap();
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    server.with(|state| state.verdicts.clear());
    device.edit(id, 70_500);
    device.sync();
    let there = server.metric(id).unwrap();
    assert_eq!(
        (there.weight.get(), there.note, there.utc_offset),
        (70_500, None, Some(60))
    );
}

#[test]
fn a_refused_record_can_be_deleted() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    server.with(|state| state.verdicts.clear());
    run(device.engine.delete(&device.entry(id))).unwrap();
    assert_eq!(device.rows(), []);
    device.sync();
    assert_eq!((device.outbox().len(), server.living()), (0, 0));
}

#[test]
fn what_is_mended_is_decided_by_what_is_stored_and_not_by_what_a_screen_shows() {
    // A screen that had not yet heard of the refusal used to queue its edit behind the parked one for ever.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    let shown = device.entry(id);
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    server.with(|state| state.verdicts.clear());
    run(device.engine.edit(&shown, weight(71_500))).unwrap();
    device.sync();
    assert_eq!(device.rows(), [(71_500, "synced")]);
}

#[test]
fn what_a_person_writes_over_a_refused_offer_is_no_offer() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let backup = server.with(|state| state.data.clone());
    let row = samples::metric(7, 0, 0);
    server.put(&row);
    device.sync();
    server.restore(backup);
    server.with(|state| {
        state
            .verdicts
            .insert(row.id, Verdict::Reject("invalid_field"))
    });
    device.sync();
    assert!(device.outbox()[0].payload.contains("lost_version"));
    server.with(|state| state.verdicts.clear());
    device.edit(row.id, 80_000);
    assert!(!device.outbox()[0].payload.contains("lost_version"));
    device.sync();
    assert_eq!(server.metric(row.id).unwrap().weight.get(), 80_000);
}

#[test]
fn a_refused_description_of_a_person_is_mended_by_the_next() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let person = || run(device.engine.profile()).unwrap().people.remove(0);
    let named = |name: &str| UserPatch {
        name: Patch::Set(name.to_owned()),
        ..UserPatch::default()
    };
    let bad = UserPatch {
        height: Patch::Set(tidemark_domain::length::Millimetres::new(1_800).unwrap()),
        ..named("refuse me")
    };
    run(device.engine.save_person(Some(&person().user), bad)).unwrap();
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(person().status.as_str(), "failed");

    run(device
        .engine
        .save_person(Some(&person().user), named("Ada")))
    .unwrap();
    device.sync();

    assert_eq!(device.outbox(), []);
    let there = server.with(|state| state.data.users[&samples::person()].clone());
    assert_eq!(there.name.as_deref(), Some("Ada"));
    assert_eq!(
        there.height.map(tidemark_domain::length::Millimetres::get),
        Some(1_800)
    );
}

#[test]
fn a_refused_setting_is_mended_by_the_next() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let bad = AppModelPatch {
        language: Patch::Set("refuse me".to_owned()),
        units: Patch::Set(Units::Stone),
        ..AppModelPatch::default()
    };
    run(device.engine.save_settings(0, bad)).unwrap();
    device.tick();
    assert!(device.outbox()[0].parked);
    let good = AppModelPatch {
        language: Patch::Set("de".to_owned()),
        ..AppModelPatch::default()
    };
    run(device.engine.save_settings(0, good)).unwrap();
    device.sync();
    let model = server.with(|state| state.data.model.clone());
    assert_eq!(
        (model.language.as_deref(), model.units),
        (Some("de"), Some(Units::Stone))
    );
    assert_eq!(device.outbox(), []);
}

#[test]
fn a_new_persons_refused_description_does_not_hold_back_their_measurements() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    let patch = UserPatch {
        name: Patch::Set("refuse me".to_owned()),
        ..UserPatch::default()
    };
    run(device.engine.save_person(None, patch)).unwrap();
    device.log(71_000);
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(device.rows(), [(71_000, "synced")]);
    let left = device.outbox();
    assert_eq!(
        (left.len(), left[0].kind, left[0].parked),
        (1, EntryKind::UpdateUser, true)
    );
}
