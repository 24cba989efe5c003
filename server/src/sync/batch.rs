//! The events of one batch, one after another, over rows that were loaded for them. Pure.

use super::Draft;
use crate::storage::{Changes, Loaded, OpKey, OpRow};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use tidemark_protocol::merge::{
    Edit, EditTime, MetricOutcome, Receipt, Stored, merge, merge_metric,
};
use tidemark_protocol::validate::{BatchRequest, EventFrame, EventLabel, MetricEvent};
use tidemark_protocol::{
    AccountId, DeviceId, EntityId, EventResult, EventStatus, Patch, PayloadHash, Rejection,
    RejectionCode, Timestamp, User, UserPatch, UserRef,
};

/// Seconds until an event that waited behind a refused one is worth another attempt.
const RETRY_AFTER_S: u32 = 1;

/// An event as far as it can be read before anything is loaded.
#[derive(Debug)]
pub(super) struct Incoming {
    label: EventLabel,
    /// The metric that it is about, if that can be told.
    pub id: Option<EntityId>,
    frame: Result<Frame, Rejection>,
}

/// An event whose frame is sound.
#[derive(Debug)]
struct Frame {
    key: OpKey,
    hash: PayloadHash,
    event: Result<MetricEvent, Rejection>,
}

impl Incoming {
    pub(super) fn read(event: &Value, account: AccountId, device: &DeviceId) -> Self {
        let label = EventLabel::of(event);
        let derived = || Some(EntityId::for_local_record(account, device, label.local_id?));
        let id = match label.id {
            Patch::Set(id) => Some(id),
            Patch::Keep => derived(),
            Patch::Clear => None,
        };
        let frame = EventFrame::read(event).map(|frame| Frame {
            key: match frame.op_id {
                Some(op_id) => OpKey::of_op(op_id),
                None => OpKey::of_content(device, frame.local_id, frame.hash),
            },
            hash: frame.hash,
            event: frame.validate(),
        });
        Self { label, id, frame }
    }

    pub(super) fn op_key(&self) -> Option<OpKey> {
        self.frame.as_ref().ok().map(|frame| frame.key)
    }

    pub(super) fn user(&self) -> Option<UserRef> {
        self.frame.as_ref().ok()?.event.as_ref().ok()?.user
    }

    fn result(&self, status: EventStatus) -> EventResult {
        EventResult {
            local_id: self.label.local_id,
            op_id: self.label.op_id,
            status,
            server_id: None,
            version: None,
            conflict: false,
            adjusted: Vec::new(),
            metric: None,
            first_status: None,
            error: None,
            retry_after_s: None,
        }
    }
}

/// The state of a batch between two events.
pub(super) struct Batch<'a> {
    loaded: Loaded,
    draft: Draft,
    request: &'a BatchRequest,
    /// Metrics and users that changed, so that each is stored once. The metrics are among those that are loaded.
    changed_metrics: BTreeSet<EntityId>,
    changed_users: BTreeMap<EntityId, Stored<User>>,
    /// Metrics whose later events must wait.
    held: HashSet<EntityId>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(loaded: Loaded, now: Timestamp, request: &'a BatchRequest) -> Self {
        Self {
            draft: Draft::new(loaded.head, now),
            loaded,
            request,
            changed_metrics: BTreeSet::new(),
            changed_users: BTreeMap::new(),
            held: HashSet::new(),
        }
    }

    pub(super) fn into_changes(mut self) -> Changes {
        let changed = self.changed_metrics.iter();
        let metrics = changed
            .filter_map(|id| self.loaded.metrics.remove(id))
            .collect();
        let users = self.changed_users.into_values().collect();
        Changes {
            metrics,
            users,
            ..self.draft.changes
        }
    }

    /// Takes the next event.
    pub(super) fn take(&mut self, incoming: &Incoming) -> EventResult {
        if incoming.id.is_some_and(|id| self.held.contains(&id)) {
            return EventResult {
                retry_after_s: Some(RETRY_AFTER_S),
                ..incoming.result(EventStatus::Retry)
            };
        }
        self.judged(incoming).unwrap_or_else(|rejection| {
            self.held.extend(incoming.id);
            EventResult {
                error: Some(rejection),
                ..incoming.result(EventStatus::Rejected)
            }
        })
    }

    fn judged(&mut self, incoming: &Incoming) -> Result<EventResult, Rejection> {
        let frame = incoming.frame.as_ref().map_err(Clone::clone)?;
        if let Some(first) = self.loaded.ops.get(&frame.key) {
            return self.replayed(incoming, frame, first);
        }
        let event = frame.event.as_ref().map_err(Clone::clone)?;
        let id = incoming.id.ok_or_else(|| Rejection::missing("id"))?;
        let user = event.user.map(|name| self.known_user(name)).transpose()?;
        let receipt = Receipt {
            device: &self.request.device,
            received_at: self.draft.now,
            sent_at: self.request.sent_at,
            next_version: self.draft.next_version(),
        };
        let current = self.loaded.metrics.get(&id);
        let is_new = current.is_none();
        let outcome = merge_metric(current, id, user, event, &receipt)?;
        let result = self.result_of(incoming, id, &outcome);
        self.note(frame, id, outcome);
        if let Some((user, _)) = user.filter(|_| is_new) {
            self.revive(user);
        }
        Ok(result)
    }

    fn known_user(&self, name: UserRef) -> Result<(EntityId, u32), Rejection> {
        let user = self
            .loaded
            .user(name)
            .map(|user| (user.row.id, user.row.number));
        user.ok_or_else(|| Rejection {
            code: RejectionCode::UnknownUser,
            ..Rejection::invalid("user_id", "the account has no such user")
        })
    }

    /// An event whose key came before: nothing changes.
    fn replayed(
        &self,
        incoming: &Incoming,
        frame: &Frame,
        first: &OpRow,
    ) -> Result<EventResult, Rejection> {
        if first.hash != frame.hash {
            return Err(Rejection {
                code: RejectionCode::OpReuse,
                ..Rejection::invalid(
                    "op_id",
                    "the operation's id came before with another payload",
                )
            });
        }
        let metric = self
            .loaded
            .metrics
            .get(&first.entity)
            .map(|stored| stored.row.clone());
        Ok(EventResult {
            server_id: Some(first.entity),
            version: Some(
                metric
                    .as_ref()
                    .map_or(self.draft.changes.head.version, |metric| metric.version),
            ),
            conflict: first.conflict,
            first_status: Some(first.status),
            metric,
            ..incoming.result(EventStatus::Duplicate)
        })
    }

    fn result_of(&self, incoming: &Incoming, id: EntityId, outcome: &MetricOutcome) -> EventResult {
        let metric = outcome.stored.as_ref().map(|stored| stored.row.clone());
        EventResult {
            server_id: Some(id),
            version: Some(
                metric
                    .as_ref()
                    .map_or(self.draft.changes.head.version, |metric| metric.version),
            ),
            conflict: outcome.conflict,
            adjusted: outcome
                .adjusted
                .iter()
                .map(|field| (*field).to_owned())
                .collect(),
            metric,
            ..incoming.result(outcome.status)
        }
    }

    /// Remembers the operation and what it changed.
    fn note(&mut self, frame: &Frame, id: EntityId, outcome: MetricOutcome) {
        if outcome.changed {
            self.draft.bump();
        }
        let version = outcome
            .stored
            .as_ref()
            .map_or(self.draft.changes.head.version, |stored| stored.row.version);
        let row = OpRow {
            hash: frame.hash,
            entity: id,
            status: outcome.status,
            conflict: outcome.conflict,
            version,
        };
        self.loaded.ops.insert(frame.key, row.clone());
        self.draft.changes.ops.push((frame.key, row));
        let history = outcome.history.into_iter().map(|entry| (id, entry));
        self.draft.changes.history.extend(history);
        if let Some(stored) = outcome.stored.filter(|_| outcome.changed) {
            self.loaded.metrics.insert(id, stored);
            self.changed_metrics.insert(id);
        }
    }

    /// A deleted user for whom a metric comes in lives again.
    fn revive(&mut self, user: EntityId) {
        let next_version = self.draft.next_version();
        let Some(stored) = self
            .loaded
            .users
            .iter_mut()
            .find(|stored| stored.row.id == user)
        else {
            return;
        };
        let patch = UserPatch {
            deleted_at: Patch::Clear,
            ..UserPatch::default()
        };
        let edit = Edit {
            patch: &patch,
            base_version: Some(stored.row.version),
            time: EditTime::normalised(None, self.draft.now),
            device: Some(&self.request.device),
            next_version,
            lost_version: None,
        };
        let outcome = merge(stored, &edit);
        if outcome.changed {
            *stored = outcome.stored.clone();
            self.changed_users.insert(user, outcome.stored);
            self.draft.bump();
        }
    }
}
