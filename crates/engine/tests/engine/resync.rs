//! When a cursor no longer holds: everything is pulled anew, and nothing unsent is lost.

use crate::server::{Fault, Server, Verdict, problem};
use crate::world::{Device, failure_code, wait_ms, weight};
use tidemark_engine::ports::{Delta, DeltaRows};
use tidemark_engine::{Store, TickOutcome};
use tidemark_protocol::{AppModelPatch, Metric, Patch, Units, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

fn named(name: &str) -> UserPatch {
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
