//! What screens show of pages and outbox.

use crate::server::{Fault, Server, Verdict, html, problem};
use crate::world::{Device, weight};
use tidemark_engine::NetworkInfo;
use tidemark_engine::view::{ChipState, Entry};
use tidemark_protocol::{EntityId, Metric, MetricPatch, Patch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

/// A device that has pulled a row for each of these numbers of days before noon.
fn with_rows(days: &[i64]) -> (Server, Device) {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    for (number, days) in (1..).zip(days) {
        server.put(&samples::metric(number, -24 * days, 0));
    }
    device.sync();
    (server, device)
}

fn newest(device: &Device, count: usize) -> Vec<Entry> {
    run(device.engine.newest(samples::person(), count)).unwrap()
}

#[test]
fn everything_is_shown_by_time_then_id_newest_first() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    for (number, hours) in [(3, 0), (1, 0), (2, -5), (9, -2_000)] {
        server.put(&samples::metric(number, hours, 0));
    }
    device.sync();
    device.clock.advance(-3_600_000);
    let own = device.log(78_200);
    let ids: Vec<EntityId> = device.shown().iter().map(|entry| entry.metric.id).collect();
    let [three, one, two, nine] = [3, 1, 2, 9].map(samples::entity);
    assert_eq!(ids, [three, one, own, two, nine]);
}

#[test]
fn the_newest_are_the_beginning_of_all() {
    let (_, device) = with_rows(&[0, 1, 40, 41, 80, 200]);
    let all = device.shown();
    for count in 1..=7 {
        let newest = newest(&device, count);
        assert!(newest.len() >= count.min(6), "{count}");
        assert_eq!(newest, all[..newest.len()], "{count}");
    }
}

#[test]
fn the_newest_are_right_under_unsent_deletions_and_edits_of_rows_in_older_months() {
    let (_, device) = with_rows(&[0, 40, 80]);
    // The only row of the newest month is deleted: the older ones used to be missing.
    let first = device.shown().remove(0);
    run(device.engine.delete(&first)).unwrap();
    assert_eq!(newest(&device, 1)[0].metric.id, samples::entity(2));
    // A row of the oldest month is moved to the top: it used to be left out.
    let moved = MetricPatch {
        created_at: Some(samples::NOON),
        ..weight(90_000)
    };
    run(device.engine.edit(&device.entry(samples::entity(3)), moved)).unwrap();
    let shown = newest(&device, 1);
    assert_eq!(shown[0].metric.weight.get(), 90_000);
    assert!(shown[0].metric.version > 0, "with the version it stands on");
}

#[test]
fn an_imported_row_that_is_moved_to_the_top_is_shown_whole() {
    let (_, device) = with_rows(&[0]);
    let old = samples::metric(50, -24 * 90, 0);
    run(device.engine.import(std::slice::from_ref(&old))).unwrap();
    let moved = MetricPatch {
        created_at: Some(samples::NOON.plus_millis(60_000)),
        ..weight(90_000)
    };
    run(device.engine.edit(&device.entry(old.id), moved)).unwrap();
    let shown = newest(&device, 1).remove(0).metric;
    assert_eq!(
        (shown.id, shown.weight.get(), shown.height),
        (old.id, 90_000, old.height)
    );
}

#[test]
fn other_peoples_entries_are_not_shown() {
    let (server, device) = with_rows(&[0]);
    let other = samples::entity(0xb0b);
    server.put(&Metric {
        user_id: other,
        ..samples::metric(50, 0, 0)
    });
    device.sync();
    let reading = tidemark_engine::Reading {
        weight: crate::world::grams(60_000),
        height: None,
        note: None,
        created_at: samples::NOON,
        utc_offset: None,
    };
    run(device.engine.log(Some(other), reading)).unwrap();
    assert_eq!(device.rows().len(), 1);
    assert_eq!(run(device.engine.history(other)).unwrap().len(), 2);
}

#[test]
fn an_edit_shows_at_once_with_the_bmi_that_follows_from_it() {
    let (_, device) = with_rows(&[0]);
    let before = device.shown().remove(0).metric;
    device.edit(before.id, 90_000);
    let after = device.shown().remove(0).metric;
    let expected = tidemark_domain::bmi::bmi(after.weight, after.height.unwrap());
    assert_eq!(after.bmi, Some(expected));
    assert_ne!(after.bmi, before.bmi);
    let clear = MetricPatch {
        height: Patch::Clear,
        ..MetricPatch::default()
    };
    run(device.engine.edit(&device.entry(before.id), clear)).unwrap();
    assert_eq!(device.shown()[0].metric.height, None);
}

#[test]
fn a_lost_conflict_is_kept_with_the_values_that_lost() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    device.sync();
    device.edit(id, 80_000);
    server.next(
        crate::server::BATCH,
        crate::server::Fault::Instead(superseded(&device, &server.metric(id).unwrap())),
    );
    device.tick();
    let conflicts = run(device.engine.conflicts(10)).unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].entity_id, id);
    let ours: MetricPatch = serde_json::from_str(&conflicts[0].ours).unwrap();
    assert_eq!(
        ours.weight.map(tidemark_domain::mass::Grams::get),
        Some(80_000)
    );
    assert_eq!(conflicts[0].row.as_ref().unwrap().weight.get(), 60_000);
    assert_eq!(device.rows(), [(60_000, "synced")]);
}

fn superseded(device: &Device, row: &Metric) -> tidemark_engine::Answer {
    let theirs = Metric {
        version: row.version + 5,
        ..row.clone().patched(&weight(60_000))
    };
    let body = serde_json::json!({
        "results": [{
            "local_id": 1, "op_id": device.outbox()[0].op_id, "status": "superseded",
            "conflict": true, "metric": theirs,
        }],
        "head": 9, "epoch": "e1", "server_time": samples::NOON, "backoff_s": 0,
    });
    tidemark_engine::Answer {
        status: 200,
        protocol: Some("1".to_owned()),
        content_type: Some("application/json".to_owned()),
        retry_after_s: None,
        body: body.to_string(),
    }
}

#[test]
fn the_chip_says_what_a_person_has_to_know() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    let chip = |syncing, online| run(device.engine.overview()).unwrap().chip(syncing, online);
    assert_eq!(chip(false, true), ChipState::Local);
    let id = device.log(78_200);
    server.with(|state| state.verdicts.insert(id, Verdict::Retry(None)));
    device.tick();
    assert_eq!(chip(true, true), ChipState::Syncing);
    assert_eq!(chip(false, true), ChipState::Error);
    assert_eq!(chip(false, false), ChipState::Offline);
    server.with(|state| state.verdicts.clear());
    device.sync();
    assert_eq!(chip(false, true), ChipState::Synced);
    device.log(78_300);
    assert_eq!(chip(false, true), ChipState::Pending);
}

#[test]
fn what_is_known_of_the_network_comes_from_attempts_and_only_between_them_from_the_browser() {
    let known = |fault: Option<Fault>, believes_online: bool| {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        server.always(fault.map(|fault| ("", fault)));
        device.tick();
        run(device.engine.overview())
            .unwrap()
            .network(believes_online)
    };
    let table = [
        (None, true, NetworkInfo::Reached),
        (None, false, NetworkInfo::NoNetwork),
        (Some(Fault::NoAnswer), true, NetworkInfo::NoAnswer),
        (Some(Fault::NoAnswer), false, NetworkInfo::NoNetwork),
        (
            Some(Fault::Instead(html(200))),
            true,
            NetworkInfo::Intercepted,
        ),
        (
            Some(Fault::Instead(html(302))),
            true,
            NetworkInfo::Intercepted,
        ),
        (Some(Fault::Instead(html(502))), true, NetworkInfo::Trouble),
        (
            Some(Fault::Instead(problem(503, "overloaded"))),
            true,
            NetworkInfo::Trouble,
        ),
        (
            Some(Fault::Instead(problem(401, "token_expired"))),
            true,
            NetworkInfo::Reached,
        ),
    ];
    for (fault, believes_online, expected) in table {
        let found = known(fault.clone(), believes_online);
        assert_eq!(found, expected, "{fault:?} {believes_online}");
    }
    let untried = Device::new(&Server::default(), 1);
    let overview = run(untried.engine.overview()).unwrap();
    assert_eq!(overview.network(true), NetworkInfo::Untried);
}
