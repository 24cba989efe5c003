//! Two devices that change the same entry with no network between them agree afterwards.

use crate::harness::{Device, Engine, Row, World, story};
use anyhow::Result;
use std::rc::Rc;

#[tokio::test]
async fn after_edit_against_edit_both_devices_show_the_later_edit() -> Result<()> {
    story("edit_edit", Engine::Chromium, |world| async move {
        let (one, two, id) = shared_entry(&world).await?;
        one.go_offline().await?;
        two.go_offline().await?;
        one.edit_weight(&id, "81.1").await?;
        two.edit_weight(&id, "82.2").await?; // the later one wins, in whatever order the two arrive
        two.go_online().await?;
        two.rows_when("its edit is sent", |rows| is(rows, 82_200))
            .await?;
        one.go_online().await?;
        let on_one = one
            .rows_when("the later edit", |rows| is(rows, 82_200))
            .await?;
        let on_two = two
            .rows_when("the later edit", |rows| is(rows, 82_200))
            .await?;
        assert_eq!(on_one, on_two);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_delete_against_edit_both_devices_keep_the_edit() -> Result<()> {
    story("delete_edit", Engine::Chromium, |world| async move {
        let (one, two, id) = shared_entry(&world).await?;
        one.go_offline().await?;
        two.go_offline().await?;
        one.delete(&id).await?;
        two.edit_weight(&id, "82.2").await?;
        one.go_online().await?;
        one.chip_when("its delete is sent", |chip| chip.pending == 0)
            .await?;
        two.go_online().await?;
        let on_two = two.rows_when("the edit", |rows| is(rows, 82_200)).await?;
        one.come_back().await?;
        let on_one = one
            .rows_when("the edit is back", |rows| is(rows, 82_200))
            .await?;
        assert_eq!(on_one, on_two);
        Ok(())
    })
    .await
}

/// One entry that both devices hold.
async fn shared_entry(world: &World) -> Result<(Rc<Device>, Rc<Device>, String)> {
    let (one, two) = (world.device("one").await?, world.device("two").await?);
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.log_weight("80.0").await?;
    let rows = one.rows_when("it is sent", |rows| is(rows, 80_000)).await?;
    two.open("/").await?;
    two.wait_until_offline_ready().await?;
    two.rows_when("it arrives", |rows| is(rows, 80_000)).await?;
    Ok((one, two, rows[0].id.clone()))
}

/// One row, synced, of this weight in grams.
fn is(rows: &[Row], weight_g: u32) -> bool {
    matches!(rows, [row] if row.status == "synced" && row.weight_g == weight_g)
}
