//! What the server does not take: it parks alone, and everything else goes on.

use crate::server::{BATCH, Server, Verdict};
use crate::world::{Device, failure_code};
use tidemark_engine::TickOutcome;
use tidemark_engine::view::SyncStatus;
use tidemark_protocol::EntityId;
use tidemark_testkit::fakes::run;

fn judge(server: &Server, id: EntityId, verdict: Verdict) {
    server.with(|state| state.verdicts.insert(id, verdict));
}

#[test]
fn a_refused_edit_parks_its_record_and_all_others_go_on() {
    let codes = ["invalid_field", "unknown_type", "op_reuse"];
    for code in codes {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        device.log(70_000);
        let refused = device.log(71_000);
        device.edit(refused, 71_100);
        device.log(72_000);
        judge(&server, refused, Verdict::Reject(code));

        let report = device.tick();

        assert_eq!(report.outcome, TickOutcome::Done, "{code}");
        assert_eq!(
            device.rows(),
            [(72_000, "synced"), (71_100, "failed"), (70_000, "synced")],
            "{code}"
        );
        let SyncStatus::Failed { error } = device.entry(refused).status else {
            panic!("{code}: parked");
        };
        assert_eq!(
            (error.code.as_str(), error.field.as_deref()),
            (code, Some("weight"))
        );
        let overview = run(device.engine.overview()).unwrap();
        assert_eq!((overview.parked, overview.pending), (1, 1), "{code}");

        server.take_asked();
        device.tick();
        assert!(server.take_batches().is_empty(), "{code}: its lane is held");
    }
}

#[test]
fn a_row_of_which_the_server_lacks_a_part_is_sent_whole_once_and_then_parks_with_its_reason() {
    for code in ["missing_field", "unknown_metric"] {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        let refused = device.log(71_000);
        device.edit(refused, 71_100);
        judge(&server, refused, Verdict::Reject(code));
        assert_eq!(device.tick().outcome, TickOutcome::Done, "{code}");
        assert_eq!(server.take_batches().len(), 2, "{code}");
        let left = device.outbox().remove(0);
        assert_eq!(
            left.metric_patch()
                .unwrap()
                .weight
                .map(tidemark_domain::mass::Grams::get),
            Some(71_100)
        );
        let error = left.last_error.unwrap();
        assert!(left.parked, "{code}");
        assert_eq!(
            (error.code.as_str(), error.field.as_deref()),
            (code, Some("weight"))
        );
    }
}

#[test]
fn a_refusal_without_a_reason_parks_nothing() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    judge(&server, id, Verdict::RejectDumbly);
    assert_eq!(failure_code(&device.tick()), "put_off");
    assert_eq!(device.rows(), [(71_000, "pending")]);
}

#[test]
fn what_is_put_off_or_not_listed_stays_and_goes_again_and_all_others_go_on() {
    for verdict in [
        Verdict::Retry(None),
        Verdict::Retry(Some(2)),
        Verdict::Unlisted,
    ] {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        device.log(70_000);
        let late = device.log(71_000);
        device.log(72_000);
        judge(&server, late, verdict);

        let report = device.tick();

        assert_eq!(failure_code(&report), "put_off", "{verdict:?}");
        assert_eq!(report.sent, 2, "{verdict:?}");
        assert_eq!(
            server.take_batches().len(),
            1,
            "asked once for each tick: {verdict:?}"
        );
        let entry = device.outbox().remove(0);
        assert_eq!(
            (entry.entity_id, entry.retry_count, entry.parked),
            (late, 1, false)
        );
        server.with(|state| state.verdicts.clear());
        assert_eq!(
            device.wake(&report).outcome,
            TickOutcome::Done,
            "{verdict:?}"
        );
        assert_eq!(server.living(), 3, "{verdict:?}");
    }
}

#[test]
fn results_belong_to_events_by_their_operation_in_whatever_order_they_come() {
    let server = Server::default();
    server.with(|state| state.shuffles_results = true);
    let device = Device::synced(&server, 1);
    let ids: Vec<EntityId> = (0..5).map(|number| device.log(70_000 + number)).collect();
    judge(&server, ids[1], Verdict::Reject("invalid_field"));
    judge(&server, ids[3], Verdict::Unlisted);
    device.tick();
    let statuses: Vec<&str> = device.rows().iter().rev().map(|row| row.1).collect();
    assert_eq!(
        statuses,
        ["synced", "failed", "synced", "pending", "synced"]
    );
}

#[test]
fn a_batch_that_is_refused_as_a_whole_is_halved_until_the_one_is_found() {
    for status in [400, 413] {
        for place in [0, 6, 12] {
            let server = Server::default();
            let device = Device::synced(&server, 1);
            let ids: Vec<EntityId> = (0..13).map(|number| device.log(70_000 + number)).collect();
            judge(&server, ids[place], Verdict::Breaks(status));
            device.sync();
            let case = format!("{status} at {place}");
            assert_eq!(server.living(), 12, "{case}");
            assert!(server.take_batches().len() <= 15, "{case}");
            let left = device.outbox();
            assert_eq!(left.len(), 1, "{case}");
            assert_eq!(
                (left[0].entity_id, left[0].parked),
                (ids[place], true),
                "{case}"
            );
        }
    }
}

#[test]
fn several_that_break_a_batch_are_all_found() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let ids: Vec<EntityId> = (0..40).map(|number| device.log(70_000 + number)).collect();
    for place in [0, 1, 20, 39] {
        judge(&server, ids[place], Verdict::Breaks(400));
    }
    device.sync();
    assert_eq!(server.living(), 36);
    assert!(device.outbox().iter().all(|entry| entry.parked));
}

#[test]
fn one_that_something_on_the_way_stumbles_over_holds_back_nobody_else() {
    // Such an answer parks nothing, for it is not the server's; the record goes behind the others.
    for status in [403, 500, 502] {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        let ids: Vec<EntityId> = (0..20).map(|number| device.log(70_000 + number)).collect();
        device.edit(ids[0], 69_000);
        judge(&server, ids[0], Verdict::Breaks(status));
        let mut report = device.tick();
        for _ in 0..12 {
            report = device.wake(&report);
        }
        assert_eq!(server.living(), 19, "{status}");
        let left = device.outbox();
        assert_eq!(left.len(), 2, "{status}");
        assert!(left.iter().all(|entry| !entry.parked), "{status}");
        // Its own edits stay in order though they failed unequally often.
        server.with(|state| state.verdicts.clear());
        device.wake(&report);
        assert_eq!(
            server.metric(ids[0]).unwrap().weight.get(),
            69_000,
            "{status}"
        );
    }
}

#[test]
fn a_new_version_of_the_server_is_tried_with_what_the_old_one_refused() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    judge(&server, id, Verdict::Reject("invalid_field"));
    device.tick();
    server.with(|state| state.verdicts.clear());

    device.again(2).tick();
    assert_eq!(
        device.rows(),
        [(71_000, "failed")],
        "the same version says the same"
    );

    server.with(|state| state.version = "1.0.1".to_owned());
    let device = device.again(3);
    assert_eq!(device.tick().outcome, TickOutcome::More);
    device.sync();
    assert_eq!(device.rows(), [(71_000, "synced")]);
}

#[test]
fn a_payload_that_can_not_be_read_is_kept_where_it_can_be_seen() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let broken = tidemark_testkit::samples::draft(
        9,
        tidemark_engine::outbox::EntryKind::UpdateUser,
        tidemark_testkit::samples::person(),
        "{broken".to_owned(),
        1,
    );
    run(tidemark_engine::Store::commit(
        &device.store,
        &[broken],
        None,
    ))
    .unwrap();
    device.log(70_000);
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    let left = device.outbox();
    assert_eq!(
        (left.len(), left[0].payload.as_str(), left[0].parked),
        (1, "{broken", true)
    );
    let asked = server.take_asked();
    assert!(asked.iter().all(|(route, _)| !route.starts_with("PATCH")));
    assert!(asked.iter().any(|(route, _)| route == BATCH));
}
