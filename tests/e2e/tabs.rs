//! Several contexts of one device at one outbox: two tabs and the service worker.

use crate::harness::{Engine, Row, World, story};
use anyhow::Result;
use std::rc::Rc;

#[tokio::test]
async fn two_tabs_and_the_worker_send_each_entry_once_in_chromium() -> Result<()> {
    story("tabs", Engine::Chromium, race).await
}

#[tokio::test]
async fn two_tabs_and_the_worker_send_each_entry_once_in_firefox() -> Result<()> {
    story("tabs", Engine::Firefox, race).await
}

async fn race(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.go_offline().await?;
    one.log_weight("70.1").await?;
    one.log_weight("70.2").await?;
    let first_tab = one.open_tab().await?;
    one.open("/").await?;
    one.log_weight("70.3").await?;

    // All three are called at once: the tabs by the network's return, the worker by a word.
    let kick = "(await navigator.serviceWorker.ready).active.postMessage('KICK');";
    one.run(kick).await?;
    one.go_online().await?;
    one.run(kick).await?;
    let all = |rows: &[Row]| rows.len() == 3 && rows.iter().all(|row| row.status == "synced");
    let in_second = one
        .rows_when("the second tab shows all as sent", all)
        .await?;
    one.switch_tab(first_tab).await?;
    let in_first = one
        .rows_when("so does the first, without a reload", all)
        .await?;
    assert_eq!(in_first, in_second);

    let two = world.device("two").await?;
    two.open("/").await?;
    let there = two.rows_when("all arrive", |rows| rows.len() >= 3).await?;
    assert_eq!(there, in_first, "each of them once");
    Ok(())
}
