//! What the server refuses is mended where it was refused: one entry in the ordinary form, many at once, tried again, or
//! let go with its value in a file.

use crate::harness::{Device, Engine, Row, World, story};
use anyhow::{Context, Result};
use serde_json::Value;
use std::rc::Rc;
use tidemark_harness::Refusing;

/// A server that takes heights up to two metres.
fn too_tall(payload: &Value) -> Option<(&'static str, &'static str)> {
    let height = payload["height"].as_f64()?;
    (height > 200.0).then_some(("height", "height must be between 50 and 200 cm"))
}

/// A device whose first entry was refused for its height.
async fn refused_device(world: &World) -> Result<(Rc<Device>, Refusing)> {
    let server = Refusing::start(world.server.address(), too_tall).await?;
    let one = world.device_at("one", server.address()).await?;
    one.open("/").await?;
    one.tap("log-weight").await?;
    one.type_into("weight-input", "78.2").await?;
    one.type_into("height-input", "210").await?;
    one.tap("save-entry").await?;
    one.rows_when("it is refused", |rows| all(rows, 1, "failed"))
        .await?;
    Ok((one, server))
}

fn all(rows: &[Row], count: usize, status: &str) -> bool {
    rows.len() == count && rows.iter().all(|row| row.status == status)
}

#[tokio::test]
async fn a_refused_entry_is_mended_at_its_field_and_goes_on() -> Result<()> {
    story("mending_one", Engine::Chromium, |world| async move {
        let (one, _server) = refused_device(&world).await?;
        one.go("/sync").await?;
        world.picture(&one, "refused").await?;
        let why = "return document.querySelector('[data-testid=waiting-row]')?.dataset.why === 'refused';";
        one.run_until("the reason is said", why).await?;
        one.tap("mend").await?;
        let reason = one.text_when("refusal", |text| !text.is_empty()).await?;
        assert_eq!(reason, "Height must be between 50 cm and 200 cm.");
        let focus = "return document.activeElement.id === 'sheet-height';";
        one.run_until("the form is open at the field", focus).await?;
        world.picture(&one, "form").await?;
        one.type_into("height-input", "178").await?;
        one.tap("save-entry").await?;
        one.rows_when("it is sent", |rows| all(rows, 1, "synced")).await?;
        one.chip_when("nothing waits", |chip| chip.state == "synced" && chip.pending == 0).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn entries_refused_for_the_same_reason_are_mended_at_once() -> Result<()> {
    story("mending_many", Engine::Chromium, |world| async move {
        let (one, _server) = refused_device(&world).await?;
        for weight in ["78.3", "78.4"] {
            one.log_weight(weight).await?; // with the height that the person is said to have
        }
        one.rows_when("all are refused", |rows| all(rows, 3, "failed"))
            .await?;
        one.go("/sync").await?;
        one.tap("mend-all").await?;
        world.picture(&one, "form").await?;
        one.type_into("height-input", "178").await?;
        one.tap("save-entry").await?;
        one.rows_when("all are sent", |rows| all(rows, 3, "synced"))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_entry_that_is_let_go_is_kept_in_a_rescue_file() -> Result<()> {
    story("mending_discard", Engine::Chromium, |world| async move {
        let (one, _server) = refused_device(&world).await?;
        one.go("/sync").await?;
        one.watch_files().await?;
        one.tap("retry").await?;
        let told = "return [...document.querySelectorAll('[data-testid=sync-log] li')].length > 1;";
        one.run_until("it was tried again", told).await?;
        one.rows_when("it is refused again", |rows| all(rows, 1, "failed"))
            .await?;
        one.go("/sync").await?;
        one.tap("discard").await?;
        one.outcome("exported").await?;
        one.rows_when("it is gone", <[Row]>::is_empty).await?;
        let file = one.run("return window.made[0]?.text();").await?;
        let file = file.as_str().context("no file was made")?;
        assert!(file.contains("78.2"), "{file}");
        Ok(())
    })
    .await
}
