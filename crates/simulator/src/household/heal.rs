//! The end of a household's run: nothing goes wrong any more, everybody signs in on every device, and the register is
//! asked.

use super::House;
use super::device::{Device, Page};
use std::rc::Rc;
use tidemark_engine::{Clock, TickOutcome, Trigger};

/// Longer than wrong passwords are held against anybody, in milliseconds.
const GRACE_MS: i64 = 20 * 60_000;
/// Syncs until everything is sent, at most.
const SYNCS_MAX: u32 = 60;
/// Passwords that somebody may have to try.
const TRIES_MAX: u32 = 12;
/// The longest sleep of a page, in milliseconds.
const SLEEP_MS_MAX: i64 = 60_000;

impl House {
    pub fn heal(self: &Rc<Self>) {
        self.storming.set(false);
        self.pass(GRACE_MS);
        let devices = self.devices.borrow().clone();
        let people = self.people.borrow().len();
        for device in &devices {
            device.pages.borrow_mut().clear();
            self.look_for_nobodys(device);
            for person in 0..people {
                self.come_and_go(device, person);
            }
        }
        let people = self.people.borrow();
        for account in people.iter().filter_map(|person| person.account) {
            let rows = self.server.rows(account);
            let notes: Option<Vec<String>> =
                rows.map(|rows| rows.into_iter().filter_map(|row| row.note).collect());
            self.check(self.register.borrow().check(account, notes.as_deref()));
        }
    }

    /// What was logged while nobody was signed in is in sight.
    fn look_for_nobodys(self: &Rc<Self>, device: &Rc<Device>) {
        let page = self.start(device);
        let holder = device.person.get();
        let shown = device.notes_in(self, &page.shelf.database);
        let register = self.register.borrow();
        let nobodys = register.nobodys(device.index);
        let is_seen = |note: &str| holder.is_none() && shown.iter().any(|shown| shown == note);
        if let Some(note) = nobodys.iter().find(|note| !is_seen(note)) {
            let index = device.index;
            self.check(Err(format!(
                "I1: {note} was logged on device {index} by nobody, and nobody sees it"
            )));
        }
    }

    /// Somebody signs in, everything of theirs goes, and they sign out.
    fn come_and_go(self: &Rc<Self>, device: &Rc<Device>, person: usize) {
        if !self.people.borrow()[person].is_known() {
            return;
        }
        let page = self.some_page(device);
        let page = (0..TRIES_MAX).find_map(|_| {
            let entrance = self.entrance_of(person);
            self.pass(GRACE_MS);
            self.enter(&page, person, &entrance)
        });
        let Some(page) = page else {
            return self.check(Err(format!("I9: person {person} gets in no more")));
        };
        self.check(self.drain(&page));
        self.sign_out(&page);
    }

    fn drain(self: &Rc<Self>, page: &Rc<Page>) -> Result<(), String> {
        for _ in 0..SYNCS_MAX {
            let report = page.attempt(page.engine.tick(Trigger::Manual));
            let report = report.ok_or("I9: a sync waits for ever")?;
            self.say(format_args!("{page:?} syncs: {report:?}"));
            if report.outcome == TickOutcome::Question {
                self.answer(page);
            }
            if report.outcome == TickOutcome::Done
                && !page.shelf.device.is_unsent(&page.shelf.database)
            {
                return Ok(());
            }
            let wait = report.next_wake.millis_since(self.clock.now());
            self.pass(wait.clamp(0, SLEEP_MS_MAX));
        }
        Err(format!("I9: {page:?} does not get rid of its entries"))
    }
}
