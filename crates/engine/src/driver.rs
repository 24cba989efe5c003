//! The driver (the plan's `SyncOrchestratorUseCase`): one sync, from the outbox to the last pulled page.
//!
//! A tick does bounded work and says when it wants to be called again; it never sleeps.

use crate::backoff;
use crate::engine::Engine;
use crate::outbox::{EntryKind, LastError, OutboxEntry, payload_text};
use crate::overlay;
use crate::planner::{self, Outgoing, Source};
use crate::ports::{Applied, Clock, Delta, DeltaRows, Lock, Platform, Store, StoreError};
use crate::remote::Remote;
use crate::retry::{CallError, Disposition};
use crate::settle::{FollowUp, Settlement, read_batch, whole_row};
use crate::state::{FailureKind, StateChange, SyncFailure, SyncLogLine, SyncState};
use std::collections::HashSet;
use tidemark_protocol::{
    AccountId, AppModelPatch, AuthMode, EntityId, OpId, Patch, Problem, Timestamp, UserPatch,
    limits,
};

/// Batches in one tick at most.
const BATCHES_MAX: usize = 20;
/// Pages of a feed in one tick at most.
const PAGES_MAX: usize = 20;
/// Milliseconds to the next tick when nothing waits.
const IDLE_MS: i64 = 60_000;
/// Milliseconds to the next tick when another context syncs.
const BUSY_MS: i64 = 5_000;
/// The longest wait that a server's wish can cause, in milliseconds. What lies further in the future
/// comes of a clock that jumped.
const WISH_MS_MAX: i64 = 15 * 60_000;

/// What set a tick off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The app started.
    Start,
    /// Somebody logged or changed something.
    LocalWrite,
    /// The browser says that the network is back.
    Online,
    /// The page became visible, came back from the cache, or got the focus.
    Visible,
    /// The server said that there is something.
    LiveHint,
    /// It was time.
    Interval,
    /// Somebody pressed "Sync now".
    Manual,
    /// The service worker's `sync` event.
    WorkerSync,
}

impl Trigger {
    /// The name in the sync log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::LocalWrite => "local_write",
            Self::Online => "online",
            Self::Visible => "visible",
            Self::LiveHint => "live_hint",
            Self::Interval => "interval",
            Self::Manual => "manual",
            Self::WorkerSync => "worker_sync",
        }
    }

    /// Whether it speaks for trying at once, whatever failed before.
    fn forgets_backoff(self) -> bool {
        matches!(
            self,
            Self::Start | Self::Online | Self::Visible | Self::Manual | Self::WorkerSync
        )
    }
}

/// How a tick ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TickOutcome {
    /// Nothing waits and nothing is missing.
    Done,
    /// There is more to do at once.
    More,
    /// Too soon after a failure.
    Waiting,
    /// Another context syncs.
    Busy,
    /// Nobody is signed in, so nothing leaves this device.
    Local,
    /// A person must say who is who first.
    Question,
    /// It failed; what is unsent stays.
    Failed(SyncFailure),
}

/// What a tick did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickReport {
    /// How it ended.
    pub outcome: TickOutcome,
    /// Edits that the server settled.
    pub sent: usize,
    /// Rows that were news here.
    pub received: usize,
    /// Whether something that a screen shows may have changed.
    pub changed: bool,
    /// When to call again, at the latest.
    pub next_wake: Timestamp,
}

/// Why a tick stopped early.
pub(crate) enum Stop {
    Call(CallError),
    Store(StoreError),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a tick has done so far.
#[derive(Default)]
pub(crate) struct Progress {
    pub(crate) sent: usize,
    pub(crate) received: usize,
    pub(crate) changed: bool,
    /// Records whose turn is over for this tick: the server did not settle them.
    skipped: HashSet<EntityId>,
    retry_after_s: Option<u32>,
}

impl<P: Platform> Engine<P> {
    /// Syncs, as far as one call goes: sends what waits, then pulls what is new.
    pub async fn tick(&self, trigger: Trigger) -> TickReport {
        let started = self.clock.now();
        let mut progress = Progress::default();
        let ended = self.run(trigger, &mut progress).await;
        let outcome = match ended {
            Ok(outcome) => outcome,
            Err(stop) => self.record_failure(&stop, &mut progress).await,
        };
        if !matches!(
            outcome,
            TickOutcome::Waiting | TickOutcome::Busy | TickOutcome::Local
        ) {
            self.log_line(trigger, started, &outcome, &progress).await;
        }
        let next_wake = self.next_wake(&outcome).await;
        let Progress {
            sent,
            received,
            changed,
            ..
        } = progress;
        TickReport {
            outcome,
            sent,
            received,
            changed,
            next_wake,
        }
    }

    async fn run(&self, trigger: Trigger, progress: &mut Progress) -> Result<TickOutcome, Stop> {
        let mut state = self.state().await?;
        let now = self.clock.now();
        if is_due_later(state.not_before, now, WISH_MS_MAX) {
            return Ok(TickOutcome::Waiting);
        }
        if trigger.forgets_backoff() && state.failures > 0 {
            state = self.store.update(&StateChange::ForgetBackoff).await?;
        }
        if is_due_later(
            state.retry_at,
            now,
            i64::try_from(backoff::CAP_MS).unwrap_or(i64::MAX),
        ) {
            return Ok(TickOutcome::Waiting);
        }
        let Some(_guard) = self.lock.acquire().await else {
            return Ok(TickOutcome::Busy);
        };
        let Some(account) = self.account(&state).await? else {
            return Ok(TickOutcome::Local);
        };
        match self.sync(account, progress).await {
            Err(Stop::Call(error)) => match error.disposition() {
                Disposition::Resync(problem) => {
                    self.resync(account, &problem, progress).await?;
                    Ok(TickOutcome::More)
                }
                _ => Err(error.into()),
            },
            other => other,
        }
    }

    async fn sync(&self, account: AccountId, progress: &mut Progress) -> Result<TickOutcome, Stop> {
        if !self.push_all(account, progress).await? {
            return Ok(TickOutcome::Question);
        }
        let more = self.pull_all(account, progress).await?;
        if !self.greeted.get() {
            let state = self.state().await?;
            self.greet(&state).await?;
        }
        if !progress.skipped.is_empty() {
            return Err(Stop::Call(not_settled(progress.retry_after_s)));
        }
        let change = StateChange::Succeeded {
            at: self.clock.now(),
            not_before: self.wish(progress),
        };
        self.store.update(&change).await?;
        progress.changed = true;
        Ok(if more {
            TickOutcome::More
        } else {
            TickOutcome::Done
        })
    }

    fn wish(&self, progress: &Progress) -> Option<Timestamp> {
        let seconds = progress.retry_after_s.filter(|seconds| *seconds > 0)?;
        Some(self.clock.now().plus_millis(i64::from(seconds) * 1000))
    }

    /// Whose entries go: the store's owner, else the built-in account of a server without sign-in.
    async fn account(&self, state: &SyncState) -> Result<Option<AccountId>, Stop> {
        if state.owner.is_some() {
            return Ok(state.owner);
        }
        if self.greet(state).await? == AuthMode::Required {
            return Ok(None);
        }
        let info = self.remote(None, state).account().await?;
        let state = self.store.update(&StateChange::Adopt(info.id)).await?;
        self.owner.set(state.owner);
        Ok(state.owner)
    }

    /// Asks the server who it is. A new version may take what an older one refused.
    async fn greet(&self, state: &SyncState) -> Result<AuthMode, Stop> {
        let asked_at = self.clock.now();
        let info = self.remote(state.owner, state).server().await?;
        let answered_at = self.clock.now();
        // The server's clock was read somewhere between the two.
        let halfway = asked_at.plus_millis(answered_at.millis_since(asked_at) / 2);
        let change = StateChange::Server {
            auth: info.auth,
            version: info.version.clone(),
            clock_offset_ms: info.server_time.millis_since(halfway),
        };
        self.store.update(&change).await?;
        self.greeted.set(true);
        self.batch_events
            .set(limits::BATCH_EVENTS_MAX.min(info.limits.max_events.max(1)));
        if state
            .server_version
            .as_ref()
            .is_some_and(|known| *known != info.version)
        {
            self.resume_parked().await?;
        }
        Ok(info.auth)
    }

    async fn resume_parked(&self) -> Result<(), StoreError> {
        let outbox = self.store.outbox().await?;
        let resumed = outbox
            .iter()
            .filter(|entry| entry.parked)
            .map(|entry| entry.op_id)
            .collect();
        let settlement = Settlement {
            resumed,
            ..Settlement::at(self.clock.now())
        };
        self.store.settle(&settlement).await
    }

    pub(crate) fn remote<'a>(
        &'a self,
        account: Option<AccountId>,
        state: &'a SyncState,
    ) -> Remote<'a, P::Transport> {
        Remote {
            transport: &self.transport,
            account,
            device: &state.device_id,
        }
    }

    // --- push ------------------------------------------------------------------------------------

    /// Sends what waits. Answers `false` if a person must say who is who first.
    async fn push_all(&self, account: AccountId, progress: &mut Progress) -> Result<bool, Stop> {
        for _ in 0..BATCHES_MAX {
            let mut outbox = self.store.outbox().await?;
            if outbox.iter().any(is_first_send_of_person) {
                let state = self.state().await?;
                self.pull_users(account, &state, progress).await?;
                if !self.may_send(&state).await? {
                    return Ok(false);
                }
                outbox = self.store.outbox().await?;
            }
            let wary = self.batch_events.get() < limits::BATCH_EVENTS_MAX;
            let plan = planner::plan(&outbox, account, wary);
            let calls = plan
                .calls
                .iter()
                .filter(|call| !progress.skipped.contains(&call.entity_id));
            let calls: Vec<&OutboxEntry> = calls.copied().collect();
            if calls.is_empty() {
                let events = self.events(&plan.metrics, progress).await?;
                if events.is_empty() {
                    return Ok(true);
                }
                self.push_batch(account, &events, progress).await?;
            }
            for call in calls {
                self.push_call(account, call, progress).await?;
            }
        }
        Ok(true)
    }

    /// The events of a batch: entries as they are, bulk markers as the rows that they stand for.
    async fn events(
        &self,
        planned: &[&OutboxEntry],
        progress: &Progress,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let events_max = self.batch_events.get();
        let mut events = Vec::new();
        for entry in planned {
            if events.len() >= events_max {
                break;
            }
            if entry.kind != EntryKind::Bulk {
                let event = planner::outgoing(entry);
                events.extend(event.filter(|event| !progress.skipped.contains(&event.record)));
                continue;
            }
            let rows = self
                .store
                .unsent(&entry.bulk_pages(), events_max + progress.skipped.len())
                .await?;
            if rows.is_empty() {
                let settlement = Settlement {
                    done: vec![entry.op_id],
                    ..Settlement::at(self.clock.now())
                };
                self.store.settle(&settlement).await?;
            }
            let rows = rows
                .into_iter()
                .filter(|row| !progress.skipped.contains(&row.id));
            events.extend(rows.map(|row| planner::outgoing_bulk(row, entry)));
        }
        planner::fit(&mut events, events_max);
        Ok(events)
    }

    async fn push_batch(
        &self,
        account: AccountId,
        events: &[Outgoing],
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let state = self.state().await?;
        let body = planner::batch_body(events, &state.device_id, self.clock.now());
        match self.remote(Some(account), &state).push(body).await {
            Ok(response) => {
                let (settlement, follow_up) =
                    read_batch(events, &response, account, self.clock.now());
                self.batch_events.set(
                    (events.len() * 2).clamp(self.batch_events.get(), limits::BATCH_EVENTS_MAX),
                );
                if response.backoff_s > 0 {
                    progress.retry_after_s = Some(response.backoff_s);
                }
                self.store.settle(&settlement).await?;
                progress.changed = true;
                self.follow_up(account, events, &settlement, &follow_up, progress)
                    .await
            }
            Err(error) => self.batch_failed(account, events, error, progress).await,
        }
    }

    /// What an answer still asks for: persons and whole rows that the server lacks, and a pause for the rest.
    async fn follow_up(
        &self,
        account: AccountId,
        events: &[Outgoing],
        settlement: &Settlement,
        follow_up: &FollowUp,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        progress.sent += follow_up.settled;
        progress.retry_after_s = progress.retry_after_s.max(follow_up.retry_after_s);
        let ended: HashSet<OpId> = settlement
            .done
            .iter()
            .chain(settlement.parked.iter().map(|(op, _)| op))
            .chain(settlement.added.iter().map(|draft| &draft.op_id))
            .copied()
            .collect();
        let mut open: HashSet<EntityId> = events
            .iter()
            .filter(|event| !ended.contains(&event.op_id))
            .map(|event| event.record)
            .collect();
        for (op, record) in &follow_up.unknown_metrics {
            if self.send_whole_row(account, *op, *record).await? {
                open.remove(record);
            }
        }
        for user in follow_up.unknown_users.iter().collect::<HashSet<_>>() {
            if self.send_person_again(*user).await? {
                let of_user = |event: &&Outgoing| event.source.user() == Some(*user);
                for event in events.iter().filter(of_user) {
                    open.remove(&event.record);
                }
            }
        }
        progress.skipped.extend(open);
        Ok(())
    }

    async fn send_whole_row(
        &self,
        account: AccountId,
        op: OpId,
        record: EntityId,
    ) -> Result<bool, StoreError> {
        let pages = self.store.pages().await?;
        let outbox = self.store.outbox().await?;
        let base = pages
            .iter()
            .flat_map(|page| &page.rows)
            .find(|row| row.metric.id == record);
        let edits = overlay::edits_by_record(&outbox)
            .remove(&record)
            .unwrap_or_default();
        let Some(entry) = overlay::overlaid(base, &edits) else {
            return Ok(false);
        };
        let settlement = whole_row(op, &entry.metric, account, (&self.clock, &self.entropy));
        self.store.settle(&settlement).await?;
        Ok(true)
    }

    /// Offers a person whom the server lacks. Answers `false` if this device does not know them either.
    async fn send_person_again(&self, user: EntityId) -> Result<bool, StoreError> {
        let reading = self.store.profile().await?;
        let Some(known) = reading.users.iter().find(|known| known.id == user) else {
            return Ok(false);
        };
        let patch = UserPatch {
            name: Patch::from_option(known.name.clone()),
            surname: Patch::from_option(known.surname.clone()),
            gender: Patch::from_option(known.gender),
            avatar: Patch::from_option(known.avatar.clone()),
            height: Patch::from_option(known.height),
            birth_date: Patch::from_option(known.birth_date.clone()),
            updated_at: Some(known.updated_at),
            ..UserPatch::default()
        };
        let draft = self.draft(
            EntryKind::CreateUser,
            user,
            payload_text(&patch),
            known.version,
        );
        let settlement = Settlement {
            added: vec![draft],
            ..Settlement::at(self.clock.now())
        };
        self.store.settle(&settlement).await?;
        Ok(true)
    }

    /// A batch that failed as a whole: nothing was processed.
    async fn batch_failed(
        &self,
        account: AccountId,
        events: &[Outgoing],
        error: CallError,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let now = self.clock.now();
        let Disposition::Refused(last_error) = error.disposition() else {
            let failure = error_of(&error);
            let entries = events
                .iter()
                .filter(|event| matches!(event.source, Source::Entry { .. }));
            let settlement = Settlement::failed(entries.map(|event| event.op_id), &failure, now);
            self.store.settle(&settlement).await?;
            progress.changed = true;
            if matches!(error, CallError::NotOurs { status, .. } if status >= 500) {
                self.batch_events.set((events.len() / 2).max(1));
            }
            return Err(error.into());
        };
        if events.len() > 1 {
            self.batch_events.set((events.len() / 2).max(1));
            return Ok(());
        }
        let refused = refused_alone(&events[0], last_error, account, now);
        self.store.settle(&refused).await?;
        progress.changed = true;
        Ok(())
    }

    async fn push_call(
        &self,
        account: AccountId,
        entry: &OutboxEntry,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let state = self.state().await?;
        let now = self.clock.now();
        let done = Settlement {
            done: vec![entry.op_id],
            ..Settlement::at(now)
        };
        let settlement = match self.call(account, entry, &state, done).await {
            Ok(settlement) => {
                progress.sent += 1;
                settlement
            }
            Err(error) => match error.disposition() {
                Disposition::Refused(reason)
                    if reason.code == "not_found"
                        && self.send_person_again(entry.entity_id).await? =>
                {
                    Settlement {
                        done: vec![entry.op_id],
                        ..Settlement::at(now)
                    }
                }
                Disposition::Refused(reason) => Settlement {
                    parked: vec![(entry.op_id, reason)],
                    ..Settlement::at(now)
                },
                _ => {
                    let failed = Settlement::failed([entry.op_id], &error_of(&error), now);
                    self.store.settle(&failed).await?;
                    progress.changed = true;
                    return Err(error.into());
                }
            },
        };
        self.store.settle(&settlement).await?;
        progress.changed = true;
        Ok(())
    }

    /// Makes the call of an entry about a person or the app model.
    async fn call(
        &self,
        account: AccountId,
        entry: &OutboxEntry,
        state: &SyncState,
        done: Settlement,
    ) -> Result<Settlement, CallError> {
        let remote = self.remote(Some(account), state);
        let op_id = Some(entry.op_id);
        let base_version = Some(entry.base_version);
        match entry.kind {
            EntryKind::CreateUser => {
                let id = Some(entry.entity_id);
                let patch = UserPatch {
                    id,
                    op_id,
                    ..entry.user_patch().unwrap_or_default()
                };
                let user = remote.create_user(payload_text(&patch)).await?;
                Ok(Settlement {
                    users: vec![user],
                    ..done
                })
            }
            EntryKind::UpdateUser => {
                let patch = entry.user_patch().unwrap_or_default();
                let patch = UserPatch {
                    op_id,
                    base_version,
                    ..patch
                };
                let user = remote
                    .patch_user(entry.entity_id, payload_text(&patch))
                    .await?;
                Ok(Settlement {
                    users: vec![user],
                    ..done
                })
            }
            EntryKind::UpdateAppModel => {
                let patch = entry.app_model_patch().unwrap_or_default();
                let patch = AppModelPatch {
                    op_id,
                    base_version,
                    ..patch
                };
                let model = remote.patch_app_model(payload_text(&patch)).await?;
                Ok(Settlement {
                    app_model: Some(model),
                    ..done
                })
            }
            EntryKind::UpsertMetric | EntryKind::DeleteMetric | EntryKind::Bulk => Ok(done),
        }
    }

    // --- pull ------------------------------------------------------------------------------------

    /// Pulls what is new. Answers whether more waits.
    async fn pull_all(&self, account: AccountId, progress: &mut Progress) -> Result<bool, Stop> {
        let state = self.state().await?;
        let more = self.pull_metrics(account, &state, progress).await?;
        let state = self.state().await?;
        if state.users_cursor.is_none() || state.users_head != state.head {
            self.pull_users(account, &state, progress).await?;
        }
        Ok(more)
    }

    async fn pull_metrics(
        &self,
        account: AccountId,
        state: &SyncState,
        progress: &mut Progress,
    ) -> Result<bool, Stop> {
        let remote = self.remote(Some(account), state);
        let mut from = state.cursor.clone();
        for _ in 0..PAGES_MAX {
            let page = remote.metrics(from.as_ref()).await?;
            let delta = Delta {
                rows: DeltaRows::Metrics(page.metrics),
                from: from.clone(),
                next: page.cursor.clone(),
                head: page.head,
                epoch: page.epoch,
                has_more: page.has_more,
            };
            if !self.apply(&delta, progress).await? || !page.has_more {
                return Ok(false);
            }
            from = Some(page.cursor);
        }
        Ok(true)
    }

    async fn pull_users(
        &self,
        account: AccountId,
        state: &SyncState,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let remote = self.remote(Some(account), state);
        let mut from = state.users_cursor.clone();
        for _ in 0..PAGES_MAX {
            let page = remote.users(from.as_ref()).await?;
            let app_model = if page.has_more {
                None
            } else {
                Some(remote.app_model().await?)
            };
            let delta = Delta {
                rows: DeltaRows::Users(page.users, app_model),
                from: from.clone(),
                next: page.cursor.clone(),
                head: page.head,
                epoch: page.epoch,
                has_more: page.has_more,
            };
            if !self.apply(&delta, progress).await? || !page.has_more {
                break;
            }
            from = Some(page.cursor);
        }
        Ok(())
    }

    /// Stores a pulled page. Answers `false` if another context has pulled meanwhile.
    async fn apply(&self, delta: &Delta, progress: &mut Progress) -> Result<bool, StoreError> {
        match self.store.apply(delta).await? {
            Applied::Stored { changed } => {
                progress.received += changed;
                progress.changed |= changed > 0;
                Ok(true)
            }
            Applied::CursorMoved => Ok(false),
        }
    }

    // --- after it --------------------------------------------------------------------------------

    async fn record_failure(&self, stop: &Stop, progress: &mut Progress) -> TickOutcome {
        let (failure, wish) = match stop {
            Stop::Call(error) => (failure_of(error), error.retry_after_s()),
            Stop::Store(error) => (storage_failure(error), None),
        };
        let now = self.clock.now();
        let failures = match self.state().await {
            Ok(state) => state.failures,
            Err(_) => 0,
        };
        let change = StateChange::Failed {
            failure: failure.clone(),
            retry_at: now.plus_millis(backoff::delay_ms(failures, &self.entropy)),
            not_before: wish.map(|seconds| now.plus_millis(i64::from(seconds) * 1000)),
        };
        // Where not even this can be stored, the next tick comes after an unstored wait.
        let stored = self.store.update(&change).await;
        progress.changed |= stored.is_ok();
        TickOutcome::Failed(failure)
    }

    async fn next_wake(&self, outcome: &TickOutcome) -> Timestamp {
        let now = self.clock.now();
        match outcome {
            TickOutcome::More => now,
            TickOutcome::Busy => now.plus_millis(BUSY_MS),
            TickOutcome::Done | TickOutcome::Local | TickOutcome::Question => {
                now.plus_millis(IDLE_MS)
            }
            TickOutcome::Waiting | TickOutcome::Failed(_) => {
                let stored = match self.state().await {
                    Ok(state) => state.retry_at.max(state.not_before),
                    Err(_) => None,
                };
                let latest = now.plus_millis(WISH_MS_MAX);
                let soon = now.plus_millis(backoff::delay_ms(u32::MAX, &self.entropy));
                stored.unwrap_or(soon).clamp(now, latest)
            }
        }
    }

    async fn log_line(
        &self,
        trigger: Trigger,
        started: Timestamp,
        outcome: &TickOutcome,
        progress: &Progress,
    ) {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let line = SyncLogLine {
            at: started,
            trigger: trigger.as_str().to_owned(),
            sent: count(progress.sent),
            received: count(progress.received),
            outcome: match outcome {
                TickOutcome::Failed(failure) => failure.error.code.clone(),
                TickOutcome::Question => "question".to_owned(),
                _ => "ok".to_owned(),
            },
            duration_ms: u32::try_from(self.clock.now().millis_since(started)).unwrap_or(0),
        };
        // The log is for reading; a sync does not fail for want of a line.
        drop(self.store.log(&line).await);
    }
}

/// Whether a moment lies ahead, but not further than anything of ours would put it.
fn is_due_later(moment: Option<Timestamp>, now: Timestamp, millis_max: i64) -> bool {
    moment.is_some_and(|moment| (1..=millis_max).contains(&moment.millis_since(now)))
}

fn is_first_send_of_person(entry: &OutboxEntry) -> bool {
    entry.kind == EntryKind::CreateUser && entry.attempted_at.is_none() && !entry.parked
}

fn not_settled(retry_after_s: Option<u32>) -> CallError {
    let problem = Problem {
        kind: "about:blank".to_owned(),
        title: "Some entries were put off".to_owned(),
        status: 200,
        detail: None,
        code: tidemark_protocol::ProblemCode::Overloaded,
        field: None,
        reason: None,
        lost: None,
        instance: None,
    };
    CallError::Refused {
        problem: Box::new(problem),
        retry_after_s,
    }
}

fn refused_alone(
    event: &Outgoing,
    error: LastError,
    account: AccountId,
    now: Timestamp,
) -> Settlement {
    match &event.source {
        Source::Entry { .. } => Settlement {
            parked: vec![(event.op_id, error)],
            ..Settlement::at(now)
        },
        Source::Bulk(row) => Settlement {
            cleared: vec![row.id],
            added: vec![crate::settle::parked_bulk_row(event, row, account, error)],
            ..Settlement::at(now)
        },
    }
}

fn failure_of(error: &CallError) -> SyncFailure {
    match error.disposition() {
        Disposition::Later(failure) | Disposition::NeedsPerson(failure) => failure,
        Disposition::Refused(error) => SyncFailure {
            kind: FailureKind::Server,
            error,
        },
        Disposition::Resync(problem) => SyncFailure {
            kind: FailureKind::Server,
            error: LastError {
                code: problem.code.as_str().to_owned(),
                field: None,
                detail: problem.detail,
            },
        },
    }
}

fn error_of(error: &CallError) -> LastError {
    failure_of(error).error
}

fn storage_failure(error: &StoreError) -> SyncFailure {
    let error = LastError {
        code: "storage".to_owned(),
        field: None,
        detail: Some(error.to_string()),
    };
    SyncFailure {
        kind: FailureKind::Storage,
        error,
    }
}
