//! The plan's `SyncService`, the page's half: the only caller of the engine. It carries out intents,
//! keeps the signals fresh, and calls `tick` at the right moments, one at a time.
//!
//! It knows no browser: timers, visibility and the word to other tabs come through [`Host`].

mod accounts;
mod duties;
mod mending;
mod people;
mod saving;
mod writes;

use super::host::Host;
use super::intent::Fault;
use super::unstored::Unstored;
use super::{App, History, Memory, newest_first};
pub use duties::{Duties, Duty, Hands};
use leptos::prelude::*;
use leptos::task::spawn_local;
use saving::Ticket;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use tidemark_engine::state::{FailureKind, SYNC_LOG_LINES_MAX};
use tidemark_engine::view::{ChipState, Overview};
use tidemark_engine::{Clock, Engine, Platform, Request, StoreError, TickOutcome, Trigger};
use tidemark_protocol::{AccountInfo, EntityId};

/// Several writes in a row cause one sync.
const KICK_MS: u32 = 250;
/// Entries of the first paint: enough for a trend that is right to the shown digit.
const NEWEST: usize = 120;
/// A history of more entries is shown in several tasks, so that no tap waits for all of it.
const LONG: usize = 1_000;
/// How often words like "2 min ago" are looked at.
const BEAT_MS: u32 = 20_000;
/// How often a countdown is.
const COUNTDOWN_MS: u32 = 1_000;
/// A sync shorter than this is not worth a word.
const SYNCING_SHOWN_MS: u32 = 300;
/// Conflicts that are shown.
const DECISIONS_MAX: usize = 100;
/// The longest pause between two ticks, whatever the clock does.
const WAKE_MS_MAX: i64 = 60_000;

/// The page's handle on the engine.
pub struct SyncService<P: Platform, H: Host> {
    duties: Duties<P, H>,
    engine: Engine<P>,
    host: H,
    app: App,
    is_running: Cell<bool>,
    again: Cell<Option<Trigger>>,
    /// Somebody has asked for a sync, and none was made for that yet: another reason, or another context that syncs at
    /// that moment, does not answer them.
    is_asked: Cell<bool>,
    is_stale: Cell<bool>,
    is_reading: Cell<bool>,
    /// How many parts of the page show the sync log.
    shows_details: Cell<u32>,
    has_looked_for_unsent: Cell<bool>,
    has_settled_in: Cell<bool>,
    /// Who has signed in, while their recovery code is shown on a page that is not theirs.
    entered: RefCell<Option<AccountInfo>>,
    /// What a page sends that may be about to end. Made ahead: then there is no time to read.
    parting: RefCell<Option<Request>>,
    wake: RefCell<Option<H::Timer>>,
    kick: RefCell<Option<H::Timer>>,
    beat: RefCell<Option<H::Timer>>,
    unstored: RefCell<Unstored>,
    tickets: RefCell<Vec<Ticket<H::Timer>>>,
    is_saving: Cell<bool>,
    save_again: RefCell<Option<H::Timer>>,
}

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    /// Takes the engine in hand, starts reading, and syncs for the first time.
    ///
    /// What it has to do waits for [`Self::lend_hands`]: reading alone comes before that.
    pub fn start(engine: Engine<P>, host: H, app: App) -> Rc<Self> {
        let service = Rc::new(Self {
            duties: Duties::default(),
            engine,
            host,
            app,
            is_running: Cell::new(false),
            again: Cell::new(None),
            is_asked: Cell::new(false),
            is_stale: Cell::new(false),
            is_reading: Cell::new(false),
            shows_details: Cell::new(0),
            has_looked_for_unsent: Cell::new(false),
            has_settled_in: Cell::new(false),
            entered: RefCell::default(),
            parting: RefCell::default(),
            wake: RefCell::default(),
            kick: RefCell::default(),
            beat: RefCell::default(),
            unstored: RefCell::default(),
            tickets: RefCell::default(),
            is_saving: Cell::new(false),
            save_again: RefCell::default(),
        });
        let receiver = Rc::clone(&service);
        app.receive(Rc::new(move |intent| {
            receiver.owe(Duty::CarryOut(Box::new(intent)));
        }));
        let shown = Rc::downgrade(&service);
        service.engine.on_news(move || {
            if let Some(service) = shown.upgrade() {
                service.refresh();
            }
        });
        app.memory
            .set(Memory::read(service.host.recall().as_deref()));
        // What an earlier page left as copies comes before all that is new.
        service.owe(Duty::SaveUnstored);
        service.refresh();
        service.beat();
        service.kick(Trigger::Start);
        service
    }

    /// Syncs soon, for this reason. Calls in a row become one.
    pub fn kick(self: &Rc<Self>, trigger: Trigger) {
        self.note_asked(trigger);
        let service = Rc::clone(self);
        let timer = self
            .host
            .after(KICK_MS, Box::new(move || service.owe(Duty::Sync(trigger))));
        self.kick.replace(Some(timer));
    }

    /// Another tab or the worker has changed something.
    pub fn hear_change(self: &Rc<Self>) {
        self.refresh();
    }

    /// A newer version of the app has taken the database over: this page can't read or write it any more, and says so.
    pub fn hear_superseded(self: &Rc<Self>) {
        self.refresh();
    }

    /// The browser's belief about the network has changed.
    pub fn hear_network(self: &Rc<Self>, is_online: bool) {
        self.app.is_online.set(is_online);
        if is_online {
            self.kick(Trigger::Online);
        }
    }

    /// Nobody sees the page any more: browsers grant few live connections, so it gives its own back, and
    /// leaves what is unsent to the worker.
    pub fn hear_hidden(self: &Rc<Self>) {
        self.copy_unstored();
        self.listen();
        if self.has_unsent() {
            self.host.hand_over(self.parting.borrow().clone());
        }
    }

    fn has_unsent(&self) -> bool {
        self.app.overview.with_untracked(|overview| {
            overview
                .as_ref()
                .is_some_and(|overview| overview.pending > 0)
        })
    }

    /// The account's change counter stands at `head`: news, unless this device has caused it itself. Whatever it
    /// says, the server can be reached, which the browser may not have noticed.
    fn hear_head(self: &Rc<Self>, head: u64) {
        let (is_news, was_unreachable) = self.app.overview.with_untracked(|overview| {
            let state = overview.as_ref().map(|overview| &overview.state);
            let failure = state.and_then(|state| state.failure.as_ref());
            (
                state.is_none_or(|state| state.head < head),
                failure.is_some_and(|failure| failure.kind == FailureKind::Offline),
            )
        });
        if was_unreachable {
            self.kick(Trigger::Online);
        } else if is_news {
            self.kick(Trigger::LiveHint);
        }
    }

    /// Listens while somebody can see the page and the account is known.
    fn listen(self: &Rc<Self>) {
        let account = self
            .app
            .overview
            .with_untracked(|overview| overview.as_ref().and_then(|overview| overview.state.owner));
        let service = Rc::clone(self);
        let on_head = Rc::new(move |head| service.hear_head(head));
        self.host
            .listen_for(account.filter(|_| self.host.is_visible()), on_head);
    }

    // --- Syncing -----------------------------------------------------------------------------------

    /// Runs a tick now; while one runs, one more follows it. What is not stored yet is tried first.
    fn sync(self: &Rc<Self>, trigger: Trigger) {
        self.note_asked(trigger);
        self.save_unstored();
        if self.is_running.replace(true) {
            self.again.set(Some(trigger));
            return;
        }
        let service = Rc::clone(self);
        spawn_local(async move {
            service.tick(trigger).await;
            while let Some(trigger) = service.again.take() {
                service.tick(trigger).await;
            }
            service.is_running.set(false);
        });
    }

    fn note_asked(&self, trigger: Trigger) {
        if trigger == Trigger::Manual {
            self.is_asked.set(true);
        }
    }

    async fn tick(self: &Rc<Self>, trigger: Trigger) {
        let is_asked = self.is_asked.take();
        let trigger = if is_asked { Trigger::Manual } else { trigger };
        let is_syncing = self.app.is_syncing;
        let shown = self
            .host
            .after(SYNCING_SHOWN_MS, Box::new(move || is_syncing.set(true)));
        let report = self.engine.tick(trigger).await;
        drop(shown);
        if is_asked && report.outcome == TickOutcome::Busy {
            self.is_asked.set(true);
        }
        is_syncing.set(false);
        if report.changed {
            self.host.tell_others();
        }
        self.note_network(&report.outcome);
        self.refresh();
        let wait_ms = report
            .next_wake
            .millis_since(self.engine.clock.now())
            .clamp(0, WAKE_MS_MAX);
        self.wake_in(u32::try_from(wait_ms).unwrap_or_default());
    }

    /// A sync that came to its end proves a browser wrong that believes in no network; one that did not leaves the
    /// browser its opinion.
    fn note_network(&self, outcome: &TickOutcome) {
        match outcome {
            TickOutcome::Done | TickOutcome::More | TickOutcome::Question => {
                set_if_changed(self.app.is_online, true);
            }
            TickOutcome::Failed(_) => set_if_changed(self.app.is_online, self.host.is_online()),
            TickOutcome::Waiting | TickOutcome::Busy | TickOutcome::Local => {}
        }
    }

    fn wake_in(self: &Rc<Self>, ms: u32) {
        let service = Rc::clone(self);
        let timer = self.host.after(
            ms,
            Box::new(move || service.owe(Duty::Sync(Trigger::Interval))),
        );
        self.wake.replace(Some(timer));
    }

    // --- Reading -----------------------------------------------------------------------------------

    /// Reads everything that is shown. Asked for while reading, it reads once more, so that what is
    /// shown is never older than the last request.
    fn refresh(self: &Rc<Self>) {
        self.is_stale.set(true);
        if self.is_reading.replace(true) {
            return;
        }
        let service = Rc::clone(self);
        spawn_local(async move {
            while service.is_stale.replace(false) {
                let read = service.read().await;
                if read.is_ok() {
                    service.owe(Duty::SettleIn);
                }
                service.app.fault.set(read.err().as_ref().map(Fault::from));
            }
            service.is_reading.set(false);
            service.listen();
            service.owe(Duty::PrepareForTheEnd);
        });
    }

    /// Makes ready what goes should the page end, and asks to be woken with what the last one left.
    async fn prepare_for_the_end(&self) {
        let has_unsent = self.has_unsent();
        let is_start = !self.has_looked_for_unsent.replace(true);
        if is_start && has_unsent {
            self.host.found_unsent();
        }
        let parting = if has_unsent {
            // Without it the entries wait for the next start, as they do after a crash.
            self.engine.parting_request().await.unwrap_or_default()
        } else {
            None
        };
        self.parting.replace(parting);
    }

    fn is_asked_who_is_who(&self) -> bool {
        let has_question = |overview: &Overview| overview.question.is_some();
        let overview = self.app.overview;
        overview.with_untracked(|overview| overview.as_ref().is_some_and(has_question))
    }

    async fn read(self: &Rc<Self>) -> Result<(), StoreError> {
        let profile = self.engine.profile().await?;
        let user = profile.active().map(|person| person.user.id);
        self.recall(&profile);
        set_if_changed(self.app.profile, Some(self.with_unstored(profile.clone())));
        self.read_history(user).await?;
        self.read_others(&profile).await?;
        let (overview, outbox) = self.engine.overview_and_outbox().await?;
        let is_answered = overview.question.is_none() && self.is_asked_who_is_who();
        set_if_changed(self.app.overview, Some(overview));
        set_if_changed(self.app.outbox, outbox);
        if is_answered {
            // Perhaps in another tab that did not live to sync.
            self.kick(Trigger::LocalWrite);
        }
        self.read_details().await
    }

    async fn read_history(&self, user: Option<EntityId>) -> Result<(), StoreError> {
        let Some(user) = user else {
            self.show(History::All(Arc::default()));
            return Ok(());
        };
        if self.app.history.with_untracked(History::is_loading) {
            let newest = newest_first(self.engine.newest(user, NEWEST).await?);
            self.show(History::Newest(Arc::new(newest)));
        }
        let all = self.engine.history(user).await?;
        let is_long = all.len() > LONG;
        if is_long {
            self.host.breathe().await;
        }
        let all = Arc::new(newest_first(all));
        if is_long {
            self.host.breathe().await;
        }
        self.show(History::All(all));
        if is_long {
            self.host.breathe().await;
        }
        Ok(())
    }

    fn show(&self, history: History) {
        set_if_changed(self.app.history, self.history_with_unstored(history));
    }

    async fn read_details(&self) -> Result<(), StoreError> {
        let decisions = self.engine.decisions(DECISIONS_MAX).await?;
        set_if_changed(self.app.decisions, decisions);
        if self.shows_details.get() > 0 {
            let log = self.engine.sync_log(SYNC_LOG_LINES_MAX).await?;
            set_if_changed(self.app.sync_log, log);
        }
        Ok(())
    }

    /// Moves the clock of the words on, faster while a countdown is shown.
    fn beat(self: &Rc<Self>) {
        self.app.now.set(self.engine.clock.now());
        let counts_down = untrack(|| self.app.chip_state()) == Some(ChipState::Error);
        let ms = if counts_down && self.host.is_visible() {
            COUNTDOWN_MS
        } else {
            BEAT_MS
        };
        let service = Rc::clone(self);
        self.beat
            .replace(Some(self.host.after(ms, Box::new(move || service.beat()))));
    }
}

#[cfg(test)]
mod tests;

/// Signals stay quiet where nothing changed, so that nothing is drawn anew.
fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
