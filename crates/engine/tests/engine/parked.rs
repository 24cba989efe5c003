//! Refused edits that a person tries again or lets go.

use crate::server::{Server, Verdict};
use crate::world::Device;
use tidemark_protocol::EntityId;
use tidemark_testkit::fakes::run;

/// A device with a refused entry of a server that has mended its ways since.
fn with_refused() -> (Server, Device, EntityId) {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    device.log(72_000);
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    server.with(|state| state.verdicts.clear());
    (server, device, id)
}

#[test]
fn a_refused_edit_can_be_tried_again_as_it_is() {
    let (server, device, id) = with_refused();
    let refused = device.outbox();
    device.sync();
    assert_eq!(device.outbox(), refused, "by itself it stays");
    run(device.engine.retry_parked(&[refused[0].op_id])).unwrap();
    device.sync();
    assert_eq!(server.metric(id).unwrap().weight.get(), 71_000);
    assert_eq!(device.entry(id).status.as_str(), "synced");
}

#[test]
fn a_refused_edit_that_is_let_go_takes_what_waits_behind_it_along_and_nothing_else() {
    let (server, device, id) = with_refused();
    let kept = device.log(73_000);
    let refused = device.outbox()[0].op_id;
    run(device.engine.discard(refused)).unwrap();
    device.sync();
    assert_eq!(server.metric(id), None);
    let mut rows = device.rows();
    rows.sort_unstable();
    assert_eq!(rows, [(72_000, "synced"), (73_000, "synced")]);
    assert_eq!(device.entry(kept).status.as_str(), "synced");
}

#[test]
fn letting_a_refused_change_go_shows_what_the_server_holds() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    device.sync();
    device.edit(id, 99_000);
    server.with(|state| state.verdicts.insert(id, Verdict::Reject("invalid_field")));
    device.tick();
    run(device.engine.discard(device.outbox()[0].op_id)).unwrap();
    assert_eq!(device.rows(), [(71_000, "synced")]);
}

#[test]
fn only_what_was_refused_can_be_let_go() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(71_000);
    run(device.engine.discard(device.outbox()[0].op_id)).unwrap();
    device.sync();
    assert_eq!(device.entry(id).status.as_str(), "synced");
}
