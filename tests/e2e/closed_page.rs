//! With the app closed: the service worker sends what waits, where the browser wakes it.

use crate::harness::{Engine, Row, Weather, World, stopwatch, story};
use anyhow::Result;
use serde_json::json;
use std::rc::Rc;

/// One figure after the other, in the time of one story.
const TRIALS_MAX: u32 = 9;

/// Chromium only: no other engine has Background Sync.
#[tokio::test]
async fn an_entry_made_offline_is_sent_after_its_page_was_closed() -> Result<()> {
    story("closed_page", Engine::Chromium, closed_page).await
}

async fn closed_page(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.go_offline().await?;
    one.log_weight("78.2").await?;
    one.leave().await?;
    one.go_online().await?;

    let two = world.device("two").await?;
    two.open("/").await?;
    let arrived = |rows: &[Row]| rows.iter().any(|row| row.weight_g == 78_200);
    two.rows_when("it arrives though its page is closed", arrived)
        .await?;
    Ok(())
}

#[tokio::test]
async fn the_workers_last_chance_is_taken_with_every_page_closed() -> Result<()> {
    story("last_chance", Engine::Chromium, last_chance).await
}

async fn last_chance(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    // Nothing but the event below may call the worker: the browser's own Background Sync is denied, and what the page
    // sends on its way out is lost in a cut cable.
    let denied = json!({ "permission": { "name": "background-sync" }, "setting": "denied", "origin": one.origin() });
    one.devtools("Browser.setPermission", denied).await?;
    one.devtools("ServiceWorker.enable", json!({})).await?;
    let two = world.device("two").await?;
    let wanted = std::env::var("TIDEMARK_RECONNECT_TIMES").ok();
    let trials: u32 = wanted.map_or(Ok(1), |times| times.parse())?;
    for number in 1..=trials.min(TRIALS_MAX) {
        one.weather(Weather::Cut);
        one.log_weight(&format!("78.{number}")).await?;
        one.leave().await?;
        one.devtools("ServiceWorker.stopAllWorkers", json!({}))
            .await?;
        one.weather(Weather::Clear);

        let event = json!({ "origin": one.origin(), "registrationId": "0", "tag": "tidemark-sync-0", "lastChance": true });
        let since_event = stopwatch();
        one.devtools("ServiceWorker.dispatchSyncEvent", event)
            .await?;
        one.next_request().await?;
        println!("first-byte {}", since_event().as_millis());

        two.open("/").await?;
        let grams = 78_000 + number * 100;
        let arrived = |rows: &[Row]| rows.iter().any(|row| row.weight_g == grams);
        two.rows_when("it arrives", arrived).await?;
        one.open("/").await?;
        one.chip_when("nothing waits", |chip| chip.pending == 0)
            .await?;
    }
    Ok(())
}
