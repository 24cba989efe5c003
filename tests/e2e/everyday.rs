//! The app of every day: people, languages, goals, what was deleted, hidden numbers, a chart to read by key.

use crate::harness::{Engine, story};
use anyhow::Result;
use serde_json::json;

#[tokio::test]
async fn a_language_holds_at_once_and_is_known_after_a_reload() -> Result<()> {
    story("language", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.log_weight("78.2").await?;
        one.open("/settings").await?;
        one.choose("language", "tr").await?;
        one.text_when("your-data", |text| text.contains("Verileriniz"))
            .await?;
        assert_eq!(one.language().await?, "tr");
        one.go("/").await?;
        one.text_when("trend-weight", |text| text.contains("78,2"))
            .await?;
        one.reload().await?;
        one.text_when("trend-weight", |text| text.contains("78,2"))
            .await?;
        one.log_weight("77,9").await?; // a comma is read as well as a point
        one.rows_when("both", |rows| rows.iter().any(|row| row.weight_g == 77_900))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_people_have_their_own_entries_and_goals_on_every_device() -> Result<()> {
    story("people", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.log_weight("78.2").await?;
        one.open("/goal").await?;
        one.type_into("goal-weight", "75").await?;
        one.tap("save-goal").await?;
        one.text("goal-outlook").await?;
        one.open("/settings").await?;
        one.tap("add-person").await?;
        one.type_into("new-person-name", "Deniz").await?;
        one.tap("save-person").await?;
        one.text_when("people", |text| {
            text.contains("Deniz") && text.contains("78.2")
        })
        .await?;
        one.log_weight("85").await?;
        let rows = one
            .rows_when("only Deniz's", |rows| rows.len() == 1)
            .await?;
        assert_eq!(rows[0].weight_g, 85_000);
        one.chip_when("all is sent", |chip| chip.pending == 0)
            .await?;

        let two = world.device("two").await?;
        two.open("/").await?;
        two.rows_when("the same person is shown", |rows| {
            rows.len() == 1 && rows[0].weight_g == 85_000
        })
        .await?;
        one.open("/settings").await?;
        one.tap("person-card").await?; // the first is the first person
        one.rows_when("the first person's", |rows| {
            rows.len() == 1 && rows[0].weight_g == 78_200
        })
        .await?;
        one.open("/goal").await?;
        one.text("goal-outlook").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_deleted_entry_is_restored_from_the_list_after_a_reload() -> Result<()> {
    story("deleted", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.log_weight("78.2").await?;
        let rows = one
            .rows_when("it is sent", |rows| {
                rows.iter().all(|row| row.status == "synced")
            })
            .await?;
        one.delete(&rows[0].id).await?;
        one.chip_when("the deletion is sent", |chip| {
            chip.pending == 0 && chip.state == "synced"
        })
        .await?;
        one.reload().await?;
        one.choose("history-view-2", "").await?;
        one.tap("restore").await?;
        one.choose("history-view-0", "").await?;
        let back = one
            .rows_when("it is back", |rows| {
                rows.len() == 1 && rows[0].status == "synced"
            })
            .await?;
        assert_eq!((&back[0].id, back[0].weight_g), (&rows[0].id, 78_200));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hidden_numbers_are_hidden_everywhere_and_a_goal_has_a_floor() -> Result<()> {
    story("hidden", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/settings").await?;
        one.type_into("height-input", "175").await?;
        one.log_weight("78.2").await?;
        one.open("/goal").await?;
        one.type_into("goal-weight", "50").await?;
        one.tap("save-goal").await?;
        one.text_when("goal-form", |text| {
            text.contains("56.7") && text.contains("18.5")
        })
        .await?;
        one.open("/settings").await?;
        one.choose("hide-numbers", "").await?;
        one.go("/").await?;
        one.text_when("trend-weight", |text| {
            text.contains("•••") && !text.contains("78")
        })
        .await?;
        let bmi = one.text("bmi-value").await?;
        assert!(!bmi.contains(|c: char| c.is_ascii_digit()), "{bmi}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_on_a_device_can_be_deleted() -> Result<()> {
    story("erase", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.wait_until_offline_ready().await?;
        one.go_offline().await?;
        one.log_weight("78.2").await?;
        one.open("/settings").await?;
        one.tap("erase").await?;
        one.tap("erase-confirm").await?;
        one.text("set-up-first").await?;
        assert_eq!(one.rows().await?, []);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_first_minute_can_be_skipped_and_is_not_offered_again() -> Result<()> {
    story("welcome", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.tap("set-up-first").await?;
        one.tap("next-step").await?;
        one.type_into("profile-name", "Elif").await?;
        one.type_into("height-input", "178").await?;
        one.tap("next-step").await?;
        one.type_into("goal-weight", "75").await?;
        one.tap("next-step").await?;
        one.log_weight("78.2").await?;
        one.text_when("goal-panel", |text| text.contains("75"))
            .await?;
        one.text_when("person-name", |text| text == "Elif").await?;
        one.text_when("bmi-value", |text| text == "24.7").await?;
        Ok(())
    })
    .await
}

/// A name that was being typed became the stored one again, and was lost, when anything else of the person or the
/// settings became known: the answer to an entry before was enough.
#[tokio::test]
async fn what_is_being_typed_stays_while_other_things_become_known() -> Result<()> {
    story("typing", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/").await?;
        one.log_weight("78.2").await?;
        one.open("/settings").await?;
        one.all_there().await?;
        one.type_into("profile-name", "Elif").await?;
        one.choose("theme", "dark").await?; // the focus stays in the field
        let dark = "return document.documentElement.dataset.theme === 'dark';";
        one.run_until("something else is known", dark).await?;
        assert_eq!(
            one.focused().await?,
            "profile-name",
            "it is still being typed"
        );
        one.type_into("height-input", "178").await?;
        one.type_into("profile-birth-date", "").await?;
        one.text_when("people", |text| text.contains("Elif"))
            .await?;
        one.chip_when("all is sent", |chip| {
            chip.state == "synced" && chip.pending == 0
        })
        .await?;
        one.reload().await?;
        one.all_there().await?;
        let typed = "const of = (mark) => document.querySelector(`[data-testid='${mark}']`).value;
            return of('profile-name') === 'Elif' && of('height-input').startsWith('178');";
        one.run_until("both are stored", typed).await.map(drop)
    })
    .await
}

#[tokio::test]
async fn the_browser_is_asked_to_keep_what_is_stored_once_something_is() -> Result<()> {
    story("kept", Engine::Chromium, |world| async move {
        let one = world.device("one").await?;
        one.open("/settings").await?;
        one.text_when("storage-state", |text| {
            text.contains("may clear it") && text.contains("MB")
        })
        .await?;
        one.run(COUNT_ASKING).await?;
        one.log_weight("78.2").await?;
        one.log_weight("78.0").await?;
        assert_eq!(one.run("return window.asked;").await?, 1, "not once more");

        // What a person may grant by installing the app.
        let granted = json!({ "origin": one.origin(), "permissions": ["durableStorage"] });
        one.devtools("Browser.grantPermissions", granted).await?;
        one.go("/settings").await?;
        one.text_when("storage-state", |text| {
            text.contains("Kept safe") && text.contains("MB")
        })
        .await?;
        Ok(())
    })
    .await
}

/// Counts how often the browser is asked to keep what is stored.
const COUNT_ASKING: &str = "
    window.asked = 0;
    const persist = StorageManager.prototype.persist;
    StorageManager.prototype.persist = function () { window.asked += 1; return persist.call(this); };";
