//! What a page sends when it may be about to end: one batch, whose answer nobody may hear.

use crate::engine::Engine;
use crate::outgoing::{Outgoing, batch_body, fit};
use crate::planner;
use crate::ports::{Clock, Platform, Request, Store, StoreError};
use crate::state::FailureKind;
use std::collections::BTreeSet;

/// Bytes of a parting batch's events at most. Browsers let 64 KiB outlive a page, counted over all such requests.
const PARTING_BYTES_MAX: usize = 56 * 1024;

impl<P: Platform> Engine<P> {
    /// The oldest edits of metrics as one request, or none where nothing may go unheard. Nothing is noted: the next
    /// tick sends the same events again, and the server takes each once.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn parting_request(&self) -> Result<Option<Request>, StoreError> {
        let state = self.state().await?;
        let needs_person = state.failure.as_ref().is_some_and(|failure| {
            matches!(failure.kind, FailureKind::SignIn | FailureKind::Outdated)
        });
        let has_wish = state.not_before.is_some_and(|wish| wish > self.clock.now());
        let Some(account) = state.owner else {
            return Ok(None);
        };
        if needs_person || has_wish || state.cursor.is_none() {
            return Ok(None);
        }
        let outbox = self.store.outbox().await?;
        let plan = planner::plan(&outbox, account, &BTreeSet::new());
        if !plan.bulk.is_empty() {
            return Ok(None); // an edit may be about a row that has to go before it
        }
        let edits = plan.edits.iter();
        let mut events: Vec<Outgoing> = edits.filter_map(|edit| Outgoing::of_entry(edit)).collect();
        if events.is_empty() {
            return Ok(None);
        }
        fit(&mut events, self.batch_events.get(), PARTING_BYTES_MAX);
        let body = batch_body(&events, &state.device_id, self.clock.now());
        Ok(Some(self.remote(Some(account), &state).batch_request(body)))
    }
}
