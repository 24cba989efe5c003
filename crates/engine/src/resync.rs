//! The way back when a cursor no longer holds: pull everything into a new generation, and first offer
//! again what a restored server has lost.

use crate::driver::{Progress, Stop};
use crate::engine::Engine;
use crate::outbox::{EntryDraft, EntryKind, payload_text};
use crate::page::Page;
use crate::ports::{Generation, Platform, Store, StoreError};
use crate::state::{StateChange, SyncState};
use tidemark_protocol::{
    AccountId, Cursor, EntityId, Metric, MetricPatch, OpId, Patch, Problem, User, UserPatch,
};

impl<P: Platform> Engine<P> {
    /// Pulls from the start into a new generation that replaces the old one in one transaction. Unsent
    /// entries stay.
    pub(crate) async fn resync(
        &self,
        account: AccountId,
        problem: &Problem,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let state = self.state().await?;
        self.offer_lost(problem.lost.as_deref().unwrap_or_default())
            .await?;
        let generation = self.pull_generation(account, &state).await?;
        progress.received += generation.metrics.len();
        self.store.replace_all(&generation).await?;
        progress.changed = true;
        Ok(())
    }

    /// Puts what the server has lost and this device holds into the outbox. Offering twice is harmless:
    /// the operation's id comes of the record and its version.
    async fn offer_lost(&self, lost: &[(u64, u64)]) -> Result<(), StoreError> {
        let is_lost = |version: u64| {
            lost.iter()
                .any(|(from, to)| (*from..=*to).contains(&version))
        };
        let mut offers = Vec::new();
        for user in self
            .store
            .profile()
            .await?
            .users
            .iter()
            .filter(|user| is_lost(user.version))
        {
            // The account knew this person before, so there is nobody to ask who they are.
            self.store.update(&StateChange::NewPerson(user.id)).await?;
            offers.push(self.offer_user(user));
        }
        for page in self.store.pages().await? {
            offers.extend(self.offers_of(&page, &is_lost));
        }
        if offers.is_empty() {
            return Ok(());
        }
        self.store.commit(&offers, None).await.map(drop)
    }

    fn offers_of(&self, page: &Page, is_lost: &impl Fn(u64) -> bool) -> Vec<EntryDraft> {
        let living = page
            .rows
            .iter()
            .filter(|row| is_lost(row.metric.version))
            .map(|row| {
                let lost_version = Some(row.metric.version);
                let patch = MetricPatch {
                    lost_version,
                    ..row.metric.to_patch()
                };
                self.offer(
                    EntryKind::UpsertMetric,
                    row.metric.id,
                    row.metric.version,
                    &patch,
                )
            });
        let deleted = page
            .tombstones
            .iter()
            .filter(|gone| is_lost(gone.version))
            .map(|gone| {
                let patch = MetricPatch {
                    id: Some(gone.id),
                    user_id: Some(page.key.user),
                    lost_version: Some(gone.version),
                    ..MetricPatch::default()
                };
                self.offer(EntryKind::DeleteMetric, gone.id, gone.version, &patch)
            });
        living.chain(deleted).collect()
    }

    fn offer(
        &self,
        kind: EntryKind,
        record: EntityId,
        version: u64,
        patch: &MetricPatch,
    ) -> EntryDraft {
        let op_id = OpId::for_offer(record, version);
        EntryDraft {
            op_id,
            ..self.draft(kind, record, payload_text(patch), version)
        }
    }

    fn offer_user(&self, user: &User) -> EntryDraft {
        let patch = UserPatch {
            name: Patch::from_option(user.name.clone()),
            surname: Patch::from_option(user.surname.clone()),
            gender: Patch::from_option(user.gender),
            avatar: Patch::from_option(user.avatar.clone()),
            height: Patch::from_option(user.height),
            birth_date: Patch::from_option(user.birth_date.clone()),
            updated_at: Some(user.updated_at),
            ..UserPatch::default()
        };
        let op_id = OpId::for_offer(user.id, user.version);
        let draft = self.draft(
            EntryKind::CreateUser,
            user.id,
            payload_text(&patch),
            user.version,
        );
        EntryDraft { op_id, ..draft }
    }

    async fn pull_generation(
        &self,
        account: AccountId,
        state: &SyncState,
    ) -> Result<Generation, Stop> {
        let remote = self.remote(Some(account), state);
        let mut users: Vec<User> = Vec::new();
        let mut users_cursor: Option<Cursor> = None;
        loop {
            let page = remote.users(users_cursor.as_ref()).await?;
            users.extend(page.users);
            users_cursor = Some(page.cursor);
            if !page.has_more {
                break;
            }
        }
        let app_model = remote.app_model().await?;
        let mut metrics: Vec<Metric> = Vec::new();
        let mut from: Option<Cursor> = None;
        loop {
            let page = remote.metrics(from.as_ref()).await?;
            metrics.extend(page.metrics);
            if page.has_more {
                from = Some(page.cursor);
                continue;
            }
            let users_cursor = users_cursor.unwrap_or_else(|| page.cursor.clone());
            let (cursor, head, epoch) = (page.cursor, page.head, page.epoch);
            return Ok(Generation {
                metrics,
                users,
                app_model,
                cursor,
                users_cursor,
                head,
                epoch,
            });
        }
    }
}
