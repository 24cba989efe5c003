//! Files in and out: what a file adds, taking it back, and a backup in another profile.

use crate::server::{BATCH, Fault, Server, html};
use crate::world::{Device, grams};
use tidemark_engine::imports::{Comparison, Everything, IMPORTS_MAX, Intake};
use tidemark_protocol::{AppModelPatch, EntityId, Metric, Patch, Theme, User, UserPatch};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;

fn rows(count: u32) -> Vec<Metric> {
    (1..=count)
        .map(|number| samples::metric(u128::from(number), -i64::from(number) * 7, 0))
        .collect()
}

fn file(metrics: &[Metric]) -> Intake {
    Intake {
        label: "weights.csv".to_owned(),
        people: vec![User::new(samples::person(), samples::NOON)],
        metrics: metrics.to_vec(),
        ..Intake::default()
    }
}

/// A file without people.
fn rows_only(metrics: &[Metric]) -> Intake {
    Intake {
        people: Vec::new(),
        ..file(metrics)
    }
}

fn take_in(device: &Device, intake: &Intake) -> Comparison {
    run(device.engine.take_in(intake)).unwrap()
}

fn undo_last(device: &Device) -> usize {
    let notes = run(device.engine.imports()).unwrap();
    run(device.engine.undo_import(notes[0].id)).unwrap()
}

fn counts(fresh: usize, known: usize, deleted: usize, newer: usize) -> Comparison {
    Comparison {
        fresh,
        known,
        deleted,
        newer,
    }
}

#[test]
fn the_same_file_twice_adds_nothing_and_leaves_no_second_note() {
    let device = Device::new(&Server::default(), 1);
    let file = file(&rows(30));
    assert_eq!(take_in(&device, &file), counts(30, 0, 0, 0));
    let outbox = device.outbox();
    assert_eq!(take_in(&device, &file), counts(0, 30, 0, 0));
    assert_eq!(device.outbox(), outbox);
    assert_eq!(run(device.engine.imports()).unwrap().len(), 1);
}

#[test]
fn one_undo_takes_a_whole_import_back_and_nothing_else() {
    for account in [false, true] {
        let server = Server::default();
        let device = if account {
            Device::synced(&server, 1)
        } else {
            Device::new(&server, 1)
        };
        let own = device.log(80_000);
        let person = device.entry(own).metric.user_id;
        let mut metrics = rows(2_500);
        for row in &mut metrics {
            row.user_id = person;
        }
        take_in(&device, &rows_only(&metrics));
        assert_eq!(device.shown().len(), 2_501, "account {account}");
        if account {
            device.sync();
            assert_eq!(server.living(), 2_501);
        }
        let later = device.again(2);
        assert_eq!(
            undo_last(&later),
            2_500,
            "after a restart, account {account}"
        );
        assert_eq!(later.shown().len(), 1);
        assert_eq!(later.shown()[0].metric.id, own);
        assert!(run(later.engine.imports()).unwrap().is_empty());
        if account {
            later.sync();
            assert_eq!(server.living(), 1);
        }
    }
}

#[test]
fn what_was_taken_back_comes_again_only_when_asked() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let mut file = file(&rows(3));
    take_in(&device, &file);
    device.sync();
    undo_last(&device);
    assert_eq!(take_in(&device, &file), counts(0, 0, 3, 0));
    assert_eq!(device.shown().len(), 0);
    file.brings_back = true;
    assert_eq!(take_in(&device, &file), counts(0, 0, 3, 0));
    assert_eq!(device.shown().len(), 3);
    device.sync();
    assert_eq!(server.living(), 3);
    assert_eq!(undo_last(&device), 3, "and can be taken back again");
}

#[test]
fn an_undo_that_breaks_off_can_be_called_again() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    take_in(&device, &file(&rows(5)));
    let id = run(device.engine.imports()).unwrap()[0].id;
    device.store.fail("forget_import", 1);
    assert!(run(device.engine.undo_import(id)).is_err());
    assert_eq!(
        run(device.engine.undo_import(id)).unwrap(),
        0,
        "all are gone"
    );
    assert_eq!(device.shown().len(), 0);
    assert!(run(device.engine.imports()).unwrap().is_empty());
}

#[test]
fn a_newer_value_in_the_file_is_taken_and_an_undo_sets_it_back() {
    let device = Device::new(&Server::default(), 1);
    let own = device.log(80_000);
    let row = device.entry(own).metric;
    let mut changed = Metric {
        weight: grams(79_000),
        updated_at: row.updated_at.plus_millis(5),
        ..row.clone()
    };
    assert_eq!(
        take_in(&device, &rows_only(&[changed.clone()])),
        counts(0, 0, 0, 1)
    );
    assert_eq!(device.entry(own).metric.weight, grams(79_000));
    undo_last(&device);
    assert_eq!(device.entry(own).metric.weight, grams(80_000));
    changed.updated_at = row.updated_at.plus_millis(-5);
    assert_eq!(
        take_in(&device, &rows_only(&[changed])),
        counts(0, 1, 0, 0),
        "older"
    );
}

/// A profile with a person, settings, edits, and a deleted row.
fn lived_in() -> Device {
    let device = Device::new(&Server::default(), 1);
    let first = device.log(80_000);
    let second = device.log(81_000);
    device.log(82_000);
    device.edit(first, 80_500);
    run(device.engine.delete(&device.entry(second))).unwrap();
    let person = run(device.engine.profile()).unwrap().people[0].user.clone();
    let patch = UserPatch {
        name: Patch::Set("Elif".to_owned()),
        birth_date: Patch::Set("1990-02-01".to_owned()),
        ..UserPatch::default()
    };
    run(device.engine.save_person(Some(&person), patch)).unwrap();
    let settings = AppModelPatch {
        theme: Patch::Set(Theme::Dark),
        active_user: Patch::Set(person.id),
        ..AppModelPatch::default()
    };
    run(device.engine.save_settings(0, settings)).unwrap();
    device
}

fn restore(device: &Device, everything: &Everything) {
    let intake = Intake {
        label: "backup.json".to_owned(),
        people: everything.people.clone(),
        app_model: Some(everything.app_model.clone()),
        metrics: everything.metrics.clone(),
        brings_back: true,
    };
    take_in(device, &intake);
}

#[test]
fn everything_in_a_fresh_profile_is_everything_again() {
    let everything = run(lived_in().engine.everything()).unwrap();
    assert_eq!(everything.metrics.len(), 3, "the deleted one among them");
    let fresh = Device::new(&Server::default(), 9);
    restore(&fresh, &everything);
    assert_eq!(run(fresh.engine.everything()).unwrap(), everything);
    assert_eq!(fresh.shown().len(), 2);
    restore(&fresh, &everything);
    assert_eq!(
        run(fresh.engine.everything()).unwrap(),
        everything,
        "twice is once"
    );
}

#[test]
fn a_restored_profile_syncs_as_it_is() {
    let everything = run(lived_in().engine.everything()).unwrap();
    let server = Server::default();
    let fresh = Device::new(&server, 9);
    restore(&fresh, &everything);
    fresh.sync();
    assert_eq!(server.living(), 2);
    assert_eq!(fresh.outbox(), []);
    assert_eq!(fresh.shown().len(), 2);
}

#[test]
fn settings_of_a_file_stay_out_where_somebody_lives() {
    let everything = run(lived_in().engine.everything()).unwrap();
    let device = Device::new(&Server::default(), 9);
    device.log(70_000);
    restore(&device, &everything);
    let profile = run(device.engine.profile()).unwrap();
    assert_eq!(profile.app_model.theme, None);
    assert_eq!(profile.people.len(), 2);
}

#[test]
fn the_files_people_go_with_the_undo_unless_somebody_logged_for_them() {
    for logs in [false, true] {
        let device = Device::new(&Server::default(), 1);
        take_in(&device, &file(&rows(3)));
        if logs {
            device.log(70_000);
        }
        assert_eq!(undo_last(&device), 3);
        let people = run(device.engine.profile()).unwrap().people.len();
        assert_eq!(people, usize::from(logs), "logged {logs}");
        let again = take_in(&device, &file(&rows(3)));
        assert_eq!(again.fresh + again.deleted, 3);
        assert_eq!(run(device.engine.profile()).unwrap().people.len(), 1);
    }
}

#[test]
fn a_row_that_waits_refused_goes_with_the_undo() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let rows = rows(4);
    take_in(&device, &file(&rows));
    server.with(|state| {
        state
            .verdicts
            .insert(rows[0].id, crate::server::Verdict::Reject("invalid_field"))
    });
    device.sync();
    device.edit(rows[1].id, 77_000);
    assert_eq!(undo_last(&device), 4);
    server.with(|state| state.verdicts.clear());
    device.sync();
    assert_eq!((server.living(), device.outbox().len()), (0, 0));
}

#[test]
fn only_the_newest_imports_can_be_taken_back() {
    let device = Device::new(&Server::default(), 1);
    let rows = rows(8);
    for row in rows.chunks(1) {
        take_in(&device, &file(row));
    }
    let notes = run(device.engine.imports()).unwrap();
    let ids: Vec<EntityId> = notes.iter().map(|note| note.metrics[0]).collect();
    let newest: Vec<EntityId> = rows.iter().rev().map(|row| row.id).collect();
    assert_eq!(ids, newest[..IMPORTS_MAX]);
}

#[test]
fn a_note_is_there_before_the_first_row_is() {
    let device = Device::new(&Server::default(), 1);
    device.store.fail("bulk", 1);
    assert!(run(device.engine.take_in(&file(&rows(2)))).is_err());
    assert_eq!(run(device.engine.imports()).unwrap().len(), 1);
    assert_eq!(undo_last(&device), 0);
}

#[test]
fn a_file_read_again_after_its_person_became_the_accounts_adds_nothing() {
    let server = Server::default();
    server.add_user(samples::entity(77), &UserPatch::default());
    let device = Device::new(&server, 1);
    device.log(80_000);
    let ours = device.shown()[0].metric.user_id;
    let of = |person: EntityId, first_id: u128| -> Vec<Metric> {
        let rows = rows(3).into_iter().zip(first_id..);
        rows.map(|(row, id)| Metric {
            id: samples::entity(id),
            user_id: person,
            ..row
        })
        .collect()
    };
    take_in(&device, &rows_only(&of(ours, 100)));
    device.sync();
    let theirs = device.shown()[0].metric.user_id;
    assert_eq!(theirs, samples::entity(77), "adopted");
    // The ids of a file's rows follow from the person, so they are others now.
    let again = take_in(&device, &rows_only(&of(theirs, 200)));
    assert_eq!(again, counts(0, 3, 0, 0));
    assert_eq!(undo_last(&device), 3);
}

/// One device imports a file and takes it back; the other, which had synced before that, imports it now.
fn taken_back_elsewhere(server: &Server) -> (Device, Device, Intake) {
    let (one, two) = (Device::synced(server, 1), Device::synced(server, 2));
    let file = file(&rows(3));
    take_in(&one, &file);
    one.sync();
    undo_last(&one);
    one.sync();
    assert_eq!(server.living(), 0);
    two.clock.set(samples::NOON.plus_millis(60_000));
    (one, two, file)
}

#[test]
fn a_file_that_another_device_took_back_comes_in_here_and_there() {
    for words_differ in [false, true] {
        let server = Server::default();
        let (one, two, mut file) = taken_back_elsewhere(&server);
        if words_differ {
            // Another zone says another offset, so the server knows the operation with other words.
            for row in &mut file.metrics {
                row.utc_offset = Some(60);
            }
        }
        assert_eq!(take_in(&two, &file), counts(3, 0, 0, 0));
        two.edit(file.metrics[0].id, 77_000);
        two.sync();
        assert_eq!(two.outbox(), []);
        assert_eq!(two.shown().len(), 3, "words differ {words_differ}");
        assert_eq!(two.entry(file.metrics[0].id).metric.weight, grams(77_000));
        assert_eq!(server.living(), 3);
        one.sync();
        assert_eq!(one.shown().len(), 3);
        assert_eq!(undo_last(&two), 3, "and can be taken back here");
    }
}

#[test]
fn a_deletion_that_is_pulled_first_does_not_take_a_later_import_away() {
    let server = Server::default();
    let (_, two, file) = taken_back_elsewhere(&server);
    take_in(&two, &file);
    server.next(BATCH, Fault::Instead(html(500)));
    two.tick();
    assert_eq!(two.shown().len(), 3);
    two.sync();
    assert_eq!((two.shown().len(), server.living()), (3, 3));
}

#[test]
fn a_deletion_that_the_server_has_forgotten_does_not_take_a_later_import_away() {
    let server = Server::default();
    let (_, two, file) = taken_back_elsewhere(&server);
    server.with(|state| state.data.metrics.clear());
    take_in(&two, &file);
    two.sync();
    assert_eq!((two.shown().len(), server.living()), (3, 3));
}

#[test]
fn what_was_deleted_after_its_import_stays_deleted() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    device.clock.set(samples::NOON.plus_millis(-60_000));
    let file = file(&rows(3));
    take_in(&device, &file);
    server.next(BATCH, Fault::LostReply);
    device.tick();
    // Another device has seen one and deletes it, before this one learns that it had arrived.
    server.delete(file.metrics[0].id);
    device.sync();
    assert_eq!((device.shown().len(), server.living()), (2, 2));
}
