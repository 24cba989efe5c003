//! What the service has to do besides reading. The page shows what is stored before the code for all the rest is there
//! (`boot`); until somebody takes the duties up they wait, in order.

use super::SyncService;
use crate::state::host::Host;
use crate::state::intent::Intent;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::rc::Rc;
use tidemark_engine::{Platform, Trigger};

/// Something to do.
pub enum Duty {
    /// What a person wants.
    CarryOut(Box<Intent>),
    /// A sync, for this reason.
    Sync(Trigger),
    /// Storing what is not stored yet.
    SaveUnstored,
    /// Noting where this page stands, once it could read.
    SettleIn,
    /// Making ready what goes should the page end.
    PrepareForTheEnd,
}

/// Whoever does it: [`SyncService::work`], or what leads there.
pub type Hands<P, H> = fn(&Rc<SyncService<P, H>>, Duty);

/// The duties, or who takes them.
pub struct Duties<P: Platform, H: Host>(RefCell<State<P, H>>);

enum State<P: Platform, H: Host> {
    Waiting(Vec<Duty>),
    TakenUp(Hands<P, H>),
}

impl<P: Platform, H: Host> Default for Duties<P, H> {
    fn default() -> Self {
        Self(RefCell::new(State::Waiting(Vec::new())))
    }
}

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    /// From now on these hands do what there is to do, and first what has waited.
    pub fn lend_hands(self: &Rc<Self>, hands: Hands<P, H>) {
        let before = self.duties.0.replace(State::TakenUp(hands));
        if let State::Waiting(waiting) = before {
            for duty in waiting {
                hands(self, duty);
            }
        }
    }

    /// Hands something over, to be done now or when somebody takes it up.
    pub(super) fn owe(self: &Rc<Self>, duty: Duty) {
        let hands = match &mut *self.duties.0.borrow_mut() {
            State::Waiting(waiting) => return waiting.push(duty),
            State::TakenUp(hands) => *hands,
        };
        hands(self, duty);
    }

    /// Does it. The one way from reading to everything else: nothing of the rest is called by another name from what
    /// the first screen needs.
    pub fn work(self: &Rc<Self>, duty: Duty) {
        match duty {
            Duty::CarryOut(intent) => self.carry_out(*intent),
            Duty::Sync(trigger) => self.sync(trigger),
            Duty::SaveUnstored => self.save_unstored(),
            Duty::SettleIn => self.settle_in(),
            Duty::PrepareForTheEnd => {
                let service = Rc::clone(self);
                spawn_local(async move { service.prepare_for_the_end().await });
            }
        }
    }
}
