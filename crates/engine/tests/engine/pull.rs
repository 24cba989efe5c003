//! What other devices wrote.

use crate::server::{BATCH, Fault, Server, Verdict};
use crate::world::{Device, failure_code, weight};
use std::cell::RefCell;
use std::rc::Rc;
use tidemark_engine::ports::{Applied, Delta, DeltaRows};
use tidemark_engine::{Store, TickOutcome};
use tidemark_protocol::{Cursor, EntityId, Epoch, Metric, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::{ShakyStore, samples};

#[test]
fn what_others_wrote_changed_and_deleted_arrives() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let row = samples::metric(7, 0, 0);
    server.put(&row);
    let report = device.tick();
    assert_eq!((report.outcome, report.received), (TickOutcome::Done, 1));
    assert_eq!(device.rows(), [(70_007, "synced")]);
    server.put(&row.clone().patched(&weight(71_000)));
    device.tick();
    assert_eq!(device.rows(), [(71_000, "synced")]);
    server.delete(row.id);
    device.tick();
    assert_eq!(device.rows(), []);
    let idle = device.tick();
    assert_eq!((idle.outcome, idle.received), (TickOutcome::Done, 0));
}

/// It used to be told with the end of the sync, which a call that follows can put off as long as it likes.
#[test]
fn what_was_pulled_is_told_of_at_once_whatever_follows() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let told = Rc::new(RefCell::new(Vec::new()));
    let (heard, asked) = (Rc::clone(&told), server.clone());
    device
        .engine
        .on_news(move || heard.borrow_mut().push(asked.take_asked().len()));
    server.put(&samples::metric(7, 0, 0));
    server.next("GET /v1/users", Fault::NoAnswer);
    server.take_asked();
    let report = device.tick();
    assert_eq!(failure_code(&report), "unreachable");
    assert_eq!(*told.borrow(), [1], "after the first call of the tick");
    device.tick();
    assert_eq!(told.borrow().len(), 1, "only of what is new");
}

#[test]
fn an_idle_tick_asks_one_question() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.tick();
    server.take_asked();
    device.tick();
    let asked = server.take_asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].0.starts_with("GET /v1/metrics?since="));
}

#[test]
fn pages_follow_each_other_and_a_cut_between_them_loses_nothing() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    server.with(|state| state.page_rows = 3);
    for number in 0..10 {
        server.put(&samples::metric(number, 0, 0));
    }
    server.next("GET /v1/metrics?since=metrics.e1.4", Fault::NoAnswer);
    device.tick();
    assert_eq!(device.rows().len(), 3);
    device.tick();
    assert_eq!(device.rows().len(), 10);
}

#[test]
fn a_feed_longer_than_a_tick_goes_on_at_once() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    server.with(|state| state.page_rows = 1);
    for number in 0..30 {
        server.put(&samples::metric(number, 0, 0));
    }
    assert_eq!(device.tick().outcome, TickOutcome::More);
    device.sync();
    assert_eq!(device.rows().len(), 30);
}

#[test]
fn a_feed_that_does_not_move_is_a_failure_and_not_a_loop() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let cursor = device.state().cursor.unwrap();
    let stuck = serde_json::json!({
        "metrics": [], "cursor": cursor, "has_more": true, "head": 9, "epoch": "e1",
        "server_time": samples::NOON,
    });
    let answer = tidemark_engine::Answer {
        status: 200,
        protocol: Some("1".to_owned()),
        content_type: Some("application/json; charset=utf-8".to_owned()),
        retry_after_s: None,
        body: stuck.to_string(),
    };
    server.always(Some(("GET /v1/metrics", Fault::Instead(answer))));
    server.take_asked();
    assert_eq!(failure_code(&device.tick()), "not_ours");
    assert_eq!(server.take_asked().len(), 1);
}

#[test]
fn a_pull_neither_overwrites_an_unsent_edit_nor_is_blocked_by_one() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let row = samples::metric(7, 0, 0);
    server.put(&row);
    device.tick();
    device.edit(row.id, 80_000);
    let note = tidemark_protocol::MetricPatch {
        note: tidemark_protocol::Patch::Set("theirs".to_owned()),
        ..Default::default()
    };
    server.put(&row.clone().patched(&weight(60_000)).patched(&note));
    server.put(&samples::metric(8, -1, 0));
    // The edit can't go, the pull goes on.
    server.with(|state| state.verdicts.insert(row.id, Verdict::Retry(None)));
    device.tick();
    let shown = device.entry(row.id);
    assert_eq!(shown.metric.weight.get(), 80_000, "the edit stays on top");
    assert_eq!(
        shown.metric.note.as_deref(),
        Some("theirs"),
        "what it does not say comes through"
    );
    assert_eq!(device.rows(), [(80_000, "pending"), (70_008, "synced")]);
    server.with(|state| state.verdicts.clear());
    device.sync();
    assert_eq!(server.metric(row.id).unwrap().weight.get(), 80_000);
    assert_eq!(device.rows()[0], (80_000, "synced"));
}

fn delta(from: Option<&str>, next: &str, rows: Vec<Metric>) -> Delta {
    Delta {
        rows: DeltaRows::Metrics(rows),
        from: from.map(|cursor| Cursor(cursor.to_owned())),
        next: Cursor(next.to_owned()),
        head: 9,
        epoch: Epoch("e1".to_owned()),
        has_more: false,
    }
}

#[test]
fn only_a_higher_version_replaces_a_row() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    server.add_user(samples::person(), &UserPatch::default());
    device.tick();
    let cursor = device.state().cursor.unwrap().0;
    let at = |version, grams| samples::metric(7, 0, version).patched(&weight(grams));
    for (version, grams, shown) in [
        (5, 75_000, 75_000),
        (4, 74_000, 75_000),
        (5, 76_000, 75_000),
        (6, 77_000, 77_000),
    ] {
        let delta = delta(Some(&cursor), &cursor, vec![at(version, grams)]);
        run(device.store.apply(&delta)).unwrap();
        assert_eq!(device.rows(), [(shown, "synced")], "version {version}");
    }
}

#[test]
fn a_page_pulled_from_a_cursor_that_has_moved_meanwhile_stores_nothing() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let stale = delta(Some("elsewhere"), "next", vec![samples::metric(7, 0, 5)]);
    let before = device.state();
    assert_eq!(
        run(device.store.apply(&stale)).unwrap(),
        Applied::CursorMoved
    );
    assert_eq!(device.rows(), []);
    assert_eq!(device.state(), before);
}

#[test]
fn a_row_that_moves_to_another_month_is_shown_once() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let row = samples::metric(7, 0, 0);
    server.put(&row);
    device.tick();
    let moved = samples::NOON.plus_millis(-90 * 86_400_000);
    server.put(&Metric {
        created_at: moved,
        ..row.clone()
    });
    device.tick();
    let shown = device.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].metric.created_at, moved);
    // And back by an edit of this device's own.
    let back = tidemark_protocol::MetricPatch {
        created_at: Some(samples::NOON),
        ..Default::default()
    };
    run(device.engine.edit(&shown[0], back)).unwrap();
    assert_eq!(device.shown()[0].metric.created_at, samples::NOON);
    device.sync();
    assert_eq!(device.shown().len(), 1);
    assert_eq!(device.shown()[0].metric.created_at, samples::NOON);
}

#[test]
fn people_and_settings_of_others_arrive() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let patch = UserPatch {
        name: tidemark_protocol::Patch::Set("Bob".to_owned()),
        ..UserPatch::default()
    };
    server.add_user(samples::entity(0xb0b), &patch);
    server.with(|state| {
        state.data.head += 1;
        state.data.model.version = state.data.head;
        state.data.model.language = Some("de".to_owned());
    });
    device.tick();
    let profile = run(device.engine.profile()).unwrap();
    assert_eq!(profile.people.len(), 2);
    assert_eq!(profile.app_model.language.as_deref(), Some("de"));
}

#[test]
fn two_contexts_at_once_are_harmless() {
    let server = Server::default();
    let one = Device::synced(&server, 1);
    let two = one.again(2);
    let id = one.log(78_200);
    // The second sends what the first has sent and not yet heard of.
    server.next(BATCH, Fault::LostReply);
    one.tick();
    two.tick();
    one.tick();
    assert_eq!(server.living(), 1);
    assert_eq!(one.entry(id).status.as_str(), "synced");
}

#[test]
fn while_another_context_holds_the_lock_a_tick_does_nothing_and_comes_back_soon() {
    use tidemark_engine::Lock;
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    let held = run(device.engine.lock.acquire());
    let report = device.tick();
    assert_eq!(report.outcome, TickOutcome::Busy);
    assert_eq!(crate::world::wait_ms(&device, &report), 5_000);
    assert!(server.take_asked().is_empty());
    drop(held);
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
}

#[test]
fn an_answer_that_comes_late_brings_no_forgotten_row_back() {
    // Another tab had pulled the deletion and, after the server forgot it, everything anew; the row then lived on here.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    once_taken(&device.store, &server, id, device.again(2));
    device.tick();
    device.sync();
    assert_eq!(device.rows(), []);
}

/// Lets the record be deleted and forgotten, and another tab learn of both, once the server has it.
fn once_taken(store: &ShakyStore, server: &Server, id: EntityId, tab: Device) {
    let (next, elsewhere) = (store.clone(), server.clone());
    store.before("load", move || {
        if elsewhere.metric(id).is_none() {
            return once_taken(&next, &elsewhere, id, tab);
        }
        elsewhere.delete(id);
        tab.tick();
        elsewhere.with(|state| {
            state.data.metrics.clear();
            state.data.head += 1;
            state.horizon = state.data.head;
        });
        tab.tick();
    });
}
