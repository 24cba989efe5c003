//! Edits on their way into the store: tried at once, copied into the emergency journal when that fails or takes long,
//! and tried again until they are stored. Only then is a word of "saved" said.

use super::SyncService;
use crate::state::host::Host;
use crate::state::intent::{Fault, Reply, Snack};
use crate::state::{History, NotSaved};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use tidemark_engine::outbox::EntryDraft;
use tidemark_engine::view::Profile;
use tidemark_engine::{Platform, StoreError, Trigger, unstored};
use tidemark_protocol::OpId;

/// A storage that takes longer than this, in milliseconds, is not waited for: a copy is made.
pub(super) const SLOW_MS: u32 = 2_000;
/// How long after a failure the next attempt is made, in milliseconds.
pub(super) const AGAIN_MS: u32 = 5_000;

/// What a person waits for: edits of one intent, and what is said when they are stored.
pub(super) struct Ticket<T> {
    waits_for: BTreeSet<OpId>,
    snack: Option<Snack>,
    reply: Option<Reply>,
    _slow: T,
}

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    /// Takes edits over: from here on nothing that was typed is lost as long as the page lives, or a copy does.
    pub(super) fn take_over(
        self: &Rc<Self>,
        edits: Vec<EntryDraft>,
        snack: Option<Snack>,
        reply: Option<Reply>,
    ) {
        self.unsay_saved();
        let waits_for = edits.iter().map(|edit| edit.op_id).collect();
        for edit in edits {
            self.unstored.borrow_mut().hold(edit);
        }
        let service = Rc::clone(self);
        let slow = self
            .host
            .after(SLOW_MS, Box::new(move || service.tell_not_saved(None)));
        self.tickets.borrow_mut().push(Ticket {
            waits_for,
            snack,
            reply,
            _slow: slow,
        });
        self.save_unstored();
    }

    /// Tries to store what is not stored yet, copies that another page left among it. While it runs, it sees to new
    /// edits too.
    pub(super) fn save_unstored(self: &Rc<Self>) {
        if self.is_saving.replace(true) {
            return;
        }
        let service = Rc::clone(self);
        spawn_local(async move {
            service.save_all().await;
            service.is_saving.set(false);
            let is_done = service.unstored.borrow().is_empty();
            let again = Rc::clone(&service);
            let timer = (!is_done).then(|| {
                let work = Box::new(move || again.save_unstored());
                service.host.after(AGAIN_MS, work)
            });
            service.save_again.replace(timer);
        });
    }

    async fn save_all(self: &Rc<Self>) {
        self.unstored.borrow_mut().meet(self.host.copies());
        self.show_not_saved(None);
        let mut failed = BTreeSet::new();
        loop {
            let next = self.unstored.borrow().next(&failed);
            let Some(edit) = next else { return };
            match self.engine.write(&edit).await {
                Ok(_) => self.hear_stored(edit.op_id).await,
                Err(error) => {
                    failed.insert(edit.lane());
                    self.tell_not_saved(Some(&error));
                }
            }
        }
    }

    /// Copies what has no copy: the page may be gone in a moment.
    pub(super) fn copy_unstored(&self) {
        let bare = self.unstored.borrow().without_copy();
        for edit in bare {
            if self.host.copy(&edit) {
                self.unstored.borrow_mut().copied(edit.op_id);
            }
        }
    }

    /// Says of all that is not stored that it is not saved, and lets whoever waits for it go on.
    fn tell_not_saved(self: &Rc<Self>, error: Option<&StoreError>) {
        self.copy_unstored();
        self.unstored.borrow_mut().tell();
        self.show_not_saved(error.map(Fault::from));
        self.lay_over_shown();
        self.unsay_saved();
        let mut told = Vec::new();
        for ticket in self.tickets.borrow_mut().iter_mut() {
            told.extend(ticket.reply.take());
            // A deletion can be taken back all the same; "saved" is said when it is true.
            if let Some(snack) = ticket.snack.take_if(|snack| *snack != Snack::Saved) {
                self.app.snack.set(Some(snack));
            }
        }
        for reply in told {
            reply(Ok(()));
        }
    }

    /// The word may still stand there for an edit before, and would be taken for one about the next.
    fn unsay_saved(&self) {
        if self.app.snack.get_untracked() == Some(Snack::Saved) {
            self.app.snack.set(None);
        }
    }

    fn show_not_saved(&self, fault: Option<Fault>) {
        let shown = self.app.not_saved.get_untracked();
        let unstored = self.unstored.borrow();
        let said = unstored.not_saved(fault.or(shown.fault));
        drop(unstored);
        let said = if said.edits.is_empty() {
            NotSaved::default()
        } else {
            said
        };
        self.host.guard_leaving(said.is_at_risk());
        super::set_if_changed(self.app.not_saved, said);
    }

    /// An edit is stored: for good, so its copy goes.
    async fn hear_stored(self: &Rc<Self>, op: OpId) {
        // Before anything else: who is told "saved" may close the page at that moment.
        self.host.saved();
        let was_told = self.unstored.borrow_mut().stored(op);
        self.host.forget_copy(op);
        let mut done = Vec::new();
        self.tickets.borrow_mut().retain_mut(|ticket| {
            ticket.waits_for.remove(&op);
            let goes_on = !ticket.waits_for.is_empty();
            if !goes_on {
                done.push((ticket.snack.take(), ticket.reply.take()));
            }
            goes_on
        });
        let is_last = self.unstored.borrow().is_empty();
        if done.is_empty() && !is_last {
            return;
        }
        // Row and chip change before the word "saved" appears. Should reading fail, what was stored is
        // stored all the same; the refresh below reads again and says what is wrong.
        let _ = self.read().await;
        self.show_not_saved(None);
        for (snack, reply) in done {
            if let Some(snack) = snack {
                self.app.snack.set(Some(snack));
            }
            if let Some(reply) = reply {
                reply(Ok(()));
            }
        }
        if was_told && is_last {
            self.app.snack.set(Some(Snack::Saved));
        }
        self.spread();
    }

    /// Something was stored: ask to be woken with it, show it, tell the others, sync it.
    pub(super) fn stored(self: &Rc<Self>) {
        self.host.saved();
        self.spread();
    }

    fn spread(self: &Rc<Self>) {
        self.refresh();
        self.host.tell_others();
        self.kick(Trigger::LocalWrite);
    }

    // --- What is shown meanwhile -------------------------------------------------------------------

    /// What was read, with what is not stored laid over it.
    pub(super) fn with_unstored(&self, profile: Profile) -> Profile {
        unstored::over_profile(profile, &self.unstored.borrow().told())
    }

    /// The same for entries of the active person.
    pub(super) fn history_with_unstored(&self, history: History) -> History {
        let told = self.unstored.borrow().told();
        if told.is_empty() {
            return history;
        }
        let user = self
            .app
            .profile
            .with_untracked(|profile| profile.as_ref()?.active().map(|person| person.user.id));
        let over =
            |entries: Arc<Vec<_>>| Arc::new(unstored::over_entries(entries.to_vec(), user, &told));
        match history {
            History::Loading => History::Loading,
            History::Newest(entries) => History::Newest(over(entries)),
            History::All(entries) => History::All(over(entries)),
        }
    }

    /// The storage does not answer, so what is shown already is what the edits are laid over.
    fn lay_over_shown(&self) {
        if let Some(profile) = self.app.profile.get_untracked() {
            let profile = self.with_unstored(profile);
            super::set_if_changed(self.app.profile, Some(profile));
        }
        self.show(self.app.history.get_untracked());
    }
}
