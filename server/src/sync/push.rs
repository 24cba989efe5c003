//! `POST /v1/metrics/batch`: reads the events, has them judged inside one transaction, answers one result for each.

use super::batch::{Batch, Incoming};
use super::{Caller, SyncError};
use crate::storage::{DeviceSeen, Storage, Wanted};
use tidemark_protocol::BatchResponse;
use tidemark_protocol::validate::BatchRequest;

/// Takes a batch. All its events commit together; one that is rejected has no effect.
///
/// # Errors
/// Only where the storage fails: then nothing was processed.
pub async fn push<S: Storage>(
    storage: &S,
    caller: &Caller,
    request: &BatchRequest,
) -> Result<BatchResponse, SyncError> {
    let incoming: Vec<Incoming> = request
        .events
        .iter()
        .map(|event| Incoming::read(event, caller.account, &request.device))
        .collect();
    let wanted = Wanted {
        metrics: incoming.iter().filter_map(|event| event.id).collect(),
        ops: incoming.iter().filter_map(Incoming::op_key).collect(),
        users: incoming.iter().filter_map(Incoming::user).collect(),
        app_model: false,
    };
    let decide = |loaded| {
        let mut batch = Batch::new(loaded, caller.now, request);
        let results = incoming.iter().map(|event| batch.take(event)).collect();
        let mut changes = batch.into_changes();
        changes.device = Some(DeviceSeen {
            device: request.device.clone(),
            at: caller.now,
            acknowledged: None,
        });
        let head = changes.head.version;
        (changes, (results, head))
    };
    let (results, head) = storage.change(caller.account, &wanted, decide).await?;
    let (epoch, server_time) = (storage.epoch(), caller.now);
    Ok(BatchResponse {
        results,
        head,
        epoch,
        server_time,
        backoff_s: 0,
    })
}
