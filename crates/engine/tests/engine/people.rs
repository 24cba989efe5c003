//! People and app model on their way to the server, and people whom the server does not know.

use crate::server::{Fault, Server, html};
use crate::world::{Device, failure_code};
use tidemark_engine::outbox::{EntryDraft, EntryKind};
use tidemark_engine::ports::Generation;
use tidemark_engine::{Clock, Reading, Store, TickOutcome};
use tidemark_protocol::{AppModel, AppModelPatch, EntityId, OpId, Patch, Units, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

fn named(name: &str) -> UserPatch {
    UserPatch {
        name: Patch::Set(name.to_owned()),
        ..UserPatch::default()
    }
}

#[test]
fn a_new_persons_metrics_wait_until_the_person_is_there() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    device.log(78_200);
    assert_eq!(device.outbox().len(), 2);
    let overview = run(device.engine.overview()).unwrap();
    assert_eq!(overview.pending, 1, "who only logs sees one entry wait");
    server.next("POST /v1/users", Fault::NoAnswer);
    let report = device.tick();
    assert_eq!(failure_code(&report), "unreachable");
    assert!(server.take_batches().is_empty());
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
    assert_eq!(device.rows(), [(78_200, "synced")]);
    assert_eq!(server.with(|state| state.data.users.len()), 1);
}

#[test]
fn two_tabs_that_both_find_nobody_make_one_person() {
    let server = Server::default();
    let one = Device::new(&server, 1);
    let two = one.again(2);
    let reading = |weight| Reading {
        weight: crate::world::grams(weight),
        height: None,
        note: None,
        created_at: one.clock.now(),
        utc_offset: None,
    };
    // Both have read that there is nobody before either has written.
    let ids = interleave(
        one.engine.log(None, reading(78_200)),
        two.engine.log(None, reading(78_300)),
    );
    assert!(ids.0.is_ok() && ids.1.is_ok());
    one.sync();
    assert_eq!(server.with(|state| state.data.users.len()), 1);
    assert_eq!(one.rows().len(), 2);
}

/// The twins never wait, so what two tabs do at once is done here with the same store state in between.
fn interleave<A, B>(one: impl Future<Output = A>, two: impl Future<Output = B>) -> (A, B) {
    (run(one), run(two))
}

#[test]
fn two_contexts_derive_the_same_first_person() {
    let device = Device::new(&Server::default(), 1);
    let id = device.state().device_id;
    let first = tidemark_engine::ids::first_person_id(&id);
    device.log(78_200);
    let made = device.outbox().remove(0);
    assert_eq!((made.kind, made.entity_id), (EntryKind::CreateUser, first));
    // The same edit from another tab is the same operation with the same words.
    assert_eq!(made.op_id, tidemark_protocol::OpId::for_bulk_create(first));
    assert_eq!(made.payload, "{}");
}

#[test]
fn a_second_person_of_a_device_is_somebody_else() {
    let device = Device::new(&Server::default(), 1);
    let one = run(device.engine.save_person(None, named("Ada"))).unwrap();
    let two = run(device.engine.save_person(None, named("Bob"))).unwrap();
    assert_ne!(one, two);
    assert_eq!(run(device.engine.profile()).unwrap().people.len(), 2);
}

#[test]
fn people_and_settings_go_up_with_their_operation_and_base() {
    let server = Server::default();
    let device = Device::new(&server, 1);
    let ada = run(device.engine.save_person(None, named("Ada"))).unwrap();
    let patch = AppModelPatch {
        active_user: Patch::Set(ada),
        units: Patch::Set(Units::Stone),
        ..AppModelPatch::default()
    };
    run(device.engine.save_settings(0, patch)).unwrap();
    device.sync();

    let asked = server.take_asked();
    let body = |wanted: &str| {
        let found = asked.iter().find(|(route, _)| route.starts_with(wanted));
        found.map(|(_, body)| body.clone()).unwrap()
    };
    let created = body("POST /v1/users");
    assert_eq!(created["id"], ada.to_string());
    assert!(created["op_id"].is_string());
    let described = body("PATCH /v1/users/");
    assert_eq!(
        (&described["name"], &described["base_version"]),
        (&"Ada".into(), &0.into())
    );
    let settings = body("PATCH /v1/app_model");
    assert_eq!(
        settings["base_version"], 0,
        "a fresh device's defaults can't win"
    );
    assert_eq!(settings["units"], "stone");
    let profile = run(device.engine.profile()).unwrap();
    assert_eq!(profile.people[0].status.as_str(), "synced");
    assert_eq!(profile.app_model.units, Some(Units::Stone));
}

#[test]
fn a_call_that_something_stumbles_over_holds_back_neither_metrics_nor_pulls() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let person = run(device.engine.profile()).unwrap().people.remove(0);
    run(device.engine.save_person(Some(&person.user), named("Ada"))).unwrap();
    device.log(78_200);
    server.put(&samples::metric(7, -1, 0));
    server.always(Some(("PATCH", Fault::Instead(html(403)))));
    let report = device.tick();
    let report = device.wake(&report);
    assert_eq!(failure_code(&report), "not_ours");
    assert_eq!(device.rows(), [(78_200, "synced"), (70_007, "synced")]);
    assert_eq!(device.outbox().len(), 1);
    server.always(None);
    assert_eq!(device.wake(&report).outcome, TickOutcome::Done);
}

fn forget_person(server: &Server) {
    server.with(|state| state.data.users.clear());
}

#[test]
fn a_person_whom_the_server_lacks_is_sent_before_their_metrics() {
    let server = Server::default();
    let ada = server.add_user(samples::person(), &named("Ada"));
    let device = Device::synced(&server, 1);
    forget_person(&server);
    let ids: Vec<EntityId> = (0..3).map(|number| device.log(70_000 + number)).collect();

    assert_eq!(device.tick().outcome, TickOutcome::Done);

    assert_eq!(device.outbox(), []);
    assert!(ids.iter().all(|id| server.metric(*id).is_some()));
    let again = server.with(|state| state.data.users[&ada.id].clone());
    assert_eq!(again.name, ada.name);
    let posts = server.take_asked();
    let posts = posts.iter().filter(|(route, _)| route == "POST /v1/users");
    assert_eq!(posts.count(), 1);
}

#[test]
fn a_person_whom_neither_knows_parks_the_metric_instead_of_looping() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let stranger = samples::entity(0xbad);
    let reading = Reading {
        weight: crate::world::grams(70_000),
        height: None,
        note: None,
        created_at: samples::NOON,
        utc_offset: None,
    };
    // As an app left it that did not make the person first.
    let draft = device.engine.draft_log(Some(stranger), reading);
    run(device.store.commit(&[draft], None)).unwrap();
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    let left = device.outbox().remove(0);
    assert!(left.parked);
    assert_eq!(left.last_error.unwrap().code, "unknown_user");
}

#[test]
fn an_edit_of_a_person_whom_the_server_lacks_brings_the_person_and_is_not_lost() {
    // The edit used to be dropped with the 404 that it got.
    let server = Server::default();
    server.add_user(samples::person(), &named("Ada"));
    let device = Device::synced(&server, 1);
    forget_person(&server);
    let person = run(device.engine.profile()).unwrap().people.remove(0);
    let surname = UserPatch {
        surname: Patch::Set("Lovelace".to_owned()),
        ..UserPatch::default()
    };
    run(device.engine.save_person(Some(&person.user), surname)).unwrap();
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    let there = server.with(|state| state.data.users[&samples::person()].clone());
    assert_eq!(
        (there.name.as_deref(), there.surname.as_deref()),
        (Some("Ada"), Some("Lovelace"))
    );
    assert_eq!(device.outbox(), []);
}

#[test]
fn an_edit_of_a_person_whom_another_tab_has_queued_waits_for_them() {
    // After a resync in another tab the person was queued and no longer held, and the edit was refused for good.
    let server = Server::default();
    server.add_user(samples::person(), &named("Ada"));
    let device = Device::synced(&server, 1);
    let person = run(device.engine.profile()).unwrap().people.remove(0);
    run(device
        .engine
        .save_person(Some(&person.user), named("Ada L.")))
    .unwrap();
    let edit = device.outbox().remove(0);
    forget_person(&server);
    let state = device.state();
    let made = EntryDraft {
        op_id: OpId::for_bulk_create(samples::person()),
        kind: EntryKind::CreateUser,
        payload: "{}".to_owned(),
        base_version: 0,
        ..edit.to_draft()
    };
    let nothing = Generation {
        metrics: Vec::new(),
        users: Vec::new(),
        app_model: AppModel::default(),
        cursor: state.cursor.unwrap(),
        users_cursor: state.users_cursor.unwrap(),
        head: state.head,
        epoch: state.epoch.unwrap(),
    };
    let tab = device.store.clone();
    device.store.before("profile", move || {
        run(tab.commit(std::slice::from_ref(&made), None)).unwrap();
        run(tab.replace_all(&nothing)).unwrap();
    });
    device.sync();
    assert_eq!(device.outbox(), []);
    let there = server.with(|state| state.data.users[&samples::person()].clone());
    assert_eq!(there.name.as_deref(), Some("Ada L."));
}

#[test]
fn an_edit_that_another_tab_writes_while_the_queue_gets_a_new_order_stays_the_newest() {
    let server = Server::default();
    server.add_user(samples::person(), &named("Ada"));
    let device = Device::synced(&server, 1);
    let tab = device.again(2);
    forget_person(&server);
    let person = run(device.engine.profile()).unwrap().people.remove(0);
    run(device
        .engine
        .save_person(Some(&person.user), named("Older")))
    .unwrap();
    device.store.before("settle", move || {
        run(tab.engine.save_person(Some(&person.user), named("Newest"))).unwrap();
    });
    device.sync();
    let there = server.with(|state| state.data.users[&samples::person()].clone());
    assert_eq!(there.name.as_deref(), Some("Newest"));
    assert_eq!(device.outbox(), []);
}

#[test]
fn a_server_that_never_learns_a_person_is_not_asked_in_a_loop() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(70_000);
    server.with(|state| {
        let verdict = crate::server::Verdict::Reject("unknown_user");
        state.verdicts.insert(id, verdict)
    });
    let report = device.tick();
    assert_eq!(failure_code(&report), "put_off");
    assert!(server.take_asked().len() < 10);
    assert!(
        !device.outbox()[0].parked,
        "the device holds the person, so it is not the entry's fault"
    );
}

#[test]
fn a_setting_that_chooses_a_person_whom_the_server_lacks_brings_the_person() {
    // It used to be parked, though the device knew the person, or had just queued them in another tab.
    for is_queued in [false, true] {
        let server = Server::default();
        server.add_user(samples::person(), &named("Ada"));
        let device = Device::synced(&server, 1);
        forget_person(&server);
        let chooses = AppModelPatch {
            active_user: Patch::Set(samples::person()),
            ..AppModelPatch::default()
        };
        run(device.engine.save_settings(0, chooses)).unwrap();
        let tab = device.again(2);
        if is_queued {
            let ada = run(device.engine.profile()).unwrap().people.remove(0);
            device.store.before("profile", move || {
                run(tab.engine.save_person(Some(&ada.user), named("Ada L."))).unwrap();
            });
        }
        device.sync();
        assert_eq!(device.outbox(), [], "{is_queued}");
        server.with(|state| {
            assert_eq!(state.data.model.active_user, Some(samples::person()));
            assert!(state.data.users.contains_key(&samples::person()));
        });
    }
}

#[test]
fn an_operation_that_the_server_knows_with_other_words_goes_again_as_one_of_its_own() {
    // It was sent before its person became one of the account's, and used to be parked as refused.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    let op = device.outbox()[0].op_id;
    server.with(|state| state.data.ops.insert(op, "other words".to_owned()));
    device.sync();
    assert_eq!(device.outbox(), []);
    assert_eq!(server.metric(id).unwrap().weight.get(), 78_200);
}

#[test]
fn a_metric_that_the_server_lacks_is_sent_whole() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(70_000);
    device.sync();
    server.with(|state| state.data.metrics.clear());
    device.edit(id, 71_000);
    let note = tidemark_protocol::MetricPatch {
        note: Patch::Set("late".to_owned()),
        ..Default::default()
    };
    run(device.engine.edit(&device.entry(id), note)).unwrap();

    assert_eq!(device.tick().outcome, TickOutcome::Done);

    let there = server.metric(id).unwrap();
    assert_eq!(
        (there.weight.get(), there.note.as_deref()),
        (71_000, Some("late"))
    );
    assert_eq!(
        there.utc_offset,
        Some(180),
        "what was never edited is there too"
    );
    assert_eq!(device.rows(), [(71_000, "synced")]);
}

#[test]
fn a_metric_that_the_server_lacks_and_that_is_deleted_here_ends_quietly() {
    // The edit used to be refused for ever, and the deletion to wait behind it.
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(70_000);
    device.sync();
    // It was deleted elsewhere, so long ago that the server has forgotten it.
    server.with(|state| {
        state.data.metrics.clear();
        state.data.head += 1;
        state.horizon = state.data.head;
    });
    device.edit(id, 71_000);
    run(device.engine.delete(&device.entry(id))).unwrap();
    server.take_asked();
    assert_eq!(device.tick().outcome, TickOutcome::Done);
    assert_eq!(
        (device.outbox().len(), device.rows().len(), server.living()),
        (0, 0, 0)
    );
    let sent = server.take_batches();
    let events = sent
        .iter()
        .filter_map(|batch| batch["events"].as_array())
        .flatten();
    let whole = events.filter(|event| event["payload"]["created_at"].is_string());
    assert_eq!(whole.count(), 0, "it is not made anew only to be deleted");
}
