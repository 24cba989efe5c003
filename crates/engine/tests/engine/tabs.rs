//! Two tabs at once: what one of them decides or queues holds, whatever the other one was about to do.

use crate::first_contact::{asking, named, people_there, question};
use crate::server::{BATCH, Data, Fault, Server, Verdict, problem};
use crate::world::Device;
use tidemark_engine::outbox::{EntryKind, LastError};
use tidemark_engine::ports::Generation;
use tidemark_engine::settle::Settlement;
use tidemark_engine::state::{FailureKind, StateChange, SyncFailure};
use tidemark_engine::{Answer, Clock, Store, TickOutcome};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

#[test]
fn an_answer_that_another_tab_gets_while_people_are_pulled_counts_at_once() {
    // The tab that was pulling used to say that the question stands, and then slept for a minute.
    let (server, device) = asking(named("Eve"), &["Ada"]);
    device.tick();
    let question = question(&device).unwrap();
    let tab = device.again(5);
    device.store.before("apply", move || {
        run(tab.engine.answer_question(&question, None)).unwrap();
    });
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(device.outbox(), []);
    assert_eq!(people_there(&server), 2);
}

#[test]
fn somebody_new_is_not_made_one_with_another_by_a_second_answer() {
    // The second answer used to take the rows along that the server had as the new person's by then.
    for is_sent in [false, true] {
        let (server, device) = asking(named("Eve"), &["Ada"]);
        device.tick();
        let question = question(&device).unwrap();
        let (eve, ada) = (question.ours.id, question.theirs[0].clone());
        run(device.engine.answer_question(&question, None)).unwrap();
        if is_sent {
            device.sync();
        }
        let tab = device.again(5);
        run(tab.engine.answer_question(&question, Some(&ada))).unwrap();
        device.sync();
        assert_eq!(people_there(&server), 2, "{is_sent}");
        let eves = run(device.engine.history(eve)).unwrap();
        let there = server.metric(eves[0].metric.id);
        assert_eq!(there.as_ref(), Some(&eves[0].metric), "{is_sent}");
        assert_eq!(device.outbox(), [], "{is_sent}");
    }
}

#[test]
fn an_answer_that_was_taken_is_not_told_as_a_failure() {
    // The state was read once more afterwards; where that failed, the answer was told as failed, and nothing set a sync off.
    let (server, device) = asking(named("Eve"), &["Ada"]);
    device.tick();
    let question = question(&device).unwrap();
    let ada = question.theirs[0].clone();
    device.store.fail("load", 1);
    run(device.engine.answer_question(&question, Some(&ada))).unwrap();
    device.store.fail("load", 0);
    device.sync();
    assert_eq!(device.outbox(), []);
    assert_eq!(people_there(&server), 1);
}

#[test]
fn a_failure_noted_before_the_clock_jumped_does_not_end_what_the_server_asked_another_tab_for() {
    // The storage failed in one tab, and was slow to take note of it; meanwhile the clock was set back, and the server asked
    // the other tab to wait. The late note made the wish look as if it came of the old clock, and the server was asked.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.log(78_200);
    let busy = Answer {
        retry_after_s: Some(30),
        ..problem(429, "rate_limited")
    };
    server.next(BATCH, Fault::Instead(busy));
    device.tick();
    let before_the_jump = device.clock.now().plus_millis(3_600_000);
    let late = StateChange::Failed {
        at: before_the_jump,
        failure: SyncFailure {
            kind: FailureKind::Storage,
            error: LastError::plain("storage"),
        },
        retry_at: before_the_jump,
        not_before: None,
    };
    run(device.store.update(&late)).unwrap();
    server.take_asked();
    device.clock.advance(29_999);
    assert_eq!(device.tick().outcome, TickOutcome::Waiting);
    assert!(server.take_asked().is_empty());
    device.clock.advance(1);
    assert_eq!(device.tick().outcome, TickOutcome::Done);
}

#[test]
fn an_edit_that_got_before_its_person_in_the_queue_lets_them_go_first() {
    // Two tabs queued what a restored server had lost, and the second put the person behind the edit. It was refused
    // for good where the same sync had queued the person before.
    let server = Server::default();
    server.add_user(samples::person(), &named("Ada"));
    let device = Device::synced(&server, 1);
    server.with(|state| state.data.users.clear());
    let id = device.log(78_200);
    let store = device.store.clone();
    device.store.before("settle", move || {
        let (tab, again) = (store.clone(), store.clone());
        // The outbox is read once to see whether the order holds, and once to see what goes next.
        store.before("outbox", move || {
            again.before("outbox", move || put_person_last(&tab));
        });
    });
    device.sync();
    assert_eq!(device.outbox(), []);
    assert!(server.metric(id).is_some());
    let ada = server.with(|state| state.data.users[&samples::person()].clone());
    assert_eq!(ada.name.as_deref(), Some("Ada"));
}

fn put_person_last(tab: &impl Store) {
    let outbox = run(tab.outbox()).unwrap();
    let makes = outbox
        .iter()
        .find(|entry| entry.kind == EntryKind::CreateUser);
    let made = makes.unwrap().to_draft();
    let behind = Settlement {
        done: vec![made.op_id],
        added: vec![made],
        ..Settlement::at(samples::NOON)
    };
    run(tab.settle(&behind)).unwrap();
}

/// Lets the server go back to `backup`, and another tab take up its new life, before the next answer is stored.
fn new_life_before_the_answer_is_stored(device: &Device, backup: Data) {
    let (store, server) = (device.store.clone(), device.server.clone());
    device.store.before("settle", move || {
        server.restore(backup);
        let fresh = Device::synced(&server, 9);
        let (state, profile) = (fresh.state(), run(fresh.store.profile()).unwrap());
        let pages = run(fresh.store.pages()).unwrap();
        let rows = pages.into_iter().flat_map(|page| page.rows);
        let generation = Generation {
            metrics: rows.map(|row| row.metric).collect(),
            users: profile.users,
            app_model: profile.app_model,
            cursor: state.cursor.unwrap(),
            users_cursor: state.users_cursor.unwrap(),
            head: state.head,
            epoch: state.epoch.unwrap(),
        };
        run(store.replace_all(&generation)).unwrap();
    });
}

#[test]
fn an_answer_of_a_lost_life_does_not_settle_what_waits_in_the_new_one() {
    // Two contexts synced without a lock: the edit left the outbox for what the lost life had done with it, and the
    // restored server never got it.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    device.sync();
    let backup = server.with(|state| state.data.clone());
    device.edit(id, 79_000);
    new_life_before_the_answer_is_stored(&device, backup.clone());
    device.sync();
    assert_eq!(server.metric(id).unwrap().weight.get(), 79_000);
    assert_eq!(device.rows(), [(79_000, "synced")]);

    let ada = run(device.engine.profile()).unwrap().people.remove(0);
    run(device.engine.save_person(Some(&ada.user), named("Ada"))).unwrap();
    new_life_before_the_answer_is_stored(&device, backup);
    device.sync();
    let ada = server.with(|state| state.data.users[&ada.user.id].clone());
    assert_eq!(ada.name.as_deref(), Some("Ada"), "a call's answer too");
    assert_eq!(device.outbox(), []);
}

#[test]
fn what_another_tab_sent_while_everything_was_pulled_anew_counts_as_known_to_the_server() {
    // The row was not in what was pulled, so the server seemed to have forgotten it, and its deletion left the outbox.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let as_pulled = server.with(|state| state.data.clone());
    let id = device.log(78_200);
    device.sync();
    run(device.engine.delete(&device.entry(id))).unwrap();
    server.with(|state| {
        // The deletion is not sent before everything is pulled.
        state.verdicts.insert(id, Verdict::Retry(None));
    });
    let as_sent = server.with(|state| std::mem::replace(&mut state.data, as_pulled));
    let too_old = Fault::Instead(problem(410, "resync_required"));
    server.next("GET /v1/metrics", too_old);
    let other_tab = server.clone();
    device.store.before("replace_all", move || {
        other_tab.with(|state| {
            state.data = as_sent;
            state.verdicts.clear();
        });
    });
    device.sync();
    assert_eq!(server.living(), 0);
    assert_eq!(device.outbox(), []);
    assert_eq!(device.rows(), []);
}
