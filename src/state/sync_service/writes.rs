//! What a person wants, carried out: the half of the service that stores something.

use super::SyncService;
use crate::state::host::Host;
use crate::state::intent::{Fault, Intent, LogForm, Snack};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use tidemark_engine::view::Entry;
use tidemark_engine::{Platform, Reading, StoreError, Trigger};
use tidemark_protocol::{AppModelPatch, EntityId, MetricPatch, Patch, User, UserPatch};

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    pub(super) fn carry_out(self: &Rc<Self>, intent: Intent) {
        match intent {
            Intent::SyncNow => return self.sync(Trigger::Manual),
            Intent::ShowSyncDetails(shown) => {
                self.shows_details.set(shown);
                return self.refresh();
            }
            Intent::Reread => return self.refresh(),
            Intent::Stored => return self.stored(),
            Intent::ApplyUpdate => return self.host.apply_update(),
            _ => {}
        }
        let service = Rc::clone(self);
        spawn_local(async move { service.write(intent).await });
    }

    /// Carries out an intent that stores something.
    async fn write(self: &Rc<Self>, intent: Intent) {
        let (outcome, snack, reply) = match intent {
            Intent::Log(form, reply) => (self.log(form).await, Some(Snack::Saved), Some(reply)),
            Intent::Edit(id, patch, reply) => {
                (self.edit(id, patch).await, Some(Snack::Saved), Some(reply))
            }
            Intent::Delete(id) => match self.entry(id) {
                Some(entry) => (
                    self.engine.delete(&entry).await,
                    Some(Snack::Deleted(Box::new(entry))),
                    None,
                ),
                None => return,
            },
            Intent::Restore(entry) => {
                let snack = Snack::Restored(entry.metric.weight);
                (self.engine.restore(&entry).await, Some(snack), None)
            }
            Intent::SavePerson(patch, reply) => (self.save_person(patch).await, None, Some(reply)),
            Intent::SaveSettings(patch, reply) => {
                (self.save_settings(patch).await, None, Some(reply))
            }
            Intent::AnswerQuestion(same_as) => (self.answer(same_as.as_ref()).await, None, None),
            Intent::SyncNow
            | Intent::ShowSyncDetails(_)
            | Intent::Reread
            | Intent::Stored
            | Intent::ApplyUpdate => return,
        };
        let outcome = outcome.map_err(|error| Fault::from(&error));
        if outcome.is_ok() {
            // Row and chip change before the word "saved" appears. Should reading fail, what was stored is
            // stored all the same; the refresh below reads again and says what is wrong.
            let _ = self.read().await;
        }
        match (outcome, snack, &reply) {
            (Ok(()), Some(snack), _) => self.app.snack.set(Some(snack)),
            (Err(fault), _, None) => self.app.snack.set(Some(Snack::Failed(fault))),
            _ => {}
        }
        if outcome.is_ok() {
            self.stored();
        }
        if let Some(reply) = reply {
            reply(outcome);
        }
    }

    /// Something was stored: show it, tell the others, sync it.
    fn stored(self: &Rc<Self>) {
        self.refresh();
        self.host.tell_others();
        self.host.saved();
        self.kick(Trigger::LocalWrite);
    }

    async fn log(&self, form: LogForm) -> Result<(), StoreError> {
        if let Some(height) = form.height {
            let patch = UserPatch {
                height: Patch::Set(height),
                ..UserPatch::default()
            };
            self.save_person(patch).await?;
        }
        let profile = self.engine.profile().await?;
        let person = profile.active().map(|person| &person.user);
        let reading = Reading {
            weight: form.weight,
            height: form.height.or_else(|| person.and_then(|user| user.height)),
            note: form.note,
            created_at: form.created_at,
            utc_offset: Some(form.utc_offset),
        };
        self.engine
            .log(person.map(|user| user.id), reading)
            .await
            .map(drop)
    }

    /// Edits the entry as it is now: the version it stands on may have moved while the sheet was open.
    async fn edit(&self, id: EntityId, patch: MetricPatch) -> Result<(), StoreError> {
        match self.entry(id) {
            Some(entry) => self.engine.edit(&entry, patch).await,
            None => Ok(()),
        }
    }

    fn entry(&self, id: EntityId) -> Option<Entry> {
        untrack(|| self.app.entry(id))
    }

    async fn save_person(&self, patch: UserPatch) -> Result<(), StoreError> {
        let profile = self.engine.profile().await?;
        let person = profile.active().map(|person| &person.user);
        self.engine.save_person(person, patch).await.map(drop)
    }

    async fn save_settings(&self, patch: AppModelPatch) -> Result<(), StoreError> {
        let profile = self.engine.profile().await?;
        self.engine
            .save_settings(profile.app_model.version, patch)
            .await
    }

    async fn answer(&self, same_as: Option<&User>) -> Result<(), StoreError> {
        let question = self.app.overview.with_untracked(|overview| {
            overview
                .as_ref()
                .and_then(|overview| overview.question.clone())
        });
        match question {
            Some(question) => self.engine.answer_question(&question, same_as).await,
            None => Ok(()),
        }
    }
}
