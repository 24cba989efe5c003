//! The service over the twins of the engine's ports, with timers that fire when a test says so.

mod accounts;
mod asked;
mod people;
mod saving;
mod world;

use super::*;
use crate::state::intent::{Intent, LogForm, Snack};
use crate::state::{StorageState, TrendView};
use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tidemark_domain::mass::Grams;
use tidemark_engine::Store;
use tidemark_engine::directory::Directory;
use tidemark_engine::imports::Everything;
use tidemark_engine::outbox::EntryDraft;
use tidemark_engine::ports::{Delta, DeltaRows};
use tidemark_engine::state::{StateChange, SyncLogLine};
use tidemark_protocol::{AccountId, Cursor, Epoch, OpId, Timestamp, User};
use tidemark_testkit::fakes::run;
use tidemark_testkit::samples;
use tidemark_testkit::{ShakyStore, VirtualClock};
use world::{over, world};

const NOW: Timestamp = Timestamp(1_773_720_853_123);

/// Runs each future to its end at once: those of the twins never wait.
struct AtOnce;

impl CustomExecutor for AtOnce {
    fn spawn(&self, future: PinnedFuture<()>) {
        run(future);
    }
    fn spawn_local(&self, future: PinnedLocalFuture<()>) {
        run(future);
    }
    fn poll_local(&self) {}
}

type OnHead = Rc<dyn Fn(u64)>;
type Calls = Rc<RefCell<Vec<(u32, Option<Box<dyn FnOnce()>>)>>>;

#[derive(Clone, Default)]
struct TestHost {
    timers: Calls,
    memory: Rc<RefCell<Option<String>>>,
    told: Rc<Cell<u32>>,
    saved: Rc<Cell<u32>>,
    found_unsent: Rc<Cell<u32>>,
    handed_over: Rc<RefCell<Vec<Option<Request>>>>,
    is_online: Rc<Cell<bool>>,
    on_head: Rc<RefCell<Option<OnHead>>>,
    listens_for: Rc<Cell<Option<AccountId>>>,
    journal: Rc<RefCell<Vec<EntryDraft>>>,
    is_journal_full: Rc<Cell<bool>>,
    is_guarded: Rc<Cell<bool>>,
    directory: Rc<RefCell<Directory>>,
    /// Which database the page stands on.
    stands_on: Rc<RefCell<String>>,
    /// What other databases hold.
    others: Rc<RefCell<Vec<(String, Everything)>>>,
    switched_to: Rc<RefCell<Option<String>>>,
    farewell: Rc<RefCell<Option<Request>>>,
    copied: Rc<RefCell<String>>,
}

/// A timer of the test: its call is forgotten when it is dropped.
struct TestTimer(Calls, usize);

impl Drop for TestTimer {
    fn drop(&mut self) {
        self.0.borrow_mut()[self.1].1 = None;
    }
}

impl Host for TestHost {
    type Timer = TestTimer;
    type Databases = Self;
    fn databases(&self) -> &Self {
        self
    }
    fn after(&self, ms: u32, work: Box<dyn FnOnce()>) -> TestTimer {
        self.timers.borrow_mut().push((ms, Some(work)));
        TestTimer(Rc::clone(&self.timers), self.timers.borrow().len() - 1)
    }
    async fn breathe(&self) {}

    fn is_visible(&self) -> bool {
        true
    }
    fn tell_others(&self) {
        self.told.set(self.told.get() + 1);
    }
    fn saved(&self) {
        self.saved.set(self.saved.get() + 1);
    }
    fn found_unsent(&self) {
        self.found_unsent.set(self.found_unsent.get() + 1);
    }
    fn hand_over(&self, parting: Option<Request>) {
        self.handed_over.borrow_mut().push(parting);
    }
    fn is_online(&self) -> bool {
        self.is_online.get()
    }
    fn listen_for(&self, account: Option<AccountId>, on_head: OnHead) {
        self.listens_for.set(account);
        self.on_head.replace(Some(on_head));
    }
    fn apply_update(&self) {}
    fn recall(&self) -> Option<String> {
        self.memory.borrow().clone()
    }
    fn remember(&self, memory: &str) {
        self.memory.replace(Some(memory.to_owned()));
    }
    fn look_at_storage(&self, told: Box<dyn FnOnce(StorageState)>) {
        told(StorageState {
            is_kept: Some(true),
            usage_bytes: None,
        });
    }
    fn browser_name(&self) -> String {
        "Test 1.0".to_owned()
    }
    fn copy_text(&self, text: &str, told: Box<dyn FnOnce(bool)>) {
        self.copied.replace(text.to_owned());
        told(true);
    }
    fn install(&self) {}
    fn erase_device(&self, farewell: Option<Request>) {
        self.memory.take();
        self.farewell.replace(farewell);
    }
    fn device_name(&self) -> Option<String> {
        Some("Chrome, Linux".to_owned())
    }
    async fn hold_database(&self) {}
    fn switch_database(&self, database: &str) {
        self.switched_to.replace(Some(database.to_owned()));
    }
    fn reload(&self) {}
    fn copies(&self) -> Vec<EntryDraft> {
        self.journal.borrow().clone()
    }
    fn copy(&self, edit: &EntryDraft) -> bool {
        let takes = !self.is_journal_full.get();
        if takes {
            self.journal.borrow_mut().push(edit.clone());
        }
        takes
    }
    fn forget_copy(&self, op: OpId) {
        self.journal.borrow_mut().retain(|copy| copy.op_id != op);
    }
    fn guard_leaving(&self, is_guarded: bool) {
        self.is_guarded.set(is_guarded);
    }
}

impl TestHost {
    /// How many timers of this length are set.
    fn waiting(&self, ms: u32) -> usize {
        self.timers
            .borrow()
            .iter()
            .filter(|timer| timer.0 == ms && timer.1.is_some())
            .count()
    }

    fn fire(&self, ms: u32) {
        let mut timers = self.timers.borrow_mut();
        let due = timers.iter_mut().filter(|timer| timer.0 == ms);
        let works: Vec<_> = due.filter_map(|timer| timer.1.take()).collect();
        drop(timers);
        for work in works {
            work();
        }
    }
}

#[test]
fn a_fresh_device_shows_that_nothing_was_logged() {
    let world = world();
    assert!(world.app.history.with_untracked(History::is_empty));
    assert_eq!(world.app.fault.get_untracked(), None);
    assert!(
        world
            .app
            .overview
            .get_untracked()
            .is_some_and(|overview| overview.pending == 0)
    );
}

#[test]
fn a_saved_entry_is_on_the_screen_when_the_sheet_hears_of_it() {
    let world = world();
    assert_eq!(world.log(78_200, 0), Some(Ok(())));
    assert_eq!(world.weights(), [78_200]);
    assert_eq!(world.app.snack.get_untracked(), Some(Snack::Saved));
    assert_eq!(
        world
            .app
            .trend
            .with_untracked(TrendView::now)
            .map(Grams::get),
        Some(78_200)
    );
    assert_eq!((world.host.saved.get(), world.host.told.get()), (1, 1));
}

#[test]
fn entries_stand_newest_first_whatever_the_order_of_logging() {
    let world = world();
    world.log(78_000, 10);
    world.log(79_000, 30);
    world.log(77_000, 20);
    assert_eq!(world.weights(), [78_000, 77_000, 79_000]);
}

#[test]
fn writes_in_a_row_cause_one_sync() {
    let world = world();
    world.log(78_000, 2);
    world.log(78_100, 1);
    assert_eq!(world.host.waiting(KICK_MS), 1);
    world.host.fire(KICK_MS);
    assert_eq!(world.host.waiting(KICK_MS), 0);
    assert_eq!(world.server.take_asked().len(), 1);
}

#[test]
fn after_each_tick_another_one_is_set() {
    let world = world();
    world.host.fire(KICK_MS);
    let wakes = |host: &TestHost| {
        host.timers
            .borrow()
            .iter()
            .filter(|timer| timer.1.is_some())
            .count()
    };
    // The clock of the words, and the next tick.
    assert_eq!(wakes(&world.host), 2);
    world.app.send(Intent::SyncNow);
    assert_eq!(wakes(&world.host), 2);
}

#[test]
fn a_deletion_names_its_entry_and_can_be_taken_back() {
    let world = world();
    world.log(78_200, 0);
    let entry = untrack(|| world.app.newest()).expect("one entry");
    world.app.send(Intent::Delete(entry.metric.id));
    assert!(world.weights().is_empty());
    assert!(
        matches!(world.app.snack.get_untracked(), Some(Snack::Deleted(gone)) if *gone == entry)
    );
    world.app.send(Intent::Restore(entry));
    assert_eq!(world.weights(), [78_200]);
}

#[test]
fn a_height_given_with_an_entry_becomes_the_persons_and_the_entrys() {
    let world = world();
    let height = tidemark_domain::length::Millimetres::new(1_783).expect("a height in range");
    let form = LogForm {
        weight: Grams::new(78_200).expect("a weight in range"),
        created_at: NOW,
        utc_offset: 120,
        note: None,
        height: Some(height),
    };
    world.app.send(Intent::Log(form, Box::new(|_| ())));
    world.log(78_300, -1);
    let person = untrack(|| world.app.person()).expect("a person was made");
    assert_eq!(person.user.height, Some(height));
    let newest = untrack(|| world.app.newest()).expect("two entries");
    assert_eq!(newest.metric.height, Some(height));
}

#[test]
fn the_sync_log_is_read_only_while_a_screen_shows_it() {
    let world = world();
    let attempt = || {
        let line = SyncLogLine {
            at: NOW,
            trigger: "manual".to_owned(),
            sent: 1,
            received: 0,
            outcome: "ok".to_owned(),
            duration_ms: 1,
        };
        run(world.store.log(&line)).expect("the twin store answers");
        world.log(78_200, 0);
        world.app.sync_log.with_untracked(Vec::len)
    };
    assert_eq!(attempt(), 0);
    world.app.send(Intent::ShowSyncDetails(true));
    assert_eq!(world.app.sync_log.with_untracked(Vec::len), 1);
    world.app.send(Intent::ShowSyncDetails(true)); // another part shows it too
    world.app.send(Intent::ShowSyncDetails(false));
    assert_eq!(attempt(), 2);
    world.app.send(Intent::ShowSyncDetails(false));
    assert_eq!(attempt(), 2);
}

#[test]
fn a_page_that_goes_out_of_sight_leaves_what_is_unsent_to_the_worker() {
    let world = world();
    world.service.hear_hidden();
    assert_eq!(world.host.handed_over.borrow().len(), 0);
    world.log(78_200, 0);
    world.service.hear_hidden();
    assert_eq!(world.host.handed_over.borrow().len(), 1);
    assert_eq!(world.host.listens_for.get(), None);
}

#[test]
fn coming_back_online_syncs_and_going_offline_does_not() {
    let world = world();
    world.host.fire(KICK_MS);
    world.service.hear_network(false);
    assert!(!world.app.is_online.get_untracked());
    assert_eq!(world.host.waiting(KICK_MS), 0);
    world.service.hear_network(true);
    assert_eq!(world.host.waiting(KICK_MS), 1);
}

#[test]
fn a_page_that_ends_sends_its_oldest_entries_on_its_way() {
    let world = world();
    world.become_known_to_the_server();
    world.log(78_200, 1);
    world.log(78_300, 0);
    world.service.hear_hidden();
    let handed_over = world.host.handed_over.borrow();
    let request = handed_over[0].as_ref().expect("two edits may go");
    let body = request.body.as_deref().expect("a batch has a body");
    assert_eq!(request.path, "/v1/metrics/batch");
    assert!(body.contains("78.2") && body.contains("78.3"), "{body}");
}

#[test]
fn only_a_start_with_something_unsent_asks_again_to_be_woken() {
    let first = world();
    first.log(78_200, 0);
    assert_eq!(first.host.found_unsent.get(), 0, "saving has asked already");
    let next = over(first.store.clone());
    assert_eq!(next.host.found_unsent.get(), 1);
    next.app.send(Intent::Reread);
    assert_eq!(next.host.found_unsent.get(), 1);
}

#[test]
fn a_hint_of_the_server_proves_that_it_can_be_reached() {
    let world = world();
    world.become_known_to_the_server();
    world.log(78_200, 0);
    world.host.fire(KICK_MS); // nobody answers
    world.service.listen();
    let on_head = world.host.on_head.borrow().clone().expect("it listens");
    assert_eq!(world.host.waiting(KICK_MS), 0);
    on_head(0);
    assert_eq!(world.host.waiting(KICK_MS), 1);
    world.server.take_asked();
    world.host.fire(KICK_MS);
    assert!(!world.server.take_asked().is_empty(), "it did not wait");
}

#[test]
fn a_sync_that_succeeds_proves_a_browser_wrong_that_sees_no_network() {
    let world = world();
    world.service.hear_network(false);
    world.service.note_network(&TickOutcome::Waiting);
    assert!(!world.app.is_online.get_untracked());
    world.service.note_network(&TickOutcome::Done);
    assert!(world.app.is_online.get_untracked());
    let failure = tidemark_engine::state::SyncFailure {
        kind: FailureKind::Offline,
        error: tidemark_engine::outbox::LastError::plain("unreachable"),
    };
    world.service.note_network(&TickOutcome::Failed(failure));
    assert!(
        !world.app.is_online.get_untracked(),
        "now the browser's word counts again"
    );
}
