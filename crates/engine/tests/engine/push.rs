//! From a logged reading to the server's acknowledgement.

use crate::server::{BATCH, Fault, Server};
use crate::world::{Device, weight};
use tidemark_engine::TickOutcome;
use tidemark_engine::outbox::EntryKind;
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

#[test]
fn a_reading_waits_in_the_outbox_and_is_synced_by_a_tick() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    assert_eq!(device.rows(), [(78_200, "pending")]);
    assert_eq!(device.outbox().len(), 1);

    let report = device.tick();

    assert_eq!((report.outcome, report.sent), (TickOutcome::Done, 1));
    assert!(report.changed);
    assert_eq!(device.rows(), [(78_200, "synced")]);
    assert_eq!(device.outbox(), []);
    let there = server.metric(id).unwrap();
    assert_eq!(there.weight.get(), 78_200);
    assert_eq!(device.entry(id).metric.version, there.version);
}

#[test]
fn a_batch_is_as_the_protocol_says() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    let entry = device.outbox().remove(0);
    device.tick();

    let batch = server.take_batches().remove(0);
    let event = &batch["events"][0];
    assert_eq!(batch["device_id"], device.state().device_id.as_str());
    assert_eq!(batch["sent_at"], "2026-02-20T10:22:33.000Z");
    assert_eq!(event["local_id"], entry.seq);
    assert_eq!(event["type"], "UPSERT_METRIC");
    assert_eq!(event["op_id"], entry.op_id.to_string());
    assert_eq!(event["base_version"], 0);
    assert_eq!(event["payload"]["id"], id.to_string());
    assert_eq!(event["payload"]["user_id"], samples::person().to_string());
    assert_eq!(event["payload"]["weight"], 78.2);
    assert_eq!(event["payload"]["utc_offset"], 180);
}

#[test]
fn a_retry_sends_the_very_same_events() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    device.edit(id, 78_300);
    server.next(BATCH, Fault::NoAnswer);
    let report = device.tick();
    // A restart and an hour later.
    let device = device.again(2);
    device.clock.advance(3_600_000);
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);

    let batches = server.take_batches();
    assert_eq!(batches.len(), 2);
    assert_eq!(batches[0]["events"], batches[1]["events"]);
}

#[test]
fn a_lost_reply_takes_effect_once() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    server.next(BATCH, Fault::LostReply);
    assert!(matches!(device.tick().outcome, TickOutcome::Failed(_)));
    let version = server.metric(id).unwrap().version;
    assert_eq!(device.rows(), [(78_200, "pending")]);

    assert_eq!(device.tick().outcome, TickOutcome::Done);

    assert_eq!(server.metric(id).unwrap().version, version);
    assert_eq!(server.living(), 1);
    assert_eq!(device.rows(), [(78_200, "synced")]);
}

#[test]
fn edits_of_one_record_go_in_their_order_and_in_one_batch() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    device.edit(id, 78_300);
    device.edit(id, 78_400);
    assert_eq!(device.rows(), [(78_400, "pending")]);
    device.tick();
    assert_eq!(server.take_batches().len(), 1);
    assert_eq!(server.metric(id).unwrap().weight.get(), 78_400);
    assert_eq!(device.rows(), [(78_400, "synced")]);
}

#[test]
fn an_edit_made_while_a_batch_is_under_way_stays_on_top_and_goes_next() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    // The answer is lost, so the batch is still under way as far as the device knows.
    server.next(BATCH, Fault::LostReply);
    device.tick();
    device.edit(id, 80_000);
    device.tick();
    assert_eq!(server.metric(id).unwrap().weight.get(), 80_000);
    assert_eq!(device.rows(), [(80_000, "synced")]);
}

#[test]
fn an_edit_names_the_version_it_was_made_on() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    device.tick();
    let version = device.entry(id).metric.version;
    device.edit(id, 78_300);
    server.take_asked();
    device.tick();
    let event = server.take_batches().remove(0)["events"][0].clone();
    assert_eq!(event["base_version"], version);
    // Sorted here: whether JSON objects keep their order depends on what else is built with this.
    let mut keys: Vec<&String> = event["payload"].as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["id", "updated_at", "user_id", "weight"]);
}

#[test]
fn a_push_never_moves_a_cursor() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let cursor = device.state().cursor;
    server.put(&samples::metric(7, 0, 0));
    device.log(78_200);
    server.next("GET /v1/metrics", Fault::NoAnswer);
    device.tick();
    assert_eq!(device.outbox(), [], "the push went through");
    assert_eq!(device.state().cursor, cursor);
    device.tick();
    assert_eq!(
        device.rows().len(),
        2,
        "what others wrote is pulled all the same"
    );
}

#[test]
fn a_tick_that_can_not_send_all_at_once_asks_to_be_called_again_at_once() {
    let server = Server::default();
    server.with(|state| state.max_events = 2);
    let device = Device::synced(&server, 1);
    for number in 0..50 {
        device.log(70_000 + number);
    }
    let report = device.tick();
    assert_eq!((report.outcome, report.sent), (TickOutcome::More, 40));
    assert_eq!(report.next_wake, samples::NOON);
    device.sync();
    assert_eq!(server.living(), 50);
    let largest = server
        .take_batches()
        .iter()
        .map(|batch| batch["events"].as_array().unwrap().len())
        .max();
    assert_eq!(largest, Some(2), "the server's own limit holds");
}

#[test]
fn what_another_account_wrote_is_never_sent() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    let foreign = tidemark_protocol::AccountId(uuid::Uuid::from_u128(1));
    let mut entry = device.outbox().remove(0).to_draft();
    entry.owner = Some(foreign);
    let done = tidemark_engine::settle::Settlement {
        done: vec![entry.op_id],
        added: vec![entry],
        ..Default::default()
    };
    run(tidemark_engine::Store::settle(&device.store, &done)).unwrap();

    assert_eq!(device.tick().outcome, TickOutcome::Done);

    assert_eq!(server.metric(id), None);
    assert_eq!(device.outbox().len(), 1);
    assert!(server.take_batches().is_empty());
}

#[test]
fn deleting_and_taking_it_back_works_before_and_after_the_sync() {
    for (syncs_before, syncs_between) in
        [(false, false), (false, true), (true, false), (true, true)]
    {
        let case = format!("{syncs_before} {syncs_between}");
        let server = Server::default();
        let device = Device::synced(&server, 1);
        let id = device.log(78_200);
        if syncs_before {
            device.sync();
        }
        let entry = device.entry(id);
        run(device.engine.delete(&entry)).unwrap();
        assert_eq!(device.rows(), [], "{case}");
        if syncs_between {
            device.sync();
            assert_eq!(server.living(), 0, "{case}");
        }
        run(device.engine.restore(&entry)).unwrap();
        assert_eq!(
            device.rows(),
            [(78_200, "pending")],
            "shown at once: {case}"
        );
        device.sync();
        assert_eq!(device.rows(), [(78_200, "synced")], "{case}");
        assert_eq!(server.living(), 1, "{case}");
    }
}

#[test]
fn a_deletion_that_is_synced_is_taken_back_whole_though_other_rows_are_there() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(70_000);
    let id = device.log(78_200);
    device.sync();
    let entry = device.entry(id);
    run(device.engine.delete(&entry)).unwrap();
    device.sync();
    run(device.engine.restore(&entry)).unwrap();
    assert_eq!(device.rows(), [(78_200, "pending"), (70_000, "synced")]);
    device.sync();
    assert_eq!(device.rows(), [(78_200, "synced"), (70_000, "synced")]);
}

#[test]
fn taking_a_deletion_back_overwrites_nothing_that_others_wrote_meanwhile() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    device.sync();
    let entry = device.entry(id);
    let there = server.metric(id).unwrap();
    run(device.engine.delete(&entry)).unwrap();
    run(device.engine.restore(&entry)).unwrap();
    server.put(&there.patched(&weight(90_000)));
    device.sync();
    assert_eq!(device.rows(), [(90_000, "synced")]);
}

#[test]
fn a_delete_goes_as_a_delete() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    device.sync();
    run(device.engine.delete(&device.entry(id))).unwrap();
    assert_eq!(device.outbox()[0].kind, EntryKind::DeleteMetric);
    device.sync();
    assert_eq!(server.living(), 0);
    assert_eq!(device.rows(), []);
}
