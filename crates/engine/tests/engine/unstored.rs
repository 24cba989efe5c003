//! Edits made while the store did not answer: shown meanwhile, stored later, once.

use crate::server::Server;
use crate::world::{Device, grams, weight};
use tidemark_engine::outbox::{ACTIVE_PERSON, EntryDraft};
use tidemark_engine::view::{Entry, Profile};
use tidemark_engine::{Reading, Store, unstored};
use tidemark_protocol::{AppModelPatch, MetricPatch, Patch, Theme, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

fn reading(weight: u32) -> Reading {
    Reading {
        weight: grams(weight),
        height: None,
        note: None,
        created_at: samples::NOON,
        utc_offset: None,
    }
}

fn named(name: &str) -> UserPatch {
    UserPatch {
        name: Patch::Set(name.to_owned()),
        ..UserPatch::default()
    }
}

/// What the screen shows of entries that were read and edits that were not stored, in grams.
fn shown(entries: Vec<Entry>, drafts: &[EntryDraft]) -> Vec<u32> {
    let shown = unstored::over_entries(entries, Some(samples::person()), drafts);
    let again = unstored::over_entries(shown.clone(), Some(samples::person()), drafts);
    assert_eq!(shown, again, "laying them over again changes nothing");
    shown
        .iter()
        .map(|entry| entry.metric.weight.get())
        .collect()
}

#[test]
fn a_draft_asks_the_store_nothing() {
    let device = Device::new(&Server::default(), 1);
    for method in ["load", "profile", "history", "outbox", "commit"] {
        device.store.fail(method, u32::MAX);
    }
    let draft = device.engine.draft_log(None, reading(70_000));
    assert!(run(device.engine.write(&draft)).is_err());
    let again = device.engine.draft_log(None, reading(70_000));
    assert_ne!(draft.op_id, again.op_id, "another edit has another name");
}

#[test]
fn a_commit_that_failed_only_as_far_as_one_could_see_is_not_made_twice() {
    let device = Device::new(&Server::default(), 1);
    let draft = device.engine.draft_log(None, reading(70_000));
    run(device.engine.write(&draft)).unwrap();
    device.edit(draft.entity_id, 71_000);
    run(device.engine.write(&draft)).unwrap();
    assert_eq!(device.rows(), [(71_000, "pending")]);
    assert_eq!(device.outbox().len(), 3, "the person, the entry, the edit");
}

#[test]
fn a_copy_that_comes_late_takes_effect_once_on_the_server_too() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let draft = device.engine.draft_log(None, reading(70_000));
    run(device.engine.write(&draft)).unwrap();
    device.edit(draft.entity_id, 71_000);
    device.sync();
    assert_eq!(device.outbox(), []);
    // Another tab had kept a copy all the while.
    let other = device.again(2);
    run(other.engine.write(&draft)).unwrap();
    device.sync();
    assert_eq!(device.rows(), [(71_000, "synced")]);
    assert_eq!(server.metric(draft.entity_id).unwrap().weight.get(), 71_000);
}

#[test]
fn two_tabs_that_store_the_same_copies_make_one_person_and_one_entry() {
    let device = Device::new(&Server::default(), 1);
    let other = device.again(2);
    let height = UserPatch {
        height: Patch::Set(tidemark_domain::length::Millimetres::new(1_783).unwrap()),
        ..UserPatch::default()
    };
    let drafts = [
        device.engine.draft_person(None, height),
        device.engine.draft_log(None, reading(70_000)),
    ];
    for draft in &drafts {
        run(device.engine.write(draft)).unwrap();
        run(other.engine.write(draft)).unwrap();
    }
    let profile = run(device.engine.profile()).unwrap();
    assert_eq!(profile.people.len(), 1);
    let entries = device.shown();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].metric.user_id, profile.people[0].user.id);
    assert_eq!(
        entries[0].metric.height, profile.people[0].user.height,
        "an entry made while nobody was known gets the person's height"
    );
}

#[test]
fn an_entry_whose_person_was_cleared_away_brings_them_back() {
    // It used to be stored for somebody whom no screen could show.
    let device = Device::new(&Server::default(), 1);
    device.log(70_000);
    let person = run(device.engine.profile()).unwrap().people[0].user.id;
    let draft = device.engine.draft_log(Some(person), reading(71_000));
    let cleared = Device::new(&Server::default(), 3);
    run(cleared.engine.write(&draft)).unwrap();
    assert_eq!(cleared.rows(), [(71_000, "pending")]);
}

#[test]
fn a_return_says_all_values_only_where_nothing_else_is_left() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let kept = device.log(70_000);
    device.sync();
    let local = device.log(71_000);
    for (id, says_values) in [(kept, false), (local, true)] {
        let entry = device.entry(id);
        run(device.engine.delete(&entry)).unwrap();
        let draft = device.engine.draft_return(&entry);
        let stored = run(device.engine.write(&draft)).unwrap();
        let said: MetricPatch = stored.metric_patch().unwrap();
        assert_eq!(said.weight.is_some(), says_values);
        assert_eq!(device.entry(id).metric.weight, entry.metric.weight);
    }
}

#[test]
fn what_is_not_stored_is_shown_over_what_was_read() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let engine = &device.engine;
    let (first, second) = (device.log(70_000), device.log(71_000));
    let read = device.shown();
    let (first, second) = (device.entry(first), device.entry(second));
    let person = Some(samples::person());
    let new = engine.draft_log(person, reading(72_000));
    assert_eq!(
        shown(read.clone(), std::slice::from_ref(&new)),
        [71_000, 70_000, 72_000]
    );
    let edited = engine.draft_edit(&first, weight(70_500));
    assert_eq!(shown(read.clone(), &[edited]), [71_000, 70_500]);
    let deleted = engine.draft_deletion(&second);
    assert_eq!(
        shown(read.clone(), std::slice::from_ref(&deleted)),
        [70_000]
    );
    let back = engine.draft_return(&second);
    assert_eq!(shown(read.clone(), &[deleted, back]), [71_000, 70_000]);
    let others = engine.draft_log(Some(samples::entity(5)), reading(73_000));
    assert_eq!(shown(read, &[others]), [71_000, 70_000]);
    let first_ever = engine.draft_log(None, reading(74_000));
    let alone = unstored::over_entries(Vec::new(), None, &[first_ever]);
    assert_eq!(alone[0].metric.user_id, ACTIVE_PERSON);
}

#[test]
fn people_and_settings_are_shown_before_they_are_stored_too() {
    let device = Device::new(&Server::default(), 1);
    let dark = AppModelPatch {
        theme: Patch::Set(Theme::Dark),
        ..AppModelPatch::default()
    };
    let drafts = [
        device.engine.draft_person(None, named("Ada")),
        device.engine.draft_settings(0, dark),
    ];
    let shown = unstored::over_profile(Profile::default(), &drafts);
    assert_eq!(shown.app_model.theme, Some(Theme::Dark));
    assert_eq!(shown.active().unwrap().user.name.as_deref(), Some("Ada"));
    let again = unstored::over_profile(shown.clone(), &drafts);
    assert_eq!(again, shown, "laying them over again changes nothing");
    for draft in &drafts {
        run(device.engine.write(draft)).unwrap();
    }
    let stored = run(device.engine.profile()).unwrap();
    assert_eq!(stored.app_model.theme, Some(Theme::Dark));
    assert_eq!(stored.active().unwrap().user.name.as_deref(), Some("Ada"));
    assert_eq!(run(device.store.outbox()).unwrap().len(), 3);
}
