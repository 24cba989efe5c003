//! A page that nobody sees: what waits is sent when the network returns, and at the latest when somebody looks.

use crate::harness::{Engine, Row, Weather, World, story};
use anyhow::Result;
use std::rc::Rc;

#[tokio::test]
async fn a_hidden_page_sends_what_waits_in_chromium() -> Result<()> {
    story("sight", Engine::Chromium, hidden).await
}

#[tokio::test]
async fn a_hidden_page_sends_what_waits_in_firefox() -> Result<()> {
    story("sight", Engine::Firefox, hidden).await
}

#[tokio::test]
async fn a_hidden_page_sends_what_waits_in_webkit() -> Result<()> {
    story("sight", Engine::Webkit, hidden).await
}

async fn hidden(world: Rc<World>) -> Result<()> {
    let (one, two) = (world.device("one").await?, world.device("two").await?);
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    two.open("/").await?;

    // The network returns, and says so, while nobody looks.
    one.go_offline().await?;
    one.log_weight("70.1").await?;
    one.hide().await?;
    one.go_online().await?;
    let count = |wanted: usize| move |rows: &[Row]| rows.len() == wanted;
    two.rows_when("it arrives though nobody looks", count(1))
        .await?;
    one.unhide().await?;
    one.chip_when("nothing waits", |chip| chip.pending == 0)
        .await?;

    // It returns without a word: coming back is enough.
    one.weather(Weather::Cut);
    one.log_weight("70.2").await?;
    one.hide().await?;
    one.weather(Weather::Clear);
    one.unhide().await?;
    one.chip_when("it is sent", |chip| chip.pending == 0)
        .await?;
    two.rows_when("and arrives", count(2)).await?;
    Ok(())
}
