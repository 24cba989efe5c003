//! The planner: which entries go next, as sorted lists. It decides; the driver acts.
//!
//! Edits of one record go in their order, and a parked one holds back only its own record. A metric waits
//! until its person is acknowledged. Records that failed less often go first, so that one that breaks
//! every request can't hold back the others.

use crate::outbox::{EntryKind, Lane, OutboxEntry};
use crate::page::PageKey;
use std::collections::{BTreeSet, HashMap, HashSet};
use tidemark_protocol::{AccountId, EntityId, Patch};

/// What may be sent now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan<'a> {
    /// Entries whose payload can't be read: they can't be sent at all.
    pub unreadable: Vec<&'a OutboxEntry>,
    /// Edits of people and app model: one call each, in order.
    pub calls: Vec<&'a OutboxEntry>,
    /// Markers of rows that came in bulk; these go before the edits, which may be about them.
    pub bulk: Vec<&'a OutboxEntry>,
    /// Edits of metrics, in order.
    pub edits: Vec<&'a OutboxEntry>,
    new_people: HashSet<EntityId>,
    tries: HashMap<Lane, u32>,
}

/// Plans what `account` may send, without the lanes in `put_off`.
pub fn plan<'a>(
    outbox: &'a [OutboxEntry],
    account: AccountId,
    put_off: &BTreeSet<Lane>,
) -> Plan<'a> {
    let mut held = HashSet::new();
    let mut plan = Plan {
        new_people: new_people(outbox),
        tries: tries(outbox),
        ..Plan::default()
    };
    for entry in outbox {
        let lane = entry.lane();
        if entry.parked && entry.kind != EntryKind::Bulk {
            // It holds back what was written after it; a bulk marker has no record to hold.
            held.insert(lane);
        }
        if !may_send(entry, account) || held.contains(&lane) || put_off.contains(&lane) {
            continue;
        }
        if plan.names_new_person(entry) {
            // The server must know the person first. Later edits wait behind, whomever they name.
            held.insert(lane);
        } else if entry.is_readable() {
            plan.add(entry);
        } else {
            plan.unreadable.push(entry);
        }
    }
    // Both sorts are stable: within a lane the order of the queue stays.
    let tries = &plan.tries;
    let tries_of = |entry: &&OutboxEntry| tries.get(&entry.lane()).copied();
    plan.calls.sort_by_key(tries_of);
    plan.edits.sort_by_key(tries_of);
    plan
}

/// Whether an entry goes by itself, as far as it is up to the entry. One that another account wrote does not.
pub fn may_send(entry: &OutboxEntry, account: AccountId) -> bool {
    !entry.parked && entry.owner.is_none_or(|owner| owner == account)
}

impl<'a> Plan<'a> {
    fn names_new_person(&self, entry: &OutboxEntry) -> bool {
        let person = match entry.kind {
            EntryKind::UpsertMetric | EntryKind::DeleteMetric => {
                entry.metric_patch().and_then(|patch| patch.user_id)
            }
            EntryKind::UpdateAppModel => match entry.app_model_patch().map(|it| it.active_user) {
                Some(Patch::Set(person)) => Some(person),
                _ => None,
            },
            EntryKind::CreateUser | EntryKind::UpdateUser | EntryKind::Bulk => None,
        };
        person.is_some_and(|person| self.new_people.contains(&person))
    }

    fn add(&mut self, entry: &'a OutboxEntry) {
        match entry.kind {
            EntryKind::CreateUser | EntryKind::UpdateUser | EntryKind::UpdateAppModel => {
                self.calls.push(entry);
            }
            EntryKind::Bulk => self.bulk.push(entry),
            EntryKind::UpsertMetric | EntryKind::DeleteMetric => self.edits.push(entry),
        }
    }

    /// The call that goes before any batch, if one does: people first, unless it failed more often than
    /// what a batch would hold.
    pub fn first_call(&self) -> Option<&'a OutboxEntry> {
        let call = *self.calls.first()?;
        let batch_tries = if self.bulk.is_empty() {
            self.edits.first().map(|edit| self.tries_of(edit))
        } else {
            Some(0)
        };
        batch_tries
            .is_none_or(|tries| self.tries_of(call) <= tries)
            .then_some(call)
    }

    fn tries_of(&self, entry: &OutboxEntry) -> u32 {
        self.tries.get(&entry.lane()).copied().unwrap_or(0)
    }

    /// The pages that the markers name, without those whose person has to go first.
    pub fn bulk_pages(&self) -> BulkPages {
        let pages = self.bulk.iter().flat_map(|marker| marker.bulk_pages());
        let (waiting, ready): (BTreeSet<_>, BTreeSet<_>) =
            pages.partition(|page| self.new_people.contains(&page.user));
        BulkPages {
            ready: ready.into_iter().collect(),
            is_all: waiting.is_empty(),
        }
    }
}

/// Pages whose unsent rows may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkPages {
    /// Their keys, each once.
    pub ready: Vec<PageKey>,
    /// Whether no other page waits for its person.
    pub is_all: bool,
}

fn new_people(outbox: &[OutboxEntry]) -> HashSet<EntityId> {
    outbox
        .iter()
        .filter(|entry| entry.kind == EntryKind::CreateUser)
        .map(|entry| entry.entity_id)
        .collect()
}

fn tries(outbox: &[OutboxEntry]) -> HashMap<Lane, u32> {
    let mut tries: HashMap<Lane, u32> = HashMap::new();
    for entry in outbox {
        let most = tries.entry(entry.lane()).or_default();
        *most = entry.retry_count.max(*most);
    }
    tries
}
