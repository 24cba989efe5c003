//! The support report tells states and counts, and no value of anybody.

use crate::server::{Server, Verdict, problem};
use crate::world::{Device, grams};
use tidemark_engine::outbox::LastError;
use tidemark_engine::settle::Settlement;
use tidemark_engine::support::{Around, report};
use tidemark_engine::waiting::Scene;
use tidemark_engine::{Clock, Reading, Store};
use tidemark_protocol::{Patch, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

/// Nothing of what a person typed may look like this anywhere.
const CANARY: &str = "Kanarienvogel";
const CANARY_GRAMS: u32 = 123_457;

fn report_of(device: &Device) -> String {
    let overview = run(device.engine.overview()).unwrap();
    let outbox = device.outbox();
    let scene = Scene {
        overview: &overview,
        outbox: &outbox,
        is_online: true,
        now: device.clock.now(),
    };
    let around = Around {
        app_version: "0.9.1",
        browser: "Test 1.0",
        is_kept: Some(true),
        usage_bytes: Some(4711),
        conflicts: 2,
    };
    report(scene, around, &run(device.engine.sync_log(50)).unwrap())
}

#[test]
fn a_report_holds_no_value_not_even_in_the_servers_words() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let name = UserPatch {
        name: Patch::Set(CANARY.to_owned()),
        ..UserPatch::default()
    };
    run(device.engine.write(&device.engine.draft_person(None, name))).unwrap();
    let reading = Reading {
        weight: grams(CANARY_GRAMS),
        height: None,
        note: Some(CANARY.to_owned()),
        created_at: samples::NOON,
        utc_offset: None,
    };
    let id = run(device.engine.log(None, reading)).unwrap().metric.id;
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    let entry = device
        .outbox()
        .into_iter()
        .find(|entry| entry.parked)
        .unwrap();
    let error = LastError {
        code: format!("code {CANARY}"),
        field: Some(format!("weight {CANARY_GRAMS}")),
        detail: Some(format!("{CANARY} 123.457")),
    };
    run(device
        .store
        .settle(&Settlement::parked(entry.op_id, error, samples::NOON)))
    .unwrap();
    device.log(CANARY_GRAMS);
    let words = crate::server::Fault::Instead(problem(503, CANARY));
    server.always(Some(("POST ", words)));
    device.tick();
    let report = report_of(&device);
    for value in [CANARY, "123457", "123.457", "123_457"] {
        assert!(!report.contains(value), "{value} in\n{report}");
    }
    assert!(
        report.contains("waiting: 1 × UpsertMetric, refused, - -"),
        "{report}"
    );
}

#[test]
fn a_report_says_where_everything_stands() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    let report = report_of(&device);
    for line in [
        "Tidemark 0.9.1",
        "browser: Test 1.0",
        "server: 1.0.0",
        "unsent: 0, not accepted: 1",
        "waiting: 1 × UpsertMetric, refused, invalid_field weight",
        "conflicts: 2",
        "storage kept: true",
        "storage bytes: 4711",
    ] {
        assert!(
            report.lines().any(|found| found == line),
            "{line} in\n{report}"
        );
    }
    assert!(report.contains("\tmanual\t"), "the log\n{report}");
}
