//! From a tap to two devices: an entry made with no network is saved, survives a reload, and reaches the other device.

use crate::harness::{Engine, Row, World, stopwatch, story};
use anyhow::Result;
use std::rc::Rc;

#[tokio::test]
async fn an_entry_made_offline_survives_a_reload_and_reaches_another_device_in_chromium()
-> Result<()> {
    story("first_path", Engine::Chromium, offline_entry).await
}

#[tokio::test]
async fn an_entry_made_offline_survives_a_reload_and_reaches_another_device_in_firefox()
-> Result<()> {
    story("first_path", Engine::Firefox, offline_entry).await
}

#[tokio::test]
async fn an_entry_made_offline_survives_a_reload_and_reaches_another_device_in_webkit() -> Result<()>
{
    story("first_path", Engine::Webkit, offline_entry).await
}

async fn offline_entry(world: Rc<World>) -> Result<()> {
    let one = world.device("one").await?;
    one.open("/").await?;
    one.wait_until_offline_ready().await?;

    one.go_offline().await?;
    one.log_weight("78.2").await?;
    world.picture(&one, "saved-offline").await?;
    one.reload().await?;
    let kept = one
        .rows_when("the entry is still there", |rows| rows.len() == 1)
        .await?;
    assert_eq!(
        (kept[0].weight_g, kept[0].status.as_str()),
        (78_200, "pending")
    );
    one.chip_when("the chip counts it", |chip| chip.pending == 1)
        .await?;

    let two = world.device("two").await?;
    two.open("/").await?;
    assert_eq!(two.rows().await?, [], "nothing has left the first device");

    let since_online = stopwatch();
    one.go_online().await?;
    one.rows_when("it is sent", all_synced).await?;
    let sent = since_online();
    two.come_back().await?;
    let there = two.rows_when("it arrives", |rows| rows.len() == 1).await?;
    println!(
        "from online to sent {sent:.1?}, to the other device's screen {:.1?}",
        since_online()
    );
    assert_eq!((&there[0].id, there[0].weight_g), (&kept[0].id, 78_200));
    one.chip_when("nothing is left to send", |chip| {
        chip.pending == 0 && chip.state == "synced"
    })
    .await?;
    world.picture(&two, "received").await
}

#[tokio::test]
async fn two_devices_show_the_same_history_in_the_same_order() -> Result<()> {
    story("same_order", Engine::Chromium, |world| async move {
        let (one, two) = (world.device("one").await?, world.device("two").await?);
        for device in [&one, &two] {
            device.open("/").await?;
            device.wait_until_offline_ready().await?;
            device.go_offline().await?;
        }
        for (first, second) in [("80.1", "60.1"), ("80.2", "60.2"), ("80.3", "60.3")] {
            one.log_weight(first).await?;
            two.log_weight(second).await?;
        }
        one.go_online().await?;
        one.chip_when("its three are sent", |chip| chip.pending == 0)
            .await?;
        two.go_online().await?;
        let all = |rows: &[Row]| rows.len() == 6 && all_synced(rows);
        let on_two = two.rows_when("all six", all).await?;
        one.come_back().await?;
        let on_one = one.rows_when("all six", all).await?;
        assert_eq!(on_one, on_two);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_entry_waits_for_a_server_that_is_down_and_is_sent_once_when_it_is_back() -> Result<()> {
    story("server_restart", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.log_weight("70.5").await?;
        let before = one
            .rows_when("the first is sent", |rows| {
                rows.len() == 1 && all_synced(rows)
            })
            .await?;

        world.server.kill();
        one.log_weight("70.6").await?;
        let waiting = one
            .rows_when("the second waits", |rows| rows.len() == 2)
            .await?;
        assert!(
            waiting
                .iter()
                .any(|row| row.status == "pending" && row.weight_g == 70_600),
            "{waiting:?}"
        );

        world.server.start_again().await?;
        let after = one
            .rows_when("the second is sent", |rows| {
                rows.len() == 2 && all_synced(rows)
            })
            .await?;
        assert!(
            after.iter().any(|row| row.id == before[0].id),
            "the first is still there: {after:?}"
        );
        let two = world.device("two").await?;
        two.open("/").await?;
        let there = two
            .rows_when("both arrive, once", |rows| rows.len() >= 2)
            .await?;
        assert_eq!(there, after);
        Ok(())
    })
    .await
}

fn all_synced(rows: &[Row]) -> bool {
    !rows.is_empty() && rows.iter().all(|row| row.status == "synced")
}
