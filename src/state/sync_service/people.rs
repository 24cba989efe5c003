//! Several people on one device, and what the device remembers of them: the half of the service that switches
//! between them.

use super::SyncService;
use crate::state::Memory;
use crate::state::host::Host;
use crate::state::intent::{Fault, Reply, Snack};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use tidemark_engine::outbox::EntryDraft;
use tidemark_engine::view::{Entry, Profile};
use tidemark_engine::{Clock, Platform, StoreError};
use tidemark_protocol::{AppModelPatch, EntityId, Patch, User, UserPatch};

impl<P: Platform + 'static, H: Host + 'static> SyncService<P, H> {
    // --- Memory ------------------------------------------------------------------------------------

    /// Changes what this device remembers. Another tab may have changed it too, so it is read first.
    pub(super) fn remember(&self, change: impl FnOnce(&mut Memory)) {
        let mut memory = Memory::read(self.host.recall().as_deref());
        change(&mut memory);
        self.host.remember(&memory.write());
        self.app.memory.set(memory);
    }

    /// The account keeps one goal, that of the person shown: it is remembered here for when they are shown again.
    pub(super) fn recall(&self, profile: &Profile) {
        let memory = Memory::read(self.host.recall().as_deref());
        super::set_if_changed(self.app.memory, memory.clone());
        if let (Some(person), Some(goal)) = (profile.active(), profile.app_model.goal)
            && memory.goal_of(person.user.id) != Some(goal)
        {
            let id = person.user.id;
            self.remember(move |memory| memory.keep_goal(id, Some(goal)));
        }
    }

    /// Keeps what a change of the settings says about the goal of the person shown.
    pub(super) fn remember_goal(&self, patch: &AppModelPatch) {
        let person = untrack(|| self.app.person());
        if let (false, Some(person)) = (patch.goal.is_keep(), person) {
            let (id, mut goal) = (person.user.id, None);
            patch.goal.apply_to(&mut goal);
            self.remember(move |memory| memory.keep_goal(id, goal));
        }
    }

    /// Keeps a deleted entry for the list of what was deleted lately.
    pub(super) fn remember_deleted(&self, entry: &Entry) {
        let (metric, now) = (entry.metric.clone(), self.engine.clock.now());
        self.remember(move |memory| memory.keep_deleted(metric, now));
    }

    // --- People ------------------------------------------------------------------------------------

    /// The last weights of everybody but the person shown.
    pub(super) async fn read_others(&self, profile: &Profile) -> Result<(), StoreError> {
        let shown = profile.active().map(|person| person.user.id);
        let mut others = Vec::new();
        for person in &profile.people {
            let id = person.user.id;
            if Some(id) == shown {
                continue;
            }
            let newest = self.engine.newest(id, 1).await?;
            others.extend(newest.first().map(|entry| (id, entry.metric.weight)));
        }
        super::set_if_changed(self.app.others, others);
        Ok(())
    }

    /// Somebody new has to be stored before they can be shown.
    pub(super) fn add_person(self: &Rc<Self>, patch: UserPatch, reply: Reply) {
        let service = Rc::clone(self);
        spawn_local(async move {
            match service.engine.save_person(None, patch).await {
                Ok(id) => {
                    let edit = service.shown_person(id);
                    service.take_over(vec![edit], None, Some(reply));
                }
                Err(error) => reply(Err(Fault::from(&error))),
            }
        });
    }

    pub(super) fn show_person(self: &Rc<Self>, id: EntityId) {
        self.take_over(vec![self.shown_person(id)], None, None);
    }

    /// The edit that shows a person, with the goal they had when they were last shown here.
    fn shown_person(&self, id: EntityId) -> EntryDraft {
        let goal = self.app.memory.with_untracked(|memory| memory.goal_of(id));
        let is_same = untrack(|| self.app.goal()) == goal;
        self.settings(AppModelPatch {
            active_user: Patch::Set(id),
            goal: if is_same {
                Patch::Keep
            } else {
                Patch::from_option(goal)
            },
            ..AppModelPatch::default()
        })
    }

    /// Takes the person shown off the list; the next one is shown.
    pub(super) fn remove_person(self: &Rc<Self>) {
        let Some(user) = untrack(|| self.app.person()).map(|person| person.user) else {
            return;
        };
        let next = self.app.profile.with_untracked(|profile| {
            let people = profile.iter().flat_map(|profile| &profile.people);
            let mut ids = people.map(|person| person.user.id);
            ids.find(|id| *id != user.id)
        });
        let gone = UserPatch {
            deleted_at: Patch::Set(self.engine.clock.now()),
            ..UserPatch::default()
        };
        let mut edits = vec![self.engine.draft_person(Some(&user), gone)];
        edits.extend(next.map(|next| self.shown_person(next)));
        self.take_over(edits, Some(Snack::PersonRemoved(Box::new(user))), None);
    }

    pub(super) fn restore_person(self: &Rc<Self>, user: &User) {
        let back = UserPatch {
            deleted_at: Patch::Clear,
            ..UserPatch::default()
        };
        let edits = vec![
            self.engine.draft_person(Some(user), back),
            self.shown_person(user.id),
        ];
        self.app.snack.set(None);
        self.take_over(edits, None, None);
    }
}
