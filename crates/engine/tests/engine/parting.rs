//! What a page sends when it may be about to end.

use crate::server::{BATCH, Fault, Server, html};
use crate::world::Device;
use serde_json::Value;
use tidemark_engine::{Request, Transport};
use tidemark_testkit::fakes::run;

fn parting(device: &Device) -> Option<Request> {
    run(device.engine.parting_request()).unwrap()
}

fn events(request: &Request) -> Vec<Value> {
    let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    body["events"].as_array().unwrap().clone()
}

#[test]
fn what_waits_goes_in_one_request_and_is_taken_once() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let id = device.log(78_200);
    let request = parting(&device).unwrap();
    assert_eq!(
        (request.method, request.path.as_str()),
        ("POST", "/v1/metrics/batch")
    );
    assert_eq!(request.account, device.state().owner);

    run(server.call(&request)).unwrap();
    let version = server.metric(id).unwrap().version;
    assert_eq!(
        device.rows(),
        [(78_200, "pending")],
        "nobody heard the answer"
    );

    device.sync();
    assert_eq!(device.rows(), [(78_200, "synced")]);
    assert_eq!(server.metric(id).unwrap().version, version);
    let batches = server.take_batches();
    assert_eq!(batches[0]["events"], batches[1]["events"]);
}

#[test]
fn the_oldest_go_first_and_no_more_than_a_browser_lets_outlive_a_page() {
    let server = Server::default();
    let device = Device::synced(&server, 1);
    let oldest = device.log(70_000);
    for more in 1..400 {
        device.log(70_000 + more);
    }
    let request = parting(&device).unwrap();
    assert!(request.body.as_ref().unwrap().len() < 64 * 1024);
    let events = events(&request);
    assert!((100..400).contains(&events.len()), "{}", events.len());
    assert_eq!(events[0]["payload"]["id"], oldest.to_string());
}

#[test]
fn nothing_goes_that_has_to_wait_for_something() {
    let nothing = |what: &str, prepare: &dyn Fn(&Device, &Server)| {
        let server = Server::default();
        let device = Device::synced(&server, 1);
        prepare(&device, &server);
        assert_eq!(parting(&device), None, "{what}");
    };
    nothing("nothing waits", &|_, _| {});
    nothing("the server asked for a pause", &|device, server| {
        device.log(78_200);
        let mut pause = html(503);
        pause.retry_after_s = Some(60);
        server.next(BATCH, Fault::Instead(pause));
        device.tick();
    });
    let never_synced = Device::new(&Server::default(), 1);
    never_synced.log(78_200);
    assert_eq!(
        parting(&never_synced),
        None,
        "a first contact asks questions"
    );
}
