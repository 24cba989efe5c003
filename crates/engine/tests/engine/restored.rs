//! When the server went back to a backup: the devices bring what it lost.

use crate::resync::named;
use crate::server::{Fault, Server, Verdict, problem};
use crate::world::{Device, weight};
use tidemark_engine::ports::{Delta, DeltaRows};
use tidemark_engine::settle::Settlement;
use tidemark_engine::{Store, TickOutcome};
use tidemark_protocol::{AppModel, AppModelPatch, Metric, Patch, Units};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

/// A server that went back to a backup taken before most of what the device holds.
struct Restored {
    server: Server,
    device: Device,
    /// In the backup, and changed after it.
    changed: Metric,
    /// Made after the backup.
    lost: Metric,
    /// In the backup, and deleted after it.
    deleted: Metric,
}

fn restored() -> Restored {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let changed = samples::metric(1, 0, 0);
    let deleted = samples::metric(3, -2, 0);
    server.put(&changed);
    server.put(&deleted);
    let backup = server.with(|state| state.data.clone());
    let lost = samples::metric(2, -1, 0);
    server.put(&lost);
    server.put(&changed.clone().patched(&weight(80_000)));
    device.sync();
    server.delete(deleted.id);
    server.with(|state| {
        state.data.head += 1;
        state.data.model.version = state.data.head;
        state.data.model.units = Some(Units::Stone);
    });
    server.add_user(samples::entity(0xb0b), &named("Bob"));
    let mut bobs = samples::metric(4, 0, 0);
    bobs.user_id = samples::entity(0xb0b);
    server.put(&bobs);
    let ada = run(device.engine.profile()).unwrap().people.remove(0);
    run(device.engine.save_person(Some(&ada.user), named("Ada"))).unwrap();
    device.sync();
    server.restore(backup);
    server.take_asked();
    Restored {
        server,
        device,
        changed,
        lost,
        deleted,
    }
}

#[test]
fn a_restored_server_is_healed_by_a_device_people_and_deletions_included() {
    let Restored {
        server,
        device,
        changed,
        lost,
        deleted,
    } = restored();
    device.sync();
    assert_eq!(server.metric(lost.id).unwrap().weight, lost.weight);
    assert_eq!(server.metric(changed.id).unwrap().weight.get(), 80_000);
    assert!(server.metric(deleted.id).unwrap().deleted_at.is_some());
    assert!(server.metric(samples::entity(4)).is_some());
    server.with(|state| {
        let name = |id| state.data.users[&id].name.clone();
        assert_eq!(name(samples::entity(0xb0b)).as_deref(), Some("Bob"));
        assert_eq!(
            name(samples::person()).as_deref(),
            Some("Ada"),
            "a changed person too"
        );
        assert_eq!(state.data.model.units, Some(Units::Stone));
    });
    assert_eq!(device.outbox(), []);
    assert_eq!(device.rows(), [(80_000, "synced"), (70_002, "synced")]);
    assert_eq!(run(device.engine.overview()).unwrap().question, None);
}

#[test]
fn settings_that_choose_a_person_whom_nobody_here_knows_come_back_without_them() {
    // They came with an answer while another device chose somebody new; offered as they were, all of them were refused.
    let Restored { server, device, .. } = restored();
    let settings = AppModel {
        active_user: Some(samples::entity(0xbad)),
        ..run(device.store.profile()).unwrap().app_model
    };
    let newer = Settlement {
        app_model: Some(AppModel {
            version: device.state().head,
            ..settings
        }),
        ..Settlement::at(samples::NOON)
    };
    run(device.store.settle(&newer)).unwrap();
    device.sync();
    assert_eq!(device.outbox(), []);
    server.with(|state| {
        assert_eq!(state.data.model.units, Some(Units::Stone));
        assert_eq!(state.data.model.active_user, None);
    });
}

#[test]
fn a_server_restored_while_a_device_pulls_anew_is_asked_what_it_lost() {
    // What used to happen: the cursor was too old, the server was restored before the device had pulled
    // everything anew, and rows of the lost life went without being offered.
    let Restored {
        server,
        device,
        lost,
        ..
    } = restored();
    let too_old = Fault::Instead(problem(410, "resync_required"));
    server.next("GET /v1/metrics", too_old);
    device.sync();
    assert!(server.with(|state| state.data.metrics.contains_key(&lost.id)));
}

#[test]
fn feeds_that_stand_in_two_lives_find_together_again() {
    // Two contexts at once, without a lock, stored a page of each life; every resync then called the server changing.
    let Restored {
        server,
        device,
        lost,
        ..
    } = restored();
    let before = device.state();
    let other = Device::synced(&server, 9);
    let ahead = other.state();
    let metrics = Delta {
        rows: DeltaRows::Metrics(Vec::new()),
        from: before.cursor.clone(),
        next: ahead.cursor.unwrap(),
        head: ahead.head,
        epoch: ahead.epoch.unwrap(),
        has_more: false,
    };
    let users = Delta {
        rows: DeltaRows::Users(Vec::new(), None),
        from: before.users_cursor.clone(),
        next: before.users_cursor.clone().unwrap(),
        head: before.head,
        epoch: before.epoch.unwrap(),
        has_more: false,
    };
    for page in [metrics, users] {
        run(device.store.apply(&page)).unwrap();
    }
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    device.sync();
    assert_eq!(device.state().epoch, other.state().epoch);
    assert_eq!(server.metric(lost.id).unwrap().weight, lost.weight);
}

#[test]
fn what_was_cleared_and_what_was_taken_back_is_offered_too() {
    // An offer used to leave out what the row does not have, so the backup's note and deletion came back.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let noted = Metric {
        note: Some("old".to_owned()),
        ..samples::metric(1, 0, 0)
    };
    let taken_back = samples::metric(2, -1, 0);
    server.put(&noted);
    server.put(&taken_back);
    server.delete(taken_back.id);
    let backup = server.with(|state| state.data.clone());
    for row in [&noted, &taken_back] {
        server.put(&Metric {
            note: None,
            ..row.clone()
        });
    }
    device.sync();
    server.restore(backup);
    device.sync();
    assert_eq!(server.metric(noted.id).unwrap().note, None);
    assert_eq!(server.metric(taken_back.id).unwrap().deleted_at, None);
}

#[test]
fn people_are_offered_before_rows_and_offers_say_which_version_was_lost() {
    let Restored {
        server,
        device,
        lost,
        ..
    } = restored();
    let version = device.entry(lost.id).metric.version;
    device.sync();
    let asked = server.take_asked();
    let place = |route: &str| asked.iter().position(|(asked, _)| asked == route);
    assert!(place("POST /v1/users") < place(crate::server::BATCH));
    let events = asked
        .iter()
        .filter_map(|(_, body)| body["events"].as_array());
    let offer = events
        .flatten()
        .find(|event| event["payload"]["id"] == lost.id.to_string())
        .unwrap();
    assert_eq!(offer["payload"]["lost_version"], version);
    let op = tidemark_protocol::OpId::for_offer(lost.id, version);
    assert_eq!(offer["op_id"], op.to_string());
}

#[test]
fn a_cut_while_healing_repeats_harmlessly() {
    for method in ["replace_all", "settle"] {
        let Restored {
            server,
            device,
            lost,
            ..
        } = restored();
        device.store.fail(method, 1);
        let report = device.tick();
        assert!(matches!(report.outcome, TickOutcome::Failed(_)), "{method}");
        let device = device.again(4);
        device.wake(&report);
        device.sync();
        assert!(server.metric(lost.id).is_some(), "{method}");
        assert_eq!(device.outbox(), [], "{method}");
        assert_eq!(
            device.rows(),
            [(80_000, "synced"), (70_002, "synced")],
            "{method}"
        );
    }
}

#[test]
fn an_unsent_edit_of_a_lost_row_stays_on_top_of_what_is_offered() {
    // The offer used to be queued behind the edit and to take its values back.
    let Restored {
        server,
        device,
        lost,
        changed,
        ..
    } = restored();
    device.edit(lost.id, 91_000);
    device.edit(changed.id, 92_000);
    for id in [lost.id, changed.id] {
        server.with(|state| state.verdicts.insert(id, Verdict::Retry(None)));
    }
    device.tick();
    assert_eq!(device.rows(), [(92_000, "pending"), (91_000, "pending")]);
    server.with(|state| state.verdicts.clear());
    device.sync();
    assert_eq!(server.metric(lost.id).unwrap().weight.get(), 91_000);
    assert_eq!(server.metric(changed.id).unwrap().weight.get(), 92_000);
    assert_eq!(device.rows(), [(92_000, "synced"), (91_000, "synced")]);
}

#[test]
fn a_waiting_setting_goes_behind_the_one_that_is_offered() {
    let Restored { server, device, .. } = restored();
    let base = run(device.engine.profile()).unwrap().app_model.version;
    let imperial = AppModelPatch {
        units: Patch::Set(Units::Imperial),
        ..AppModelPatch::default()
    };
    run(device.engine.save_settings(base, imperial)).unwrap();
    server.next(
        "PATCH /v1/app_model",
        Fault::Instead(crate::server::html(502)),
    );
    let report = device.tick();
    device.wake(&report);
    device.sync();
    assert_eq!(
        server.with(|state| state.data.model.units),
        Some(Units::Imperial)
    );
}
