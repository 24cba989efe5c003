//! With the app closed: the service worker sends what waits, where the browser wakes it.

use crate::harness::{Engine, Row, World, story};
use anyhow::Result;
use std::rc::Rc;

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
