//! Households: several people on devices that they share, with accounts on the real server. They log, sign in and out,
//! recover and erase their accounts, while requests and answers are lost and pages die at any of their waits. Then
//! everybody signs in everywhere, and the register says whether everything is in the account whose it is.
//!
//! One thing is done at a time; what several contexts do at once, the storm plays.

mod device;
mod heal;
mod people;
mod register;
mod server;

use crate::bugs::Bug;
use crate::chance::Chance;
use crate::faults::{Fault, FaultCounts};
use crate::plan::Options;
use crate::run::Outcome;
use crate::trace::Trace;
use crate::world::BEGINNING;
use device::{Device, Page};
use people::Person;
use register::Register;
use server::HouseServer;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Arguments;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tidemark_domain::mass::Grams;
use tidemark_engine::directory::{Directory, DirectoryChange};
use tidemark_engine::{Answer, Reading, Request, TickOutcome, Trigger};
use tidemark_protocol::AccountId;
use tidemark_testkit::VirtualClock;
use tidemark_testkit::fakes::run;

/// The longest that a step takes, in milliseconds.
const STEP_MS_MAX: i64 = 60_000;
/// How often somebody who is told that their account is no more decides at once, in thousandths.
const LEAVING: u32 = 300;
/// The longest that nobody does anything, in milliseconds: longer than an access token lasts.
const PAUSE_MS_MAX: i64 = 2 * 3_600_000;

/// A household.
#[derive(Debug)]
pub struct House {
    server: HouseServer,
    clock: VirtualClock,
    now: Arc<AtomicI64>,
    chance: Chance,
    counts: FaultCounts,
    trace: Trace,
    bug: Option<Bug>,
    storming: Cell<bool>,
    devices: RefCell<Vec<Rc<Device>>>,
    people: RefCell<Vec<Person>>,
    register: RefCell<Register>,
    violation: RefCell<Option<String>>,
    notes: Cell<u32>,
}

/// Plays a seed's household and adds it to what came of the seed.
pub fn play(seed: u64, options: &Options, outcome: &mut Outcome) {
    let house = House::new(seed, options);
    for _ in 0..house.chance.between(15, 50) {
        house.step();
    }
    house.heal();
    outcome.violation.clone_from(&house.violation.borrow());
    outcome.hash ^= house.trace.hash();
    outcome.lines.extend(house.trace.take_lines());
    outcome.counts.add(&house.counts);
    outcome.simulated_ms += house.now.load(Ordering::Relaxed) - BEGINNING.millis();
    house.dismantle();
}

impl House {
    fn new(seed: u64, options: &Options) -> Rc<Self> {
        let chance = Chance::new(!seed);
        let now = Arc::new(AtomicI64::new(BEGINNING.millis()));
        let devices = (0..usize::try_from(chance.between(1, 3)).unwrap_or(1))
            .map(|index| Rc::new(Device::new(index)));
        let devices = RefCell::new(devices.collect());
        let people = (0..chance.between(2, 3)).map(Person::new).collect();
        Rc::new(Self {
            server: HouseServer::new(Arc::clone(&now), options.depth),
            clock: VirtualClock::at(BEGINNING),
            now,
            chance,
            counts: FaultCounts::default(),
            trace: Trace::new(options.keep_trace),
            bug: options.bug,
            storming: Cell::new(true),
            devices,
            people: RefCell::new(people),
            register: RefCell::default(),
            violation: RefCell::default(),
            notes: Cell::new(0),
        })
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    fn strikes(&self, per_mille: u32) -> bool {
        self.storming.get() && self.chance.happens(per_mille)
    }

    fn note(&self, fault: Fault) {
        self.counts.count(fault);
        self.say(format_args!("fault: {}", fault.text()));
    }

    fn say(&self, line: Arguments<'_>) {
        self.trace.line(format_args!("house {line}"));
    }

    fn check(&self, result: Result<(), String>) {
        if let Err(what) = result {
            self.say(format_args!("VIOLATION: {what}"));
            self.violation.borrow_mut().get_or_insert(what);
        }
    }

    fn pass(&self, ms: i64) {
        self.clock.advance(ms);
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    /// Pages and engines hold the house.
    fn dismantle(&self) {
        for device in self.devices.take() {
            device.pages.take();
        }
    }

    // --- What happens ------------------------------------------------------------------------------

    fn step(self: &Rc<Self>) {
        self.pass(self.chance.between(1, STEP_MS_MAX));
        let devices = self.devices.borrow().clone();
        let Some(device) = self.chance.pick(&devices) else {
            return;
        };
        let page = self.some_page(device);
        if page.is_left() {
            self.note(Fault::LeftPage);
        }
        if page.knows_of_the_end() && self.chance.happens(LEAVING) {
            return self.leave(&page);
        }
        match self.chance.below(100) {
            0..34 => self.log(&page),
            34..54 => self.sync(&page),
            54..62 => drop(self.start(device)),
            62..67 => device.close(&page),
            67..82 => self.sign_somebody_in(&page),
            82..89 => self.sign_out(&page),
            89..92 => self.erase_account(&page),
            92..96 => self.recover(&page),
            _ => self.pass(self.chance.between(0, PAUSE_MS_MAX)),
        }
    }

    fn some_page(self: &Rc<Self>, device: &Rc<Device>) -> Rc<Page> {
        let open = self.chance.pick(&device.pages.borrow()).cloned();
        open.unwrap_or_else(|| self.start(device))
    }

    /// The app starts on a device, as it does: on the current database, which it settles into.
    fn start(self: &Rc<Self>, device: &Rc<Device>) -> Rc<Page> {
        let current = device.directory.borrow().current.clone();
        let page = device.open(self, &current, device.person.get());
        let settled = page.attempt(page.engine.settle_in(&page.shelf));
        self.say(format_args!("{page:?} starts: {settled:?}"));
        page
    }

    fn log(&self, page: &Rc<Page>) {
        let number = self.notes.replace(self.notes.get() + 1);
        let note = format!("entry {number}");
        let shelved = page.shelved();
        let person = page.person.get();
        self.register.borrow_mut().log(&note, &shelved, person);
        let reading = Reading {
            weight: Grams::new(70_000 + number).expect("in range"),
            height: None,
            note: Some(note.clone()),
            created_at: tidemark_engine::Clock::now(&self.clock),
            utc_offset: None,
        };
        let done = page.attempt(page.engine.log(None, reading));
        self.say(format_args!("{page:?} of {person:?} logs {note}"));
        if matches!(done, Some(Ok(_))) {
            self.register.borrow_mut().save(&note);
        }
    }

    /// A page syncs; what the person is asked, they answer.
    fn sync(self: &Rc<Self>, page: &Rc<Page>) {
        let report = page.attempt(page.engine.tick(Trigger::Manual));
        self.say(format_args!("{page:?} syncs: {report:?}"));
        if report.is_some_and(|report| report.outcome == TickOutcome::Question) {
            self.answer(page);
        }
    }

    fn answer(&self, page: &Rc<Page>) {
        let overview = page.attempt(page.engine.overview());
        let question = overview.and_then(Result::ok).and_then(|view| view.question);
        let Some(question) = question else {
            return;
        };
        let same = if self.chance.happens(500) {
            self.chance.pick(&question.theirs)
        } else {
            None
        };
        page.attempt(page.engine.answer_question(&question, same));
    }

    // --- What the register hears -------------------------------------------------------------------

    /// The server answers.
    fn heard(&self, request: &Request, answer: &Answer) {
        self.trace.mix_text(&request.path);
        self.trace.mix(&[u64::from(answer.status)]);
        let (method, path) = (request.method, &request.path);
        self.say(format_args!(
            "{:?} {method} {path} {:?} -> {} {}",
            request.account, request.body, answer.status, answer.body
        ));
        let Some(account) = request.account else {
            return;
        };
        if (method, path.as_str(), answer.status) == ("DELETE", "/v1/account", 204) {
            let devices = self.devices.borrow();
            let held = devices.iter().flat_map(|device| {
                let names = self.register.borrow().held_by(device.index, account);
                names.into_iter().map(move |name| (device, name))
            });
            if held
                .into_iter()
                .any(|(device, name)| device.is_unsent(&name))
            {
                self.note(Fault::AccountErased);
            }
            self.register.borrow_mut().erase(account);
            for person in self.people.borrow_mut().iter_mut() {
                person.forget(account);
            }
        }
    }

    /// A device's directory is about to change.
    fn directory_changes(
        self: &Rc<Self>,
        device: &Rc<Device>,
        change: &DirectoryChange,
        after: &Directory,
    ) {
        let current = device.directory.borrow().current.clone();
        match change {
            DirectoryChange::SignedIn { account, .. } => {
                self.somebody_comes(device, *account, &current, &after.current);
                device.person.set(Some(*account));
            }
            DirectoryChange::SignedOut { page } if page.database == current => {
                if device.is_unsent(&current) {
                    self.note(Fault::SignedOutUnsent);
                }
                device.person.set(None);
            }
            DirectoryChange::Left { database, keeps } if *database == current => {
                if *keeps {
                    self.something_is_kept(device, &current, &after.current);
                }
                device.person.set(None);
            }
            _ => {}
        }
    }

    fn somebody_comes(&self, device: &Device, account: AccountId, current: &str, next: &str) {
        let mut register = self.register.borrow_mut();
        let here = (device.index, current.to_owned());
        let theirs = register.held_by(device.index, account);
        if theirs.iter().any(|name| device.is_unsent(name)) {
            self.note(Fault::SignedInAgain);
        }
        match register.holder(&here) {
            None => {
                let is_full = || {
                    self.server
                        .rows(account)
                        .is_some_and(|rows| !rows.is_empty())
                };
                if !register.nobodys(device.index).is_empty() && is_full() {
                    self.note(Fault::AdoptedOntoFull);
                }
                register.give(&here, account);
            }
            Some(holder) if holder != account && theirs.is_empty() => {
                self.note(Fault::SecondAccount);
            }
            Some(_) => {}
        }
        register.give(&(device.index, next.to_owned()), account);
    }

    fn something_is_kept(self: &Rc<Self>, device: &Rc<Device>, current: &str, next: &str) {
        let here = (device.index, current.to_owned());
        let holder = self.register.borrow().holder(&here);
        let held = holder.map(|holder| self.register.borrow().held_by(device.index, holder));
        let mut held = held.unwrap_or_default();
        held.retain(|name| device.databases.borrow().contains_key(name));
        let notes = held.iter().flat_map(|name| device.notes_in(self, name));
        let notes: BTreeSet<String> = notes.collect();
        let shelved = |name: String| (device.index, name);
        let left: Vec<_> = held.into_iter().map(shelved).collect();
        let next = shelved(next.to_owned());
        self.register.borrow_mut().keep(&notes, &left, &next);
    }
}

impl Page {
    /// Whether it says that its account is no more.
    fn knows_of_the_end(self: &Rc<Self>) -> bool {
        let state = self.attempt(self.engine.state()).and_then(Result::ok);
        let failure = state.and_then(|state| state.failure);
        failure.is_some_and(|failure| failure.is_erased())
    }

    /// Whether another page has gone on to another database.
    fn is_left(&self) -> bool {
        self.shelf.database != self.shelf.device.directory.borrow().current
    }

    fn shelved(&self) -> register::Shelved {
        (self.shelf.device.index, self.shelf.database.clone())
    }
}

impl Device {
    fn is_unsent(&self, database: &str) -> bool {
        let databases = self.databases.borrow();
        let store = databases.get(database);
        store.is_some_and(|store| store.look(|inside| !inside.outbox.is_empty()))
    }

    /// The notes of all entries in a database.
    fn notes_in(self: &Rc<Self>, house: &Rc<House>, database: &str) -> Vec<String> {
        let page = self.open(house, database, None);
        self.close(&page);
        let everything = run(page.engine.everything()).expect("the twin answers");
        let rows = everything.metrics.into_iter();
        rows.filter(|row| row.deleted_at.is_none())
            .filter_map(|row| row.note)
            .collect()
    }
}
