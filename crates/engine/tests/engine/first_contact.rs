//! The first time a device meets a server: whose entries these are, and who is who.

use crate::server::{Fault, Server, account};
use crate::world::Device;
use tidemark_domain::length::Millimetres;
use tidemark_engine::view::{ChipState, PersonQuestion};
use tidemark_engine::{Reading, TickOutcome, Trigger};
use tidemark_protocol::{AppModelPatch, AuthMode, EntityId, Patch, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

pub fn named(name: &str) -> UserPatch {
    UserPatch {
        name: Patch::Set(name.to_owned()),
        ..UserPatch::default()
    }
}

pub fn question(device: &Device) -> Option<PersonQuestion> {
    run(device.engine.overview()).unwrap().question
}

pub fn people_there(server: &Server) -> usize {
    server.with(|state| state.data.users.len())
}

#[test]
fn a_server_without_sign_in_takes_what_was_written_before_it_was_met() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    let id = device.log(78_200);
    assert_eq!(device.state().owner, None);
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(device.state().owner, Some(account()));
    assert_eq!(server.metric(id).unwrap().weight.get(), 78_200);
}

#[test]
fn with_sign_in_required_nothing_is_asked_but_who_the_server_is_and_nothing_is_sent() {
    let server = Server::default();
    server.with(|state| state.auth = AuthMode::Required);
    let device = Device::new(&server, 1);
    device.log(78_200);
    for _ in 0..5 {
        let report = device.tick();
        assert_eq!(report.outcome, TickOutcome::Local);
        device.clock.set(report.next_wake);
        assert_eq!(device.tick_by_timer().outcome, TickOutcome::Local);
    }
    let asked = server.take_asked();
    assert!(
        asked
            .iter()
            .all(|(route, body)| route == "GET /v1/server" && body.is_null())
    );
    assert_eq!(
        asked.len(),
        5,
        "the timer alone does not ask again what is known"
    );
    assert_eq!(device.rows(), [(78_200, "pending")]);
    let overview = run(device.engine.overview()).unwrap();
    assert_eq!(overview.chip(false, true), ChipState::Local);
}

#[test]
fn a_device_that_finds_no_server_stays_local_and_meets_it_later() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    device.log(78_200);
    server.always(Some(("", Fault::NoAnswer)));
    let report = device.tick();
    assert!(matches!(report.outcome, TickOutcome::Failed(_)));
    server.always(None);
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
    assert_eq!(server.living(), 1);
}

#[test]
fn entries_written_by_a_context_that_has_not_read_the_owner_bear_it() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let fresh = device.again(2);
    fresh.log(78_200);
    assert_eq!(fresh.outbox()[0].owner, Some(account()));
}

#[test]
fn an_unnamed_person_and_the_accounts_only_one_are_the_same() {
    let server = Server::default();
    server.add_user(samples::person(), &named("Ada"));
    let device = Device::new(&server, 1);
    let kept = device.log(78_200);
    let deleted = device.log(78_300);
    run(device.engine.delete(&device.entry(deleted))).unwrap();
    device.edit(kept, 78_250);
    let ours = device.entry(kept).metric.user_id;
    let settings = AppModelPatch {
        active_user: Patch::Set(ours),
        ..AppModelPatch::default()
    };
    run(device.engine.save_settings(0, settings)).unwrap();
    let mut imported = samples::metric(7, -900, 0);
    imported.user_id = ours;
    assert_eq!(run(device.engine.import(&[imported])).unwrap(), 1);

    assert_eq!(device.tick().outcome, TickOutcome::Done);

    assert_eq!(people_there(&server), 1, "nobody new was made");
    assert_eq!(device.outbox(), []);
    assert_eq!(device.rows(), [(78_250, "synced"), (70_007, "synced")]);
    let all_theirs = |id: EntityId| id == samples::person();
    assert!(
        device
            .shown()
            .iter()
            .all(|entry| all_theirs(entry.metric.user_id))
    );
    server.with(|state| {
        assert!(
            state
                .data
                .metrics
                .values()
                .all(|row| all_theirs(row.user_id))
        );
        assert_eq!(state.data.model.active_user, Some(samples::person()));
    });
}

#[test]
fn what_the_device_knows_of_the_same_person_and_the_account_does_not_is_kept() {
    let server = Server::default();
    let height = |height| Patch::Set(Millimetres::new(height).unwrap());
    let theirs = UserPatch {
        height: height(1_780),
        ..named("Ada")
    };
    server.add_user(samples::person(), &theirs);
    let device = Device::new(&server, 1);
    let ours = UserPatch {
        height: height(1_790),
        gender: Patch::Set(tidemark_protocol::Gender::Female),
        ..UserPatch::default()
    };
    run(device.engine.save_person(None, ours)).unwrap();
    device.sync();
    let there = server.with(|state| state.data.users[&samples::person()].clone());
    assert_eq!(
        there.height.map(Millimetres::get),
        Some(1_780),
        "the account's stands"
    );
    assert_eq!(there.gender, Some(tidemark_protocol::Gender::Female));
}

/// A device with one person of its own that has to ask, and has pulled the account's row.
pub fn asking(ours: UserPatch, theirs: &[&str]) -> (Server, Device) {
    let server = Server::default();
    for (name, number) in theirs.iter().zip(1..) {
        server.add_user(samples::entity(0x1000 + number), &named(name));
    }
    let mut row = samples::metric(7, -1, 0);
    row.user_id = samples::entity(0x1001);
    server.put(&row);
    let device = Device::new(&server, 1);
    run(device.engine.save_person(None, ours)).unwrap();
    device.log(78_200);
    server.take_asked();
    (server, device)
}

#[test]
fn a_named_person_or_an_account_with_several_is_a_question_and_nothing_is_sent() {
    let cases: [(UserPatch, &[&str]); 2] = [
        (named("Ada"), &["Ada"]),
        (UserPatch::default(), &["Ada", "Bob"]),
    ];
    for (ours, theirs) in cases {
        let (server, device) = asking(ours, theirs);
        for _ in 0..2 {
            let report = device.tick();
            assert_eq!(report.outcome, TickOutcome::Question);
            assert!(report.next_wake > samples::NOON);
        }
        let asked = server.take_asked();
        assert!(
            asked.iter().all(|(route, _)| route.starts_with("GET")),
            "{asked:?}"
        );
        let question = question(&device).unwrap();
        assert_eq!(question.theirs.len(), theirs.len());
        // Another context knows of the question too, since it follows from what is stored.
        assert_eq!(
            crate::first_contact::question(&device.again(9)),
            Some(question)
        );
    }
}

#[test]
fn pulls_go_on_while_the_question_stands() {
    let (server, device) = asking(named("Ada"), &["Ada"]);
    device.tick();
    let theirs = samples::entity(0x1001);
    assert_eq!(run(device.engine.history(theirs)).unwrap().len(), 1);
    let mut row = samples::metric(8, -2, 0);
    row.user_id = theirs;
    server.put(&row);
    let report = device.tick();
    assert_eq!(
        (report.outcome, report.received),
        (TickOutcome::Question, 1)
    );
    assert_eq!(run(device.engine.history(theirs)).unwrap().len(), 2);
}

#[test]
fn the_same_person_takes_all_rows_along() {
    let (server, device) = asking(named("Augusta"), &["Ada", "Bob"]);
    device.tick();
    let question = question(&device).unwrap();
    let bob = question
        .theirs
        .iter()
        .find(|user| user.name.as_deref() == Some("Bob"));
    run(device.engine.answer_question(&question, bob)).unwrap();
    assert_eq!(crate::first_contact::question(&device), None);
    device.sync();
    assert_eq!(people_there(&server), 2);
    let bobs = run(device.engine.history(bob.unwrap().id)).unwrap();
    assert_eq!(bobs.len(), 1);
    assert_eq!(bobs[0].status.as_str(), "synced");
    let there = server.with(|state| state.data.users[&bob.unwrap().id].clone());
    assert_eq!(
        there.name.as_deref(),
        Some("Bob"),
        "the account's name stands"
    );
}

#[test]
fn a_tab_that_still_shows_the_device_s_own_person_writes_for_the_accounts() {
    for knows in [false, true] {
        let server = Server::default();
        server.add_user(samples::person(), &UserPatch::default());
        let device = Device::new(&server, 1);
        let kept = device.log(78_200);
        let tab = device.again(2);
        let shown = tab.entry(kept);
        let ours = run(tab.engine.profile()).unwrap().people.remove(0).user;
        device.sync();
        if knows {
            tab.state();
        }
        let reading = Reading {
            weight: crate::world::grams(79_000),
            height: None,
            note: None,
            created_at: samples::NOON.plus_millis(9_000),
            utc_offset: None,
        };
        run(tab.engine.log(Some(ours.id), reading)).unwrap();
        run(tab.engine.edit(&shown, crate::world::weight(78_250))).unwrap();
        run(tab.engine.save_person(Some(&ours), named("Ada"))).unwrap();
        device.sync();
        assert_eq!(device.outbox(), [], "{knows}");
        assert_eq!(
            device.rows(),
            [(79_000, "synced"), (78_250, "synced")],
            "{knows}"
        );
        assert_eq!(people_there(&server), 1, "{knows}");
        let name = server.with(|state| state.data.users[&samples::person()].name.clone());
        assert_eq!(name.as_deref(), Some("Ada"), "{knows}");
    }
}

#[test]
fn a_form_that_names_another_person_than_the_records_does_not_lose_its_edit() {
    // A form that was open while its person became another one, and that person then came to be after all, was
    // refused for good: whose a record is, is fixed.
    let server = Server::default();
    server.add_user(samples::person(), &named("Ada"));
    let bob = server.add_user(samples::entity(0x2000), &named("Bob"));
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    for is_sent in [false, true] {
        if is_sent {
            device.sync();
        }
        let mut shown = device.entry(id);
        shown.metric.user_id = bob.id;
        run(device.engine.edit(&shown, crate::world::weight(78_250))).unwrap();
        device.edit(id, 78_300);
        device.sync();
        assert_eq!(device.outbox(), [], "{is_sent}");
        assert_eq!(device.rows(), [(78_300, "synced")], "{is_sent}");
    }
}

#[test]
fn an_edit_that_names_a_stranger_for_a_record_that_is_not_here_is_parked() {
    let server = Server::default();
    server.add_user(samples::person(), &named("Ada"));
    let bob = server.add_user(samples::entity(0x2000), &named("Bob"));
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    let mut shown = device.entry(id);
    let other = Device::synced(&server, 2);
    device.sync();
    shown.metric.user_id = bob.id;
    server.always(Some(("GET", Fault::NoAnswer)));
    run(other.engine.edit(&shown, crate::world::weight(78_250))).unwrap();
    let mut report = other.tick();
    assert!(
        !other.outbox()[0].parked,
        "the next pull may say whose it is"
    );
    while !other.outbox()[0].parked {
        report = other.wake(&report);
    }
    let left = other.outbox().remove(0);
    let error = left.last_error.unwrap();
    assert_eq!(
        (error.code.as_str(), error.field.as_deref()),
        ("invalid_field", Some("user_id"))
    );
    assert!(left.parked);
}

#[test]
fn the_first_of_two_answers_in_two_tabs_stands() {
    // The second used to make the first forget who the person goes on as: what was written since was refused.
    let (server, device) = asking(named("Eve"), &["Ada"]);
    device.tick();
    let question = question(&device).unwrap();
    let (ours, ada) = (question.ours.clone(), question.theirs[0].clone());
    run(device.engine.answer_question(&question, Some(&ada))).unwrap();
    let tab = device.again(5);
    run(tab.engine.answer_question(&question, None)).unwrap();
    run(tab.engine.save_person(Some(&ours), named("Eva"))).unwrap();
    device.sync();
    assert_eq!(device.outbox(), []);
    assert_eq!(people_there(&server), 1);
}

#[test]
fn somebody_new_stays_somebody_new() {
    let (server, device) = asking(named("Eve"), &["Ada"]);
    device.tick();
    let question = question(&device).unwrap();
    run(device.engine.answer_question(&question, None)).unwrap();
    device.again(5).sync();
    assert_eq!(people_there(&server), 2);
    assert_eq!(device.outbox(), []);
    let eves = run(device.engine.history(question.ours.id)).unwrap();
    assert_eq!(eves[0].status.as_str(), "synced");
}

#[test]
fn a_person_added_in_sight_of_the_accounts_people_is_not_asked_about() {
    // A second, unnamed person used to be taken for the account's only one.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    run(device.engine.save_person(None, UserPatch::default())).unwrap();
    run(device.engine.save_person(None, named("Bob"))).unwrap();
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(people_there(&server), 3);
}

#[test]
fn a_person_who_was_sent_in_vain_may_be_known_by_now_and_is_not_asked_about() {
    for fault in [Fault::NoAnswer, Fault::LostReply] {
        let server = Server::default();
        let device = Device::new(&server, 1);
        run(device.engine.save_person(None, named("Ada"))).unwrap();
        device.log(78_200);
        server.next("POST /v1/users", fault.clone());
        let report = device.tick();
        server.add_user(samples::entity(0x2000), &named("Bob"));
        device.clock.set(report.next_wake);
        let outcome = run(device.engine.tick(Trigger::Interval)).outcome;
        assert_eq!(outcome, TickOutcome::Done, "{fault:?}");
        assert_eq!(people_there(&server), 2, "{fault:?}");
        assert_eq!(
            (server.living(), device.outbox().len()),
            (1, 0),
            "{fault:?}"
        );
    }
}
