//! A person's edits into the outbox, packing, and bulk.

use super::{pulls, reads};
use crate::indexed_db::answer::Answer;
use crate::indexed_db::failure::Failure;
use crate::indexed_db::page_work::{PageWork, unsent};
use crate::indexed_db::rows::EntryRow;
use crate::indexed_db::schema::{BY_SEQ, OUTBOX, REFUSED, USER};
use crate::indexed_db::transaction::Tx;
use crate::js::property;
use idb::{KeyRange, Query};
use tidemark_engine::outbox::{EntryDraft, OutboxEntry, PlainEdit};
use tidemark_engine::packing;
use tidemark_engine::page::PageKey;
use tidemark_protocol::{EntityId, Metric, OpId};
use wasm_bindgen::JsValue;

/// The key of an entry.
pub(super) fn entry_key(op: OpId) -> JsValue {
    JsValue::from_str(&op.to_string())
}

/// Stores drafts. With `may_pack` only as long as none has to be packed: else nothing, and `None`.
pub(super) async fn commit(
    tx: &Tx,
    drafts: &[EntryDraft],
    may_pack: bool,
) -> Result<Option<Vec<OutboxEntry>>, Failure> {
    if may_pack {
        let stored = tx.ask_count(OUTBOX, None)?.count().await?;
        if stored + drafts.len() > packing::ENTRIES_MAX {
            return Ok(None);
        }
    }
    add(tx, drafts).await.map(Some)
}

/// What a plain edit found, for the next one to guess by.
#[derive(Clone, Copy, Debug)]
pub(in crate::indexed_db) struct Guess {
    /// The number that the queue gave last.
    last: u64,
    /// Whether the person still waits in the queue to be made.
    waits: bool,
}

/// Stores a plain edit where the guess is right and all that the edit presumes holds; else fails, and nothing is kept.
/// What is asked and what is stored go to the browser's database together, so that it is as soon as storing alone.
pub(super) async fn commit_guessed(
    tx: &Tx,
    plain: &PlainEdit,
    guess: Guess,
) -> Result<(bool, Guess), Failure> {
    let edit = &plain.edit;
    let next = guess.last + 1;
    let later = KeyRange::lower_bound(&seq_key(next), None)?;
    let refused = tx.ask_count_at(OUTBOX, REFUSED, Query::Key(id_key(edit.entity_id)))?;
    let person = match (plain.person, plain.maker()) {
        (Some(_), Some(maker)) if guess.waits => {
            Some(tx.ask_count(OUTBOX, Some(entry_key(maker)))?)
        }
        (Some(person), _) => Some(tx.ask_count(USER, Some(id_key(person)))?),
        _ => None,
    };
    let nobodys = match edit.owner {
        Some(_) => None,
        None => Some(pulls::ask_state(tx)?),
    };
    let later = tx.ask_count_at(OUTBOX, BY_SEQ, later.into())?;
    // One that is stored already, or whose number is taken, is an error.
    let added = tx.ask_add(OUTBOX, &EntryRow::from(edit.clone().into_entry(next)))?;
    added.await?;
    let mut holds = refused.count().await? == 0;
    if let Some(person) = person {
        holds &= person.count().await? > 0;
    }
    if let Some(state) = nobodys {
        holds &= is_nobodys(state).await?;
    }
    holds &= later.count().await? == 0;
    let guess = Guess {
        last: next,
        ..guess
    };
    Ok((holds, guess))
}

/// Stores a plain edit, if what it presumes holds. What decides that nearly always is asked at once, so that it costs
/// one round to the browser's database; each question takes its time, so the rest is asked only where it matters.
pub(super) async fn commit_plain(tx: &Tx, plain: &PlainEdit) -> Result<(bool, Guess), Failure> {
    let edit = &plain.edit;
    let known = tx.ask_value(OUTBOX, entry_key(edit.op_id))?;
    let refused = tx.ask_count_at(OUTBOX, REFUSED, Query::Key(id_key(edit.entity_id)))?;
    let people = match (plain.person, plain.maker()) {
        (Some(person), Some(maker)) => Some((tx.ask_count(USER, Some(id_key(person)))?, maker)),
        _ => None,
    };
    let nobodys = match edit.owner {
        Some(_) => None,
        None => Some(pulls::ask_state(tx)?),
    };
    let last = tx.ask_last_key(OUTBOX, BY_SEQ)?;
    let is_stored = !known.await?.is_undefined();
    let mut holds = refused.count().await? == 0;
    let mut waits = false;
    if let Some((users, maker)) = people
        && users.count().await? == 0
    {
        let makers = tx.ask_count(OUTBOX, Some(entry_key(maker)))?;
        waits = makers.count().await? > 0;
        holds &= waits;
    }
    if let Some(state) = nobodys {
        holds &= is_nobodys(state).await?;
    }
    let mut last = last_seq(last.number().await?);
    if !has_room(edit, last) {
        holds &= tx.ask_count(OUTBOX, None)?.count().await? < packing::ENTRIES_MAX;
    }
    if holds && !is_stored {
        last += 1;
        tx.put(OUTBOX, &EntryRow::from(edit.clone().into_entry(last)))?;
    }
    Ok((holds, Guess { last, waits }))
}

/// Whether the edit surely need not be packed. Numbers begin at 1 and none is given twice, so no more entries wait than
/// the last one says.
fn has_room(edit: &EntryDraft, last: u64) -> bool {
    edit.owner.is_some() || last < packing::ENTRIES_MAX as u64
}

impl Guess {
    /// Whether an edit can be stored by it.
    pub(super) fn serves(self, plain: &PlainEdit) -> bool {
        has_room(&plain.edit, self.last)
    }
}

/// Of the sync state's row, which is not read as a whole: it is longer than what is stored here.
async fn is_nobodys(state: Answer<'_>) -> Result<bool, Failure> {
    let state = state.await?;
    Ok(!state.is_undefined() && property(&state, "owner").is_null())
}

/// The key of a person or a record.
fn id_key(id: EntityId) -> JsValue {
    JsValue::from_str(&id.to_string())
}

/// Stores drafts, and packs what is too much into pages, under `marker`.
pub(super) async fn commit_and_pack(
    tx: &Tx,
    pages: &mut PageWork<'_>,
    drafts: &[EntryDraft],
    marker: Option<OpId>,
) -> Result<Vec<OutboxEntry>, Failure> {
    let entries = add(tx, drafts).await?;
    let outbox = reads::outbox(tx).await?;
    let metrics = outbox.iter().filter(|entry| entry.kind.is_metric()).count();
    if let Some(marker) = marker
        && metrics > packing::ENTRIES_MAX
    {
        pack(tx, pages, &outbox, marker).await?;
    }
    Ok(entries)
}

async fn pack(
    tx: &Tx,
    pages: &mut PageWork<'_>,
    outbox: &[OutboxEntry],
    marker: OpId,
) -> Result<(), Failure> {
    let chosen = packing::choose(outbox);
    if chosen.is_empty() {
        return Ok(());
    }
    pages.read_all().await?;
    let changed = packing::pack(&chosen, outbox, &mut pages.pages, &mut pages.index);
    pages.write(&changed)?;
    for op in &chosen.packed {
        tx.delete(OUTBOX, entry_key(*op))?;
    }
    let newest = outbox.last().map(|entry| entry.created_at);
    let changed: Vec<PageKey> = changed.into_iter().collect();
    let marker = packing::marker(marker, &changed, newest.unwrap_or_default());
    add(tx, &[marker]).await.map(drop)
}

/// Stores rows that came in bulk, under `marker`. Answers how many were new.
pub(super) async fn bulk(
    tx: &Tx,
    pages: &mut PageWork<'_>,
    rows: &[Metric],
    marker: &EntryDraft,
) -> Result<usize, Failure> {
    let merged = pages.merge(unsent(rows)).await?;
    add(tx, std::slice::from_ref(marker)).await?;
    Ok(merged.rows)
}

/// Gives drafts the next numbers of the queue and stores them. One that is stored already stays as it is.
pub(super) async fn add(tx: &Tx, drafts: &[EntryDraft]) -> Result<Vec<OutboxEntry>, Failure> {
    let known = drafts
        .iter()
        .map(|draft| tx.ask_value(OUTBOX, entry_key(draft.op_id)))
        .collect::<Result<Vec<_>, _>>()?;
    let last = tx.ask_last_key(OUTBOX, BY_SEQ)?;
    let mut stored = Vec::with_capacity(known.len());
    for answer in known {
        stored.push(answer.row::<EntryRow>(OUTBOX).await?);
    }
    let mut seq = last_seq(last.number().await?);
    let mut entries = Vec::with_capacity(drafts.len());
    for (draft, stored) in drafts.iter().zip(stored) {
        let entry = if let Some(row) = stored {
            row.into()
        } else {
            seq += 1;
            let entry = draft.clone().into_entry(seq);
            tx.put(OUTBOX, &EntryRow::from(entry.clone()))?;
            entry
        };
        entries.push(entry);
    }
    Ok(entries)
}

/// The key of a place in the queue.
#[expect(
    clippy::cast_precision_loss,
    reason = "a place in the queue is a whole number below 2^53"
)]
pub(super) fn seq_key(seq: u64) -> JsValue {
    JsValue::from_f64(seq as f64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in the queue is a whole number below 2^53"
)]
fn last_seq(key: Option<f64>) -> u64 {
    key.map_or(0, |key| key as u64)
}
