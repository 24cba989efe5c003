//! A newer server's answers hold what this version of the app can't read.

use crate::server::{BATCH, Fault, Server, good};
use crate::world::{Device, failure_code};
use serde_json::{Value, json};
use tidemark_engine::state::{FailureKind, StateChange};
use tidemark_engine::{Answer, Store, TickOutcome};
use tidemark_protocol::{MetricsPage, PACKED_MEDIA_TYPE, PackedPage, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

/// A server with one row more than the device has, and the page that brings it beside one that can't be read.
fn newer() -> (Server, Device, Value) {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let row = samples::metric(7, 0, 0);
    server.put(&row);
    let other = Device::synced(&server, 2).state();
    let readable = json!(server.metric(row.id).unwrap());
    let mut strange = readable.clone();
    strange["id"] = json!(samples::entity(8));
    strange["weight"] = json!(9_999.0);
    let page = json!({
        "metrics": [readable, strange], "cursor": other.cursor, "has_more": false, "head": other.head,
        "epoch": other.epoch, "server_time": samples::NOON,
    });
    server.take_asked();
    (server, device, page)
}

#[test]
fn a_row_that_cannot_be_read_holds_up_nothing_and_says_that_the_app_is_too_old() {
    // The whole page used to be taken for somebody else's answer, and pulled for ever.
    let (server, device, page) = newer();
    let mine = device.log(78_200);
    server.next("GET /v1/metrics", Fault::Instead(good(&page)));
    let report = device.tick();
    assert_eq!(failure_code(&report), "unreadable");
    let state = device.state();
    assert_eq!(state.failure.unwrap().kind, FailureKind::Outdated);
    assert_eq!(
        state.cursor.map(|cursor| json!(cursor)),
        Some(page["cursor"].clone())
    );
    assert!(server.metric(mine).is_some());
    assert_eq!(device.rows().len(), 2);

    server.put(&samples::metric(9, 0, 0));
    let report = device.wake(&report);
    assert_eq!(failure_code(&report), "unreadable", "it is not forgotten");
    assert_eq!(device.rows().len(), 3, "what comes later is pulled");
}

#[test]
fn a_row_of_columns_that_cannot_be_read_holds_up_nothing_either() {
    let (server, device, page) = newer();
    let mut page = page;
    page["metrics"][1]["weight"] = json!(80.0);
    let page: MetricsPage = serde_json::from_value(page).unwrap();
    let mut packed = json!(PackedPage::of(page));
    packed["columns"]["grams"][1] = json!(9_999_000);
    let answer = Answer {
        content_type: Some(PACKED_MEDIA_TYPE.to_owned()),
        ..good(&packed)
    };
    server.next("GET /v1/metrics", Fault::Instead(answer));
    let report = device.tick();
    assert_eq!(failure_code(&report), "unreadable");
    assert_eq!(device.rows(), [(70_007, "synced")]);
    let cursor = device.state().cursor.map(|cursor| json!(cursor));
    assert_eq!(cursor, Some(packed["cursor"].clone()));

    let mut unfit = packed;
    unfit["columns"]["grams"] = json!([]);
    let answer = Answer {
        content_type: Some(PACKED_MEDIA_TYPE.to_owned()),
        ..good(&unfit)
    };
    server.next("GET /v1/metrics", Fault::Instead(answer));
    assert_eq!(failure_code(&device.tick()), "not_ours");
}

#[test]
fn another_version_of_the_app_pulls_everything_anew_and_is_level() {
    let (server, device, _) = newer();
    device.sync();
    let change = StateChange::Behind(Some("0.0.0".to_owned()));
    run(device.store.update(&change)).unwrap();
    device.log(78_200);
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(device.state().behind_as, None);
    let asked = server.take_asked();
    let anew = asked
        .iter()
        .filter(|(route, _)| route.starts_with("GET /v1/metrics?limit"));
    assert_eq!(anew.count(), 1);
    assert_eq!((device.outbox().len(), device.rows().len()), (0, 2));
}

#[test]
fn nobody_is_left_out_for_one_field() {
    let server = Server::default();
    let ada = server.add_user(samples::person(), &UserPatch::default());
    let device = Device::new(&server, 1);
    let mut strange = json!(ada);
    strange["gender"] = json!("something new");
    strange["name"] = json!("Ada");
    let page = json!({
        "users": [strange], "cursor": "users.e1.1", "has_more": false, "head": 1,
        "epoch": "e1", "server_time": samples::NOON,
    });
    server.next("GET /v1/users", Fault::Instead(good(&page)));
    let model = json!({"theme": "sepia", "units": "stone", "version": 1});
    server.next("GET /v1/app_model", Fault::Instead(good(&model)));
    assert_eq!(failure_code(&device.tick()), "unreadable");
    let profile = run(device.engine.profile()).unwrap();
    let known = &profile.people[0].user;
    assert_eq!((known.name.as_deref(), known.gender), (Some("Ada"), None));
    assert_eq!(
        profile.app_model.units,
        Some(tidemark_protocol::Units::Stone)
    );
    assert_eq!(profile.app_model.theme, None);
}

#[test]
fn a_result_that_cannot_be_read_keeps_its_entry_and_the_others_are_settled() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let (one, two) = (device.log(78_200), device.log(78_300));
    let entries = device.outbox();
    let mut held = json!(samples::metric(1, 0, 0));
    held["id"] = json!(one);
    held["version"] = json!(9);
    let answer = json!({
        "results": [
            {"local_id": 1, "op_id": entries[0].op_id, "status": "applied", "conflict": false,
             "adjusted": [], "metric": held},
            {"local_id": 2, "op_id": entries[1].op_id, "status": "weighed twice", "conflict": false,
             "adjusted": []},
        ],
        "head": 9, "epoch": "e1", "server_time": samples::NOON,
    });
    server.next(BATCH, Fault::Instead(good(&answer)));
    assert_eq!(failure_code(&device.tick()), "unreadable");
    let left = device.outbox();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].entity_id, left[0].parked), (two, false));
}
