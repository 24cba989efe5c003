//! A storage that takes nothing: what was typed is kept as an emergency copy, never called saved, and saved once when the
//! storage works again.

use crate::harness::{Engine, World, story};
use anyhow::Result;
use std::rc::Rc;

#[tokio::test]
async fn an_entry_that_a_full_storage_refused_is_saved_after_a_restart_in_chromium() -> Result<()> {
    story("failing_storage", Engine::Chromium, refused_entry).await
}

#[tokio::test]
async fn an_entry_that_a_full_storage_refused_is_saved_after_a_restart_in_firefox() -> Result<()> {
    story("failing_storage", Engine::Firefox, refused_entry).await
}

async fn refused_entry(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.log_weight("78.2").await?;
    one.rows_when("the first is sent", |rows| {
        rows.iter().any(|row| row.status == "synced")
    })
    .await?;

    // As on a full device, until the page is loaded anew.
    one.script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); };",
    )
    .await?;
    one.type_weight("79.5").await?;
    one.click("save-entry").await?;
    one.text_when("not-saved", |words| !words.is_empty())
        .await?;
    world.picture(&one, "emergency-copy").await?;
    one.chip_when("the chip says so", |chip| {
        (chip.state.as_str(), chip.pending) == ("error", 1)
    })
    .await?;
    let rows = one
        .rows_when("it is shown all the same", |rows| rows.len() == 2)
        .await?;
    assert_eq!(
        (rows[0].weight_g, rows[0].status.as_str()),
        (79_500, "copied")
    );

    one.reload().await?;
    let rows = one
        .rows_when("it is saved and sent", |rows| {
            rows.len() == 2 && rows.iter().all(|row| row.status == "synced")
        })
        .await?;
    assert_eq!(rows[0].weight_g, 79_500);
    let two = world.device("two").await?;
    two.open("/").await?;
    two.rows_when("each arrives once", |rows| rows.len() == 2)
        .await?;
    Ok(())
}
