//! After a sync that came to its end: is what lies here what the server holds, what have edits of this device overruled,
//! and how far are the other devices?
//!
//! All of it is worth knowing and none is needed: where they can't be had, the sync has still come to its end.

use super::{Progress, Stop, wish};
use crate::engine::Engine;
use crate::page::{Page, PageKey};
use crate::ports::{Applied, Clock, Platform, Store, StoreError};
use crate::proof::{self, Healing, Proof};
use crate::receipts;
use crate::retry::Disposition;
use crate::state::{StateChange, SyncLogLine, SyncState};
use std::collections::BTreeSet;
use std::future::{Future, ready};
use std::pin::Pin;
use tidemark_protocol::{AccountId, DigestsResponse, EntityId};

/// Comparisons after one sync: what the first finds is mended, the next says whether that helped.
const COMPARISONS_MAX: u32 = 2;

/// What a comparison found.
struct Compared {
    rows: u64,
    differing: BTreeSet<PageKey>,
}

impl<P: Platform> Engine<P> {
    /// Looks, where it is time to. Answers whether there is something to send because of it.
    ///
    /// Boxed, so that a home that does not look around is free of all that only this needs.
    pub(super) fn look_around<'a>(
        &'a self,
        account: AccountId,
        progress: &'a mut Progress,
    ) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        if P::LOOKS_AROUND {
            Box::pin(self.look_quietly(account, progress))
        } else {
            Box::pin(ready(false))
        }
    }

    async fn look_quietly(&self, account: AccountId, progress: &mut Progress) -> bool {
        match self.look(account, progress).await {
            Ok(has_queued) => has_queued,
            Err(stop) => {
                let (at, seconds) = (self.clock.now(), stop.wish_s());
                if let Some(until) = seconds.map(|seconds| wish(at, seconds)) {
                    // Where this can't be stored, the server asks again.
                    drop(self.store.update(&StateChange::Pause { at, until }).await);
                }
                false
            }
        }
    }

    async fn look(&self, account: AccountId, progress: &mut Progress) -> Result<bool, Stop> {
        let has_queued = self.weigh_conflicts(account).await?;
        self.prove_if_due(account, progress).await?;
        self.look_at_devices(account, progress).await?;
        Ok(has_queued)
    }

    async fn look_at_devices(&self, account: AccountId, progress: &Progress) -> Result<(), Stop> {
        let state = self.state().await?;
        if progress.is_asked || receipts::is_worth_asking(&state, self.clock.now()) {
            let devices = self.remote(Some(account), &state).devices().await?;
            let change = StateChange::Devices(devices.devices);
            self.store.update(&change).await?;
        }
        Ok(())
    }

    async fn prove_if_due(&self, account: AccountId, progress: &mut Progress) -> Result<(), Stop> {
        let state = self.state().await?;
        if !progress.is_asked && !proof::is_due(state.proof.as_ref(), self.clock.now()) {
            return Ok(());
        }
        let mut healed = BTreeSet::new();
        for _ in 0..COMPARISONS_MAX {
            let Some(found) = self.compare(account).await? else {
                return Ok(());
            };
            let is_over = found.differing.is_subset(&healed);
            let count = |months: usize| u32::try_from(months).unwrap_or(u32::MAX);
            let change = StateChange::Proved(Proof {
                at: self.clock.now(),
                rows: found.rows,
                healed: count(healed.len()),
                differing: count(found.differing.len()),
            });
            self.store.update(&change).await?;
            if is_over || !self.heal(account, &found.differing, progress).await? {
                return Ok(());
            }
            healed.extend(found.differing);
        }
        Ok(())
    }

    /// `None` where one side has moved on meanwhile, so that nothing can be said.
    async fn compare(&self, account: AccountId) -> Result<Option<Compared>, Stop> {
        let state = self.state().await?;
        let mut answers = Vec::new();
        for user in self.acknowledged_people().await? {
            match self.remote(Some(account), &state).digests(user).await {
                Ok(digests) => answers.push((user, digests)),
                Err(error) if matches!(error.disposition(), Disposition::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (state, pages) = (self.state().await?, self.store.pages().await?);
        if !answers.iter().all(|(_, answer)| is_of_now(answer, &state)) {
            return Ok(None);
        }
        if proof::is_ahead(&pages, state.head) {
            return Ok(None);
        }
        Ok(Some(compared(&answers, &pages)))
    }

    async fn acknowledged_people(&self) -> Result<BTreeSet<EntityId>, StoreError> {
        let users = self.store.profile().await?.users;
        let known = users.iter().filter(|user| user.version > 0);
        Ok(crate::sets::set_of(known.map(|user| user.id)))
    }

    /// Pulls the months that differ again. Answers whether they are stored.
    async fn heal(
        &self,
        account: AccountId,
        differing: &BTreeSet<PageKey>,
        progress: &mut Progress,
    ) -> Result<bool, Stop> {
        let started = self.clock.now();
        let state = self.state().await?;
        let all = self.pull_every_metric(account, &state).await?;
        if state.is_another_life(&all.epoch) {
            return Ok(false);
        }
        let rows = all.metrics.into_iter();
        let healing = Healing {
            from: state.cursor.clone(),
            keys: differing.clone(),
            rows: rows
                .filter(|row| differing.contains(&PageKey::of(row)))
                .collect(),
            head: all.head,
        };
        let Applied::Stored { changed } = self.store.heal(&healing).await? else {
            return Ok(false);
        };
        progress.received += changed;
        progress.changed = true;
        let line = SyncLogLine {
            at: started,
            trigger: "proof".to_owned(),
            sent: 0,
            received: u32::try_from(changed).unwrap_or(u32::MAX),
            outcome: "healed".to_owned(),
            duration_ms: u32::try_from(self.clock.now().millis_since(started)).unwrap_or(0),
        };
        self.store.log(&line).await?;
        Ok(true)
    }
}

fn is_of_now(answer: &DigestsResponse, state: &SyncState) -> bool {
    answer.head == state.head && state.epoch.as_ref() == Some(&answer.epoch)
}

fn compared(answers: &[(EntityId, DigestsResponse)], pages: &[Page]) -> Compared {
    let mut found = Compared {
        rows: 0,
        differing: BTreeSet::new(),
    };
    for (user, answer) in answers {
        found.rows += answer.months.iter().map(|month| month.rows).sum::<u64>();
        found
            .differing
            .extend(proof::differing(*user, pages, &answer.months));
    }
    found
}
