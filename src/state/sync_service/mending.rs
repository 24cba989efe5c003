//! What a person makes of refusals and conflicts, carried out; and what they may look up about them.

use super::SyncService;
use crate::state::host::Host;
use crate::state::intent::{Choice, Earlier, Mend, Snack};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use tidemark_engine::conflicts::{Decision, Policy};
use tidemark_engine::support::{Around, report};
use tidemark_engine::waiting::Scene;
use tidemark_engine::{Clock, Platform, StoreError, Trigger};
use tidemark_protocol::{EntityId, OpId};

/// Lines of the log in a support report.
const REPORT_LINES: usize = 50;

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    pub(super) fn mend(self: &Rc<Self>, mend: Mend) {
        match mend {
            Mend::RetryRefused(edits) => self.retry_refused(edits),
            Mend::Discard(edit) => self.discard(edit),
            Mend::Decide(decision, choice) => self.decide(*decision, choice),
            Mend::ChoosePolicy(policy) => self.choose_policy(policy),
            Mend::LookBack(id, told) => self.look_back(id, told),
            Mend::Copy(text, told) => self.host.copy_text(&text, told),
            Mend::Report(told) => self.report(told),
        }
    }

    pub(super) fn show_details(self: &Rc<Self>, is_shown: bool) {
        let shown = self.shows_details.get();
        let now = if is_shown {
            shown + 1
        } else {
            shown.saturating_sub(1)
        };
        self.shows_details.set(now);
        self.refresh();
    }

    fn retry_refused(self: &Rc<Self>, edits: Vec<OpId>) {
        let service = Rc::clone(self);
        spawn_local(async move {
            let done = service.engine.retry_parked(&edits).await;
            service.done(done);
        });
    }

    fn discard(self: &Rc<Self>, edit: OpId) {
        let service = Rc::clone(self);
        spawn_local(async move {
            let done = service.engine.discard(edit).await;
            service.done(done);
        });
    }

    fn decide(self: &Rc<Self>, decision: Decision, choice: Choice) {
        let service = Rc::clone(self);
        spawn_local(async move {
            let engine = &service.engine;
            let done = match choice {
                Choice::TakeOther => engine.take_other(&decision).await,
                Choice::KeepBoth => engine.keep_both(&decision).await,
                Choice::LetStand => engine.let_stand(&decision).await,
            };
            service.done(done);
        });
    }

    fn choose_policy(self: &Rc<Self>, policy: Policy) {
        let service = Rc::clone(self);
        spawn_local(async move {
            let done = service.engine.choose_policy(policy).await;
            service.done(done);
        });
    }

    /// Shows what became of it, here and in the other tabs, and sends what is to be sent.
    fn done(self: &Rc<Self>, done: Result<(), StoreError>) {
        match done {
            Ok(()) => {
                self.host.tell_others();
                self.refresh();
                self.sync(Trigger::Manual);
            }
            Err(error) => self.app.snack.set(Some(Snack::Failed((&error).into()))),
        }
    }

    fn look_back(self: &Rc<Self>, id: EntityId, told: Box<dyn FnOnce(Option<Earlier>)>) {
        let service = Rc::clone(self);
        spawn_local(async move { told(service.engine.earlier_values(id).await) });
    }

    fn report(self: &Rc<Self>, told: Box<dyn FnOnce(String)>) {
        let service = Rc::clone(self);
        spawn_local(async move {
            if let Ok(text) = service.report_text().await {
                told(text);
            }
        });
    }

    async fn report_text(&self) -> Result<String, StoreError> {
        let overview = self.engine.overview().await?;
        let outbox = self.engine.outbox().await?;
        let log = self.engine.sync_log(REPORT_LINES).await?;
        let storage = self.app.storage.get_untracked();
        let scene = Scene {
            overview: &overview,
            outbox: &outbox,
            is_online: self.app.is_online.get_untracked(),
            now: self.engine.clock.now(),
        };
        let around = Around {
            app_version: env!("CARGO_PKG_VERSION"),
            browser: &self.host.browser_name(),
            is_kept: storage.and_then(|storage| storage.is_kept),
            usage_bytes: storage.and_then(|storage| storage.usage_bytes),
            conflicts: self.app.decisions.with_untracked(Vec::len),
        };
        Ok(report(scene, around, &log))
    }
}
