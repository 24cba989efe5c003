//! What was decided between two devices can be seen, and decided otherwise with one tap; all devices follow.

use crate::harness::{Device, Engine, Row, World, story};
use anyhow::Result;
use std::rc::Rc;

/// One entry that both devices changed while apart: the first sent its 81.1 kg, then the second sent 82.2 kg, written
/// later.
async fn contested(world: &World, prepare: &str) -> Result<(Rc<Device>, Rc<Device>, String)> {
    let (one, two) = (world.device("one").await?, world.device("two").await?);
    one.open("/").await?;
    one.wait_until_offline_ready().await?;
    one.log_weight("80.0").await?;
    let rows = one
        .rows_when("it is sent", |rows| is(rows, &[80_000]))
        .await?;
    two.open("/").await?;
    two.wait_until_offline_ready().await?;
    two.rows_when("it arrives", |rows| is(rows, &[80_000]))
        .await?;
    if !prepare.is_empty() {
        two.go("/sync").await?;
        two.tap("sync-now").await?;
        two.run_until("the rule is there", prepare).await?;
    }
    one.go_offline().await?;
    two.go_offline().await?;
    let id = rows[0].id.clone();
    one.edit_weight(&id, "81.1").await?;
    two.edit_weight(&id, "82.2").await?;
    one.go_online().await?;
    one.chip_when("its edit is sent", |chip| chip.pending == 0)
        .await?;
    two.go_online().await?;
    Ok((one, two, id))
}

/// Rows of these weights in grams, synced, in any order.
fn is(rows: &[Row], weights_g: &[u32]) -> bool {
    let mut found: Vec<u32> = rows.iter().map(|row| row.weight_g).collect();
    found.sort_unstable();
    found == weights_g && rows.iter().all(|row| row.status == "synced")
}

async fn both_show(one: &Device, two: &Device, weights_g: &[u32]) -> Result<()> {
    for device in [two, one] {
        device.come_back().await?;
        device
            .rows_when("the decision", |rows| is(rows, weights_g))
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn one_tap_takes_the_value_that_was_not_kept_and_both_devices_follow() -> Result<()> {
    story("inbox_take", Engine::Chromium, |world| async move {
        let (one, two, id) = contested(&world, "").await?;
        two.rows_when("the later edit stands", |rows| is(rows, &[82_200])).await?;
        two.go("/sync").await?;
        let shown = two.text_when("conflict-row", |text| text.contains("81.1")).await?;
        assert!(shown.contains("82.2") && shown.contains("This device"), "{shown}");
        world.picture(&two, "inbox").await?;
        two.tap("conflict-take").await?;
        both_show(&one, &two, &[81_100]).await?;

        // The history of the entry knows all three, and any can come back.
        one.row_action(&id, "row-edit").await?;
        one.tap("entry-whereabouts").await?;
        let there = "return [...document.querySelectorAll('[data-testid=earlier-row]')].some((row) => row.textContent.includes('80.0'));";
        one.run_until("earlier values are told", there).await?;
        world.picture(&one, "earlier").await?;
        let again = "[...document.querySelectorAll('[data-testid=earlier-row]')].find((row) => row.textContent.includes('80.0'))
            .querySelector('button').click();";
        one.script(again).await?;
        both_show(&one, &two, &[80_000]).await
    })
    .await
}

#[tokio::test]
async fn both_values_can_be_kept_as_two_entries() -> Result<()> {
    story("inbox_both", Engine::Chromium, |world| async move {
        let (one, two, _) = contested(&world, "").await?;
        two.go("/sync").await?;
        two.text_when("conflict-row", |text| text.contains("81.1"))
            .await?;
        two.tap("conflict-both").await?;
        both_show(&one, &two, &[81_100, 82_200]).await
    })
    .await
}

#[tokio::test]
async fn a_preferred_device_has_its_value_stand_though_the_other_edit_is_later() -> Result<()> {
    story("inbox_prefer", Engine::Chromium, |world| async move {
        // The first device made the entry; the rule is chosen on the second, which will be told of the conflict.
        let choose = "const select = document.querySelector('[data-testid=conflict-policy]');
            if (!select) return false;
            const other = [...select.options].find((option) => option.text.startsWith('Device '));
            if (!other) return false;
            select.value = other.value; select.dispatchEvent(new Event('change', { bubbles: true })); return true;";
        let (one, two, _) = contested(&world, choose).await?;
        both_show(&one, &two, &[81_100]).await
    })
    .await
}

#[tokio::test]
async fn who_wants_to_be_asked_is_asked() -> Result<()> {
    story("inbox_ask", Engine::Chromium, |world| async move {
        let choose = "const select = document.querySelector('[data-testid=conflict-policy]');
            if (!select) return false;
            select.value = 'Ask me'; select.dispatchEvent(new Event('change', { bubbles: true })); return true;";
        let (_one, two, _) = contested(&world, choose).await?;
        let asked = two.text_when("conflict-banner", |text| text.contains("Which value is right?"));
        asked.await?;
        two.go("/sync").await?;
        two.tap("conflict-stand").await?;
        let quiet = "return !document.querySelector('[data-testid=conflict-banner]');";
        two.run_until("nobody asks any more", quiet).await?;
        Ok(())
    })
    .await
}
