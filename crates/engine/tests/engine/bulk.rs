//! Rows that come in bulk: imports, and what was packed while nobody was signed in.

use crate::server::{BATCH, Fault, Server, Verdict};
use crate::world::Device;
use serde_json::Value;
use std::collections::BTreeSet;
use tidemark_engine::TickOutcome;
use tidemark_engine::outbox::EntryKind;
use tidemark_engine::packing::{ENTRIES_KEPT, ENTRIES_MAX};
use tidemark_protocol::{AuthMode, EntityId, Metric, OpId};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

fn rows(count: u32) -> Vec<Metric> {
    (1..=count)
        .map(|number| samples::metric(u128::from(number), -i64::from(number) * 7, 0))
        .collect()
}

fn import(device: &Device, rows: &[Metric]) -> usize {
    run(device.engine.import(rows)).unwrap()
}

fn events(batch: &Value) -> &Vec<Value> {
    batch["events"].as_array().unwrap()
}

fn pending(device: &Device) -> usize {
    run(device.engine.overview()).unwrap().pending
}

#[test]
fn twelve_hundred_rows_go_up_in_three_batches_under_derived_operations() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(1_200);
    assert_eq!(import(&device, &rows), 1_200);
    assert_eq!(device.outbox().len(), 1, "one entry stands for all");
    assert_eq!(pending(&device), 1_200);
    assert!(device.rows().iter().all(|row| row.1 == "pending"));

    assert_eq!(device.tick().outcome, TickOutcome::Done);

    let batches = server.take_batches();
    let sizes: Vec<usize> = batches.iter().map(|batch| events(batch).len()).collect();
    assert_eq!(sizes, [500, 500, 200]);
    for event in batches.iter().flat_map(events) {
        let id = EntityId::parse(event["payload"]["id"].as_str().unwrap()).unwrap();
        assert_eq!(event["op_id"], OpId::for_bulk_create(id).to_string());
        assert_eq!(event["base_version"], 0);
    }
    assert_eq!(
        (server.living(), device.outbox().len(), pending(&device)),
        (1_200, 0, 0)
    );
    assert!(device.rows().iter().all(|row| row.1 == "synced"));
}

#[test]
fn a_cut_between_batches_repeats_harmlessly() {
    for fault in [Fault::NoAnswer, Fault::LostReply] {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        import(&device, &rows(1_200));
        server.with(|state| state.max_events = 500);
        server.next(BATCH, Fault::Pass);
        server.next(BATCH, fault);
        let report = device.tick();
        assert_eq!(report.sent, 500);
        assert!(matches!(report.outcome, TickOutcome::Failed(_)));
        let again = device.again(2);
        again.wake(&report);
        again.sync();
        assert_eq!(server.living(), 1_200);
        let versions: BTreeSet<u64> =
            server.with(|state| state.data.metrics.values().map(|row| row.version).collect());
        assert_eq!(versions.len(), 1_200);
        assert_eq!(
            server.with(|state| state.data.head),
            1_201,
            "nothing took effect twice"
        );
        assert!(again.rows().iter().all(|row| row.1 == "synced"));
    }
}

#[test]
fn a_crash_before_the_answer_is_stored_repeats_harmlessly() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    import(&device, &rows(700));
    device.store.fail("settle", 1);
    let report = device.tick();
    assert_eq!(crate::world::failure_code(&report), "storage");
    let again = device.again(2);
    again.wake(&report);
    assert_eq!(server.with(|state| state.data.head), 701);
    assert_eq!(again.outbox(), []);
}

#[test]
fn one_refused_row_parks_alone_and_can_be_mended() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(20);
    import(&device, &rows);
    let refused = rows[3].id;
    device.edit(refused, 90_000);
    server.with(|state| {
        state
            .verdicts
            .insert(refused, Verdict::Reject("invalid_field"))
    });

    assert_eq!(device.tick().outcome, TickOutcome::Done);

    assert_eq!(server.living(), 19);
    assert_eq!(
        device.entry(refused).metric.weight.get(),
        90_000,
        "the edit stays on top"
    );
    assert_eq!(device.entry(refused).status.as_str(), "failed");
    let parked = device.outbox();
    assert_eq!(parked[0].op_id, OpId::for_bulk_create(refused));
    assert_eq!(run(device.engine.overview()).unwrap().parked, 1);

    server.with(|state| state.verdicts.clear());
    device.edit(refused, 91_000);
    device.sync();
    assert_eq!(server.living(), 20);
    assert_eq!(server.metric(refused).unwrap().weight.get(), 91_000);
    assert_eq!(device.outbox(), []);
}

#[test]
fn a_refused_row_that_is_deleted_is_gone() {
    // The row used to stay in its page and to come back as synced.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(3);
    import(&device, &rows);
    server.with(|state| {
        state
            .verdicts
            .insert(rows[1].id, Verdict::Reject("invalid_field"))
    });
    device.tick();
    server.with(|state| state.verdicts.clear());
    run(device.engine.delete(&device.entry(rows[1].id))).unwrap();
    device.sync();
    assert_eq!(
        (device.rows().len(), server.living(), device.outbox().len()),
        (2, 2, 0)
    );
}

#[test]
fn a_row_that_breaks_every_batch_parks_alone() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(30);
    import(&device, &rows);
    server.with(|state| state.verdicts.insert(rows[7].id, Verdict::Breaks(400)));
    device.sync();
    assert_eq!(server.living(), 29);
    assert_eq!(device.entry(rows[7].id).status.as_str(), "failed");
}

#[test]
fn a_row_that_something_stumbles_over_holds_back_no_other_row() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(30);
    import(&device, &rows);
    // The oldest goes first, so it would hold back all others.
    let broken = rows[29].id;
    device.edit(broken, 90_000);
    server.with(|state| state.verdicts.insert(broken, Verdict::Breaks(502)));
    let mut report = device.tick();
    for _ in 0..15 {
        report = device.wake(&report);
    }
    assert_eq!(server.living(), 29);
    assert_eq!(device.entry(broken).status.as_str(), "pending");
    server.with(|state| state.verdicts.clear());
    device.wake(&report);
    assert_eq!(
        server.metric(broken).unwrap().weight.get(),
        90_000,
        "the row, then its edit"
    );
}

#[test]
fn edits_and_deletions_of_rows_that_still_have_to_go_up_follow_them() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(3);
    import(&device, &rows);
    device.edit(rows[0].id, 90_000);
    run(device.engine.delete(&device.entry(rows[1].id))).unwrap();
    assert_eq!(device.rows(), [(90_000, "pending"), (70_003, "pending")]);
    device.sync();
    assert_eq!(device.rows(), [(90_000, "synced"), (70_003, "synced")]);
    assert_eq!(server.metric(rows[0].id).unwrap().weight.get(), 90_000);
    assert_eq!(server.living(), 2);
}

#[test]
fn importing_twice_adds_nothing_and_overwrites_nothing() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(10);
    import(&device, &rows);
    assert_eq!(import(&device, &rows), 0, "while it waits");
    device.sync();
    device.edit(rows[0].id, 90_000);
    run(device.engine.delete(&device.entry(rows[1].id))).unwrap();
    device.sync();
    let head = server.with(|state| state.data.head);
    // A file of this app's own export carries versions; they are no reason to overwrite anything.
    let exported: Vec<Metric> = rows
        .iter()
        .map(|row| Metric {
            version: 1 << 40,
            ..row.clone()
        })
        .collect();
    assert_eq!(import(&device, &exported), 0);
    device.sync();
    assert_eq!(server.with(|state| state.data.head), head);
    assert_eq!(device.entry(rows[0].id).metric.weight.get(), 90_000);
}

#[test]
fn importing_a_row_whose_first_entry_still_waits_does_not_undo_its_edits() {
    // The imported row used to be sent after the edits, as a newer state of the same device.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(80_000);
    let exported = device.entry(id).metric;
    device.edit(id, 81_000);
    assert_eq!(import(&device, &[exported]), 0);
    device.sync();
    assert_eq!(server.metric(id).unwrap().weight.get(), 81_000);
}

#[test]
fn two_imports_into_the_same_months_are_counted_and_sent_once() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(40);
    import(&device, &rows[..20]);
    import(&device, &rows[20..]);
    assert_eq!(pending(&device), 40);
    device.sync();
    let sent: usize = server
        .take_batches()
        .iter()
        .map(|batch| events(batch).len())
        .sum();
    assert_eq!(sent, 40);
    assert_eq!(device.outbox(), []);
}

#[test]
fn a_row_that_the_server_took_and_has_forgotten_is_not_sent_for_ever() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(2);
    import(&device, &rows);
    server.next(BATCH, Fault::LostReply);
    let report = device.tick();
    server.with(|state| state.data.metrics.remove(&rows[0].id));
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
    assert_eq!(device.outbox(), []);
    assert_eq!(device.rows(), [(70_002, "synced")]);
}

#[test]
fn without_an_account_old_entries_are_packed_into_pages_and_all_of_it_goes_up_later() {
    let server = Server::default();
    server.with(|state| state.auth = AuthMode::Required);
    let device = Device::new(&server, 1);
    device.tick();
    let mut ids = Vec::new();
    for number in 0..300_u32 {
        device.clock.advance(3_600_000);
        ids.push(device.log(60_000 + number));
    }
    device.edit(ids[0], 50_000);
    run(device.engine.delete(&device.entry(ids[1]))).unwrap();
    for number in 0..400_u32 {
        device.clock.advance(3_600_000);
        ids.push(device.log(61_000 + number));
    }
    let metrics = device
        .outbox()
        .iter()
        .filter(|entry| entry.kind.is_metric())
        .count();
    assert!((ENTRIES_KEPT..=ENTRIES_MAX).contains(&metrics), "{metrics}");
    assert_eq!(device.rows().len(), 699);
    assert_eq!(device.rows().last(), Some(&(50_000, "pending")));
    assert_eq!(pending(&device), 699, "packed or not, each waits");

    server.with(|state| state.auth = AuthMode::Off);
    device.sync();

    assert_eq!(server.living(), 699);
    assert_eq!(server.metric(ids[0]).unwrap().weight.get(), 50_000);
    assert_eq!(
        server.metric(ids[1]),
        None,
        "what was deleted before it was sent never is"
    );
    assert_eq!(device.outbox(), []);
    assert!(device.rows().iter().all(|row| row.1 == "synced"));
}

#[test]
fn with_an_account_nothing_is_packed() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let fresh = device.again(2);
    for number in 0..300 {
        fresh.log(60_000 + number);
    }
    assert_eq!(fresh.outbox().len(), 300);
    assert!(
        fresh
            .outbox()
            .iter()
            .all(|entry| entry.kind == EntryKind::UpsertMetric)
    );
}

#[test]
fn rows_of_a_person_who_has_to_go_first_are_not_forgotten_while_they_wait() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    device.log(78_200);
    let person = device.shown()[0].metric.user_id;
    let row = Metric {
        user_id: person,
        ..samples::metric(7, -1, 0)
    };
    import(&device, &[row]);
    // The person breaks their own call, so the batch is tried before it.
    server.always(Some((
        "POST /v1/users",
        Fault::Instead(crate::server::html(502)),
    )));
    let report = device.tick();
    let report = device.wake(&report);
    assert_eq!(pending(&device), 2);
    server.always(None);
    device.wake(&report);
    device.sync();
    assert_eq!((server.living(), pending(&device)), (2, 0));
}

#[test]
fn a_row_that_came_back_acknowledged_while_its_event_was_refused_stays() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(1);
    import(&device, &rows);
    let store = device.store.clone();
    let there = Metric {
        version: 9,
        ..rows[0].clone()
    };
    server.with(|state| {
        state
            .verdicts
            .insert(there.id, Verdict::Reject("invalid_field"))
    });
    device.store.before("settle", move || {
        let settlement = tidemark_engine::settle::Settlement {
            rows: vec![there],
            ..Default::default()
        };
        run(tidemark_engine::Store::settle(&store, &settlement)).unwrap();
    });
    device.tick();
    let pages = run(tidemark_engine::Store::pages(&device.store)).unwrap();
    assert_eq!(
        pages[0].rows.len(),
        1,
        "the server holds it, so it is no row of the bulk any more"
    );
}
