//! A storage that fails: nothing is lost, nothing is doubled, and nothing is called saved that is not.

use super::super::saving::{AGAIN_MS, SLOW_MS};
use super::world::{World, form, open, world};
use super::*;
use crate::state::NotSavedEdit;
use tidemark_engine::Store;
use tidemark_engine::outbox::EntryKind;
use tidemark_protocol::{AppModelPatch, MetricPatch, Patch, Theme, UserPatch};

fn hangs() -> StoreError {
    StoreError::Unavailable("slow".to_owned())
}

impl World {
    /// The app after a restart of this page, over the same storage.
    fn restarted(&self) -> World {
        let host = TestHost {
            journal: Rc::clone(&self.host.journal),
            ..TestHost::default()
        };
        open(self.store.clone(), host, 2)
    }

    /// What is said to be not saved, and whether a copy of it exists.
    fn not_saved(&self) -> Vec<(EntryKind, bool)> {
        let said = self.app.not_saved.get_untracked();
        let said = said.edits.iter();
        said.map(|edit| (edit.kind, edit.has_copy)).collect()
    }

    fn stored(&self) -> usize {
        run(self.store.outbox()).expect("the store works").len()
    }
}

const METRIC: EntryKind = EntryKind::UpsertMetric;

#[test]
fn an_entry_that_the_storage_refuses_is_copied_shown_and_not_called_saved() {
    let world = world();
    world.log(78_000, 5);
    for (error, fault) in [
        (hangs(), Fault::NotSaved),
        (StoreError::QuotaExceeded, Fault::NoRoom),
        (StoreError::Blocked, Fault::OtherTab),
    ] {
        world.store.break_down(Some(error));
        assert_eq!(world.log(79_000, 0), Some(Ok(())), "the sheet lets go");
        assert_eq!(world.weights(), [79_000, 78_000]);
        assert_eq!(world.not_saved(), [(METRIC, true)]);
        assert_eq!(world.app.not_saved.get_untracked().fault, Some(fault));
        assert_eq!(world.app.snack.get_untracked(), None);
        assert!(!world.host.is_guarded.get(), "a copy is kept");
        let chip = untrack(|| world.app.chip()).expect("the state was read");
        assert_eq!(chip.state, ChipState::Error);
        world.store.break_down(None);
        world.host.fire(AGAIN_MS);
        assert_eq!(world.not_saved(), []);
        assert_eq!(world.app.snack.get_untracked(), Some(Snack::Saved));
        assert!(world.host.journal.borrow().is_empty());
        let entry = untrack(|| world.app.newest()).expect("two entries");
        world.app.send(Intent::Delete(entry.metric.id));
        world.app.snack.set(Some(Snack::Saved));
    }
}

/// The page used to ask only after "saved" was said: closed at that moment, it left its entry to nobody.
#[test]
fn the_browser_is_asked_to_call_the_worker_before_anybody_hears_saved() {
    let world = world();
    let asked = Rc::clone(&world.host.saved);
    let when_told = Rc::new(Cell::new(0));
    let told = Rc::clone(&when_told);
    let reply = Box::new(move |_| told.set(asked.get()));
    world.app.send(Intent::Log(form(78_000, 0), reply));
    assert_eq!((when_told.get(), world.host.saved.get()), (1, 1));
}

#[test]
fn saved_is_never_said_of_an_entry_that_is_on_its_way() {
    let world = world();
    world.log(78_000, 5);
    assert_eq!(world.app.snack.get_untracked(), Some(Snack::Saved));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (snack, said) = (world.app.snack, Rc::clone(&seen));
    world.store.before("commit", move || {
        said.borrow_mut().push(snack.get_untracked());
    });
    world.log(79_000, 0);
    assert_eq!(*seen.borrow(), [None]);
}

#[test]
fn what_no_storage_takes_is_at_risk_and_the_browser_asks_before_the_page_is_left() {
    let world = world();
    world.host.is_journal_full.set(true);
    world.store.break_down(Some(StoreError::QuotaExceeded));
    world.log(78_000, 0);
    assert_eq!(world.not_saved(), [(METRIC, false)]);
    assert!(world.app.not_saved.get_untracked().is_at_risk());
    assert!(world.host.is_guarded.get());
    world.host.is_journal_full.set(false);
    world.host.fire(AGAIN_MS);
    assert_eq!(
        world.not_saved(),
        [(METRIC, true)],
        "there is room for a copy again"
    );
    assert!(!world.host.is_guarded.get());
    world.store.break_down(None);
    world.host.fire(AGAIN_MS);
    assert_eq!(world.not_saved(), []);
    assert_eq!(world.weights(), [78_000]);
}

#[test]
fn copies_of_a_page_that_was_closed_are_stored_at_the_next_start_once() {
    let first = world();
    first.log(78_000, 5);
    let stored = first.stored();
    first.store.break_down(Some(hangs()));
    first.log(79_000, 0);
    let newest = untrack(|| first.app.newest()).expect("two entries");
    first.app.send(Intent::Edit(
        newest.metric.id,
        MetricPatch {
            weight: Grams::new(79_500).ok(),
            ..MetricPatch::default()
        },
        Box::new(|_| ()),
    ));
    assert_eq!(first.not_saved().len(), 2);
    let blind = first.restarted();
    assert_eq!(blind.not_saved().len(), 2, "said to be not saved again");
    first.store.break_down(None);
    // Two tabs start at once, each with the copies in hand.
    let second = first.restarted();
    blind.host.fire(AGAIN_MS);
    first.host.fire(AGAIN_MS);
    for world in [&second, &blind, &first] {
        assert_eq!(world.not_saved(), []);
        world.app.send(Intent::Reread);
        assert_eq!(world.weights(), [79_500, 78_000]);
    }
    assert!(first.host.journal.borrow().is_empty());
    assert_eq!(second.stored(), stored + 2);
}

#[test]
fn edits_of_every_kind_are_kept_while_nothing_can_be_read_at_all() {
    let store = ShakyStore::default();
    store.break_down(Some(hangs()));
    let world = open(store, TestHost::default(), 1);
    assert!(world.app.history.with_untracked(History::is_loading));
    let dark = AppModelPatch {
        theme: Patch::Set(Theme::Dark),
        ..AppModelPatch::default()
    };
    let named = UserPatch {
        name: Patch::Set("Ada".to_owned()),
        ..UserPatch::default()
    };
    world.app.send(Intent::SavePerson(named, Box::new(|_| ())));
    world.app.send(Intent::SaveSettings(dark, Box::new(|_| ())));
    world.log(78_000, 0);
    let kinds = [EntryKind::UpdateUser, EntryKind::UpdateAppModel, METRIC];
    assert_eq!(world.not_saved(), kinds.map(|kind| (kind, true)));
    world.store.break_down(None);
    world.host.fire(AGAIN_MS);
    assert_eq!(world.not_saved(), []);
    assert_eq!(world.weights(), [78_000]);
    assert_eq!(untrack(|| world.app.theme()), Theme::Dark);
    let person = untrack(|| world.app.person()).expect("one person");
    assert_eq!(person.user.name.as_deref(), Some("Ada"));
    // Who is made, their name, the theme, the entry.
    assert_eq!(world.stored(), 4);
}

#[test]
fn deletions_and_settings_show_at_once_and_are_stored_later() {
    let world = world();
    world.log(78_000, 5);
    let entry = untrack(|| world.app.newest()).expect("one entry");
    world.store.break_down(Some(hangs()));
    world.app.send(Intent::Delete(entry.metric.id));
    assert!(world.weights().is_empty());
    assert!(matches!(
        world.app.snack.get_untracked(),
        Some(Snack::Deleted(_))
    ));
    world.app.send(Intent::Restore(entry));
    assert_eq!(world.weights(), [78_000]);
    assert_eq!(world.not_saved().len(), 2);
    world.store.break_down(None);
    world.app.send(Intent::Reread);
    assert_eq!(world.not_saved(), []);
    assert_eq!(world.weights(), [78_000]);
}

#[test]
fn a_commit_that_happened_though_it_failed_is_not_made_twice() {
    // As when a transaction completes just after its deadline.
    let world = world();
    let store = world.store.clone();
    world.store.before("commit", move || {
        store.break_down(Some(hangs()));
    });
    world.log(78_000, 0);
    let copy = world.host.journal.borrow().first().cloned();
    let copy = copy.expect("a copy was made");
    world.store.break_down(None);
    run(world.service.engine.write(&copy)).expect("the store works");
    let stored = world.stored();
    world.host.fire(AGAIN_MS);
    assert_eq!(world.stored(), stored);
    assert_eq!(world.weights(), [78_000]);
    assert_eq!(world.not_saved(), []);
}

#[test]
fn a_page_that_goes_out_of_sight_copies_what_is_on_its_way() {
    let world = world();
    world.store.break_down(Some(hangs()));
    world.host.is_journal_full.set(true);
    world.log(78_000, 0);
    world.host.is_journal_full.set(false);
    world.service.hear_hidden();
    assert_eq!(world.host.journal.borrow().len(), 1);
}

#[test]
fn a_newer_database_is_said_and_what_is_logged_meanwhile_waits_for_the_newer_app() {
    let world = world();
    world.log(78_000, 5);
    let newer = StoreError::NewerSchema { found: 3, known: 2 };
    world.store.break_down(Some(newer));
    world.service.hear_superseded();
    assert_eq!(world.app.fault.get_untracked(), Some(Fault::NewerData));
    world.log(79_000, 0);
    let said = world.app.not_saved.get_untracked();
    assert!(matches!(
        said.edits[..],
        [NotSavedEdit { has_copy: true, .. }]
    ));
    world.store.break_down(None);
    assert_eq!(world.restarted().weights(), [79_000, 78_000]);
}

#[test]
fn a_slow_storage_is_not_waited_for() {
    let world = world();
    assert_eq!(world.host.waiting(SLOW_MS), 0);
    world.log(78_000, 0);
    assert_eq!(world.host.waiting(SLOW_MS), 0, "it answered in time");
    world.store.break_down(Some(hangs()));
    world.log(79_000, 0);
    // The same words as after a failure: a copy, and no claim.
    world.host.fire(SLOW_MS);
    assert_eq!(world.not_saved(), [(METRIC, true)]);
}
