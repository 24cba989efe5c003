//! Two devices that are open at once: what is logged on one appears on the other, with nobody touching it.

use crate::harness::{Engine, Row, World, stopwatch, story};
use anyhow::Result;
use std::rc::Rc;

#[tokio::test]
async fn an_entry_appears_on_another_open_device_by_itself_in_chromium() -> Result<()> {
    story("live", Engine::Chromium, live).await
}

#[tokio::test]
async fn an_entry_appears_on_another_open_device_by_itself_in_firefox() -> Result<()> {
    story("live", Engine::Firefox, live).await
}

#[tokio::test]
async fn an_entry_appears_on_another_open_device_by_itself_in_webkit() -> Result<()> {
    story("live", Engine::Webkit, live).await
}

async fn live(world: Rc<World>) -> Result<()> {
    let (one, two) = (world.device("one").await?, world.device("two").await?);
    one.open("/").await?;
    one.log_weight("70.0").await?;
    one.chip_when("it is sent", |chip| chip.pending == 0)
        .await?;
    two.open("/history").await?;
    let count = |wanted: usize| move |rows: &[Row]| rows.len() == wanted;
    two.rows_when("the first arrives", count(1)).await?;
    for wanted in 2..5 {
        one.log_weight(&format!("70.{wanted}")).await?;
        let since_saved = stopwatch();
        two.rows_when("the next arrives by itself", count(wanted))
            .await?;
        println!(
            "from saved to the other device's screen {:.1?}",
            since_saved()
        );
    }

    // A server that was away comes back: the connection is made anew by itself.
    world.server.kill();
    world.server.start_again().await?;
    one.log_weight("71.0").await?;
    two.rows_when("the one after a restart", count(5)).await?;
    Ok(())
}
