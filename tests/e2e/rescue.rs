//! The rescue file: what is only on this device, in one tap, and back in any Tidemark without doubles.

use crate::harness::{Engine, Row, story};
use anyhow::{Context, Result};

fn weights(rows: &[Row], status: &str) -> Option<Vec<u32>> {
    let all = rows.iter().all(|row| row.status == status);
    let mut weights: Vec<u32> = rows.iter().map(|row| row.weight_g).collect();
    weights.sort_unstable();
    all.then_some(weights)
}

#[tokio::test]
async fn unsent_entries_are_rescued_in_one_tap_and_taken_back_in_a_fresh_profile_without_doubles()
-> Result<()> {
    story("rescue", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.wait_until_offline_ready().await?;
        one.log_weight("78.2").await?;
        one.chip_when("it is sent", |chip| {
            chip.pending == 0 && chip.state == "synced"
        })
        .await?;
        one.go_offline().await?;
        one.log_weight("78.9").await?;
        one.go("/sync").await?;
        let risk = one.text("loss-risk").await?;
        assert!(risk.contains("1 entry is only on this device"), "{risk}");
        one.watch_files().await?;
        one.tap("rescue").await?;
        one.outcome("exported").await?;
        let file = one.run("return window.made[0]?.text();").await?;
        let file = file.as_str().context("no file was made")?;
        std::fs::create_dir_all(world.folder("files"))?;
        let path = world.folder("files").join("rescue.json");
        std::fs::write(&path, file)?;

        let fresh = world.device("fresh").await?;
        fresh.open("/").await?;
        fresh
            .rows_when("what was sent is there", |rows| {
                weights(rows, "synced") == Some(vec![78_200])
            })
            .await?;
        fresh.open_files().await?;
        fresh.choose_file(&path).await?;
        assert_eq!(fresh.preview().await?, "1", "one of the two is new here");
        fresh.confirm_import().await?;
        let both = |rows: &[Row]| weights(rows, "synced") == Some(vec![78_200, 78_900]);
        fresh.rows_when("both, once", both).await?;

        one.go_online().await?;
        one.chip_when("its own copy goes up", |chip| {
            chip.pending == 0 && chip.state == "synced"
        })
        .await?;
        one.rows_when("both, once", both).await?;
        fresh.come_back().await?;
        fresh.rows_when("still both, once", both).await?;
        Ok(())
    })
    .await
}
