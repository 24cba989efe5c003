//! The service worker's wasm entry: what `public/sw.js` calls when the browser says that it is time to sync.
//!
//! It composes the engine with the browser's adapters, as the page does, and must not know the page or Leptos: it
//! runs with no page open.
#![cfg(target_arch = "wasm32")]

use tidemark_browser::{
    BrowserClock, BrowserEntropy, BrowserNetwork, BrowserTransport, Changes, IdbStore, Wakes,
    WebLock, timer, transport,
};
use tidemark_engine::{Clock, Engine, Platform, StoreError, TickOutcome, Trigger};
use wasm_bindgen::prelude::*;

/// How long one event may go on, in milliseconds: browsers end a `sync` event after three minutes.
const EVENT_MS_MAX: i64 = 150_000;
/// The longest pause between two attempts, in milliseconds: a worker that sleeps longer may be stopped.
const PAUSE_MS_MAX: i64 = 15_000;
/// The word to open pages, the same that pages say to each other.
const CHANGED: &str = "changed";

/// The page's ports, without what only a person looks at.
struct WorkerPlatform;

impl Platform for WorkerPlatform {
    type Store = IdbStore;
    type Transport = BrowserTransport;
    type Network = BrowserNetwork;
    type Clock = BrowserClock;
    type Entropy = BrowserEntropy;
    type Lock = WebLock;
    const LOOKS_AROUND: bool = false;
}

/// Sends what waits and pulls what is new, trying again within the event for as long as the browser lets it run.
/// Without anything to send it asks nobody, unless `pulls` says that it is time to look for news.
///
/// # Errors
/// Rejects when something is left unsent, so that the browser calls again. If this `is_last_chance` it would not: then
/// it is asked anew, which it refuses while no page is open; the next start of a page asks too.
#[wasm_bindgen]
pub async fn tidemark_worker_sync(pulls: bool, is_last_chance: bool) -> Result<(), JsValue> {
    let engine: Engine<WorkerPlatform> = Engine::new(
        IdbStore::new(),
        transport(),
        BrowserNetwork,
        BrowserClock,
        BrowserEntropy,
        WebLock::new("sync"),
    );
    let failure = match drain(&engine, pulls).await {
        Ok(true) => return Ok(()),
        Ok(false) => JsValue::from_str("something is left to send"),
        Err(error) => JsValue::from_str(&error.to_string()),
    };
    if is_last_chance {
        Wakes::of_this_worker().when_online().await;
    }
    Err(failure)
}

/// Ticks until nothing is left to send, or only what no further tick could. Answers whether that is so.
async fn drain(engine: &Engine<WorkerPlatform>, pulls: bool) -> Result<bool, StoreError> {
    if !pulls && !engine.has_unsent().await? {
        return Ok(true);
    }
    let last_moment = engine.clock.now().plus_millis(EVENT_MS_MAX);
    let mut trigger = Trigger::WorkerSync;
    loop {
        let report = engine.tick(trigger).await;
        trigger = Trigger::Interval;
        if report.changed {
            Changes::default().post(CHANGED);
        }
        match report.outcome {
            TickOutcome::Done | TickOutcome::Local | TickOutcome::Question => return Ok(true),
            TickOutcome::More => continue,
            TickOutcome::Waiting | TickOutcome::Busy | TickOutcome::Failed(_) => {}
        }
        if !engine.has_unsent().await? {
            return Ok(true);
        }
        let now = engine.clock.now();
        let pause = report.next_wake.millis_since(now).clamp(0, PAUSE_MS_MAX);
        if now.plus_millis(pause) > last_moment {
            return Ok(false);
        }
        timer::sleep(u32::try_from(pause).unwrap_or(0)).await;
    }
}
