//! Signing in and out, carried out: the half of the service that talks to the account, and sees to it that the page
//! stands on the right database. Which one that is, the directory decides.

use super::SyncService;
use crate::state::account::{AccountIntent, AccountStep, Refusal};
use crate::state::host::Host;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use tidemark_engine::household::{Databases, Place};
use tidemark_engine::remote::farewell;
use tidemark_engine::{AccountError, Entrance, Platform, Trigger};
use tidemark_protocol::{AccountInfo, DeviceId};

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    pub(super) fn see_to(self: &Rc<Self>, intent: AccountIntent) {
        let is_quiet = matches!(intent, AccountIntent::Open);
        if self.is_busy() {
            return; // pressed twice
        }
        if !is_quiet {
            self.step(AccountStep::Busy);
        }
        let service = Rc::clone(self);
        spawn_local(async move {
            let done = match intent {
                AccountIntent::Open => return service.open_account().await,
                AccountIntent::Enter(entrance) => service.enter(entrance).await,
                AccountIntent::CodeNoted => service.note_code().await,
                AccountIntent::SignOut => service.sign_out().await,
                AccountIntent::SignDeviceOut(device) => service.sign_device_out(&device).await,
                AccountIntent::Erase { keeps } => service.erase_account(keeps).await,
                AccountIntent::Leave { keeps } => service.leave(keeps).await,
            };
            match done {
                Ok(step) => service.step(step),
                Err(error) => service.step(AccountStep::Refused(Refusal::from(&error))),
            }
        });
    }

    fn is_busy(&self) -> bool {
        let view = self.app.account;
        view.with_untracked(|view| view.step == AccountStep::Busy)
    }

    fn step(&self, step: AccountStep) {
        self.app.account.update(|view| view.step = step);
    }

    /// The screen opens. What can't be found out now is left out.
    async fn open_account(self: &Rc<Self>) {
        let is_shown = |step: &AccountStep| matches!(step, AccountStep::Code(_));
        self.app.account.update(|view| {
            if !is_shown(&view.step) {
                view.step = AccountStep::Idle;
            }
        });
        let is_unknown = self.app.overview.with_untracked(|overview| {
            overview
                .as_ref()
                .is_some_and(|overview| overview.state.auth.is_none())
        });
        if is_unknown {
            self.kick(Trigger::Manual);
        }
        if let Ok(directory) = self.host.databases().directory().await {
            let email = directory.current().and_then(|entry| entry.email.clone());
            self.app.account.update(|view| view.email = email);
        }
        self.read_devices().await;
    }

    async fn read_devices(&self) {
        let devices = self.engine.devices().await.ok();
        let devices = devices.map(|answer| answer.devices);
        self.app.account.update(|view| view.devices = devices);
    }

    // --- In ----------------------------------------------------------------------------------------

    async fn enter(self: &Rc<Self>, mut entrance: Entrance) -> Result<AccountStep, AccountError> {
        let device_name = self.host.device_name();
        match &mut entrance {
            Entrance::SignIn(request) | Entrance::SignUp(request) => {
                request.device_name = device_name;
            }
            Entrance::Recover(request) => request.device_name = device_name,
        }
        let entered = self.engine.enter(&entrance).await?;
        let Some(code) = entered.recovery_code else {
            return self.take_up(entered.account).await;
        };
        // Another database means another page, and the code is shown once: first it is written down.
        if self
            .engine
            .stays_here(self.host.databases(), &entered.account)
            .await?
        {
            self.take_up(entered.account).await?;
        } else {
            self.entered.replace(Some(entered.account));
        }
        Ok(AccountStep::Code(code))
    }

    async fn note_code(self: &Rc<Self>) -> Result<AccountStep, AccountError> {
        let entered = self.entered.take();
        match entered {
            Some(account) => self.take_up(account).await,
            None => Ok(AccountStep::Idle),
        }
    }

    /// Whoever has signed in gets their database: this one, or another one and with it another page.
    async fn take_up(self: &Rc<Self>, account: AccountInfo) -> Result<AccountStep, AccountError> {
        let place = self.engine.take_up(self.host.databases(), &account).await?;
        if place != Place::Here {
            return Ok(self.go_to(place));
        }
        self.app.account.update(|view| view.email = account.email);
        self.refresh();
        self.host.tell_others();
        self.kick(Trigger::Manual);
        self.read_devices().await;
        Ok(AccountStep::Idle)
    }

    /// This page ends; nothing more is pressed on it.
    fn go_to(&self, place: Place) -> AccountStep {
        let Place::At(database) = place else {
            return AccountStep::Idle;
        };
        self.host.switch_database(&database);
        AccountStep::Busy
    }

    // --- Out ---------------------------------------------------------------------------------------

    async fn sign_out(&self) -> Result<AccountStep, AccountError> {
        let place = self.engine.part(self.host.databases()).await?;
        Ok(self.go_to(place))
    }

    /// Everything on this device goes, the sign-in too. Nobody waits for the server to hear of it.
    pub(super) fn erase_device(&self) {
        let farewell = self.app.overview.with_untracked(|overview| {
            let state = &overview.as_ref()?.state;
            state.owner.map(|_| farewell(&state.device_id))
        });
        self.host.erase_device(farewell);
    }

    async fn sign_device_out(&self, device: &DeviceId) -> Result<AccountStep, AccountError> {
        self.engine.sign_device_out(device).await?;
        self.read_devices().await;
        Ok(AccountStep::Idle)
    }

    async fn erase_account(&self, keeps: bool) -> Result<AccountStep, AccountError> {
        match self.engine.erase_account(self.host.databases()).await {
            // It was erased before, and nobody heard the answer.
            Err(error) if Refusal::from(&error) != Refusal::Erased => Err(error),
            _ => self.leave(keeps).await,
        }
    }

    async fn leave(&self, keeps: bool) -> Result<AccountStep, AccountError> {
        let place = self.engine.leave(self.host.databases(), keeps).await?;
        Ok(self.go_to(place))
    }

    // --- At the start ------------------------------------------------------------------------------

    /// Sees to it, once the store has answered, that this page's database is whose the directory says, and takes in what
    /// other databases leave to it. What fails is done at the next start.
    pub(super) fn settle_in(self: &Rc<Self>) {
        if self.has_settled_in.replace(true) {
            return;
        }
        let service = Rc::clone(self);
        spawn_local(async move {
            service.host.hold_database().await;
            // Nothing is shown of it: what the directory can't say now, it says at the next start.
            let Ok(settled) = service.engine.settle_in(service.host.databases()).await else {
                return;
            };
            if settled.is_owned_now {
                service.kick(Trigger::Manual); // nothing could be asked for before
            }
            if settled.has_taken_in {
                service.stored();
            }
        });
    }
}
