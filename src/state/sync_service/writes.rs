//! What a person wants, carried out: the half of the service that stores something.

use super::SyncService;
use crate::state::host::Host;
use crate::state::intent::{Intent, LogForm, Reply, Snack};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use tidemark_engine::outbox::EntryDraft;
use tidemark_engine::view::Entry;
use tidemark_engine::{Platform, Reading, Trigger};
use tidemark_protocol::{AppModelPatch, EntityId, MetricPatch, Patch, User, UserPatch};

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    pub(super) fn carry_out(self: &Rc<Self>, intent: Intent) {
        match intent {
            Intent::SyncNow => self.sync(Trigger::Manual),
            Intent::ShowSyncDetails(is_shown) => self.show_details(is_shown),
            Intent::Mend(mend) => self.mend(mend),
            Intent::Reread => {
                self.save_unstored();
                self.refresh();
            }
            Intent::Stored => self.stored(),
            Intent::Reload => self.host.reload(),
            Intent::Remember(change) => self.remember(change),
            Intent::Install => self.host.install(),
            Intent::EraseDevice => self.erase_device(),
            Intent::Account(intent) => self.see_to(intent),
            Intent::CopyText(text) => self.host.copy_text(&text, Box::new(|_| {})),
            Intent::LookAtStorage => self.look_at_storage(),
            Intent::AddPerson(patch, reply) => self.add_person(patch, reply),
            Intent::ShowPerson(id) => self.show_person(id),
            Intent::RemovePerson => self.remove_person(),
            Intent::RestorePerson(user) => self.restore_person(&user),
            Intent::ApplyUpdate => self.host.apply_update(),
            Intent::Log(form, reply) => {
                self.take_over(self.log(form), Some(Snack::Saved), Some(reply));
            }
            Intent::Edit(id, patch, reply) => self.edit(id, patch, reply),
            Intent::Delete(id) => self.delete(id),
            Intent::Restore(entry) => {
                let snack = Snack::Restored(entry.metric.weight);
                let id = entry.metric.id;
                self.remember(move |memory| memory.forget_deleted(id));
                self.take_over(vec![self.engine.draft_return(&entry)], Some(snack), None);
            }
            Intent::SavePerson(patch, reply) => {
                self.take_over(vec![self.person(patch)], None, Some(reply));
            }
            Intent::SaveSettings(patch, reply) => {
                self.remember_goal(&patch);
                self.take_over(vec![self.settings(patch)], None, Some(reply));
            }
            Intent::AnswerQuestion(same_as) => {
                let service = Rc::clone(self);
                spawn_local(async move { service.answer(same_as.as_ref()).await });
            }
        }
    }

    // --- Edits: made of what is shown, so that they can be made while the store does not answer -----

    fn log(&self, form: LogForm) -> Vec<EntryDraft> {
        let person = untrack(|| self.app.person()).map(|person| person.user);
        let known = person.as_ref().and_then(|user| user.height);
        let height = form.height.map(|height| {
            let patch = UserPatch {
                height: Patch::Set(height),
                ..UserPatch::default()
            };
            self.engine.draft_person(person.as_ref(), patch)
        });
        let reading = Reading {
            weight: form.weight,
            height: form.height.or(known),
            note: form.note,
            created_at: form.created_at,
            utc_offset: Some(form.utc_offset),
        };
        let user = person.map(|user| user.id);
        let entry = self.engine.draft_log(user, reading);
        height.into_iter().chain([entry]).collect()
    }

    /// Edits the entry as it is now: the version it stands on may have moved while the sheet was open.
    fn edit(self: &Rc<Self>, id: EntityId, patch: MetricPatch, reply: Reply) {
        match self.entry(id) {
            Some(entry) => {
                let edit = self.engine.draft_edit(&entry, patch);
                self.take_over(vec![edit], Some(Snack::Saved), Some(reply));
            }
            None => reply(Ok(())),
        }
    }

    fn delete(self: &Rc<Self>, id: EntityId) {
        if let Some(entry) = self.entry(id) {
            let edit = self.engine.draft_deletion(&entry);
            self.remember_deleted(&entry);
            let snack = Snack::Deleted(Box::new(entry));
            self.take_over(vec![edit], Some(snack), None);
        }
    }

    fn entry(&self, id: EntityId) -> Option<Entry> {
        untrack(|| self.app.entry(id))
    }

    fn person(&self, patch: UserPatch) -> EntryDraft {
        let person = untrack(|| self.app.person());
        let person = person.as_ref().map(|person| &person.user);
        self.engine.draft_person(person, patch)
    }

    pub(super) fn settings(&self, patch: AppModelPatch) -> EntryDraft {
        let version = self.app.profile.with_untracked(|profile| {
            let profile = profile.as_ref();
            profile.map_or(0, |profile| profile.app_model.version)
        });
        self.engine.draft_settings(version, patch)
    }

    fn look_at_storage(&self) {
        let storage = self.app.storage;
        let told = Box::new(move |state| storage.set(Some(state)));
        self.host.look_at_storage(told);
    }

    // --- The rest ----------------------------------------------------------------------------------

    /// Answers who is who; where that fails, the question stands and can be answered again.
    async fn answer(self: &Rc<Self>, same_as: Option<&User>) {
        let question = self.app.overview.with_untracked(|overview| {
            overview
                .as_ref()
                .and_then(|overview| overview.question.clone())
        });
        let Some(question) = question else { return };
        match self.engine.answer_question(&question, same_as).await {
            Ok(()) => self.stored(),
            Err(error) => self.app.snack.set(Some(Snack::Failed((&error).into()))),
        }
    }
}
