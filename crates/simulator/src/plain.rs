//! The plan's own minimal client: it sends what the plan's example has and nothing more, and repeats until it is heard.

use crate::executor::HomeId;
use crate::transport;
use crate::world::World;
use serde_json::json;
use std::cell::Cell;
use std::rc::Rc;
use tidemark_engine::Request;
use tidemark_protocol::{BatchResponse, DeviceId, EventStatus};

/// Its home.
const HOME: HomeId = HomeId(usize::MAX);
/// Entries that it sends.
const ENTRIES: u64 = 5;

/// Lets it begin.
pub fn begin(world: &Rc<World>) {
    let turn = Rc::new(Cell::new(world.reactor.now_ms()));
    world.orders.spawn(HOME, turn, live(Rc::clone(world)));
}

async fn live(world: Rc<World>) {
    let device = DeviceId::parse("plain client").expect("a fit id");
    for local_id in 1..=ENTRIES {
        let weight = 70.0 + f64::from(u32::try_from(local_id).unwrap_or(0));
        let event = json!({
            "local_id": local_id,
            "type": "UPSERT_METRIC",
            "payload": { "user_id": 1, "weight": weight, "created_at": world.true_now().to_rfc3339() },
        });
        let body = json!({ "device_id": device.as_str(), "events": [event] }).to_string();
        while !was_heard(&world, &device, &body) {
            world.pause(world.chance.between(500, 5_000)).await;
            if !world.storming.get() {
                return;
            }
        }
        world.pause(world.chance.between(100, 5_000)).await;
    }
}

fn was_heard(world: &World, device: &DeviceId, body: &str) -> bool {
    if world.server.down_until_ms.get() > world.reactor.now_ms() {
        return false;
    }
    let path = "/v1/metrics/batch".to_owned();
    let request = Request {
        method: "POST",
        path,
        body: Some(body.to_owned()),
        account: None,
        device: device.clone(),
    };
    let answer = transport::deliver(world, &request, false);
    let response: Option<BatchResponse> = serde_json::from_str(&answer.body).ok();
    let status = response.and_then(|response| Some(response.results.first()?.status));
    // Half of the answers get lost: it then says the same again.
    let heard = matches!(
        status,
        Some(EventStatus::Applied | EventStatus::Duplicate | EventStatus::Merged)
    );
    heard && world.chance.happens(500)
}
